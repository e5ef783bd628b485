//! `infrac apply`: does what a plan says, and nothing else.

use std::io::{BufRead, IsTerminal};
use std::path::{Path, PathBuf};

use engine::{Applied, Applying, Event, Plan, Secrets, Stop, Stopping, Told, Wanted, apply, recover, stale};
use state::{State, SystemClock, SystemEntropy};

use super::plan::{HowMade, needed_key, no_runtime, of_opened, plan_of, print};
use super::project::Folder;
use super::run::{Given, Kept, Prepared, Whose, given, holder, key, prepare, tell, wait_for, wanted};
use super::{Outcome, Teller, rehearse};
use crate::plans::{Live, shown, summary};

/// Does what a plan says: one in a file, or one that is made, shown and asked about.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// The project's folder, or a file that `infrac plan -o` wrote: then the current folder is the project.
    #[arg(default_value = ".", value_name = "DIR|FILE", value_hint = clap::ValueHint::AnyPath)]
    what: PathBuf,
    /// The environment; may be left out where there is only one, and of a plan in a file.
    #[arg(long, value_name = "ENV")]
    env: Option<String>,
    #[command(flatten)]
    making: HowMade,
    #[command(flatten)]
    running: HowRun,
    /// Go through all of it and change nothing: every target, with drivers that only say that they did it.
    #[arg(long)]
    rehearse: bool,
    /// What happens by chance in a rehearsal: equal numbers, equal rehearsals.
    #[arg(long, value_name = "NUMBER", requires = "rehearse", default_value_t = 1)]
    seed: u64,
    /// Of a thousand operations of a rehearsal so many fail, and as many end without anybody hearing of it.
    #[arg(long, value_name = "PER_MILLE", requires = "rehearse", default_value_t = 0,
        value_parser = clap::value_parser!(u32).range(0..=500))]
    faults: u32,
}

/// How a plan is carried out.
#[derive(clap::Args, Debug)]
pub struct HowRun {
    /// Do not ask.
    #[arg(short, long)]
    pub yes: bool,
    /// How many things are done at once.
    #[arg(long, value_name = "NUMBER", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..))]
    pub at_once: u16,
}

impl HowRun {
    /// Whether it was said to go on, or somebody can be asked.
    fn can_go_on(&self) -> bool {
        self.yes || std::io::stdin().is_terminal()
    }
}

/// Runs it.
pub fn run(arguments: &Arguments, teller: &Teller) -> Outcome {
    let result = match (arguments.rehearse, arguments.what.is_file()) {
        (true, true) => {
            Err(teller.fail("wrong_call", "a plan in a file is not rehearsed", "rehearse the project's folder"))
        }
        (true, false) => rehearsed(arguments, teller),
        (false, true) => of_file(arguments, teller),
        (false, false) => of_program(arguments, teller),
    };
    match result {
        Ok(outcome) | Err(outcome) => outcome,
    }
}

fn whose(folder: &Path, env: Option<&String>) -> Whose {
    Whose { folder: Folder { folder: folder.to_owned() }, env: env.cloned() }
}

fn rehearsed(arguments: &Arguments, teller: &Teller) -> Result<Outcome, Outcome> {
    let whose = whose(&arguments.what, arguments.env.as_ref());
    let prepared = prepare(&whose, &arguments.making.params, teller)?;
    let course = rehearse::course(arguments.seed, arguments.faults);
    rehearse::rehearse(&whose, &prepared, &arguments.making, usize::from(arguments.running.at_once), course, teller)
}

/// Plans, shows, asks and applies.
fn of_program(arguments: &Arguments, teller: &Teller) -> Result<Outcome, Outcome> {
    let whose = whose(&arguments.what, arguments.env.as_ref());
    let prepared = prepare(&whose, &arguments.making.params, teller)?;
    if !arguments.running.can_go_on() {
        return only_shown(&whose, arguments, &prepared, teller);
    }
    let mut kept = open(&whose, &prepared.environment, "infrac apply", teller)?;
    let state = kept.journal.state().clone();
    let mut plan = plan_of(&whose, &arguments.making, &prepared, state, &kept, teller)?;
    plan.lineage = Some(kept.journal.lineage().to_string());
    print(&plan, false, false, Outcome::Done, teller);
    if !plan.has_changes() && plan.changes.is_empty() {
        close(kept, teller)?;
        return Ok(if plan.unresolved.is_empty() { Outcome::Done } else { Outcome::Unresolved });
    }
    if plan.has_changes() {
        confirm(&arguments.running, "apply this", teller)?;
    }
    let wanted = prepared.wanted(teller)?;
    carry_out(&whose, &plan, Some(wanted), &mut kept, &arguments.running, Some(&prepared), teller)
        .and_then(|outcome| close(kept, teller).map(|()| outcome))
}

