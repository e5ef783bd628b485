//! How commands speak: a line when all is well, nothing but mistakes with `--quiet`, colours where they are wanted.

use std::path::Path;
use std::process::{Command, Output};

use crate::{run, text};

const PROJECT: &str = "project shop { edition = 1 }\nenvironment prod { tier = prod, on = [aws(region = \"eu-west-3\")] }\nenvironment test { tier = test, on = [aws(region = \"eu-west-1\")] }\n";

fn project(more: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.infra"), format!("{PROJECT}{more}")).unwrap();
    folder
}

/// What is told, with nothing on the standard output.
fn told(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert!(output.stdout.is_empty(), "{}", text(&output.stdout));
    text(&output.stderr).to_owned()
}

#[test]
fn a_program_without_mistakes_is_told_so() {
    let folder = project("terraform.aws_sqs_queue jobs {}\n");
    let check = |arguments: &[&str]| told(folder.path(), &[&["check"], arguments].concat());
    assert_eq!(check(&[]), "no mistakes in 2 environments (2 resources)\n");
    assert_eq!(check(&["--format", "concise"]), "no mistakes in 2 environments (2 resources)\n");
    assert_eq!(check(&["--env", "prod"]), "no mistakes in `prod` (1 resource)\n");
    assert_eq!(check(&["--quiet"]), "");
    assert_eq!(check(&["--format", "github"]), "", "programs read it");
    assert_eq!(check(&["--format", "json"]), "{\"errors\":0,\"warnings\":0,\"notes\":0}\n", "programs read it");
    let report = run(folder.path(), &["check", "--format", "sarif"]);
    assert!(report.stderr.is_empty() && !report.stdout.is_empty());
    // The lock would change: that is no success.
    let stale = run(folder.path(), &["check", "--locked"]);
    assert!(stale.status.code() != Some(0) && !text(&stale.stderr).contains("no mistakes"), "{}", text(&stale.stderr));
}

#[test]
fn a_project_without_an_environment_is_told_so() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.infra"), "project shop { edition = 1 }\n").unwrap();
    let output = run(folder.path(), &["check"]);
    insta::assert_snapshot!(text(&output.stderr));
}

#[test]
fn quiet_leaves_mistakes_and_answers() {
    let folder = project("let spare = 7d\nbucket files {}\n");
    let warned = told(folder.path(), &["check", "-q", "--format", "concise"]);
    assert!(warned.starts_with("main.infra:4:") && warned.contains("warning[unused]"), "{warned}");
    assert_eq!(warned.lines().count(), 1, "no count: {warned}");
    let built = told(folder.path(), &["-q", "build", "--env", "prod", "--format", "concise"]);
    assert_eq!(built, warned, "neither files nor commands");
    assert!(folder.path().join("out/prod/graph.json").is_file());
    let listed = run(folder.path(), &["environments", "--quiet"]);
    assert!(text(&listed.stdout).starts_with("prod (prod)"));
    std::fs::write(folder.path().join("main.infra"), format!("{PROJECT}let a = b\n")).unwrap();
    let failed = run(folder.path(), &["check", "-q", "--format", "concise"]);
    assert_eq!(failed.status.code(), Some(1));
    assert!(text(&failed.stderr).starts_with("main.infra:4:9: error[unknown_name]"), "{}", text(&failed.stderr));
    let counted = told(folder.path(), &["check", "-q", "--format", "json"]);
    assert!(counted.lines().last().unwrap().starts_with("{\"errors\":1"), "programs count on the count: {counted}");
}

fn coloured(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(tests::infrac().unwrap());
    for name in ["NO_COLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "CLICOLOR"] {
        command.env_remove(name);
    }
    command.envs(variables.iter().copied()).args(arguments).current_dir(folder).output().unwrap()
}

#[test]
fn colours_are_where_they_are_wanted() {
    let folder = project("let a = b\n");
    let has = |arguments: &[&str], variables: &[(&str, &str)]| {
        coloured(folder.path(), arguments, variables).stderr.contains(&0x1b)
    };
    assert!(!has(&["check"], &[]), "nobody looks");
    assert!(has(&["check", "--color", "always"], &[("NO_COLOR", "1"), ("TERM", "dumb")]), "the option counts most");
    assert!(has(&["--color=always", "check"], &[]));
    assert!(has(&["check"], &[("CLICOLOR_FORCE", "1")]) && has(&["check"], &[("FORCE_COLOR", "1")]));
    assert!(!has(&["check"], &[("FORCE_COLOR", "1"), ("NO_COLOR", "1")]));
    assert!(!has(&["check", "--color", "never"], &[("FORCE_COLOR", "1")]));
    assert!(!has(&["check", "--color", "always", "--format", "json"], &[]), "programs read it");
    assert_eq!(coloured(folder.path(), &["check", "--color", "green"], &[]).status.code(), Some(64));
}

#[test]
fn help_is_coloured_as_all_else() {
    let folder = project("");
    let help = |arguments: &[&str]| coloured(folder.path(), arguments, &[]).stdout.contains(&0x1b);
    assert!(!help(&["check", "--help"]));
    assert!(help(&["check", "--color", "always", "--help"]));
    assert!(!help(&["check", "--color", "never", "--help"]));
    let wrong = coloured(folder.path(), &["--color", "always", "biuld"], &[]);
    assert!(wrong.stderr.contains(&0x1b) && wrong.status.code() == Some(64));
}
