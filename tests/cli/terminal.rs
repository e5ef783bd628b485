//! A hostile program in front of a terminal: what it holds is shown and never acted on, in messages, answers and printed commands.

use std::path::Path;
use std::process::Command;

use crate::{run, text};

/// Escape, bell, C1, right-to-left override, and a carriage return that would write over its line.
const HOSTILE: &str = "x\u{1b}[2K\u{7}\u{9b}1m\u{202e}\ry";

/// The same in the program's own spelling.
fn spelt() -> String {
    HOSTILE.chars().map(|letter| if letter.is_ascii_graphic() { letter.to_string() } else { code(letter) }).collect()
}

fn code(letter: char) -> String {
    format!("\\u{{{:x}}}", u32::from(letter))
}

fn project(more: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let program = format!(
        "project p {{ edition = 1 }}\nenvironment prod {{ tier = prod, on = [kubernetes(context = \"{0}\\n'$(id)\")] }}\nenvironment test {{ tier = test, on = [kubernetes(context = \"t\")] }}\n@allow(CKV_1, because = \"{0}\")\ncontainer c {{ image = \"example.com/a:1\", env = {{ A = \"{0}\" }} }}\n{more}",
        spelt()
    );
    std::fs::write(folder.path().join("main.infra"), program).unwrap();
    folder
}

/// What a terminal would act on, but for newlines.
fn acted_on(bytes: &[u8]) -> Option<char> {
    let bidi = |letter| matches!(letter, '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text(bytes).chars().find(|letter| *letter != '\n' && (letter.is_control() || bidi(*letter)))
}

#[test]
fn no_answer_and_no_message_holds_a_control_character() {
    let folder = project("");
    for arguments in [
        &["check"][..],
        &["check", "--format", "json"],
        &["build", "--env", "prod"],
        &["build", "--env", "prod", "--format", "json"],
        &["why", "c.env"],
        &["why", "c.env", "--format", "json"],
        &["waivers"],
        &["environments"],
        &["environments", "--format", "json"],
        &["diff", "prod", "test", "--native"],
        &["graph", "--env", "prod"],
        &["graph", "--env", "prod", "--format", "dot"],
        &["graph", "--env", "prod", "--format", "svg"],
        &["graph", "--env", "prod", "--format", "json"],
        &["reach", "--matrix", "--env", "prod"],
        &["why", HOSTILE],
        &["check", HOSTILE],
    ] {
        let answer = run(folder.path(), arguments);
        for bytes in [&answer.stdout, &answer.stderr] {
            assert_eq!(acted_on(bytes), None, "{arguments:?}: {}", text(bytes));
        }
    }
    assert!(text(&run(folder.path(), &["why", "c.env"]).stdout).contains("x\\u{1b}[2K\\u{7}\\u{9b}1m\\u{202e}"));
}

#[test]
fn a_mistake_is_drawn_under_what_stands_there() {
    let folder = project(&format!("let a = \"{HOSTILE}\" + 1 // {HOSTILE}\n"));
    for format in ["full", "concise", "json", "github", "gitlab", "sarif"] {
        let answer = run(folder.path(), &["check", "--format", format]);
        assert_eq!(answer.status.code(), Some(1));
        for bytes in [&answer.stdout, &answer.stderr] {
            assert_eq!(acted_on(bytes), None, "{format}: {}", text(bytes));
        }
    }
    insta::assert_snapshot!(text(&run(folder.path(), &["check"]).stderr));
}

/// A shell reads the printed command as the context that was written.
#[test]
fn a_printed_command_is_pasted_as_it_was_meant() {
    let folder = project("");
    let built = run(folder.path(), &["build", "--env", "prod"]);
    let said = text(&built.stderr);
    let command = said.lines().map(str::trim).find(|line| line.starts_with("kubectl ")).unwrap();
    let shell = format!("kubectl() {{ printf %s \"$2\"; }}\n{command}");
    let pasted = Command::new("bash").args(["-c", &shell]).current_dir(Path::new("/")).output().unwrap();
    assert_eq!(text(&pasted.stdout), format!("{HOSTILE}\n'$(id)"), "{command}");
}
