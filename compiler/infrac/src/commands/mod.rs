//! The commands and what they share: where the project lies, how it ends, how mistakes are shown.

mod build;
mod built;
mod check;
mod deny;
mod diff;
mod environments;
mod explain;
mod fix;
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
mod unignored;
mod waivers;
mod why;

use std::cell::RefCell;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use source::{Diagnostic, Severity, Sources, visible};

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
    match &cli.command {
        Command::Build(arguments) => telling(arguments.messages.format, |teller| build::run(arguments, teller)),
        Command::Check(arguments) => telling(arguments.messages.format, |teller| check::run(arguments, teller)),
        Command::Fmt(arguments) => telling(arguments.messages.format, |teller| fmt::run(arguments, teller)),
        Command::Graph(arguments) => telling(arguments.messages, |teller| graph::run(arguments, teller)),
        Command::Handover(arguments) => telling(arguments.format.messages(), |teller| handover::run(arguments, teller)),
        Command::Lock(arguments) => telling(arguments.messages.format, |teller| lock::run(arguments, teller)),
        Command::New(arguments) => telling(arguments.messages.format, |teller| new::run(arguments, teller)),
        Command::Schema(arguments) => telling(arguments.format(), |teller| schema::run(arguments, teller)),
        Command::Explain(arguments) => telling(arguments.messages.format, |teller| explain::run(arguments, teller)),
        Command::Diff(arguments) => telling(arguments.format.messages(), |teller| diff::run(arguments, teller)),
        Command::Environments(arguments) => {
            telling(arguments.format.messages(), |teller| environments::run(arguments, teller))
        }
        Command::Reach(arguments) => telling(arguments.format.messages(), |teller| reach::run(arguments, teller)),
        Command::Waivers(arguments) => telling(arguments.format.messages(), |teller| waivers::run(arguments, teller)),
        Command::Why(arguments) => telling(arguments.format.messages(), |teller| why::run(arguments, teller)),
    }
}

/// Runs a command with a teller of its own. Where mistakes are a document, it is the last that is printed.
fn telling(format: Format, command: impl FnOnce(&Teller) -> Outcome) -> Outcome {
    let teller = Teller { format, terminal: Terminal::of_standard_error(), told: RefCell::default() };
    let outcome = command(&teller);
    match format.document(teller.told()) {
        Some(document) => teller.print(&in_json(&format!("{document:#}\n")), outcome),
        None => outcome,
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
        write_error(&if self.format == Format::Json { in_json(&text) } else { text });
        self.told.borrow_mut().extend(objects(diagnostics, sources, self.format));
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
            write_error(&visible(text));
        }
    }
    /// Prints what the command answers, and ends as it would; an answer that cannot be printed is a failure, but not where the
    /// reader has seen enough.
    pub fn answer(&self, form: Answer, text: &str, outcome: Outcome) -> Outcome {
        match form {
            Answer::Text => self.print(&visible(text), outcome),
            Answer::Json => self.print(&in_json(text), outcome),
        }
    }
    /// The same for a text that others read as it is.
    pub fn print(&self, text: &str, outcome: Outcome) -> Outcome {
        match print_output(text) {
            Err(cause) if cause.kind() != std::io::ErrorKind::BrokenPipe => self.fail(
                "cannot_write",
                format!("standard output: {cause}"),
                "make room there, or send it somewhere else",
            ),
            Ok(()) | Err(_) => outcome,
        }
    }
}

/// A JSON text whose control characters are escaped: all of them stand in its texts.
fn in_json(text: &str) -> String {
    let escaped = |letter: char| match source::is_control(letter) {
        true => format!("\\u{:04x}", u32::from(letter)),
        false => letter.to_string(),
    };
    if text.contains(source::is_control) { text.chars().map(escaped).collect() } else { text.to_owned() }
}

/// Writes to the standard error; a reader that has gone away is no mistake of ours.
fn write_error(text: &str) {
    use std::io::Write;
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Writes to the standard output.
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
