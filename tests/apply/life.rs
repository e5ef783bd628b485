//! From the first plan to the last destroy.

use super::*;

const TWO: &str = "file a { path = \"a.txt\", content = \"one\\n\" }\nfile b { path = \"conf/b.ini\", content = \"x\\ny\\n\", mode = \"0640\" }\noutput where = a.path\n";

#[test]
fn a_project_from_its_first_plan_to_its_end() {
    let mut project = Project::new(TWO);
    assert_eq!(project.run(&["plan", "--detailed-exitcode"]), 2);
    assert_eq!(project.run(&["apply"]), 1);
    assert!(!project.path(".infrac").exists(), "what was not confirmed leaves nothing");
    assert_eq!(project.run(&["apply", "--yes"]), 0);
    assert_eq!(project.run(&["plan", "--detailed-exitcode"]), 0);
    project.write(&TWO.replace("x\\n", "z\\n").replace("0640", "0600"));
    assert_eq!(project.run(&["plan"]), 0);
    assert_eq!(project.run(&["apply", "--yes"]), 0);
    project.write("file a { path = \"a.txt\", content = \"one\\n\" }");
    assert_eq!(project.run(&["plan", "--json"]), 0);
    assert_eq!(project.run(&["plan", "--markdown"]), 0);
    assert_eq!(project.run(&["apply", "--yes"]), 0);
    assert_eq!(project.run(&["state", "list"]), 0);
    assert_eq!(project.run(&["state", "show", "a.whole"]), 0);
    assert_eq!(project.run(&["destroy"]), 1);
    std::fs::remove_file(project.path("main.infra")).unwrap();
    assert_eq!(project.run(&["destroy", "--yes"]), 0);
    assert_eq!(project.run(&["state", "history"]), 0);
    assert_eq!(project.files().len(), 0);
    transcript!("a_project", project);
}

#[test]
fn what_was_changed_from_outside_is_found_and_mended() {
    let program = "file a { path = \"a\", content = \"A\" }\nfile b { path = \"d/b\", content = \"B\" }\nfile c { path = \"d/c\", content = \"C\" }\n";
    let mut project = Project::new(program);
    project.applied();
    project.run(&["drift"]);
    project.tamper("a", "edited");
    std::fs::remove_file(project.path("out/prod/files/d/b")).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(project.path("out/prod/files/d/c"), mode).unwrap();
    assert_eq!(project.run(&["drift"]), 2);
    assert_eq!(project.run(&["drift", "--format", "json"]), 2);
    assert_eq!(project.run(&["apply", "--yes"]), 0);
    assert_eq!(project.file("d/b"), "B");
    assert!(project.has_settled(), "what was made again is not what an earlier one left");
    assert_eq!(project.run(&["drift"]), 0);
    // What leaves and was edited is kept.
    project.tamper("a", "edited");
    project.write("file b { path = \"d/b\", content = \"B\" }\n");
    assert_eq!(project.run(&["apply", "--yes"]), 1);
    assert_eq!(project.file("a"), "edited");
    assert_eq!(project.run(&["state", "forget", "a.whole", "--because", "it is somebody else's now"]), 0);
    assert!(project.has_settled());
    transcript!("drift", project);
}

#[test]
fn what_only_looks_writes_nothing() {
    let project = Project::new(TWO);
    let looks: [&[&str]; 9] = [
        &["plan"],
        &["plan", "--json"],
        &["drift"],
        &["show", "saved"],
        &["state", "list"],
        &["state", "show", "a.whole"],
        &["state", "history"],
        &["apply", "--rehearse", "--faults", "300"],
        &["why", "a"],
    ];
    let all = |project: &Project| -> Vec<(PathBuf, Vec<u8>)> {
        tree(project.folder.path()).into_iter().map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
    };
    for is_applied in [false, true] {
        if is_applied {
            project.applied();
            project.write(&TWO.replace("one", "two"));
            project.tamper("a.txt", "edited");
            assert!(project.quietly(&["plan", "-o", "saved"]).status.success());
        }
        let before = all(&project);
        for look in looks {
            project.quietly(look);
            assert!(before == all(&project), "{look:?} wrote something");
        }
    }
}
