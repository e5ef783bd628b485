//! `infrac show`: a plan that lies in a file. It needs neither the program nor the key, and shows no secret.

use std::path::{Path, PathBuf};

use super::plan::print;
use super::run::tell;
use super::{Outcome, Teller};
use crate::report::Format;

/// Shows a plan that lies in a file, with nothing else at hand.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// What `infrac plan -o` wrote.
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    file: PathBuf,
    /// Print the plan for programs.
    #[arg(long, conflicts_with = "markdown")]
    json: bool,
    /// Print the plan as a comment of a merge request.
    #[arg(long)]
    markdown: bool,
}

impl Arguments {
    /// How mistakes are shown.
    pub fn messages(&self) -> Format {
        if self.json { Format::Json } else { Format::Full }
    }
}

/// Runs it.
pub fn run(arguments: &Arguments, teller: &Teller) -> Outcome {
    let plan = read(&arguments.file, teller)
        .and_then(|text| engine::read_plan(&text, None).map_err(|told| tell(&[told], None, teller)));
    match plan {
        Ok(plan) => print(&plan, arguments.json, arguments.markdown, Outcome::Done, teller),
        Err(outcome) => outcome,
    }
}

/// The text of a plan's file.
pub fn read(file: &Path, teller: &Teller) -> Result<String, Outcome> {
    std::fs::read_to_string(file).map_err(|cause| {
        teller.fail("cannot_read", format!("`{}` cannot be read: {cause}", file.display()), "name a plan's file")
    })
}
