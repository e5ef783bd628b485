//! `infrac environments`: the environments of a program, for people and for programs that run something in each.

use program::environments::Environment;
use serde_json::json;

use super::project::Folder;
use super::{Answer, Outcome, Teller};

/// Lists the environments: where each stands, how grave it is, and what it lists.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    folder: Folder,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Answer,
}

/// Runs it.
pub fn run(arguments: &Arguments, teller: &Teller) -> Outcome {
    let program = arguments.folder.load();
    let (_, told) = program.checked();
    if program::has_errors(told) {
        return teller.tell(told, program.sources());
    }
    let all = program.described_environments();
    let answer = match arguments.format {
        Answer::Text => all.iter().map(text).collect::<String>(),
        Answer::Json => {
            format!("{:#}\n", json!({ "environments": all.iter().map(json_of).collect::<Vec<_>>() }))
        }
    };
    teller.answer(arguments.format, &answer, Outcome::Done)
}

fn text(environment: &Environment) -> String {
    let Environment { name, tier, like, platforms, file, line } = environment;
    let like = like.map_or_else(String::new, |like| format!(", like {like}"));
    format!(
        "{name} ({tier}{like}), {file}:{line}\n{}",
        platforms.iter().map(|on| format!("  {on}\n")).collect::<String>()
    )
}

fn json_of(environment: &Environment) -> serde_json::Value {
    json!({
        "name": environment.name.text(),
        "tier": environment.tier.text(),
        "like": environment.like.map(source::Name::text),
        "platforms": environment.platforms,
        "file": environment.file,
        "line": environment.line,
    })
}
