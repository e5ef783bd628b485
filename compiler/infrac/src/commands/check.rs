//! `infrac check`: every mistake of the program, nothing written.

use program::Program;
use source::Diagnostic;

use super::deny::Deny;
use super::fix::{Fixes, ROUNDS, mended};
use super::lost::look_at_all;
use super::project::{Folder, environment, parse_param};
use super::remember::{Locked, Remembered};
use super::{Messages, Outcome, Teller};

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
    let told = match look(&program, arguments, teller) {
        Ok(told) => told,
        Err(outcome) => return outcome,
    };
    let mut told = arguments.deny.apply(told);
    if program::has_errors(&told)
        || remembered.lock.is_empty() && !arguments.locked.locked && program.checked().0.said.is_empty()
    {
        return teller.tell(&told, program.sources());
    }
    // Of all environments, whichever is checked: the file is one.
    let (next, lost) = look_at_all(&program, &remembered.lock, remembered.lock.clone());
    told.extend(lost.told());
    let outcome = teller.tell(&told, program.sources());
    let stale = (outcome == Outcome::Done && arguments.locked.locked).then(|| remembered.stale(&next, teller));
    stale.flatten().unwrap_or(outcome)
}

/// All that is told of it.
fn look(program: &Program, arguments: &Arguments, teller: &Teller) -> Result<Vec<Diagnostic>, Outcome> {
    if arguments.env.is_none() && arguments.params.is_empty() {
        return Ok(program.check().to_vec());
    }
    let environment = environment(program, arguments.env.as_deref(), teller)?;
    let settings = emit::Settings::beside_project(environment.text());
    match program.build(environment, &arguments.params, &settings) {
        Ok((_, warnings)) => Ok(warnings),
        Err(diagnostics) => Ok(diagnostics),
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
        fixes.write(teller)?;
        program = folder.load_after(remembered.lock.clone());
    }
    if count > 0 {
        teller.say(&mended(count));
    }
    Ok(program)
}
