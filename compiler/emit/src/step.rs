//! What is run to bring files up. Targets make steps, the command line prints them: it knows no tool.

use std::fmt;

use source::leaves_line;

/// One command.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// `main/apply`: the artefact, and what is done with it.
    pub name: String,
    pub run: Run,
    /// A question: where it succeeds, the step is done already.
    pub unless: Option<Command>,
    /// Variables of the environment that it needs, each with what gives its value.
    pub variables: Vec<Variable>,
    /// The names of the steps that have to be done before.
    pub waits_for: Vec<String>,
    /// What is to be known of it.
    pub note: Option<String>,
}

/// What is run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Run {
    Command(Command),
    /// A line for the shell, as the program says it.
    Shell(String),
}

/// A tool with its arguments.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Command {
    pub tool: String,
    pub arguments: Vec<String>,
    /// The command whose output it reads. What is handed over may be secret: it goes through a pipe and stands in no file.
    pub input: Option<Box<Command>>,
}

/// A variable of the environment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Variable {
    pub name: String,
    /// What prints its value; none: whoever runs the step gives it.
    pub from: Option<Command>,
}

impl Step {
    /// A step without variables and notes.
    pub fn new(name: impl Into<String>, run: Run) -> Self {
        Self { name: name.into(), run, unless: None, variables: Vec::new(), waits_for: Vec::new(), note: None }
    }
}

impl Command {
    /// A command that reads nothing.
    pub fn new<A: Into<String>>(tool: &str, arguments: impl IntoIterator<Item = A>) -> Self {
        Self { tool: tool.to_owned(), arguments: arguments.into_iter().map(A::into).collect(), input: None }
    }
    /// The same, reading what another one prints.
    pub fn reading(self, input: Command) -> Self {
        Self { input: Some(Box::new(input)), ..self }
    }
}

/// As it is typed into a shell.
impl fmt::Display for Step {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(unless) = &self.unless {
            write!(out, "{unless} >/dev/null 2>&1 || ")?;
        }
        for variable in &self.variables {
            match &variable.from {
                Some(command) => write!(out, "{}=\"$({command})\" ", variable.name)?,
                None => write!(out, "{}=… ", variable.name)?,
            }
        }
        match &self.run {
            Run::Command(command) => command.fmt(out),
            Run::Shell(line) => out.write_str(line),
        }
    }
}

impl fmt::Display for Command {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(input) = &self.input {
            write!(out, "{input} | ")?;
        }
        out.write_str(&self.tool)?;
        self.arguments.iter().try_for_each(|argument| write!(out, " {}", quoted(argument)))
    }
}

/// A word for the shell.
fn quoted(text: &str) -> String {
    let is_plain = |text: &str| {
        !text.is_empty()
            && text.chars().all(|character| character.is_ascii_alphanumeric() || "-_./:@=+".contains(character))
    };
    if is_plain(text) {
        return text.to_owned();
    }
    // An option keeps its name in front of what is quoted. What a terminal would act on is spelt: pasted, it is what was meant.
    let quote = |text: &str| match text.contains(leaves_line) {
        true => format!("$'{}'", text.chars().map(in_ansi_quotes).collect::<String>()),
        false => format!("'{}'", text.replace('\'', "'\\''")),
    };
    match text.split_once('=') {
        Some((option, value)) if option.starts_with('-') && is_plain(option) => format!("{option}={}", quote(value)),
        _ => quote(text),
    }
}

/// A character between `$'` and `'`, as POSIX.1-2024 has it; where a byte has no letter of its own it is three octal digits.
fn in_ansi_quotes(letter: char) -> String {
    match letter {
        '\'' | '\\' => format!("\\{letter}"),
        letter if leaves_line(letter) => {
            letter.encode_utf8(&mut [0; 4]).bytes().map(|byte| format!("\\{byte:03o}")).collect()
        }
        letter => letter.to_string(),
    }
}
