//! The README, and the page of the reference with sessions: programs compile, sessions are run in a fresh folder and give what they
//! show, the README's table is the library's.
//!
//! A block ```` ```infra file:PATH ```` writes a file, ```` ```diff file:PATH ```` changes it, ```` ```console ```` runs each line that begins with
//! `$ ` and compares what is printed. `UPDATE_DOCS=1` writes what is printed into the README.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::blocks::{Block, blocks};

fn text() -> String {
    std::fs::read_to_string(crate::root().join("README.md")).unwrap()
}

/// The binary of the same build, made anew when it is older than its sources.
fn infrac() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        // target/debug/deps/docs-…
        let profile = std::env::current_exe().unwrap().parent().unwrap().parent().unwrap().to_owned();
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "--workspace", "--bin", "infrac"]).current_dir(crate::root());
        if profile.ends_with("release") {
            build.arg("--release");
        }
        assert!(build.status().unwrap().success());
        profile.join("infrac")
    })
}

/// A block's file, of `file:PATH`.
fn file_of(block: &Block) -> Option<&str> {
    block.words.iter().find_map(|word| word.strip_prefix("file:"))
}

/// What a shell prints for a command, both outputs together.
fn printed(folder: &Path, command: &str) -> String {
    let path = std::env::var("PATH").unwrap();
    let output = Command::new("sh")
        .args(["-c", &format!("{{ {command}\n}} 2>&1")])
        .current_dir(folder)
        .env("PATH", format!("{}:{path}", infrac().parent().unwrap().display()))
        .env("NO_COLOR", "1")
        .env("LC_ALL", "C.UTF-8")
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// A console block with what its commands print now.
fn run(folder: &Path, block: &Block) -> String {
    let mut text = String::new();
    for command in block.text.lines().filter_map(|line| line.strip_prefix("$ ")) {
        let _ = write!(text, "$ {command}\n{}", printed(folder, command));
    }
    text
}

/// The text without numbers of lines of the library and of emitted files: a line that moves there makes no session wrong.
fn without_moving_lines(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for line in text.lines() {
        // `66a67,74`, as diff says where something was added.
        let is_hunk = line.starts_with(|first: char| first.is_ascii_digit())
            && line.chars().all(|character| character.is_ascii_digit() || "acd,".contains(character));
        for (nth, part) in line.split(':').enumerate().filter(|_| !is_hunk) {
            let word = shown.rsplit([' ', '[', '"', '\n']).next().unwrap_or("");
            let moves = nth > 0 && (word.starts_with("std/") || word.ends_with(".yaml") || word.ends_with(".json"));
            if nth > 0 {
                shown.push(':');
            }
            shown.push_str(if moves { part.trim_start_matches(|digit: char| digit.is_ascii_digit()) } else { part });
        }
        shown.push('\n');
    }
    shown
}

/// Changes a file as a block of `-`, `+` and lines that stay says.
fn change(file: &Path, block: &Block) {
    let side = |sign: char| -> String {
        let kept = block.text.lines().filter(|line| line.starts_with([' ', sign])).filter_map(|line| line.get(1..));
        kept.map(|line| format!("{line}\n")).collect()
    };
    let (before, after) = (side('-'), side('+'));
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.contains(&before), "{}: the lines that stay are not in {}", block.place(), file.display());
    std::fs::write(file, text.replacen(&before, &after, 1)).unwrap();
}

/// Runs the sessions of a markdown file, from its first block to its last, in a fresh folder.
fn try_sessions(name: &str) {
    let path = crate::root().join(name);
    let text = std::fs::read_to_string(&path).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut now = text.clone();
    let mut wrong = String::new();
    for block in blocks(name, &text) {
        if let Some(file) = file_of(&block) {
            let path = folder.path().join(file);
            if block.is("diff") {
                change(&path, &block);
            } else {
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(&path, &block.text).unwrap();
            }
        }
        if block.is("console") {
            let place = block.words.iter().find_map(|word| word.strip_prefix("in:")).unwrap_or(".");
            let found = run(&folder.path().join(place), &block);
            if without_moving_lines(&found) != without_moving_lines(&block.text) {
                let _ = writeln!(wrong, "{}\n{found}", block.place());
                now = now.replacen(&block.text, &found, 1);
            }
        }
    }
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, now).unwrap();
        return;
    }
    assert!(wrong.is_empty(), "{name} shows something else; UPDATE_DOCS=1 writes what is printed now\n{wrong}");
}

