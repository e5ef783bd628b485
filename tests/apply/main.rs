//! `infrac plan`, `apply`, `destroy`, `drift`, `show` and `state`, as their user meets them: projects in fresh folders, the binary of
//! the same build, and transcripts of what it says. Ids, digests, times and names of the machine are left out of those.

#![cfg(unix)]

mod codes;
mod failures;
mod journal;
mod life;
mod places;
mod random;
mod rehearsals;
mod saved;
mod secrets;
mod stopped;
mod values;
mod words;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// How a program begins that needs no platform.
const HEAD: &str = "project notes { edition = 1 }\nenvironment prod { tier = prod, on = [] }\n";

/// A project in a folder of its own, and what was said so far.
struct Project {
    folder: tempfile::TempDir,
    said: String,
}

impl Project {
    fn new(program: &str) -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap(), said: String::new() };
        project.write(program);
        project
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// The program is this from now on.
    fn write(&self, program: &str) {
        std::fs::write(self.path("main.infra"), format!("{HEAD}{program}")).unwrap();
    }

    fn file(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(&format!("out/prod/files/{path}"))).unwrap()
    }

    /// Somebody else writes a file.
    fn tamper(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path(&format!("out/prod/files/{path}"));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    /// The files that are there, each with its content.
    fn files(&self) -> std::collections::BTreeMap<String, Vec<u8>> {
        let root = self.path("out/prod/files");
        let below = |path: &PathBuf| path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
        tree(&root).into_iter().map(|path| (below(&path), std::fs::read(path).unwrap())).collect()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(tests::infrac().unwrap());
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap()).env("NO_COLOR", "1").env("USER", "ann");
        command
    }

    /// Runs a command; what it says goes into the transcript.
    fn run(&mut self, arguments: &[&str]) -> i32 {
        self.run_with(arguments, &[])
    }

    /// The same with variables of its environment.
    fn run_with(&mut self, arguments: &[&str], variables: &[(&str, &str)]) -> i32 {
        let output = self.command(arguments).envs(variables.iter().copied()).output().unwrap();
        let code = output.status.code().unwrap();
        let shown: Vec<String> = arguments.iter().map(|word| quoted(word)).collect();
        let _ = write!(self.said, "$ infrac {}\n{}", shown.join(" "), self.without_chance(&both(&output)));
        if code != 0 {
            let _ = writeln!(self.said, "[{code}]");
        }
        code
    }

    /// Runs a command that is not told of.
    fn quietly(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Applies what is wanted, without a word.
    fn applied(&self) {
        let output = self.quietly(&["apply", "--yes"]);
        assert!(output.status.success(), "{}", both(&output));
    }

    /// Whether there is nothing to do.
    fn has_settled(&self) -> bool {
        self.quietly(&["plan", "--detailed-exitcode"]).status.code() == Some(0)
    }

    fn without_chance(&self, text: &str) -> String {
        without_chance(&text.replace(self.folder.path().to_str().unwrap(), "<folder>"))
    }
}

fn both(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

fn quoted(word: &str) -> String {
    let word = source::on_one_line(word);
    if word.contains(['"', ' ', '[']) { format!("'{word}'") } else { word.into_owned() }
}

/// All files below a folder, sorted.
fn tree(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// The text without ids, digests, times, and the names of the machine and its processes.
fn without_chance(text: &str) -> String {
    text.lines().map(|line| format!("{}\n", line_without_chance(line))).collect()
}

fn line_without_chance(line: &str) -> String {
    let is_word = |letter: char| letter.is_ascii_alphanumeric();
    let mut shown = String::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|letter| is_word(letter) != is_word(first)).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        let is_hex = part.len() >= 40 && part.chars().all(|letter| letter.is_ascii_hexdigit());
        let is_id = part.len() == 26 && part.chars().any(|letter| letter.is_ascii_digit());
        shown.push_str(if is_hex {
            "<digest>"
        } else if is_id {
            "<id>"
        } else {
            part
        });
        rest = after;
    }
    after(&mut shown, " in ", " s", "<time>");
    after(&mut shown, " by ann on ", ":", "<machine>");
    after(&mut shown, "process ", "", "<process>");
    match shown.split_once(" UTC ") {
        Some((_, rest)) => format!("<day> {rest}"),
        None => shown,
    }
}

/// Puts something in the place of the word after a word, where that ends as it should.
fn after(text: &mut String, word: &str, end: &str, instead: &str) {
    let Some(start) = text.find(word).map(|at| at + word.len()) else { return };
    let rest = &text[start..];
    let length = if end.is_empty() { rest.find(' ').unwrap_or(rest.len()) } else { rest.find(end).unwrap_or(0) };
    let is_number = rest[..length].chars().all(|letter| letter.is_ascii_digit() || letter == '.');
    if length > 0 && (is_number || word.contains("ann")) {
        text.replace_range(start..start + length, instead);
    }
}

/// Looks at a transcript.
macro_rules! transcript {
    ($name:expr, $project:expr) => {
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true, snapshot_path => "snapshots" }, {
            insta::assert_snapshot!($name, $project.said)
        })
    };
}
use transcript;
