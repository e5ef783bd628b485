//! The commands and what they share: where the project lies, how it ends, how mistakes are shown.

mod apply;
mod build;
mod built;
mod causes;
mod check;
mod completions;
mod coverage;
mod deny;
mod destroy;
mod diff;
mod drift;
mod environments;
mod explain;
mod fix;
mod fmt;
mod given;
mod graph;
mod handover;
mod lock;
mod lsp;
mod man;
mod new;
mod plan;
mod project;
mod reach;
mod rehearse;
mod remember;
mod run;
mod schema;
mod show;
mod state;
mod unignored;
mod waivers;
mod why;

use std::cell::{Cell, RefCell};
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use source::{Diagnostic, Severity, Sources, visible};

use crate::report::{Colour, Count, Format, Terminal, objects, render};

/// Says each fact of your infrastructure once, checks it, and writes what your tools take.
#[derive(Parser, Debug)]
#[command(name = "infrac", version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    manner: Manner,
}

/// How a command speaks: options of every command.
#[derive(clap::Args, Debug, Clone, Copy)]
#[command(next_help_heading = "Output")]
pub struct Manner {
    /// Print answers and mistakes, and nothing else.
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Whether what is told is coloured.
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = Colour::Auto)]
    color: Colour,
}

#[derive(Subcommand, Debug)]
enum Command {
    Apply(apply::Arguments),
    Build(build::Arguments),
    Check(check::Arguments),
    Fmt(fmt::Arguments),
    Graph(graph::Arguments),
    Handover(handover::Arguments),
    Lock(lock::Arguments),
    Lsp(lsp::Arguments),
    New(new::Arguments),
    #[command(subcommand)]
    Schema(schema::Arguments),
    Explain(explain::Arguments),
    Coverage(coverage::Arguments),
    Destroy(destroy::Arguments),
    Diff(diff::Arguments),
    Drift(drift::Arguments),
    Environments(environments::Arguments),
    Plan(plan::Arguments),
    Reach(reach::Arguments),
    Show(show::Arguments),
    #[command(subcommand)]
    State(state::Arguments),
    Waivers(waivers::Arguments),
    Why(why::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
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
    /// The question has an answer, and it is not the one that is hoped for: a path is closed, or open though nobody declared it; a
    /// waiver is past its end.
    No,
    /// Nobody knows what became of an operation.
    Unresolved,
    /// The plan does not fit what there is any more.
    Stale,
    /// Somebody else is at it.
    Locked,
    /// The command was not called right: an option, an environment, a param or a name that there is not.
    Usage,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => ExitCode::SUCCESS,
            Outcome::Failed => ExitCode::from(1),
            Outcome::Changes => ExitCode::from(2),
            Outcome::No | Outcome::Unresolved => ExitCode::from(3),
            Outcome::Stale => ExitCode::from(4),
            Outcome::Locked => ExitCode::from(5),
            Outcome::Usage => ExitCode::from(64),
        }
    }
}

/// Reads the command line. Help and wrong usage are told in the colours that the line asks for.
///
/// # Errors
/// What clap has to print: help, the version, or what is wrong.
pub fn read() -> Result<Cli, clap::Error> {
    let words: Vec<String> = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    let matches = Cli::command().color(Colour::asked_for(&words).of_help()).try_get_matches()?;
    Cli::from_arg_matches(&matches)
}

