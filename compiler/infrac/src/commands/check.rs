//! `infrac check`: every mistake of the program, nothing written.

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
    #[command(flatten)]
    locked: Locked,
    #[command(flatten)]
    pub messages: Messages,
}

/// Runs it.
pub fn run(arguments: &Arguments, teller: &Teller) -> Outcome {
    let remembered = match Remembered::read(&arguments.folder, teller) {
        Ok(remembered) => remembered,
        Err(outcome) => return outcome,
    };
    let program = arguments.folder.load_after(remembered.lock.clone());
    let mut told = if arguments.env.is_none() && arguments.params.is_empty() {
        program.check().to_vec()
    } else {
        let environment = match environment(&program, arguments.env.as_deref(), teller) {
            Ok(environment) => environment,
            Err(outcome) => return outcome,
        };
        match program.build(environment, &arguments.params, &emit::Settings::beside_project(environment.text())) {
            Ok((_, warnings)) => warnings,
            Err(diagnostics) => diagnostics,
        }
    };
    if program::has_errors(&told)
        || remembered.lock.is_empty() && !arguments.locked.locked && program.checked().0.said.is_empty()
    {
        return teller.tell(&told, program.sources());
    }
    // Of all environments, whichever is checked: the file is one.
    let (next, lost) = look_at_all(&program, &remembered.lock, remembered.lock.clone(), None);
    told.extend(lost.told());
    let outcome = teller.tell(&told, program.sources());
    let stale = (outcome == Outcome::Done && arguments.locked.locked).then(|| remembered.stale(&next, teller));
    stale.flatten().unwrap_or(outcome)
}
