//! `infrac destroy`: takes away all that is managed in an environment. It needs no program.

use engine::{Making, Memory, plan_destruction};
use state::{Entropy, SystemClock, SystemEntropy};

use super::apply::{HowRun, carry_out, close, confirm, open};
use super::plan::print;
use super::run::{Whose, tell};
use super::{Outcome, Teller};

/// Takes away all that is managed in an environment.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    whose: Whose,
    #[command(flatten)]
    running: HowRun,
    /// Something that may go although it is protected, this once.
    #[arg(long, value_name = "ADDRESS")]
    unprotect: Vec<String>,
}

/// Runs it.
pub fn run(arguments: &Arguments, teller: &Teller) -> Outcome {
    match destroy(arguments, teller) {
        Ok(outcome) | Err(outcome) => outcome,
    }
}

fn destroy(arguments: &Arguments, teller: &Teller) -> Result<Outcome, Outcome> {
    let environment = super::state::environment(&arguments.whose, teller)?;
    let mut kept = open(&arguments.whose, &environment, "infrac destroy", teller)?;
    let mut ledger = Memory::of(kept.journal.state().clone(), &kept);
    let drivers = arguments.whose.drivers(&environment);
    let making = Making {
        drivers: &drivers,
        ledger: &mut ledger,
        clock: &SystemClock,
        entropy: &mut SystemEntropy as &mut dyn Entropy,
        given: super::run::Given::new(),
        unprotected: arguments.unprotect.iter().cloned().collect(),
        today: super::waivers::today(),
        rehearsed: false,
    };
    let plan = plan_destruction("", &environment, making).map_err(|told| tell(&told, None, teller))?;
    print(&plan, false, false, Outcome::Done, teller);
    if plan.steps.is_empty() {
        close(kept, teller)?;
        return Ok(if plan.unresolved.is_empty() { Outcome::Done } else { Outcome::Unresolved });
    }
    confirm(&arguments.running, "destroy all of this", teller)?;
    carry_out(&arguments.whose, &plan, None, &mut kept, &arguments.running, None, teller)
        .and_then(|outcome| close(kept, teller).map(|()| outcome))
}
