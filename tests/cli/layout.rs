//! `infrac fmt` in front of what cannot be read: it lays out the rest and takes no letter away.

use std::process::{Command, Stdio};

use std::io::Write;

use tests::{examples, infrac};

use crate::{code, run, text};

const MISTAKES: &str =
    "project p { edition = 1 }\nlet   a=1\nbucket c {keep=30d,\n  x = \"no end\n}\noutput   d=a // seen\nlet b = = 2\n";

/// What is laid out, by the command itself.
fn laid_out(program: &str) -> String {
    let command = infrac().unwrap_or_else(|cause| panic!("infrac cannot be built: {cause}"));
    let mut child = Command::new(command)
        .args(["fmt", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(program.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    // What cannot be read is told, by the place that it has afterwards.
    let said = text(&output.stderr);
    match output.status.code() {
        Some(0) => assert_eq!(said, ""),
        Some(1) => assert!(said.contains("error[") && said.contains("[-:"), "{said}"),
        other => panic!("ended with {other:?}: {said}"),
    }
    text(&output.stdout).to_owned()
}

/// All that is no layout: blanks, and the commas and brackets that lines take the place of.
fn letters(program: &str) -> String {
    program.chars().filter(|letter| !letter.is_whitespace() && !",(){}[]".contains(*letter)).collect()
}

#[test]
fn what_cannot_be_read_stays_and_the_rest_is_laid_out() {
    assert_eq!(
        laid_out(MISTAKES),
        "project p { edition = 1 }\nlet a = 1\nbucket c {keep=30d,\n  x = \"no end\n}\noutput d = a // seen\nlet b = = 2\n"
    );
    let folder = tempfile::tempdir().unwrap();
    let main = folder.path().join("main.infra");
    std::fs::write(&main, MISTAKES).unwrap();
    let output = run(folder.path(), &["fmt", "--format", "concise"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output.stdout), "main.infra\n");
    let said = |arguments: &[&str]| -> Vec<String> {
        let told = run(folder.path(), arguments);
        text(&told.stderr).lines().filter(|line| line.contains("error[")).map(str::to_owned).collect()
    };
    let told: Vec<&str> = text(&output.stderr).lines().filter(|line| line.contains("error[")).collect();
    assert_eq!(told, said(&["check", "--format", "concise"]), "as `check` tells it");
    assert!(told.len() >= 2 && told[0].starts_with("main.infra:4:"), "{told:?}");
    assert_eq!(std::fs::read_to_string(&main).unwrap(), laid_out(MISTAKES));
    assert_eq!(code(folder.path(), &["fmt", "--check"]), 1, "what was laid out stays, and cannot be read still");
    assert_eq!(run(folder.path(), &["fmt", "--check"]).stdout, b"");
    assert_eq!(run(folder.path(), &["check"]).status.code(), Some(1), "the mistakes are told by `check`");
}

#[test]
fn no_letter_is_lost_whatever_is_broken() {
    const BREAKS: [&str; 12] = ["\"", "{", "}", "(", "]", "${", "\"\"\"", "= =", "@", "\r", "\u{2028}", "'"];
    let mut tried = 0;
    for example in examples() {
        for (_, program) in &example.files {
            for (at, broken) in BREAKS.iter().enumerate() {
                let wanted = program.len() * (at + 1) / (BREAKS.len() + 1);
                let Some(place) = (wanted..program.len()).find(|place| program.is_char_boundary(*place)) else {
                    continue;
                };
                let (before, after) = program.split_at(place);
                let text = format!("{before}{broken}{after}");
                assert_eq!(letters(&laid_out(&text)), letters(&text), "`{broken}` at {place} of {}", example.name);
                tried += 1;
            }
        }
    }
    assert!(tried >= BREAKS.len());
}
