//! What is offered, drawn out: labels with what stands beside them, and what is written when one is taken.

use std::fmt::Write;

use crate::completion_tasks::{BESIDE, offered};
use crate::harness::Scene;

/// The first of what is offered, with its snippet.
fn drawn(text: &str, most: usize) -> String {
    let scene = Scene::new(&format!("//- task.infra\n{text}\n{BESIDE}"));
    let found = ide::completion::complete(&scene.asked(), scene.cursor);
    let shown = offered(&scene);
    let mut drawn = format!("{text}\n\n");
    for label in shown.iter().take(most) {
        let item = found.items.iter().find(|item| item.label == *label).unwrap();
        let insert = item.insert.replace('\n', "⏎").replace('\t', "→");
        let _ = writeln!(drawn, "{label} ({:?}) {}", item.class, item.detail);
        let _ = writeln!(drawn, "    {insert}{}", if item.preselect { "  (chosen)" } else { "" });
    }
    if shown.len() > most {
        let more = if found.incomplete { ", and more than these" } else { "" };
        let _ = writeln!(drawn, "… {} more{more}", shown.len() - most);
    }
    if shown.is_empty() {
        drawn.push_str("nothing\n");
    }
    drawn
}

#[test]
fn statements_and_kinds() {
    insta::assert_snapshot!("completion_at_the_top", drawn("$0", 60));
    insta::assert_snapshot!("completion_kind_by_its_letters", drawn("dat$0", 5));
    insta::assert_snapshot!("completion_native_kind", drawn("terraform.aws_sqs$0", 5));
    insta::assert_snapshot!("completion_native_kinds_are_many", drawn("terraform.$0", 3));
    insta::assert_snapshot!("completion_in_an_implementation", drawn("implement queue on workbench {\n  $0\n}", 12));
    insta::assert_snapshot!("completion_in_a_kind", drawn("kind x {\n  $0\n}", 12));
}

#[test]
fn heads() {
    insta::assert_snapshot!("completion_behind_a_name", drawn("server x $0", 9));
    insta::assert_snapshot!("completion_places", drawn("server x on $0", 9));
    insta::assert_snapshot!("completion_new_name_is_the_users", drawn("server $0", 9));
    insta::assert_snapshot!("completion_folders", drawn("use data.$0", 9));
    insta::assert_snapshot!("completion_addresses", drawn("adjust mails.$0 {}", 9));
}

#[test]
fn fields() {
    insta::assert_snapshot!("completion_missing_fields_first", drawn("queue x {\n  $0\n}", 20));
    insta::assert_snapshot!(
        "completion_fields_that_are_left",
        drawn("queue x {\n  to = {}\n  $0\n  patience = 1h\n  loud = true\n}", 20)
    );
    insta::assert_snapshot!("completion_fields_of_a_record", drawn("queue x { to { $0 } }", 20));
    insta::assert_snapshot!("completion_name_alone_before_equals", drawn("queue x { pat$0 = 1h }", 3));
    insta::assert_snapshot!("completion_native_fields", drawn("terraform.aws_sqs_queue x {\n  $0\n}", 6));
    insta::assert_snapshot!("completion_environment", drawn("environment x {\n  $0\n}", 20));
}

#[test]
fn values() {
    insta::assert_snapshot!("completion_cases", drawn("queue x { form = $0 }", 5));
    insta::assert_snapshot!("completion_texts_of_a_union", drawn("queue x { room = \"$0\" }", 5));
    insta::assert_snapshot!("completion_units", drawn("queue x { patience = 5$0 }", 20));
    insta::assert_snapshot!("completion_platforms", drawn("environment x { on = [$0] }", 20));
    insta::assert_snapshot!("completion_state", drawn("environment x { state = $0 }", 20));
    insta::assert_snapshot!("completion_arms", drawn("let x = match environment { $0 }", 20));
    insta::assert_snapshot!("completion_annotations", drawn("@$0\nbucket x {}", 20));
}

#[test]
fn nothing_is_offered_where_nothing_of_the_language_stands() {
    for text in [
        "// co$0",
        "/// A kind: co$0\nbucket x {}",
        "let x = \"a co$0 b\"",
        "let x = \"\"\"\n  co$0\n\"\"\"",
        "let co$0",
        "kind co$0 {}",
        "container co$0 {}",
        "fn f(co$0",
        "param co$0: int",
        "output co$0 = 1",
    ] {
        let scene = Scene::new(&format!("//- task.infra\n{text}\n{BESIDE}"));
        assert_eq!(offered(&scene), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn names_of_values_are_not_guessed() {
    let scene = Scene::new(&format!("//- task.infra\nlet mine = 1\nlet x = mi$0\n{BESIDE}"));
    assert!(!offered(&scene).contains(&"mine".to_owned()));
}

#[test]
fn what_is_offered_says_more_of_itself() {
    let scene = Scene::new(&format!("//- task.infra\nqueue x {{ pat$0 }}\n{BESIDE}"));
    let found = ide::completion::complete(&scene.asked(), scene.cursor);
    let item = found.items.iter().find(|item| item.label == "patience").unwrap();
    let text = ide::resolve::resolve(&scene.program, item.key.as_ref().unwrap()).unwrap();
    insta::assert_snapshot!("completion_documentation", text);
}

/// The text of a file may be newer than the program.
#[test]
fn a_text_is_read_as_it_is_now() {
    let scene = Scene::new(&format!("//- task.infra\nbucket x {{}}\n{BESIDE}"));
    let file = scene.file.edited("bucket x {}\nqueue y {\n  pat\n}\n".into());
    let asked = ide::Asked { file: &file, ..scene.asked() };
    let found = ide::completion::complete(&asked, 27);
    assert!(found.items.iter().any(|item| item.label == "patience"), "{found:?}");
}