/// The plan, where nobody is there to say that it may be carried out.
fn only_shown(whose: &Whose, arguments: &Arguments, prepared: &Prepared, teller: &Teller) -> Result<Outcome, Outcome> {
    let key = key(whose, false, teller)?;
    let opened = whose.read(&prepared.environment, key.as_ref(), teller)?;
    let plan = of_opened(whose, &arguments.making, prepared, opened, teller)?;
    print(&plan, false, false, Outcome::Done, teller);
    match plan.has_changes() {
        true => Err(not_confirmed(teller)),
        false if plan.unresolved.is_empty() => Ok(Outcome::Done),
        false => Ok(Outcome::Unresolved),
    }
}

/// Applies a plan as it was written.
fn of_file(arguments: &Arguments, teller: &Teller) -> Result<Outcome, Outcome> {
    let text = super::show::read(&arguments.what, teller)?;
    let folder = whose(Path::new("."), None);
    let key = key(&folder, false, teller)?;
    let told = |told: Told| tell(&[told], None, teller);
    let plan = engine::read_plan(&text, None).map_err(told)?;
    if arguments.env.as_ref().is_some_and(|env| *env != plan.environment) {
        let message = format!("the plan is for the environment `{}`", plan.environment);
        return Err(teller.fail("wrong_environment", message, "leave out `--env`, or give that one"));
    }
    let whose = Whose { env: Some(plan.environment.clone()), ..folder };
    // What is refused leaves nothing behind, not even an empty state.
    let before = whose.read(&plan.environment, key.as_ref(), teller)?;
    let lineage = before.lineage.map(|lineage| lineage.to_string());
    fits(&plan, &before.state, lineage.as_deref(), &whose, teller)?;
    let plan = engine::read_plan(&text, key.as_ref()).map_err(told)?;
    let mut kept = open(&whose, &plan.environment, "infrac apply", teller)?;
    fits(&plan, kept.journal.state(), lineage.as_deref(), &whose, teller)?;
    let wanted = if plan.destroys { None } else { Some(wanted(&plan.graph, &plan.places, teller)?) };
    let mut plan = plan;
    if let Some(wanted) = &wanted {
        complete(&mut plan, wanted, arguments, &kept, teller)?;
    }
    teller.say(&summary(&plan));
    carry_out(&whose, &plan, wanted, &mut kept, &arguments.running, None, teller)
        .and_then(|outcome| close(kept, teller).map(|()| outcome))
}

/// Whether a plan is one for this project, and for what is known of it now.
fn fits(plan: &Plan, state: &State, lineage: Option<&str>, whose: &Whose, teller: &Teller) -> Result<(), Outcome> {
    let here = whose.folder.load().checked().0.project.as_ref().map(|project| project.name);
    let is_of_another = here.is_some_and(|here| !plan.project.is_empty() && here.text() != plan.project);
    let other = is_of_another.then(|| {
        let message = format!("the plan was made for the project `{}`", plan.project);
        Told::new("stale_plan", message, "plan here, and apply that")
    });
    match other.or_else(|| stale(plan, state, lineage)) {
        Some(told) => {
            tell(&[told], None, teller);
            Err(Outcome::Stale)
        }
        None => Ok(()),
    }
}

/// What the plan does not hold of what it was given is given again.
fn complete(
    plan: &mut Plan,
    wanted: &Wanted,
    arguments: &Arguments,
    secrets: &dyn Secrets,
    teller: &Teller,
) -> Result<(), Outcome> {
    if wanted.inputs.iter().all(|(name, _)| plan.inputs.contains_key(name)) {
        return Ok(());
    }
    let values: Given = given(wanted, &arguments.making.files, teller)?;
    for (name, value) in values {
        let sealed = secrets.seal(&value).map_err(|told| tell(&[told], None, teller))?;
        plan.inputs.insert(name, sealed);
    }
    Ok(())
}

