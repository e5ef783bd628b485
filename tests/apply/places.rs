//! Things that change their places: an id is given to one thing at a time, and nothing of ours is lost to another name.

use super::*;

fn file(name: &str, path: &str, content: &str) -> String {
    format!("file {name} {{ path = \"{path}\", content = \"{content}\" }}\n")
}

#[test]
fn two_files_that_swap_their_paths() {
    let mut project = Project::new(&(file("a", "one", "A") + &file("b", "two", "B")));
    project.applied();
    project.write(&(file("a", "two", "A") + &file("b", "one", "B")));
    assert_eq!(project.run(&["apply", "--yes"]), 0);
    assert_eq!((project.file("one"), project.file("two")), ("B".to_owned(), "A".to_owned()));
    assert!(project.has_settled());
    transcript!("swapped", project);
}

#[test]
fn a_file_that_gets_another_name_and_keeps_its_path() {
    for content in ["A", "B"] {
        let project = Project::new(&file("a", "one", "A"));
        project.applied();
        project.write(&file("b", "one", content));
        project.applied();
        assert_eq!(project.file("one"), content);
        assert!(project.has_settled());
    }
}

#[test]
fn a_path_that_something_else_has_is_refused() {
    let mut project = Project::new(&(file("a", "one", "A") + &file("b", "two", "B")));
    project.applied();
    project.quietly(&["state", "freeze", "a.whole", "--because", "an incident"]);
    project.write(&(file("a", "three", "A") + &file("b", "one", "B")));
    assert_eq!(project.run(&["plan"]), 1);
    project.quietly(&["state", "thaw", "a.whole"]);
    assert_eq!(project.run(&["apply", "--yes"]), 0);
    assert_eq!((project.file("three"), project.file("one")), ("A".to_owned(), "B".to_owned()));
    transcript!("taken", project);
}

#[test]
fn what_is_replaced_goes_first_or_last() {
    let mut project = Project::new(&file("a", "one", "A"));
    project.applied();
    project.write(&file("a", "two", "A"));
    assert_eq!(project.run(&["apply", "--yes"]), 0);
    project.write(&format!("@replace(first = \"create\")\n{}", file("a", "three", "A")));
    assert_eq!(project.run(&["apply", "--yes"]), 0);
    assert_eq!(project.files().keys().collect::<Vec<_>>(), ["three"]);
    // What it replaced cannot go: it is shown, and goes next time.
    project.write(&format!("@replace(first = \"create\")\n{}", file("a", "four", "A")));
    project.quietly(&["plan", "-o", "saved"]);
    project.tamper("three", "edited");
    assert_eq!(project.run(&["apply", "saved"]), 1);
    assert_eq!(project.run(&["state", "list"]), 0);
    assert_eq!(project.run(&["plan"]), 0);
    project.tamper("three", "A");
    assert_eq!(project.run(&["apply", "--yes"]), 0);
    assert_eq!(project.files().keys().collect::<Vec<_>>(), ["four"]);
    transcript!("replaced", project);
}

#[test]
fn a_file_of_somebody_else_is_not_overwritten() {
    let mut project = Project::new(&(file("a", "one", "A") + &file("b", "dir", "B") + &file("c", "same", "C")));
    project.tamper("one", "theirs");
    project.tamper("dir/x", "theirs");
    project.tamper("same", "C");
    assert_eq!(project.run(&["plan"]), 1);
    assert!(std::fs::remove_dir_all(project.path("out/prod/files/dir")).is_ok());
    std::os::unix::fs::symlink("/", project.path("out/prod/files/link")).unwrap();
    project.write(&(file("a", "one", "theirs") + &file("c", "same", "C") + &file("d", "link/x", "D")));
    assert_eq!(project.run(&["plan"]), 1);
    project.write(&file("d", "../x", "D"));
    assert_eq!(project.run(&["plan"]), 1);
    project.write(&(file("a", "one", "theirs") + &file("c", "same", "C")));
    assert_eq!(project.run(&["apply", "--yes"]), 0);
    transcript!("theirs", project);
}
