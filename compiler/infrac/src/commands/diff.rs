//! `infrac diff A B`: how two environments differ, and where that is decided.

use program::diff::{Decided, Diff, Side};
use serde_json::{Value, json};

use super::project::{Folder, environment, parse_param};
use super::{Answer, Outcome, Teller};

/// Lists the differences of two environments; ends with 2 when there are any.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// An environment.
    #[arg(value_name = "ENV")]
    left: String,
    /// The environment to compare it with.
    #[arg(value_name = "ENV")]
    right: String,
    #[command(flatten)]
    folder: Folder,
    /// Native resources as well, and what the library makes on the way to them.
    #[arg(long)]
    native: bool,
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
    let named = |name: &str| environment(&program, Some(name), teller);
    let (left, right) = match (named(&arguments.left), named(&arguments.right)) {
        (Ok(left), Ok(right)) => (left, right),
        (Err(outcome), _) | (_, Err(outcome)) => return outcome,
    };
    let diff = match program.diff(left, right, arguments.native, &arguments.params) {
        Ok(diff) => diff,
        Err(diagnostics) => return teller.tell(&diagnostics, program.sources()),
    };
    let text = match arguments.format {
        Answer::Text => diff.text(),
        Answer::Json => format!("{:#}\n", json_of(&diff)),
    };
    let outcome = if diff.is_empty() { Outcome::Done } else { Outcome::Changes };
    teller.answer(arguments.format, &text, outcome)
}

fn json_of(diff: &Diff) -> Value {
    let (left, right) = (diff.left.as_str(), diff.right.as_str());
    let decided = |side: &Decided| json!({ "value": side.value, "file": side.at.file, "line": side.at.line });
    let causes = diff
        .causes
        .iter()
        .map(|cause| json!({ "what": cause.what, left: decided(&cause.left), right: decided(&cause.right) }));
    let only = diff.only.iter().map(|only| {
        json!({
            "environment": only.environment, "address": only.address, "kind": only.kind,
            "file": only.at.file, "line": only.at.line, "causes": only.causes,
        })
    });
    let fields = diff.fields.iter().map(|field| {
        json!({
            "address": field.address, "kind": field.kind, "field": field.field,
            left: side(&field.left), right: side(&field.right), "causes": field.causes,
        })
    });
    json!({
        "causes": causes.collect::<Vec<_>>(),
        "only": only.collect::<Vec<_>>(),
        "fields": fields.collect::<Vec<_>>(),
    })
}

fn side(side: &Side) -> Value {
    let because = side.because.iter().map(|read| {
        json!({
            "what": read.what, "how": read.how, "value": read.value, "file": read.at.file, "line": read.at.line,
        })
    });
    json!({
        "value": side.value, "file": side.at.file, "line": side.at.line, "because": because.collect::<Vec<_>>(),
    })
}
