//! `infrac check`: every mistake of the program, nothing written.

use ide::fixes::{Fixes, ROUNDS};
use program::Program;
use source::Diagnostic;

use super::deny::Deny;
use super::fix::{mended, write};
use super::project::{Folder, environment, parse_param};
use super::remember::{Locked, Remembered};
use super::{Messages, Outcome, Teller};
use crate::report::plural;
use program::lost::look_at_all;

/// Checks the program in all of its environments, or in one.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    folder: Folder,
    /// Only this environment.
    #[arg(long, value_name = "ENV")]
    env: Option<String>,
    /// An input of the project.
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = parse_param)]
    params: Vec<(String, String)>,
    /// Write the changes that messages offer and that are safe into the files, then check what is left.
    #[arg(long)]
    fix: bool,
    #[command(flatten)]
    locked: Locked,
    #[command(flatten)]
    deny: Deny,
    #[command(flatten)]
    pub messages: Messages,
}

/// Runs it.
pub fn run(arguments: &Arguments, teller: &Teller) -> Outcome {
    let remembered = match Remembered::read(&arguments.folder, teller) {
        Ok(remembered) => remembered,
        Err(outcome) => return outcome,
    };
    let mut program = arguments.folder.load_after(remembered.lock.clone());
    if let Err(outcome) = arguments.deny.look(&program, teller) {
        return outcome;
    }
    if arguments.fix {
        match mend(program, &remembered, &arguments.folder, teller) {
            Ok(mended) => program = mended,
            Err(outcome) => return outcome,
        }
    }
    let (told, seen) = match look(&program, arguments, teller) {
        Ok(looked) => looked,
        Err(outcome) => return outcome,
    };
    let mut told = arguments.deny.apply(told);
    if program::has_errors(&told)
        || remembered.lock.is_empty() && !arguments.locked.locked && program.checked().0.said.is_empty()
    {
        let outcome = teller.tell(&told, program.sources());
        return finish(outcome, &told, &seen, teller);
    }
    // Of all environments, whichever is checked: the file is one.
    let (next, lost) = look_at_all(&program, &remembered.lock, remembered.lock.clone());
    told.extend(lost.told());
    let outcome = teller.tell(&told, program.sources());
    let stale = (outcome == Outcome::Done && arguments.locked.locked).then(|| remembered.stale(&next, teller));
    finish(stale.flatten().unwrap_or(outcome), &told, &seen, teller)
}

/// Says that all is well where it is.
fn finish(outcome: Outcome, told: &[Diagnostic], seen: &str, teller: &Teller) -> Outcome {
    if outcome == Outcome::Done && told.is_empty() {
        teller.well(seen);
    }
    outcome
}

/// All that is told of it, and what is said when that is nothing.
fn look(program: &Program, arguments: &Arguments, teller: &Teller) -> Result<(Vec<Diagnostic>, String), Outcome> {
    if arguments.env.is_none() && arguments.params.is_empty() {
        let told = program.check().to_vec();
        let count = program.resource_count().unwrap_or_default();
        let seen = match program.environments().len() {
            0 => "no mistakes, and no environment yet\n".to_owned(),
            all => format!("no mistakes in {} ({})\n", plural(all, "environment"), plural(count, "resource")),
        };
        return Ok((told, seen));
    }
    let environment = environment(program, arguments.env.as_deref(), teller)?;
    let (graph, warnings) = match program.evaluate(environment, &arguments.params) {
        Ok(evaluated) => evaluated,
        Err(diagnostics) => return Ok((diagnostics, String::new())),
    };
    // What only a target finds is a mistake as well.
    match emit::emit_with(&graph, &emit::Settings::beside_project(environment.text())) {
        Ok(_) => {
            let count = plural(graph.resources.len(), "resource");
            Ok((warnings, format!("no mistakes in `{environment}` ({count})\n")))
        }
        Err(diagnostics) => Ok((diagnostics, String::new())),
    }
}

/// The program after what can be mended safely was.
fn mend(mut program: Program, remembered: &Remembered, folder: &Folder, teller: &Teller) -> Result<Program, Outcome> {
    let mut count = 0;
    for _ in 0..ROUNDS {
        let fixes = Fixes::of(program.check(), program.sources());
        if fixes.count == 0 {
            break;
        }
        count += fixes.count;
        write(&fixes, teller)?;
        program = folder.load_after(remembered.lock.clone());
    }
    if count > 0 {
        teller.say(&mended(count));
    }
    Ok(program)
}
