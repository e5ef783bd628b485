//! Values that a terminal must not see as they are, and addresses that are hard to read.

use super::*;

const PROGRAM: &str = r#"
file a { path = "a", content = "\u{1b}[31mred\u{7}" }
file e { path = "e", content = "x\n\u{1b}[2Jy\n\u{202e}evil" }
file k for x in ["it's", "ü/…", "a \"b\" | c", "`dddd`"] { path = "k${x.length}", content = x }
output shown = "a\u{1b}[2Jb"
"#;

#[test]
fn nothing_reaches_the_terminal_as_it_is() {
    let mut project = Project::new(PROGRAM);
    project.run(&["apply", "--yes"]);
    project.write(&PROGRAM.replace("Jy", "Jz"));
    project.tamper("a", [0xff, 0xfe, 0x1b]);
    project.run(&["plan"]);
    project.run(&["plan", "--markdown"]);
    project.run(&["drift"]);
    assert_eq!(project.run(&["apply", "--yes"]), 0);
    project.run(&["state", "show", "k[\"it's\"].whole"]);
    project.run(&["state", "list"]);
    project.run(&["state", "freeze", "a.whole", "--because", "\u{1b}[2Jtwo\nlines"]);
    project.run(&["state", "show", "a.whole"]);
    project.run(&["destroy", "--yes"]);
    project.run(&["state", "forget", "e.whole", "--because", "\u{1b}[2J"]);
    project.write(&PROGRAM.replace("31m", "32m"));
    project.run(&["plan"]);
    project.run(&["plan", "--markdown"]);
    assert!(!project.said.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{}", project.said);
    transcript!("values", project);
}
