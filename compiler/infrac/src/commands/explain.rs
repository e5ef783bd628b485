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
    let all = emit::EXPLANATIONS;
    let Some(code) = &arguments.code else {
        let list: String = all.iter().map(|(code, _)| format!("{code}\n")).collect();
        write_output(&list);
        return Outcome::Done;
    };
    match all.iter().find(|(known, _)| known == code) {
        Some((_, text)) => {
            write_output(text);
            Outcome::Done
        }
        None => {
            let help = match source::did_you_mean(code, all.iter().map(|(known, _)| *known)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`infrac explain` lists them all".to_owned(),
            };
            teller.fail("unknown_code", format!("no message has the code `{code}`"), help)
        }
    }
}
