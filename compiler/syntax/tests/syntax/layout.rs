//! The formatter: idempotent, no comment lost, the same shape; broken text too.

use syntax::{Kind, Tree, TriviaKind};

use crate::support::{Random, programs};

fn comments(text: &str) -> Vec<String> {
    let mut comments = Vec::new();
    let mut end = 0;
    let outside = |gap: &str, comments: &mut Vec<String>| {
        comments.extend(gap.lines().map(str::trim).filter(|line| line.starts_with("//")).map(str::to_owned));
    };
    for item in syntax::items(text).0 {
        outside(&text[end..item.start as usize], &mut comments);
        end = item.start as usize + item.text.len();
        let tree = syntax::parse(item.text);
        for trivia in tree.trivia.iter().filter(|trivia| trivia.what != TriviaKind::BlankLine) {
            comments.push(tree.text[trivia.at as usize..(trivia.at + trivia.len) as usize].trim().to_owned());
        }
    }
    outside(&text[end..], &mut comments);
    comments
}

fn shape(text: &str) -> Vec<(Kind, u8, u32, String)> {
    let mut shape = Vec::new();
    for item in syntax::items(text).0 {
        let tree: Tree = syntax::parse(item.text);
        for node in &tree.nodes {
            let is_word = matches!(
                node.kind,
                Kind::Name | Kind::Text | Kind::Ident | Kind::Operator | Kind::Number | Kind::Measure
            );
            let word = if is_word { &tree.text[node.start as usize..(node.start + node.len) as usize] } else { "" };
            shape.push((node.kind, node.flags, node.subtree, word.to_owned()));
        }
    }
    shape
}

fn check_format(text: &str) {
    let once = syntax::format(text);
    assert_eq!(syntax::format(&once), once, "not idempotent for\n{text}");
    assert_eq!(comments(text), comments(&once), "comments of\n{text}\n----\n{once}");
    assert_eq!(shape(text), shape(&once), "shape of\n{text}\n----\n{once}");
}

#[test]
fn the_programs_keep_their_shape_and_comments() {
    for (name, text) in programs() {
        check_format(&text);
        let formatted = syntax::format(&text);
        for line in formatted.lines().filter(|line| line.chars().count() > 100) {
            // Long lines are comments, heads and texts: nothing else.
            assert!(line.contains("//") || line.contains('"') || line.contains(" for "), "{name}: {line}");
        }
        insta::assert_snapshot!(format!("layout_{}", name.replace(".infra", "")), formatted);
    }
}

#[test]
fn broken_text_keeps_its_shape_and_comments() {
    for (_, text) in programs() {
        for item in syntax::items(&text).0 {
            for end in (0..item.text.len()).step_by(11).filter(|end| item.text.is_char_boundary(*end)) {
                check_format(&item.text[..end]);
            }
            for start in (0..item.text.len()).step_by(13) {
                let end = start + 1 + start % 4;
                if item.text.is_char_boundary(start) && item.text.is_char_boundary(end) && end <= item.text.len() {
                    check_format(&format!("{}{}", &item.text[..start], &item.text[end..]));
                }
            }
        }
    }
}

/// Without blanks and newlines where they can be spared, and with too many.
#[test]
fn the_layout_does_not_depend_on_blanks() {
    for (name, text) in programs() {
        let spread = text.lines().map(|line| {
            let indent = line.len() - line.trim_start().len();
            format!("{}{}\n", " ".repeat(indent * 3), line.trim_start())
        });
        let spread: String = spread.collect();
        if !spread.contains("\"\"\"") {
            assert_eq!(syntax::format(&spread), syntax::format(&text), "{name}");
        }
    }
}

#[track_caller]
fn becomes(before: &str, after: &str) {
    assert_eq!(syntax::format(before), after);
    assert_eq!(syntax::format(after), after);
}

#[test]
fn one_line_stays_and_what_is_broken_stays_broken() {
    becomes("let a={x=1,y=2}\n", "let a = { x = 1, y = 2 }\n");
    becomes("let a = {\nx = 1, y = 2 }\n", "let a = {\n  x = 1\n  y = 2\n}\n");
    becomes("let a=[1,2\n,3]\n", "let a = [1, 2, 3]\n");
    becomes("let a=[\n1,2]", "let a = [\n  1,\n  2,\n]\n");
    becomes("server   a{}\n\n\n\nserver b  {  }\n", "server a {}\n\nserver b {}\n");
}

