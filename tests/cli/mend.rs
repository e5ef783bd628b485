//! `infrac check --fix`: what is said in the words of other languages is said in ours, guesses are left alone.

use crate::{run, text};

const HEAD: &str = "project p { edition = 1 }\nenvironment prod { tier = prod, on = [] }\n";

#[test]
fn what_means_the_same_is_written_and_the_rest_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let program = "# how many\nlet a: boolean = True && 1 === 1\nlet names: {string: str} = { x: \"é\", y = jsonencode([1]) }\noutput o = a\noutput p = names\noutput q = namse\n";
    let main = folder.path().join("main.infra");
    std::fs::write(&main, format!("{HEAD}{program}")).unwrap();
    let answer = run(folder.path(), &["check", "--fix", "--format", "concise"]);
    let right = "// how many\nlet a: bool = true and 1 == 1\nlet names: {string: string} = { x = \"é\", y = json([1]) }\noutput o = a\noutput p = names\noutput q = namse\n";
    assert_eq!(std::fs::read_to_string(&main).unwrap(), format!("{HEAD}{right}"), "{}", text(&answer.stderr));
    // `namse` may be `names`, or something that is yet to be written.
    let left = "mended 8 mistakes\nmain.infra:8:12: error[unknown_name]: there is no `namse` here; help: did you mean `names`?\n1 error\n";
    assert_eq!((answer.status.code(), text(&answer.stderr)), (Some(1), left));
    let again = run(folder.path(), &["check", "--fix", "--format", "concise"]);
    assert!(!text(&again.stderr).contains("mended"));
}

#[test]
fn files_keep_their_rights_and_links_are_not_written_through() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let main = folder.path().join("main.infra");
    std::fs::write(&main, format!("{HEAD}output o = True\n")).unwrap();
    std::fs::set_permissions(&main, std::fs::Permissions::from_mode(0o640)).unwrap();
    assert_eq!(run(folder.path(), &["check", "--fix"]).status.code(), Some(0));
    assert_eq!(std::fs::metadata(&main).unwrap().permissions().mode() & 0o777, 0o640);
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["main.infra"], "nothing is left beside it");

    let elsewhere = folder.path().join("elsewhere.txt");
    let wrong = format!("{HEAD}output o = True\n");
    std::fs::write(&elsewhere, &wrong).unwrap();
    std::fs::remove_file(&main).unwrap();
    symlink(&elsewhere, &main).unwrap();
    assert_ne!(run(folder.path(), &["check", "--fix"]).status.code(), Some(0));
    assert_eq!(std::fs::read_to_string(&elsewhere).unwrap(), wrong);
    assert!(main.is_symlink());
}
