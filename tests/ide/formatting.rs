//! The one true layout as edits.

use ide::formatting::{Change, on_type, range, whole};
use insta::assert_snapshot;
use tests::examples;

use crate::harness::{Scene, edited};

/// Each change with its line, and the text that comes out.
fn drawn(scene: &Scene, changes: &[Change]) -> String {
    let pairs: Vec<_> = changes.iter().map(|change| (change.range.clone(), change.text.clone())).collect();
    let mut drawn = String::new();
    for change in changes {
        let line = scene.file.text[..change.range.start as usize].matches('\n').count() + 1;
        drawn.push_str(&format!("{line}: {:?} becomes {:?}\n", scene.text(&change.range), change.text));
    }
    format!("{drawn}---\n{}", edited(&scene.file.text, &pairs))
}

fn of_whole(text: &str) -> String {
    let scene = Scene::new(text);
    drawn(&scene, &whole(&scene.file))
}

fn of_range(text: &str) -> String {
    let scene = Scene::new(text);
    drawn(&scene, &range(&scene.file, scene.range.clone()))
}

fn of_typing(text: &str) -> String {
    let scene = Scene::new(text);
    let typed = scene.file.text[..scene.cursor as usize].chars().next_back().filter(|last| "}])".contains(*last));
    let typed = typed.unwrap_or('\n');
    drawn(&scene, &on_type(&scene.file, scene.cursor, typed))
}

#[test]
fn only_what_differs_is_changed() {
    assert_snapshot!(of_whole("let  a=1\nlet b = 2\n\n\n\nserver c {\n    d   = [1,2]\n  e = 1\n}\n"));
}

#[test]
fn what_is_laid_out_stays() {
    assert_snapshot!(of_whole("let a = 1\n"), @"
    ---
    let a = 1
    ");
}

#[test]
fn a_long_line_is_broken() {
    assert_snapshot!(of_whole(
        "let a = [\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\", \"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\", \"ccccccccccccccccccccc\", \"d\"]\n"
    ));
}

#[test]
fn a_file_that_cannot_be_read_keeps_its_broken_part() {
    assert_snapshot!(of_whole("let  a=1\nserver {{ x=1\nlet  b=2"));
}

#[test]
fn lines_that_end_as_on_windows() {
    assert_snapshot!(of_whole("let  a=1\r\nlet b = 2\r\n"));
}

#[test]
fn of_selected_lines_only_these() {
    assert_snapshot!(of_range("let  a=1\nserver c {\n  $[d=1\n  e=2$]\n  f=3\n}\n"));
}

#[test]
fn what_needs_its_surroundings_takes_them_along() {
    assert_snapshot!(of_range("let  a=1\nserver c {\n  d = [$[1\n    ,2]$], e = { f=1,\n g=2 }\n}\nlet  h=1\n"));
}

#[test]
fn a_selection_of_nothing() {
    assert_snapshot!(of_range("let  a=1\n\n$[ $]\nlet  h=1\n"));
}

#[test]
fn a_new_line_gets_its_indentation() {
    assert_snapshot!(of_typing("server a {\n  disk {\n$0\n  }\n}\n"));
    assert_snapshot!(of_typing("server a {\n$0"));
    assert_snapshot!(of_typing("server a {\n      $0\n}\n").replace(' ', "·"));
}

#[test]
fn a_new_line_before_a_closer() {
    assert_snapshot!(of_typing("server a {\n\n$0  }\n"));
}

#[test]
fn brackets_of_one_line_are_one_level() {
    assert_snapshot!(of_typing("let a = f([{\n$0\n}])\n").replace(' ', "·"));
}

#[test]
fn a_new_line_in_a_text_is_text() {
    assert_snapshot!(of_typing("server b {\n  a = \"\"\"\n      x {\n$0\n  \"\"\"\n}\n"));
}

#[test]
fn brackets_in_texts_and_comments_open_nothing() {
    assert_snapshot!(of_typing("server a { // [(\n  b = \"{{\"\n$0\n}\n").replace(' ', "·"));
}

#[test]
fn a_closing_brace_lays_out_what_it_closes() {
    assert_snapshot!(of_typing("server a {\n  z=1\n  disk {\n      size=1GiB\n  }$0\n  y=1\n}\n"));
}

#[test]
fn a_closing_brace_of_a_broken_statement_changes_nothing() {
    assert_snapshot!(of_typing("server a {\n  z=1 )\n  disk {\n      size=1GiB\n  }$0\n  y=1\n}\n"));
}

/// Laid out badly in many ways, every example comes out as `infrac fmt` writes it.
#[test]
fn the_edits_make_what_the_formatter_makes() {
    let mut changed = 0;
    for example in examples() {
        for (path, text) in example.files {
            let bad = [
                text.clone(),
                text.replace(" = ", "="),
                text.replace("\n  ", "\n\t"),
                text.replace('\n', "\n\n\n"),
                text.replace('\n', "\r\n"),
                text.replace(", ", " ,\n"),
                text.trim_end().to_owned(),
            ];
            for text in bad {
                let file = program::cut::CutFile::new(text.clone().into());
                let changes: Vec<_> = whole(&file).into_iter().map(|change| (change.range, change.text)).collect();
                changed += changes.len();
                assert!(edited(&text, &changes) == syntax::format(&text), "{}/{path}:\n{text}", example.name);
            }
        }
    }
    println!("{changed} changes");
    assert!(changed > 1_000, "only {changed} changes were made");
}

/// A long file of which every line changes is one edit, and soon made; one of which little changes is laid out in place.
#[test]
fn long_files() {
    let long: String = (0..20_000).map(|n| format!("let value_{n} = [{n}, 2]\n")).collect();
    let of = |text: String| {
        let file = program::cut::CutFile::new(text.as_str().into());
        let changes: Vec<_> = whole(&file).into_iter().map(|change| (change.range, change.text)).collect();
        assert!(edited(&text, &changes) == long);
        changes.len()
    };
    assert_eq!(of(long.replace('\n', "\r\n")), 1);
    assert_eq!(of(long.replace("let value_7 = ", "let value_7=").replace("[19999, ", "[19999,")), 2);
}
