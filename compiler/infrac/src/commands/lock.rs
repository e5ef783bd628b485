//! `infrac lock`: what infrac remembers of what it made, brought up to date without writing anything else.

use std::collections::BTreeSet;

use value::WrittenAddress;

use super::project::Folder;
use super::remember::{Locked, Remembered, cannot_write};
use super::{Messages, Outcome, Teller};
use program::lost::look_at_all;

/// Brings infra.lock up to date, in all environments.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    folder: Folder,
    /// Forget what has left and what was said of it: once it is applied everywhere.
    #[arg(long)]
    prune: bool,
    /// The state of this environment was moved to where the program says, or there was none. May be repeated.
    #[arg(long = "state-moved", value_name = "ENV")]
    state_moved: Vec<String>,
    #[command(flatten)]
    locked: Locked,
    #[command(flatten)]
    pub messages: Messages,
}

/// Runs it.
pub fn run(arguments: &Arguments, teller: &Teller) -> Outcome {
    let remembered = match arguments.locked.locked {
        true => Remembered::read(&arguments.folder, teller),
        false => Remembered::read_alone(&arguments.folder, teller),
    };
    let remembered = match remembered {
        Ok(remembered) => remembered,
        Err(outcome) => return outcome,
    };
    let mut before = remembered.lock.clone();
    for environment in &arguments.state_moved {
        let Some(next) = before.without_state(environment) else {
            return teller.fail(
                "unknown_name",
                format!("`infra.lock` does not say where the state of an environment `{environment}` is"),
                "`infrac environments` lists them",
            );
        };
        before = next;
    }
    let program = arguments.folder.load_after(before.clone());
    if program::has_errors(program.check()) {
        return teller.tell(program.check(), program.sources());
    }
    let (mut next, lost) = look_at_all(&program, &before, before.clone());
    let lost = lost.told();
    if !lost.is_empty() {
        return teller.tell(&lost, program.sources());
    }
    if arguments.prune {
        let mut addresses: Vec<WrittenAddress> = Vec::new();
        let mut references = BTreeSet::new();
        for environment in program.environments() {
            if let Ok((graph, _)) = program.evaluate(environment, &[]) {
                let instances = graph.instances.iter().map(|instance| instance.address);
                let all = instances.chain(graph.resources.iter().map(|resource| resource.address));
                addresses.extend(all.map(|address| graph.store.written(address)));
                references.extend(emit::inventory(&graph).resources);
            }
        }
        next = lock::prune(
            &next,
            &program.checked().0.said,
            |address| lock::stands(address, addresses.iter()),
            &references,
        );
    }
    if arguments.locked.locked {
        return remembered.stale(&next, teller).unwrap_or(Outcome::Done);
    }
    let changes = remembered.changes(&next);
    match remembered.write(&next, || Ok(())) {
        Ok(()) => {
            teller.say(if changes { "infra.lock has changed: commit it\n" } else { "infra.lock is up to date\n" });
            Outcome::Done
        }
        Err(error) => cannot_write(error, teller),
    }
}
