//! `infrac plan`: what an apply would do, and why. It changes nothing.

use std::path::PathBuf;

use engine::{Making, Memory, Plan, Secrets, make_plan, recover};
use serde_json::json;
use state::{Entropy, Kek, Opened, State, SystemClock, SystemEntropy};

use super::given::GivenFiles;
use super::project::parse_param;
use super::run::{Prepared, Whose, key, prepare, secrets_of, tell, wait_for};
use super::{Answer, Outcome, Teller};
use crate::output::{Readers, write_one};
use crate::plans;
use crate::report::Format;

/// Shows what an apply would do, and why.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    pub whose: Whose,
    #[command(flatten)]
    pub making: HowMade,
    /// Print the plan for programs.
    #[arg(long, conflicts_with = "markdown")]
    json: bool,
    /// Print the plan as a comment of a merge request.
    #[arg(long)]
    markdown: bool,
    /// End with 2 when something would be done.
    #[arg(long)]
    detailed_exitcode: bool,
    /// Write the plan to this file, for `infrac apply FILE`.
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// What a plan is made of.
#[derive(clap::Args, Debug)]
pub struct HowMade {
    #[command(flatten)]
    pub files: GivenFiles,
    /// An input of the project.
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = parse_param)]
    pub params: Vec<(String, String)>,
    /// Something that may go although it is protected, this once.
    #[arg(long, value_name = "ADDRESS")]
    pub unprotect: Vec<String>,
}

impl Arguments {
    /// How mistakes are shown.
    pub fn messages(&self) -> Format {
        if self.json { Format::Json } else { Format::Full }
    }
}

/// Runs it.
pub fn run(arguments: &Arguments, teller: &Teller) -> Outcome {
    match show(arguments, teller) {
        Ok(outcome) | Err(outcome) => outcome,
    }
}

fn show(arguments: &Arguments, teller: &Teller) -> Result<Outcome, Outcome> {
    let prepared = prepare(&arguments.whose, &arguments.making.params, teller)?;
    let key = key(&arguments.whose, false, teller)?;
    let opened = arguments.whose.read(&prepared.environment, key.as_ref(), teller)?;
    let is_sealed = opened.sealer.is_some();
    let plan = of_opened(&arguments.whose, &arguments.making, &prepared, opened, teller)?;
    if let Some(file) = &arguments.out {
        write(&plan, file, is_sealed, key.as_ref(), teller)?;
    }
    let outcome = match (arguments.detailed_exitcode && plan.has_changes(), plan.unresolved.is_empty()) {
        (_, false) => Outcome::Unresolved,
        (true, true) => Outcome::Changes,
        (false, true) => Outcome::Done,
    };
    Ok(print(&plan, arguments.json, arguments.markdown, outcome, teller))
}

/// Prints a plan.
pub fn print(plan: &Plan, json: bool, markdown: bool, outcome: Outcome, teller: &Teller) -> Outcome {
    if json {
        let document = json!({ "plan": plans::plan_in_json(plan) });
        return teller.answer(Answer::Json, &format!("{document:#}\n"), outcome);
    }
    let text = if markdown { plans::markdown(plan) } else { plans::plan_in_text(plan) };
    teller.answer(Answer::Text, &text, outcome)
}

/// The plan for what was read, which stays as it is.
pub fn of_opened(
    whose: &Whose,
    how: &HowMade,
    prepared: &Prepared,
    opened: Opened,
    teller: &Teller,
) -> Result<Plan, Outcome> {
    let secrets = secrets_of(opened.sealer);
    let mut plan = plan_of(whose, how, prepared, opened.state, &*secrets, teller)?;
    plan.lineage = opened.lineage.map(|lineage| lineage.to_string());
    Ok(plan)
}

/// The plan for a program and a state, which is looked at and not changed.
pub fn plan_of(
    whose: &Whose,
    how: &HowMade,
    prepared: &Prepared,
    state: State,
    secrets: &dyn Secrets,
    teller: &Teller,
) -> Result<Plan, Outcome> {
    let drivers = whose.drivers(&prepared.environment);
    let mut wanted = prepared.wanted(teller)?;
    let given = prepared.given(&wanted, &how.files, teller)?;
    let mut ledger = Memory::of(state, secrets);
    let mut entropy = SystemEntropy;
    let work = async {
        recover(&drivers, &mut ledger, &SystemClock, &mut entropy).await.map_err(|told| vec![told])?;
        let making = Making {
            drivers: &drivers,
            ledger: &mut ledger,
            clock: &SystemClock,
            entropy: &mut entropy as &mut dyn Entropy,
            given,
            unprotected: how.unprotect.iter().cloned().collect(),
            today: super::waivers::today(),
            rehearsed: false,
        };
        make_plan(&mut wanted, making).await
    };
    let made = wait_for(work).map_err(|cause| no_runtime(&cause, teller))?;
    let mut plan = made.map_err(|told| tell(&told, Some(prepared), teller))?;
    plan.graph.clone_from(&prepared.text);
    plan.places.clone_from(&prepared.places);
    Ok(plan)
}

/// Tells that nothing can be waited for.
pub fn no_runtime(cause: &std::io::Error, teller: &Teller) -> Outcome {
    teller.fail("no_runtime", format!("cannot wait for anything: {cause}"), "see what the machine is short of")
}

/// Writes a plan to a file, for its owner only.
fn write(
    plan: &Plan,
    file: &std::path::Path,
    is_sealed: bool,
    key: Option<&Kek>,
    teller: &Teller,
) -> Result<(), Outcome> {
    let mut plan = plan.clone();
    // What nobody could open again is asked for again.
    if !is_sealed {
        plan.inputs.clear();
    }
    let text = engine::save_plan(&plan, key).map_err(|told| tell(&[told], None, teller))?;
    write_one(file, &text, Readers::Owner).map_err(|cause| {
        let message = format!("`{}` cannot be written: {cause}", file.display());
        teller.fail("cannot_write", message, "name a file in a folder that is there, where you may write")
    })
}

/// The key, where one is there or has to be.
pub fn needed_key(whose: &Whose, teller: &Teller) -> Result<Kek, Outcome> {
    match key(whose, true, teller)? {
        Some(key) => Ok(key),
        None => Err(teller.fail("state_no_key", "there is no key", "give it in INFRAC_STATE_KEY")),
    }
}
