//! `infrac check`: every mistake of the program, nothing written.

use super::project::{Folder, environment, parse_param};
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
    pub messages: Messages,
}

/// Runs it.
pub fn run(arguments: &Arguments, teller: &Teller) -> Outcome {
    let program = arguments.folder.load();
    if arguments.env.is_none() && arguments.params.is_empty() {
        return teller.tell(program.check(), program.sources());
    }
    let environment = match environment(&program, arguments.env.as_deref(), teller) {
        Ok(environment) => environment,
        Err(outcome) => return outcome,
    };
    match program.build(environment, &arguments.params, &emit::Settings::beside_project(environment.text())) {
        Ok((_, warnings)) => teller.tell(&warnings, program.sources()),
        Err(diagnostics) => teller.tell(&diagnostics, program.sources()),
    }
}
