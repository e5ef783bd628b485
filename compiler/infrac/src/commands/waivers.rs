//! `infrac waivers`: what the program allows itself, why, and until when. One that is past its end makes the exit code 3.

use program::waivers::{Waiver, parse_date};
use serde_json::json;

use super::project::{Folder, environment, parse_param};
use super::{Answer, Outcome, Teller};

/// Lists what the program allows itself with `@allow`, and until when.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    folder: Folder,
    /// Only this environment.
    #[arg(long, value_name = "ENV")]
    env: Option<String>,
    /// Those of the standard library as well.
    #[arg(long)]
    all: bool,
    /// The day to compare ends with [default: today].
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    today: Option<i32>,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Answer,
    /// An input of the project.
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = parse_param)]
    params: Vec<(String, String)>,
}

/// Runs it.
pub fn run(arguments: &Arguments, teller: &Teller) -> Outcome {
    let program = arguments.folder.load();
    let environments = match &arguments.env {
        Some(wanted) => match environment(&program, Some(wanted), teller) {
            Ok(environment) => vec![environment],
            Err(outcome) => return outcome,
        },
        None => program.environments(),
    };
    let all = match program.waivers(&environments, &arguments.params) {
        Ok(waivers) => waivers,
        Err(diagnostics) => return teller.tell(&diagnostics, program.sources()),
    };
    let today = arguments.today.unwrap_or_else(today);
    let (shown, hidden): (Vec<&Waiver>, Vec<&Waiver>) =
        all.iter().partition(|waiver| arguments.all || !waiver.at.library || waiver.expired(today));
    let text = match arguments.format {
        Answer::Text => text(&shown, hidden.len(), today),
        Answer::Json => json_text(&all, today),
    };
    let outcome = if all.iter().any(|waiver| waiver.expired(today)) { Outcome::No } else { Outcome::Done };
    teller.answer(arguments.format, &text, outcome)
}

fn text(shown: &[&Waiver], hidden: usize, today: i32) -> String {
    let mut text: String = shown.iter().map(|waiver| format!("{}\n", waiver.text(today))).collect();
    let own = shown.iter().filter(|waiver| !waiver.at.library).count();
    let library = hidden + shown.len() - own;
    let listed = if hidden > 0 { ", listed with `--all`" } else { "" };
    text.push_str(&format!("{own} in this program, {library} in the standard library{listed}\n"));
    let expired = shown.iter().filter(|waiver| waiver.expired(today)).count();
    if expired > 0 {
        text.push_str(&format!("{expired} past the end: mend what it covers, or decide anew and move the date\n"));
    }
    text
}

fn json_text(waivers: &[Waiver], today: i32) -> String {
    let list = waivers.iter().map(|waiver| {
        let covers: serde_json::Map<String, serde_json::Value> = waiver
            .covers
            .iter()
            .map(|(environment, addresses)| (environment.text().to_owned(), json!(addresses)))
            .collect();
        json!({
            "file": waiver.at.file,
            "line": waiver.at.line,
            "library": waiver.at.library,
            "check": waiver.check,
            "because": waiver.because,
            "until": waiver.until_text(),
            "expired": waiver.expired(today),
            "covers": covers,
            "warning": waiver.warning,
        })
    });
    format!("{:#}\n", json!({ "waivers": list.collect::<Vec<_>>() }))
}

/// Days since 1970-01-01. The command may know the time; the compiler never does.
pub fn today() -> i32 {
    let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    i32::try_from(seconds / 86_400).unwrap_or(i32::MAX)
}