/// Opens the state for writing, and finds out what became of what earlier runs left open.
pub fn open(whose: &Whose, environment: &str, command: &str, teller: &Teller) -> Result<Kept, Outcome> {
    let key = needed_key(whose, teller)?;
    let mut kept = Kept { journal: whose.write(environment, key, command, teller)? };
    if kept.journal.state().open.is_empty() {
        return Ok(kept);
    }
    let drivers = whose.drivers(environment);
    let found = wait_for(recover(&drivers, &mut kept, &SystemClock, &mut SystemEntropy));
    let found = found.map_err(|cause| no_runtime(&cause, teller))?.map_err(|told| tell(&[told], None, teller))?;
    for one in found {
        teller.say(&format!("an earlier run did not come to its end: {}: {}\n", one.address, one.found));
    }
    Ok(kept)
}

/// Ends the writing of a state.
pub fn close(kept: Kept, teller: &Teller) -> Result<(), Outcome> {
    kept.journal.close().map_err(|error| super::run::refused(&error, teller))
}

/// Asks whether to go on; where nobody can answer, that has to be said beforehand.
pub fn confirm(running: &HowRun, what: &str, teller: &Teller) -> Result<(), Outcome> {
    if running.yes {
        return Ok(());
    }
    if !running.can_go_on() {
        return Err(not_confirmed(teller));
    }
    teller.say(&format!("\n{what}? only `yes` is taken for it: "));
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    if read.is_ok() && answer.trim() == "yes" { Ok(()) } else { Err(not_confirmed(teller)) }
}

fn not_confirmed(teller: &Teller) -> Outcome {
    teller.fail("not_confirmed", "nothing was changed", "say `--yes`, or apply a plan from a file")
}

/// Carries out a plan, and says what comes of it.
pub fn carry_out(
    whose: &Whose,
    plan: &Plan,
    wanted: Option<Wanted>,
    kept: &mut Kept,
    running: &HowRun,
    program: Option<&Prepared>,
    teller: &Teller,
) -> Result<Outcome, Outcome> {
    let stop = Stop::default();
    let asked = stop.clone();
    // Where no handler can be set, what was being done is found again by the next run.
    let _ = ctrlc::set_handler(move || asked.ask());
    let write = |text: &str| teller.say_now(text);
    let mut live = Live::new(plan.steps.len(), teller.is_at_terminal(), &write);
    let drivers = whose.drivers(&plan.environment);
    let holder = holder("infrac apply");
    let applying = Applying {
        drivers: &drivers,
        ledger: kept,
        clock: &SystemClock,
        entropy: &mut SystemEntropy,
        by: format!("{} on {}", holder.user, holder.machine),
        at_once: usize::from(running.at_once),
        stop: &stop,
        rehearsed: false,
        events: &mut |event: Event<'_>| live.show(&event),
    };
    let applied = wait_for(apply(plan, wanted, applying));
    live.end();
    let applied =
        applied.map_err(|cause| no_runtime(&cause, teller))?.map_err(|told| tell(&[told], program, teller))?;
    let outcome = conclude(&applied, stop.stopping(), program, teller);
    Ok(if outcome == Outcome::Done && !plan.unresolved.is_empty() { Outcome::Unresolved } else { outcome })
}

/// Says what came of it.
pub fn conclude(applied: &Applied, stopping: Stopping, program: Option<&Prepared>, teller: &Teller) -> Outcome {
    if !applied.failed.is_empty() {
        tell(&applied.failed, program, teller);
    }
    for address in &applied.unknown {
        teller.say(&format!(
            "nobody knows what became of {address}: look at it, then `infrac state resolve '{address}'`\n"
        ));
    }
    let left = if applied.skipped > 0 { format!(", {} left", applied.skipped) } else { String::new() };
    let failed = if applied.failed.is_empty() { String::new() } else { format!(", {} failed", applied.failed.len()) };
    teller.say(&format!("{} done{failed}{left}\n", applied.done));
    for (name, (value, secret)) in &applied.outputs {
        let value = if *secret { "(secret)".to_owned() } else { shown(Some(value)) };
        teller.say(&format!("{name} = {value}\n"));
    }
    match applied {
        Applied { unknown, .. } if !unknown.is_empty() => Outcome::Unresolved,
        Applied { stale: true, .. } => Outcome::Stale,
        Applied { failed, skipped, .. } if !failed.is_empty() || *skipped > 0 => Outcome::Failed,
        _ if stopping != Stopping::No => Outcome::Failed,
        _ => Outcome::Done,
    }
}
