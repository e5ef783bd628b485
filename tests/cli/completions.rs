//! What shells and `man` are given: scripts that load and complete, pages that they read without a complaint.

use std::path::Path;
use std::process::Command;

use crate::{run, text};

/// The script for a shell, in a file.
fn script(folder: &Path, shell: &str) -> String {
    let output = run(folder, &["completions", shell]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(output.stderr.is_empty());
    let path = folder.join(shell);
    std::fs::write(&path, &output.stdout).unwrap();
    path.to_str().unwrap().to_owned()
}

/// What a shell prints; none where it is not installed.
fn shell(name: &str, arguments: &[&str]) -> Option<String> {
    match Command::new(name).args(arguments).output() {
        Ok(output) => {
            assert!(output.stderr.is_empty(), "{name}: {}", text(&output.stderr));
            Some(text(&output.stdout).to_owned())
        }
        Err(cause) => {
            assert_eq!(cause.kind(), std::io::ErrorKind::NotFound, "{name}: {cause}");
            println!("{name} is not installed");
            None
        }
    }
}

#[test]
fn every_shell_has_a_script() {
    let folder = tempfile::tempdir().unwrap();
    for (shell, word) in [
        ("bash", "complete -F"),
        ("elvish", "edit:completion"),
        ("fish", "complete -c infrac"),
        ("nushell", "export extern"),
        ("powershell", "Register-ArgumentCompleter"),
        ("zsh", "#compdef infrac"),
    ] {
        let script = std::fs::read_to_string(script(folder.path(), shell)).unwrap();
        assert!(script.contains(word) && script.contains("environments") && script.contains("locked"), "{shell}");
    }
    assert_eq!(run(folder.path(), &["completions", "csh"]).status.code(), Some(64));
}

#[test]
fn bash_completes_a_command_an_option_and_what_it_takes() {
    let folder = tempfile::tempdir().unwrap();
    let script = script(folder.path(), "bash");
    let complete = |words: &str, last: &str, before: &str| {
        let line = format!(
            "source {script}; COMP_WORDS=({words} '{last}'); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _infrac infrac '{last}' '{before}'; echo \"${{COMPREPLY[@]}}\""
        );
        shell("bash", &["--norc", "-c", &line]).unwrap()
    };
    assert_eq!(complete("infrac", "env", "infrac"), "environments\n");
    assert_eq!(complete("infrac check", "--lo", "check"), "--locked\n");
    assert_eq!(complete("infrac graph --format", "s", "--format"), "svg\n");
    assert_eq!(complete("infrac build --color", "ne", "--color"), "never\n");
}

#[test]
fn fish_completes_a_command_an_option_and_what_it_takes() {
    let folder = tempfile::tempdir().unwrap();
    let script = script(folder.path(), "fish");
    for (line, wanted) in
        [("infrac env", "environments"), ("infrac check --lo", "--locked"), ("infrac graph --format s", "svg")]
    {
        let Some(offered) = shell("fish", &["--no-config", "-c", &format!("source {script}; complete -C '{line}'")])
        else {
            return;
        };
        assert!(offered.lines().any(|offer| offer.split('\t').next() == Some(wanted)), "{line}: {offered}");
    }
}

#[test]
fn zsh_loads_its_script() {
    let folder = tempfile::tempdir().unwrap();
    let script = script(folder.path(), "zsh");
    let line =
        format!("autoload -Uz compinit; compinit -u -D; source {script}; print $_comps[infrac]; whence -w _infrac");
    if let Some(printed) = shell("zsh", &["-f", "-c", &line]) {
        assert_eq!(printed, "_infrac\n_infrac: function\n");
    }
}

#[test]
fn there_is_a_page_for_each_command() {
    let folder = tempfile::tempdir().unwrap();
    let whole = run(folder.path(), &["man"]);
    assert_eq!(whole.status.code(), Some(0));
    assert!(text(&whole.stdout).contains(".TH INFRAC 1"), "{}", text(&whole.stdout));
    let written = run(folder.path(), &["man", "--out", "share/man1"]);
    assert_eq!(written.status.code(), Some(0), "{}", text(&written.stderr));
    let pages = folder.path().join("share/man1");
    let mut names: Vec<String> =
        std::fs::read_dir(&pages).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(text(&written.stderr), format!("wrote {} pages to share/man1\n", names.len()));
    assert_eq!(std::fs::read(pages.join("infrac.1")).unwrap(), whole.stdout);
    let help = run(folder.path(), &["--help"]);
    let commands = text(&help.stdout).lines().skip_while(|line| *line != "Commands:").skip(1);
    for line in commands.take_while(|line| !line.trim().is_empty()) {
        let name = line.split_whitespace().next().unwrap();
        assert!(name == "help" || names.contains(&format!("infrac-{name}.1")), "{name} has no page: {names:?}");
    }
    assert!(names.contains(&"infrac-schema-add.1".to_owned()), "{names:?}");
    for name in &names {
        let path = pages.join(name);
        let path = path.to_str().unwrap();
        if let Some(told) = shell("mandoc", &["-T", "lint", "-W", "warning", path]) {
            // A page without a date is the same whenever it is made.
            let complaints: Vec<&str> = told.lines().filter(|line| !line.contains("date")).collect();
            assert!(complaints.is_empty(), "{name}: {complaints:?}");
        }
    }
}
