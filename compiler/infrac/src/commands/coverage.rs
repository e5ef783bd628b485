//! `infrac coverage`: what could be watched, by which monitor it is, and what would watch the rest.

use std::collections::BTreeSet;

use program::coverage::Covered;
use serde_json::json;
use source::Name;

use super::project::{Folder, environment, parse_param};
use super::{Answer, Outcome, Teller};

/// Lists what a monitor could watch, and which one does.
///
/// What none does comes first, with the statement that would. Fails where an environment has to have all of it watched (`monitoring prom { cover = "prod" }`) and has not.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    folder: Folder,
    /// Only this environment.
    #[arg(long, value_name = "ENV")]
    env: Option<String>,
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
    let mut all = Vec::new();
    for environment in environments {
        match program.coverage(environment, &arguments.params) {
            Ok(covered) => all.push((environment, covered)),
            Err(told) => return teller.tell(&told, program.sources()),
        }
    }
    let answer = match arguments.format {
        Answer::Text => all.iter().map(|(environment, covered)| text(*environment, covered)).collect(),
        Answer::Json => json_text(&all),
    };
    let outcome = match all.iter().flat_map(|(_, covered)| covered).any(Covered::is_missing) {
        true => Outcome::Failed,
        false => Outcome::Done,
    };
    teller.answer(arguments.format, &answer, outcome)
}

/// What nothing watches comes first: it is what is asked for.
fn text(environment: Name, covered: &[Covered]) -> String {
    let (watched, unwatched): (Vec<&Covered>, Vec<&Covered>) = covered.iter().partition(|one| !one.by.is_empty());
    // What several need is said once.
    let mut said: BTreeSet<&str> = BTreeSet::new();
    let mut text = format!("{environment}: {} of {} watched\n", watched.len(), covered.len());
    for one in unwatched {
        let what = match (&one.accepted, one.required) {
            (Some(because), _) => format!("accepted: {because}"),
            (None, true) => "has to be watched".to_owned(),
            (None, false) => "not watched".to_owned(),
        };
        text.push_str(&format!("  {}  {}  {what}\n", one.address, one.at));
        let new = one.lines.lines().filter(|line| said.insert(line));
        new.for_each(|line| text.push_str(&format!("    {line}\n")));
    }
    for one in watched {
        text.push_str(&format!(
            "  {}  {}  by {}\n",
            one.address,
            one.at,
            source::list_of(one.by.iter().map(String::as_str))
        ));
    }
    text
}

fn json_text(all: &[(Name, Vec<Covered>)]) -> String {
    let environments = all.iter().map(|(environment, covered)| {
        let things = covered.iter().map(|one| {
            json!({
                "address": one.address,
                "file": one.at.file,
                "line": one.at.line,
                "watched_by": one.by,
                "required": one.required,
                "accepted": one.accepted,
                "add": one.lines.lines().collect::<Vec<_>>(),
            })
        });
        json!({ "environment": environment.text(), "things": things.collect::<Vec<_>>() })
    });
    format!("{:#}\n", json!({ "environments": environments.collect::<Vec<_>>() }))
}
