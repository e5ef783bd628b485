//! `infrac explain CODE`: what a mistake is and what to do about it, at length.

use super::{Messages, Outcome, Teller, write_output};

/// Explains the code of a message; without a code it lists all of them.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// The code, as it stands in brackets in a message.
    code: Option<String>,
    #[command(flatten)]
    pub messages: Messages,
}

/// Runs it.
pub fn run(arguments: &Arguments, teller: &Teller) -> Outcome {
    let Some(code) = &arguments.code else {
        let list: String = program::explained_codes().map(|code| format!("{code}\n")).collect();
        write_output(&list);
        return Outcome::Done;
    };
    match program::explain(code) {
        Some(text) => {
            write_output(&for_a_terminal(text));
            Outcome::Done
        }
        None => {
            let help = match source::did_you_mean(code, program::explained_codes()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`infrac explain` lists them all".to_owned(),
            };
            teller.fail("unknown_code", format!("no message has the code `{code}`"), help)
        }
    }
}

/// A page without its fences: programs are indented instead.
fn for_a_terminal(page: &str) -> String {
    let mut text = String::with_capacity(page.len());
    let mut in_program = false;
    for line in page.lines() {
        if line.starts_with("```") {
            in_program = !in_program;
            continue;
        }
        if in_program && !line.is_empty() {
            text.push_str("    ");
        }
        text.push_str(line);
        text.push('\n');
    }
    text
}
