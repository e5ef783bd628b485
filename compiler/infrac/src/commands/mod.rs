//! The commands and what they share: where the project lies, how it ends, how mistakes are shown.

mod build;
mod built;
mod check;
mod diff;
mod environments;
mod explain;
mod fmt;
mod graph;
mod handover;
mod lock;
mod lost;
mod new;
mod project;
mod reach;
mod remember;
mod schema;
mod waivers;
mod why;

use std::cell::RefCell;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use source::{Diagnostic, Severity, Sources};

use crate::report::{Format, Terminal, objects, render};

/// Says each fact of your infrastructure once, checks it, and writes what your tools take.
#[derive(Parser, Debug)]
#[command(name = "infrac", version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    Build(build::Arguments),
    Check(check::Arguments),
    Fmt(fmt::Arguments),
    Graph(graph::Arguments),
    Handover(handover::Arguments),
    Lock(lock::Arguments),
    New(new::Arguments),
    #[command(subcommand)]
    Schema(schema::Arguments),
    Explain(explain::Arguments),
    Diff(diff::Arguments),
    Environments(environments::Arguments),
    Reach(reach::Arguments),
    Waivers(waivers::Arguments),
    Why(why::Arguments),
}

/// How mistakes are shown: an option of every command.
#[derive(clap::Args, Debug, Clone, Copy)]
pub struct Messages {
    /// How mistakes are shown.
    #[arg(long, value_enum, default_value = "full")]
    pub format: Format,
}

/// How an answer is printed; mistakes follow it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub enum Answer {
    /// For people.
    Text,
    /// For programs.
    Json,
}

impl Answer {
    /// How mistakes are shown beside such an answer.
    pub fn messages(self) -> Format {
        match self {
            Answer::Text => Format::Full,
            Answer::Json => Format::Json,
        }
    }
}

/// How a command ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    Done,
    Failed,
    /// `--check` found something to change.
    Changes,
    /// The question has an answer, and it is not the one that is hoped for: a path is closed, a waiver is past its end.
    No,
    Usage,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => ExitCode::SUCCESS,
            Outcome::Failed => ExitCode::from(1),
            Outcome::Changes => ExitCode::from(2),
            Outcome::No => ExitCode::from(3),
            Outcome::Usage => ExitCode::from(64),
        }
    }
}

/// Runs the command.
pub fn run(cli: &Cli) -> Outcome {
    let teller = |format: Format| Teller { format, terminal: Terminal::of_standard_error(), told: RefCell::default() };
    match &cli.command {
        Command::Build(arguments) => build::run(arguments, &teller(arguments.messages.format)),
        Command::Check(arguments) => check::run(arguments, &teller(arguments.messages.format)),
        Command::Fmt(arguments) => fmt::run(arguments, &teller(arguments.messages.format)),
        Command::Graph(arguments) => graph::run(arguments, &teller(arguments.messages)),
        Command::Handover(arguments) => handover::run(arguments, &teller(arguments.format.messages())),
        Command::Lock(arguments) => lock::run(arguments, &teller(arguments.messages.format)),
        Command::New(arguments) => new::run(arguments, &teller(arguments.messages.format)),
        Command::Schema(arguments) => schema::run(arguments, &teller(arguments.format())),
        Command::Explain(arguments) => explain::run(arguments, &teller(arguments.messages.format)),
        Command::Diff(arguments) => diff::run(arguments, &teller(arguments.format.messages())),
        Command::Environments(arguments) => environments::run(arguments, &teller(arguments.format.messages())),
        Command::Reach(arguments) => reach::run(arguments, &teller(arguments.format.messages())),
        Command::Waivers(arguments) => waivers::run(arguments, &teller(arguments.format.messages())),
        Command::Why(arguments) => why::run(arguments, &teller(arguments.format.messages())),
    }
}

/// Shows diagnostics as the user asked.
pub struct Teller {
    format: Format,
    terminal: Terminal,
    /// What was told, for a document that holds it.
    told: RefCell<Vec<serde_json::Value>>,
}

impl Teller {
    /// Shows them all, and says whether one is an error.
    pub fn tell(&self, diagnostics: &[Diagnostic], sources: &Sources) -> Outcome {
        let text = render(diagnostics, sources, self.format, &self.terminal);
        write_error(&text);
        if self.format == Format::Json {
            self.told.borrow_mut().extend(objects(diagnostics, sources));
        }
        let failed = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
        if failed { Outcome::Failed } else { Outcome::Done }
    }
    /// A mistake that stands in no source file.
    pub fn fail(&self, code: &'static str, message: impl Into<String>, help: impl Into<String>) -> Outcome {
        let diagnostic = Diagnostic::placeless(code, message).help(help);
        self.tell(&[diagnostic], &Sources::default())
    }
    /// What was told where programs read.
    pub fn told(&self) -> Vec<serde_json::Value> {
        self.told.borrow().clone()
    }
    /// What a command says about itself, on the standard error; nothing where programs read.
    pub fn say(&self, text: &str) {
        if self.format != Format::Json {
            write_error(text);
        }
    }
}

/// Writes to the standard error; a reader that has gone away is no mistake of ours.
fn write_error(text: &str) {
    use std::io::Write;
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Writes to the standard output; false when the reader has gone away.
pub fn write_output(text: &str) -> bool {
    print_output(text).is_ok()
}

/// The same, with why it failed.
pub fn print_output(text: &str) -> std::io::Result<()> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        super::Cli::command().debug_assert();
    }
}
