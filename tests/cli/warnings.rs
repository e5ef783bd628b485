//! Warnings do not stop a build; denied, they are mistakes: nothing is written.

use std::path::Path;

use crate::{code, run, text};

const PROGRAM: &str = "\
project shop { edition = 1 }
environment prod { tier = prod, on = [aws(region = \"eu-west-3\")] }
let spare = 7d
bucket files {}
";

fn project(program: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.infra"), program).unwrap();
    folder
}

fn is_built(folder: &Path) -> bool {
    folder.join("out/prod/graph.json").exists()
}

#[test]
fn a_warning_is_told_and_stops_nothing() {
    let folder = project(PROGRAM);
    for command in [&["check"][..], &["build", "--env", "prod"]] {
        let output = run(folder.path(), command);
        assert_eq!(output.status.code(), Some(0));
        assert_eq!(text(&output.stderr).matches("warning[unused]").count(), 1, "{}", text(&output.stderr));
    }
    assert!(is_built(folder.path()));
}

#[test]
fn a_denied_warning_is_an_error_and_nothing_is_written() {
    let folder = project(PROGRAM);
    for denied in ["warnings", "unused"] {
        for command in [&["check"][..], &["check", "--env", "prod"], &["build", "--env", "prod"]] {
            let output = run(folder.path(), &[command, &["--deny", denied]].concat());
            assert_eq!(output.status.code(), Some(1), "{command:?}");
            assert!(text(&output.stderr).contains("error[unused]"), "{}", text(&output.stderr));
        }
    }
    assert!(!folder.path().join("out").exists() && !folder.path().join("infra.lock").exists());
    assert_eq!(code(folder.path(), &["check", "--deny", "repeated_flow"]), 0, "another code");
    let output = run(folder.path(), &["check", "--deny", "unsued"]);
    assert_eq!(output.status.code(), Some(64));
    assert!(text(&output.stderr).contains("did you mean `unused`?"), "{}", text(&output.stderr));
}

#[test]
fn what_is_accepted_is_listed_and_told_again_when_its_day_is_over() {
    let accepted = |until: &str| {
        let allow = format!("@allow(unused, because = \"the archive takes it\", until = {until})\nlet spare");
        project(&PROGRAM.replace("let spare", &allow))
    };
    let folder = accepted("2999-12-31");
    for command in [&["check"][..], &["check", "--env", "prod"], &["build", "--env", "prod"]] {
        assert_eq!(code(folder.path(), &[command, &["--deny", "warnings"]].concat()), 0, "{command:?}");
    }
    let listed = run(folder.path(), &["waivers"]);
    assert!(text(&listed.stdout).contains("main.infra:3  unused  until 2999-12-31\n  because the archive takes it\n"));
    let folder = accepted("2001-12-31");
    for command in [&["check"][..], &["check", "--env", "prod"], &["build", "--env", "prod"]] {
        let output = run(folder.path(), &[command, &["--deny", "warnings"]].concat());
        assert_eq!(output.status.code(), Some(1), "{command:?}");
        assert!(text(&output.stderr).contains("accepted until 2001-12-31, which is over"), "{}", text(&output.stderr));
    }
    assert_eq!(code(folder.path(), &["waivers"]), 3);
}

#[test]
fn a_linters_finding_is_told_when_its_day_is_over() {
    let allow = "@allow(CKV_AWS_144, because = \"one region\", until = 2001-12-31)\nbucket files {}";
    let folder = project(&PROGRAM.replace("bucket files {}", allow).replace("let spare = 7d\n", ""));
    for command in [&["check"][..], &["check", "--env", "prod"], &["build", "--env", "prod"]] {
        let output = run(folder.path(), command);
        assert_eq!(output.status.code(), Some(0), "{command:?}");
        assert!(text(&output.stderr).contains("warning[allow_ended]"), "{}", text(&output.stderr));
        assert_eq!(code(folder.path(), &[command, &["--deny", "warnings"]].concat()), 1, "{command:?}");
    }
}
