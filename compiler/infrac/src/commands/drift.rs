//! `infrac drift`: what was changed behind infrac's back. It only reads.

use engine::{Memory, drift};
use serde_json::json;
use state::SystemEntropy;

use super::plan::no_runtime;
use super::run::{Whose, key, secrets_of, tell, wait_for};
use super::{Answer, Outcome, Teller};
use crate::plans;

/// Lists what was changed behind infrac's back; 2 when something was.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    whose: Whose,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Answer,
}

/// Runs it.
pub fn run(arguments: &Arguments, teller: &Teller) -> Outcome {
    match look(arguments, teller) {
        Ok(outcome) | Err(outcome) => outcome,
    }
}

fn look(arguments: &Arguments, teller: &Teller) -> Result<Outcome, Outcome> {
    let environment = super::state::environment(&arguments.whose, teller)?;
    let key = key(&arguments.whose, false, teller)?;
    let opened = arguments.whose.read(&environment, key.as_ref(), teller)?;
    let secrets = secrets_of(opened.sealer);
    let ledger = Memory::of(opened.state, &*secrets);
    let drivers = arguments.whose.drivers(&environment);
    let found = wait_for(drift(&drivers, &ledger, &mut SystemEntropy)).map_err(|cause| no_runtime(&cause, teller))?;
    let found = found.map_err(|told| tell(&told, None, teller))?;
    let outcome = if found.is_empty() { Outcome::Done } else { Outcome::Changes };
    let text = match arguments.format {
        Answer::Text => plans::drift_in_text(&found),
        Answer::Json => format!("{:#}\n", json!({ "drift": plans::drift_in_json(&found) })),
    };
    let outcome = teller.answer(arguments.format, &text, outcome);
    if found.is_empty() {
        teller.well("nothing was changed from outside\n");
    }
    Ok(outcome)
}