#[test]
fn its_sessions_give_what_they_show() {
    try_sessions("README.md");
}

#[test]
fn the_answers_of_the_reference_are_those_of_the_commands() {
    try_sessions("compiler/program/reference/asking.md");
    try_sessions("compiler/program/reference/applying.md");
}

#[test]
fn its_programs_compile() {
    assert!(crate::blocks::try_all(&[("README.md".to_owned(), text())]) > 0);
}

/// Kinds that only the library itself makes.
fn private_kinds() -> Vec<&'static str> {
    let lines = stdlib::files().iter().flat_map(|(_, text)| text.lines());
    lines.filter_map(|line| line.strip_prefix("private kind ")?.split_whitespace().next()).collect()
}

/// `implement KIND on PLATFORM` of the library, by kind.
fn implemented() -> Vec<(String, Vec<String>)> {
    let mut all: Vec<(String, Vec<String>)> = Vec::new();
    let private = private_kinds();
    for (_, text) in stdlib::files() {
        for line in text.lines().filter_map(|line| line.strip_prefix("implement ")) {
            let words: Vec<&str> = line.split_whitespace().collect();
            if private.contains(&words[0]) {
                continue;
            }
            let platform = words
                .iter()
                .position(|word| *word == "on")
                .and_then(|at| words.get(at + 1))
                .map_or("anywhere", |platform| platform);
            match all.iter_mut().find(|entry| entry.0 == words[0]) {
                Some(entry) => entry.1.push(platform.to_owned()),
                None => all.push((words[0].to_owned(), vec![platform.to_owned()])),
            }
        }
    }
    all
}

#[test]
fn its_table_of_kinds_is_the_library() {
    let readme = text();
    let mut wrong = String::new();
    for (kind, platforms) in implemented() {
        let Some(row) = readme.lines().find(|line| line.starts_with('|') && line.contains(&format!("`{kind}`"))) else {
            let _ = writeln!(wrong, "`{kind}` is in no row");
            continue;
        };
        for platform in platforms.iter().filter(|platform| !row.contains(platform.as_str())) {
            let _ = writeln!(wrong, "`{kind}` is implemented on `{platform}`: {row}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn its_counts_of_native_kinds_are_those_of_the_packs() {
    let readme = text();
    for (name, bytes) in stdlib::schemas() {
        let schema = schema::Schema::open(*bytes).unwrap();
        let count = |role: schema::Role| schema.kinds().filter(|kind| kind.role() == role).count();
        let (resources, data) = (count(schema::Role::Resource), count(schema::Role::Data));
        let wanted = match (resources, data) {
            (1, 0) => "1 kind |".to_owned(),
            (_, 0) => format!("{} kinds |", thousands(resources)),
            _ => format!("{} resources and {} data sources |", thousands(resources), thousands(data)),
        };
        assert!(readme.contains(&wanted), "{name}: {wanted}");
    }
}

/// `1,412`
fn thousands(number: usize) -> String {
    if number < 1000 { number.to_string() } else { format!("{},{:03}", number / 1000, number % 1000) }
}

#[test]
fn its_commands_are_those_of_the_binary() {
    let readme = text();
    let help = printed(&crate::root(), "infrac --help");
    let commands =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.trim().is_empty());
    let names: Vec<&str> =
        commands.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help").collect();
    assert!(names.len() > 5, "{help}");
    let missing: Vec<&&str> = names.iter().filter(|name| !readme.contains(&format!("`infrac {name}"))).collect();
    assert!(missing.is_empty(), "{missing:?} are not in the README");
}
