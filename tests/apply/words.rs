//! What the program says of things whose address changes, comes or goes, and of what governs a life.

use super::*;

fn file(name: &str, path: &str) -> String {
    format!("file {name} {{ path = \"{path}\", content = \"{path}\" }}\n")
}

#[test]
fn what_moved_is_not_touched() {
    let mut project = Project::new(&(file("a", "a") + "file k for x in [\"p\", \"q\"] { path = x, content = x }\n"));
    project.applied();
    let new = file("b", "a") + "file m for x in [\"p\", \"q\"] { path = x, content = x }\n";
    project.write(&format!("{new}moved \"a\" to b\nmoved \"k\" to m\n"));
    assert_eq!(project.run(&["plan", "--detailed-exitcode"]), 2);
    assert_eq!(project.run(&["apply", "--yes"]), 0);
    assert!(project.has_settled());
    // The same, of the state alone.
    assert_eq!(project.run(&["state", "mv", "b.whole", "c.whole"]), 0);
    assert_eq!(project.run(&["state", "mv", "c.whole", "m[\"p\"].whole"]), 1);
    assert_eq!(project.run(&["state", "mv", "d.whole", "e.whole"]), 1);
    project.write(&file("c", "a"));
    assert_eq!(project.run(&["plan"]), 0);
    // Both addresses are taken.
    project.write(&(file("c", "a") + &file("d", "d")));
    project.applied();
    project.write(&(file("d", "d") + "moved \"c\" to d\n"));
    assert_eq!(project.run(&["plan"]), 1);
    transcript!("moved", project);
}

#[test]
fn what_is_forgotten_stays_and_what_may_go_goes() {
    let three = "file k for x in [\"p\", \"q\"] { path = x, content = x }\n@protect\nfile safe { path = \"safe\", content = \"s\" }\n";
    let mut project = Project::new(three);
    project.applied();
    project.write("forget \"k\" because \"others need it\"\n");
    assert_eq!(project.run(&["plan"]), 1);
    project.write("forget \"k\" because \"others need it\"\ndestroy \"safe\" because \"nobody needs it\"\n");
    assert_eq!(project.run(&["apply", "--yes"]), 0);
    assert_eq!(project.files().keys().collect::<Vec<_>>(), ["p", "q"]);
    assert_eq!(project.run(&["plan"]), 0);
    // The deeper word counts.
    let project_2 = Project::new("file k for x in [\"p\", \"q\"] { path = x, content = x }\n");
    project_2.applied();
    project_2.write("destroy \"k\" because \"over\"\nforget \"k[\\\"q\\\"]\"\n");
    project_2.applied();
    assert_eq!(project_2.files().keys().collect::<Vec<_>>(), ["q"]);
    transcript!("forgotten", project);
}

#[test]
fn what_is_protected_stays_until_that_is_taken_away() {
    let mut project = Project::new(&file("a", "a"));
    project.applied();
    project.write(&format!("@protect\n{}", file("a", "a")));
    assert_eq!(project.run(&["plan", "--detailed-exitcode"]), 2);
    assert_eq!(project.run(&["apply", "--yes"]), 0);
    assert_eq!(project.run(&["state", "list"]), 0);
    assert!(project.has_settled());
    // Gone with its block, replaced, destroyed: the state knows.
    for program in [String::new(), file("a", "elsewhere")] {
        project.write(&program);
        assert_eq!(project.run(&["plan"]), 1);
    }
    assert_eq!(project.run(&["destroy", "--yes"]), 1);
    project.write(&file("a", "a"));
    assert_eq!(project.run(&["apply", "--yes"]), 0);
    project.write(&format!("@protect\n{}", file("a", "a")));
    project.applied();
    project.write("");
    assert_eq!(project.run(&["plan", "--unprotect", "b"]), 1);
    assert_eq!(project.run(&["apply", "--yes", "--unprotect", "a"]), 0);
    assert_eq!(project.files().len(), 0);
    transcript!("protected", project);
}

#[test]
fn what_is_frozen_is_left_as_it_is() {
    let mut project = Project::new(&(file("a", "a") + &file("b", "b")));
    project.applied();
    assert_eq!(project.run(&["state", "freeze", "a.whole", "--because", "an incident", "--until", "2999-12-31"]), 0);
    project.write("file a { path = \"a\", content = \"new\" }\nfile b { path = \"b\", content = \"new\" }\n");
    assert_eq!(project.run(&["apply", "--yes"]), 0);
    assert_eq!((project.file("a"), project.file("b")), ("a".to_owned(), "new".to_owned()));
    assert_eq!(project.run(&["state", "list"]), 0);
    project.write(&file("b", "b"));
    assert_eq!(project.run(&["apply", "--yes"]), 0);
    assert_eq!(project.file("a"), "a", "what is frozen does not go with its block");
    assert_eq!(project.run(&["destroy", "--yes"]), 1);
    assert_eq!(project.run(&["state", "thaw", "a.whole"]), 0);
    assert_eq!(project.run(&["apply", "--yes"]), 0);
    transcript!("frozen", project);
}

#[test]
fn what_a_cloud_has_is_adopted_in_a_rehearsal() {
    let mut project = Project::new("");
    let program = "project notes { edition = 1 }\nenvironment prod { tier = prod, on = [aws(region = \"eu-west-3\")] }\n\
        bucket files { bucket_name = \"notes-20240131\" }\nadopt files.main = \"notes-20240131\" in prod\n";
    std::fs::write(project.path("main.infra"), program).unwrap();
    assert_eq!(project.run(&["apply", "--rehearse"]), 0);
    transcript!("adopted", project);
}
