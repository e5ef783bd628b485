//! `infrac why`: where an emitted line, an address or a line of the source has its value from, and what it reaches.

use program::why::{Answer as LineAnswer, Bearing, FieldAnswer, ReadAt, Spot, Unanswered, Why};
use serde_json::{Value, json};

use super::project::{Folder, environment, parse_param};
use super::{Answer, Outcome, Teller};

/// Says where a value comes from: who set it, for whom, and what it was made of.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// A line of an emitted file (out/prod/kubernetes/api.yaml:38), a line of the source (main.infra:12) or one value on it
    /// (main.infra:12:20), or an address, with or without a path (api, api.replicas, api.main.spec.replicas).
    #[arg(value_name = "FILE:LINE[:COLUMN]|ADDRESS")]
    question: String,
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
    let environment = match &arguments.env {
        Some(wanted) => match environment(&program, Some(wanted), teller) {
            Ok(environment) => Some(environment),
            Err(outcome) => return outcome,
        },
        None => None,
    };
    match program.why(&arguments.question, environment, &arguments.params) {
        Ok(why) => {
            let text = match arguments.format {
                Answer::Text => why.text(),
                Answer::Json => format!("{:#}\n", answer(&why)),
            };
            let outcome = teller.answer(arguments.format, &text, Outcome::Done);
            if let Why::Lines(answers) = &why {
                older(&arguments.question, answers, teller);
            }
            outcome
        }
        Err(Unanswered::Mistakes(diagnostics)) => teller.tell(&diagnostics, program.sources()),
        Err(Unanswered::Question { message, help }) => teller.fail("unknown_address", message, help),
    }
}

/// Says when the file that was asked about is not what the program gives now.
fn older(question: &str, answers: &[LineAnswer], teller: &Teller) {
    let asked = question.rsplit_once(':').and_then(|(file, line)| Some((file, line.parse::<usize>().ok()?)));
    let (Some((file, line)), [answer]) = (asked, answers) else { return };
    let Ok(text) = std::fs::read_to_string(file) else { return };
    let there = text.lines().nth(line.saturating_sub(1)).map(str::trim);
    if answer.emitted.first().is_some_and(|emitted| Some(emitted.text.as_str()) != there) {
        teller.say(&format!("note: line {line} of {file} is not what the program gives now; build again\n"));
    }
}

fn answer(why: &Why) -> Value {
    match why {
        Why::Lines(answers) => json!({ "answers": answers.iter().map(line).collect::<Vec<_>>() }),
        Why::Fields(answers) => json!({ "fields": answers.iter().map(field).collect::<Vec<_>>() }),
    }
}

fn line(answer: &LineAnswer) -> Value {
    let emitted = answer
        .emitted
        .iter()
        .map(|emitted| json!({ "file": emitted.file, "line": emitted.line, "text": emitted.text }));
    let owners = answer.owners.iter().map(|owner| {
        let implementation = owner.implementation.as_ref().map(|(name, at)| json!({ "name": name, "at": spot(at) }));
        json!({ "address": owner.address, "kind": owner.kind, "at": spot(&owner.at), "implementation": implementation })
    });
    json!({
        "environment": answer.environment,
        "title": answer.title,
        "value": answer.value,
        "emitted": emitted.collect::<Vec<_>>(),
        "written": read(&answer.written),
        "spelt": reads(&answer.spelt),
        "overruled": reads(&answer.overruled),
        "made_for": owners.collect::<Vec<_>>(),
        "made_of": reads(&answer.reads),
        "there_for": reads(&answer.exists),
        "stands_on": answer.standing.homes,
        "named": answer.standing.names,
        "waits_for": answer.standing.waits,
    })
}

fn field(answer: &FieldAnswer) -> Value {
    let values = answer.values.iter().map(|value| json!({ "environment": value.environment, "what": value.what, "value": value.value, "made_of": reads(&value.reads) }));
    let reaches = answer.reaches.iter().map(|reached| {
        let bearing = match reached.bearing {
            Bearing::Value => "value",
            Bearing::Decides => "decides",
            Bearing::There => "there",
        };
        json!({ "environment": reached.environment, "file": reached.file, "line": reached.line, "what": reached.what, "path": reached.path, "bearing": bearing })
    });
    let there =
        answer.there.iter().map(|(environment, address)| json!({ "environment": environment, "address": address }));
    json!({ "at": spot(&answer.at), "title": answer.title, "values": values.collect::<Vec<_>>(), "reaches": reaches.collect::<Vec<_>>(), "there": there.collect::<Vec<_>>() })
}

fn reads(all: &[ReadAt]) -> Vec<Value> {
    all.iter().map(read).collect()
}

fn read(read: &ReadAt) -> Value {
    json!({ "what": read.what, "how": read.how, "value": read.value, "at": spot(&read.at), "source": read.source, "depth": read.depth })
}

fn spot(at: &Spot) -> Value {
    json!({ "file": at.file, "line": at.line, "column": at.column, "library": at.library })
}