#[test]
fn comments_stay_where_they_are() {
    becomes(
        "//! file\n// free\n\n/// doc\nserver a { // head\n  // own\n  x = 1 // behind\n\n\n  y = 2\n  // last\n} // end\n// after\n",
        "//! file\n// free\n\n/// doc\nserver a { // head\n  // own\n  x = 1 // behind\n\n  y = 2\n  // last\n} // end\n// after\n",
    );
    becomes("let a = [ // why\n  1, // one\n  // two\n  2 ]\n", "let a = [ // why\n  1, // one\n  // two\n  2,\n]\n");
    becomes("let a = 1 + // odd\n  2\n", "let a = 1 + // odd\n  2\n");
    becomes("let a = {\n// only\n}\n", "let a = {\n  // only\n}\n");
}

#[test]
fn what_is_too_wide_is_broken() {
    let long = "a".repeat(60);
    becomes(
        &format!("let x = first_{long} and second_{long} or third\n"),
        &format!("let x = first_{long}\n  and second_{long}\n  or third\n"),
    );
    becomes(
        &format!("let x = if {long} then {long} else if b then c else d\n"),
        &format!("let x = if {long}\n  then {long}\n  else if b then c\n  else d\n"),
    );
    becomes(&format!("let x = f({long}, {long})\n"), &format!("let x = f(\n  {long},\n  {long},\n)\n"));
    becomes(
        &format!("let x = json({{ a = {long}, b = {long} }})\n"),
        &format!("let x = json({{\n  a = {long}\n  b = {long}\n}})\n"),
    );
    becomes(
        &format!("kind k {{ a: \"{long}\" | \"{long}\" = 1 where a in b else \"no\" }}\n"),
        &format!("kind k {{\n  a: \"{long}\"\n    | \"{long}\" = 1 where a in b else \"no\"\n}}\n"),
    );
}

#[test]
fn texts_are_never_touched() {
    let block = "server a {\n  x = \"\"\"\n      keep\n    this // no comment\n    \"\"\"\n}\n";
    becomes(block, block);
}

#[test]
fn what_is_laid_out_is_laid_out_for_good() {
    becomes("server a {//\n}\n", "server a { //\n}\n");
    let long = "a".repeat(60);
    let text = format!("output x = first([for d in {long} if d.name == \"x\": d])?.volume_id ?? \"none\"\n");
    let once = syntax::format(&text);
    assert_eq!(syntax::format(&once), once);
    assert!(once.contains("first([\n"), "{once}");
}

#[test]
fn nothing_stands_before_the_first_line() {
    becomes("\n\n\u{feff}let a=1\n", "let a = 1\n");
    becomes("\u{feff} \n\u{feff}\u{feff}\n// a\nlet a=1\n", "// a\nlet a = 1\n");
    becomes("\n\u{feff}", "");
    // A blank in front of it, and it is a letter that nobody meant: it stays, to be told.
    becomes(" \u{feff}let a=1\n", " \u{feff}let a=1\n");
}

#[test]
fn a_broken_statement_stays_and_its_neighbours_are_formatted() {
    for broken in ["server a {\n x=1\n  y  ! !\n z=3\n}", "server a {\n x=\n z=3\n}"] {
        becomes(&format!("let  a=1\n{broken}\nlet  b=2\n"), &format!("let a = 1\n{broken}\nlet b = 2\n"));
    }
}

#[test]
fn random_text_keeps_its_shape_and_comments() {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    for round in 0..6_000 {
        let head = ["", "let x = ", "server a {\n", "kind k {\n", "let x = [\n", "type t = "][round % 6];
        check_format(&format!("{head}{}", random.text(if round % 10 == 0 { 60 } else { 14 })));
    }
}

#[test]
fn a_check_that_warns_keeps_its_code() {
    let text =
        "kind a {\n  check x>1   warn  few   \"more\"\n  check x > 1 warn \"more\"\n  check x > 1 else \"more\"\n}\n";
    check_format(text);
    let laid_out =
        "kind a {\n  check x > 1 warn few \"more\"\n  check x > 1 warn \"more\"\n  check x > 1 else \"more\"\n}\n";
    assert_eq!(syntax::format(text), laid_out);
    assert!(syntax::items(laid_out).0.into_iter().all(|item| syntax::parse(item.text).errors.is_empty()));
}

#[test]
fn lines_end_with_a_line_feed() {
    let text = "// about it\r\nlet text = \"\"\"\r\n  one\r\n  two\r\n\"\"\"\r\n\r\noutput text = text // so\r\n";
    becomes(text, &text.replace('\r', ""));
}
