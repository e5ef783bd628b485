//! What can be folded away.

use ide::folding::folding;
use insta::assert_snapshot;

use crate::harness::Scene;

/// The lines that are hidden, with what the fold's first and last line show.
fn drawn(text: &str) -> String {
    let scene = Scene::new(text);
    let line = |at: u32| scene.file.text[..at as usize].matches('\n').count() + 1;
    let lines: Vec<&str> = scene.file.text.split('\n').collect();
    let mut drawn = String::new();
    for fold in folding(&scene.file) {
        let (first, last) = (line(fold.range.start), line(fold.range.end));
        let rest = &scene.file.text[fold.range.end as usize..];
        drawn.push_str(&format!(
            "{:?} {first}-{last}: {} … {}\n",
            fold.class,
            lines[first - 1].trim(),
            rest.split('\n').next().unwrap()
        ));
    }
    drawn
}

#[test]
fn bodies_lists_calls_and_texts() {
    assert_snapshot!(drawn(
        r#"
server front {
  disk {
    size = 1GiB
  }
  zones = [
    "a",
  ]
  on = [aws(
    region = "x",
  )]
  size = match x {
    a => 1
  }
  text = """
    long
    """
  small { a = 1 }
}
"#
    ));
}

#[test]
fn types() {
    assert_snapshot!(drawn("type a = {\n  b: {\n    c: int\n  }\n  d: [\n    int\n  ]\n}\nkind k {\n  a: int\n}\n"));
}

#[test]
fn comments() {
    assert_snapshot!(drawn(
        "//! A file\n//! of two.\n\n// one\n\n// two\n// three\n\n/// doc\n/// more\nlet a = 1 // end\n// apart\nserver b {\n  // in\n  // side\n  x = 1\n}\n"
    ));
}

#[test]
fn imports() {
    assert_snapshot!(drawn("use a\nuse b // why\n\nuse c\nlet x = 1\nuse d\nlet y = 1\nuse e\nuse f\n"));
}

#[test]
fn what_stands_on_one_line_is_not_folded() {
    assert_snapshot!(drawn("server a { b = 1 }\nlet c = [1, 2]\n// one\nuse d\n"), @"");
}

#[test]
fn of_two_on_a_line_the_wider() {
    assert_snapshot!(drawn("let a = [{\n  b = 1\n}, {\n  c = 2\n}]\n"));
}

#[test]
fn a_body_without_its_end() {
    assert_snapshot!(drawn("server a {\n  b = 1\n  disk {\n    c = 2\n\nserver d {\n  e = 1\n}\n"));
}

#[test]
fn a_text_without_its_end() {
    assert_snapshot!(drawn("let a = \"\"\"\n  b\n  c\n"));
}

#[test]
fn lines_that_end_as_on_windows() {
    assert_snapshot!(drawn("// a\r\n// b\r\nserver c {\r\n  d = 1\r\n}\r\n"));
}

#[test]
fn a_match_in_a_call() {
    assert_snapshot!(drawn("let a = f(\n  match b {\n    c => 1\n  },\n)\n"));
}
