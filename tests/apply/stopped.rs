//! Runs that are asked to stop, and two at once. What is not done is left, and the next run does it.

use std::process::Child;
use std::time::{Duration, Instant};

use super::*;

fn many(count: usize) -> String {
    (0..count).map(|at| format!("files.file f{at} {{ path = \"d{}/f{at}\", content = \"{at}\" }}\n", at % 9)).collect()
}

/// An apply that has begun to write files.
fn running(project: &Project) -> Child {
    let said = std::fs::File::create(project.path("said")).unwrap();
    let mut command = project.command(&["apply", "--yes", "--at-once", "1"]);
    let child = command.stdout(Stdio::null()).stderr(said).spawn().unwrap();
    let until = Instant::now() + Duration::from_secs(60);
    while !std::fs::read_to_string(project.path("said")).unwrap().contains("done ") {
        assert!(Instant::now() < until, "it does not begin");
        std::thread::sleep(Duration::from_millis(5));
    }
    child
}

fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status().unwrap();
    assert!(status.success());
}

#[test]
fn a_run_that_is_stopped_is_taken_up_by_the_next() {
    for signals in [&["INT"][..], &["TERM"], &["INT", "INT"], &["KILL"]] {
        let project = Project::new(&many(1500));
        let mut child = running(&project);
        signals.iter().for_each(|name| signal(&child, name));
        let code = child.wait().unwrap().code();
        let said = std::fs::read_to_string(project.path("said")).unwrap();
        let made = project.files().len();
        assert!(made < 1500, "{signals:?}: it was not stopped");
        if signals != ["KILL"] {
            assert!(matches!(code, Some(1 | 3)), "{signals:?}: {code:?}");
            let left = said.matches("the run was stopped").count();
            assert!(left > 0 && said.contains("stopping: "), "{signals:?}: {said}");
            assert!(said.contains(&format!("{} done, {left} left", 1500 - left)) || code == Some(3), "{said}");
        }
        project.applied();
        assert_eq!(project.files().len(), 1500);
        assert!(tree(project.folder.path()).iter().all(|path| !path.to_string_lossy().contains(".infrac-")));
        assert!(project.has_settled());
    }
}

#[test]
fn of_two_at_once_one_is_refused_by_name() {
    let mut project = Project::new(&many(1500));
    let mut child = running(&project);
    assert_eq!(project.run(&["apply", "--yes"]), 5);
    assert_eq!(project.run(&["destroy", "--yes"]), 5);
    assert_eq!(project.run(&["state", "forget", "f0", "--because", "x"]), 5);
    // Whoever only looks is not kept from it.
    assert!(project.quietly(&["state", "list"]).status.success());
    assert!(project.quietly(&["drift"]).status.code().is_some_and(|code| code == 0));
    signal(&child, "INT");
    child.wait().unwrap();
    transcript!("two_at_once", project);
}