/// Runs the command.
pub fn run(cli: &Cli) -> Outcome {
    let telling = |format: Format, command: &dyn Fn(&Teller) -> Outcome| telling(cli.manner, format, command);
    match &cli.command {
        Command::Apply(arguments) => telling(Format::Full, &|teller| apply::run(arguments, teller)),
        Command::Destroy(arguments) => telling(Format::Full, &|teller| destroy::run(arguments, teller)),
        Command::Drift(arguments) => telling(arguments.format.messages(), &|teller| drift::run(arguments, teller)),
        Command::Plan(arguments) => telling(arguments.messages(), &|teller| plan::run(arguments, teller)),
        Command::Show(arguments) => telling(arguments.messages(), &|teller| show::run(arguments, teller)),
        Command::State(arguments) => telling(Format::Full, &|teller| state::run(arguments, teller)),
        Command::Build(arguments) => telling(arguments.messages.format, &|teller| build::run(arguments, teller)),
        Command::Check(arguments) => telling(arguments.messages.format, &|teller| check::run(arguments, teller)),
        Command::Fmt(arguments) => telling(arguments.messages.format, &|teller| fmt::run(arguments, teller)),
        Command::Graph(arguments) => telling(arguments.messages, &|teller| graph::run(arguments, teller)),
        Command::Handover(arguments) => {
            telling(arguments.format.messages(), &|teller| handover::run(arguments, teller))
        }
        Command::Lock(arguments) => telling(arguments.messages.format, &|teller| lock::run(arguments, teller)),
        Command::Lsp(arguments) => lsp::run(arguments),
        Command::New(arguments) => telling(arguments.messages.format, &|teller| new::run(arguments, teller)),
        Command::Schema(arguments) => telling(arguments.format(), &|teller| schema::run(arguments, teller)),
        Command::Explain(arguments) => telling(arguments.messages.format, &|teller| explain::run(arguments, teller)),
        Command::Coverage(arguments) => {
            telling(arguments.format.messages(), &|teller| coverage::run(arguments, teller))
        }
        Command::Diff(arguments) => telling(arguments.format.messages(), &|teller| diff::run(arguments, teller)),
        Command::Environments(arguments) => {
            telling(arguments.format.messages(), &|teller| environments::run(arguments, teller))
        }
        Command::Reach(arguments) => telling(arguments.format.messages(), &|teller| reach::run(arguments, teller)),
        Command::Waivers(arguments) => telling(arguments.format.messages(), &|teller| waivers::run(arguments, teller)),
        Command::Why(arguments) => telling(arguments.format.messages(), &|teller| why::run(arguments, teller)),
        Command::Completions(arguments) => telling(Format::Full, &|teller| completions::run(arguments, teller)),
        Command::Man(arguments) => telling(Format::Full, &|teller| man::run(arguments, teller)),
    }
}

/// Runs a command with a teller of its own. Where mistakes are a document, it is the last that is printed.
fn telling(manner: Manner, format: Format, command: &dyn Fn(&Teller) -> Outcome) -> Outcome {
    let terminal = Terminal::of_standard_error(manner.color);
    let teller = Teller { format, quiet: manner.quiet, terminal, told: RefCell::default(), count: Cell::default() };
    let outcome = command(&teller);
    let outcome = match format.document(teller.told()) {
        Some(document) => teller.print(&in_json(&format!("{document:#}\n")), outcome),
        None => outcome,
    };
    // Only now is it known how many there are.
    if let Some(count) = teller.count.get() {
        write_error(&count.line(format));
    }
    outcome
}

/// Shows diagnostics as the user asked.
pub struct Teller {
    format: Format,
    quiet: bool,
    terminal: Terminal,
    /// What was told, for a document that holds it.
    told: RefCell<Vec<serde_json::Value>>,
    /// How many were told one line each, for the last line.
    count: Cell<Option<Count>>,
}

impl Teller {
    /// Shows them all, and says whether one is an error.
    pub fn tell(&self, diagnostics: &[Diagnostic], sources: &Sources) -> Outcome {
        let (text, count) = render(diagnostics, sources, self.format, &self.terminal);
        if self.format == Format::Json {
            write_error(&in_json(&text));
            self.count.set(Some(self.count.get().unwrap_or_default().and(count)));
        } else {
            let is_silent = self.quiet || diagnostics.is_empty();
            write_error(&if is_silent { text } else { text + &count.line(self.format) });
        }
        self.told.borrow_mut().extend(objects(diagnostics, sources, self.format));
        let errors = || diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
        match errors().next() {
            None => Outcome::Done,
            Some(_) if errors().all(is_about_the_call) => Outcome::Usage,
            Some(_) => Outcome::Failed,
        }
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
    /// What a command says about itself, on the standard error; nothing where programs read, or where nobody wants to hear it.
    pub fn say(&self, text: &str) {
        if self.format != Format::Json && !self.quiet {
            write_error(&visible(text));
        }
    }
    /// The same for a line that may be drawn over: [`crate::plans::ERASE`] takes it away.
    pub fn say_now(&self, text: &str) {
        match text == crate::plans::ERASE {
            true => write_error(text),
            false => self.say(text),
        }
    }
    /// Whether what is said is read at a terminal.
    pub fn is_at_terminal(&self) -> bool {
        use std::io::IsTerminal;
        !self.quiet && std::io::stderr().is_terminal()
    }
    /// That all is well, where people read.
    pub fn well(&self, text: &str) {
        if matches!(self.format, Format::Full | Format::Concise) {
            self.say(text);
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

/// Whether a mistake stands in the command line: it names what the program does not have, or leaves out what it needs to know.
fn is_about_the_call(diagnostic: &Diagnostic) -> bool {
    const CODES: [&str; 4] = ["unknown_environment", "which_environment", "unknown_param", "bad_param"];
    diagnostic.place().is_none() && CODES.contains(&diagnostic.code)
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
