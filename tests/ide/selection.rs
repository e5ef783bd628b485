//! What a selection grows to.

use ide::selection::selection;
use insta::assert_snapshot;

use crate::harness::Scene;

/// Each range on a line of its own, from the inside out.
fn drawn(text: &str) -> String {
    let scene = Scene::new(text);
    let ranges = selection(&scene.file, scene.cursor);
    ranges.iter().map(|range| format!("{:?}\n", scene.text(range))).collect()
}

#[test]
fn from_a_word_to_the_file() {
    assert_snapshot!(drawn("server front {\n  disk { size = 10G$0iB }\n}\n\nlet a = 1\n"));
}

#[test]
fn in_a_text() {
    assert_snapshot!(drawn("let a = \"one tw$0o ${x}\"\n"));
}

#[test]
fn in_an_interpolation() {
    assert_snapshot!(drawn("let a = \"one ${f(x.y$0)} two\"\n"));
}

#[test]
fn in_an_operation() {
    assert_snapshot!(drawn("let a = b + c * $0d == 3\n"));
}

#[test]
fn in_a_list() {
    assert_snapshot!(drawn("let a = [\n  1,\n  $0[2, 3],\n]\n"));
}

#[test]
fn in_a_header() {
    assert_snapshot!(drawn("/// Doc.\n@protect\nserver a for zo$0ne in zones { b = 1 }\n"));
}

#[test]
fn in_a_comment() {
    assert_snapshot!(drawn("server a {\n  // what $0this is\n  b = 1\n}\n"));
}

#[test]
fn between_statements() {
    assert_snapshot!(drawn("let a = 1\n\n$0\n\nlet b = 2\n"));
}

#[test]
fn in_a_type() {
    assert_snapshot!(drawn("kind a {\n  b: later [ser$0ver]? = none\n}\n"));
}

#[test]
fn in_text_that_fits_nothing() {
    assert_snapshot!(drawn("let a = b ) wo$0rd \"x\n"));
}

#[test]
fn behind_a_word() {
    assert_snapshot!(drawn("let a = b.c$0(1)\n"));
}

#[test]
fn in_a_match() {
    assert_snapshot!(drawn("let a = match b {\n  c => $0d.e,\n  _ => 1\n}\n"));
}

#[test]
fn a_member_with_what_is_said_of_it() {
    assert_snapshot!(drawn(
        "kind a {\n  x: int // first\n  /// Doc.\n  // why\n  @deprecated(\"no\")\n  @only(aws)\n  b: i$0nt = 1\n  c: int\n}\n"
    ));
    assert_snapshot!(drawn("kind a {\n  /// D$0oc.\n  b: int = 1\n  c: int\n}\n"));
}
