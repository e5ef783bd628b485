//! A secret stands in the file that asks for it, and nowhere else.

use super::*;

const CANARY: &str = "canary-7f3a9d";
const PROGRAM: &str = "param token: secret string\nfile key { path = \"key\", content = \"token = ${token}\\n\" }\noutput token = token\n";

/// Every form in which the canary would still be one.
fn holds(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.contains(CANARY) || text.contains("canary") || text.contains("Y2FuYXJ5") || text.contains("63616e617279")
}

#[test]
fn a_secret_is_shown_nowhere() {
    let mut project = Project::new(PROGRAM);
    assert_eq!(project.run(&["plan"]), 1);
    let token = &[("INFRAC_PARAM_token", CANARY)];
    let of_next = &[("INFRAC_PARAM_token", "canary-next")];
    assert_eq!(project.run_with(&["check"], &[]), 0);
    assert_eq!(project.run_with(&["build"], &[]), 1);
    project.run_with(&["plan", "-o", "first"], token);
    project.run_with(&["apply", "--yes"], token);
    assert_eq!(project.file("key"), format!("token = {CANARY}\n"));
    assert_eq!(project.run_with(&["plan", "--detailed-exitcode"], token), 0);
    assert_eq!(project.run_with(&["plan", "-o", "second", "--detailed-exitcode"], of_next), 2);
    project.run_with(&["plan", "--json"], of_next);
    project.run_with(&["plan", "--markdown"], of_next);
    project.run(&["show", "second"]);
    project.run(&["state", "show", "key.whole"]);
    project.run_with(&["apply", "--rehearse"], of_next);
    project.run(&["drift"]);
    // The saved plan holds what it was given, sealed.
    assert_eq!(project.run(&["apply", "second"]), 0);
    assert_eq!(project.file("key"), "token = canary-next\n");
    project.tamper("key", "edited");
    project.run(&["drift", "--format", "json"]);
    assert_eq!(project.run_with(&["plan", "--param-file", "tokn=main.infra"], token), 64);
    assert_eq!(project.run(&["destroy", "--yes"]), 1);
    assert!(!holds(project.said.as_bytes()), "{}", project.said);
    for path in tree(project.folder.path()) {
        assert!(!holds(&std::fs::read(&path).unwrap()), "{}", path.display());
    }
    transcript!("secrets", project);
}

#[test]
fn the_list_of_processes_shows_none() {
    let project = Project::new(PROGRAM);
    let mut child = project
        .command(&["apply", "--yes"])
        .env("INFRAC_PARAM_token", CANARY)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let line = std::fs::read(format!("/proc/{}/cmdline", child.id())).unwrap_or_default();
    assert!(child.wait().unwrap().success());
    assert!(!holds(&line));
}

#[test]
fn the_key_is_for_its_owner_and_can_be_changed() {
    use std::os::unix::fs::PermissionsExt;
    let mut project = Project::new("file a { path = \"a\", content = \"a\" }\n");
    project.applied();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for path in tree(&project.path(".infrac")) {
        assert_eq!(mode(&path) & 0o077, 0, "{}", path.display());
    }
    let new = "ab".repeat(32);
    assert_eq!(project.run(&["state", "rekey"]), 1);
    assert_eq!(project.run_with(&["state", "rekey"], &[("INFRAC_NEW_STATE_KEY", &new)]), 0);
    assert_eq!(project.run(&["state", "list"]), 1);
    assert_eq!(project.run_with(&["state", "list"], &[("INFRAC_STATE_KEY", "short")]), 1);
    assert_eq!(project.run_with(&["state", "list"], &[("INFRAC_STATE_KEY", &new)]), 0);
    transcript!("keys", project);
}
