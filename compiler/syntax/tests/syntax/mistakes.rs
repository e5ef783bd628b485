//! One mistake each, and what the user is told of it. The texts stand in `mistakes.txt`, a line of dashes between them.

use std::fmt::Write;

#[test]
fn every_mistake_is_told_where_it_was_made() {
    let mut report = String::new();
    for text in include_str!("mistakes.txt").split("----\n") {
        for (number, line) in text.lines().enumerate() {
            writeln!(report, "{} | {line}", number + 1).unwrap();
        }
        for item in syntax::items(text).0 {
            for error in &syntax::parse(item.text).errors {
                let at = (item.start + error.start) as usize;
                let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
                let shown = text[at..at + error.len as usize].lines().next().unwrap_or("");
                let line = text[..at].matches('\n').count() + 1;
                let column = text[line_start..at].chars().count();
                let under = "^".repeat(shown.chars().count().max(1));
                writeln!(report, "{line} | {}{under} {}: {}", " ".repeat(column), error.code, error.message).unwrap();
                writeln!(report, "    help: {}", error.help).unwrap();
            }
        }
        report.push('\n');
    }
    insta::assert_snapshot!("mistakes", report);
}

/// A mistake in one member leaves the others readable.
#[test]
fn neighbours_of_a_mistake_are_read() {
    for broken in
        ["x = ", "x = (1", "x = [1, 2", "x = \"abc", "x 2", "backup { every = 1d", "x = a +", "= 3", "x = )", "# x"]
    {
        let text = format!("server a {{\n  first = 1\n  {broken}\n  last = 2\n}}\n");
        let items = syntax::items(&text).0;
        assert_eq!(items.len(), 1, "{text}");
        let tree = syntax::parse(items[0].text);
        let instance = tree.child(syntax::Tree::ROOT, syntax::Kind::Instance).unwrap();
        let body = tree.child(instance, syntax::Kind::Body).unwrap();
        let fields: Vec<&str> = tree.all(body, syntax::Kind::Field).map(|field| tree.text(field)).collect();
        assert!(fields.contains(&"first = 1") && fields.contains(&"last = 2"), "{text}\n{fields:?}");
        assert_eq!(tree.errors.len(), 1, "{text}\n{:?}", tree.errors);
    }
}

/// A mistake in one statement leaves the next ones readable.
#[test]
fn statements_after_a_mistake_are_cut_off() {
    for broken in [
        "server a {",
        "server a {\n  x = (",
        "let x = [",
        "let x = \"${",
        "let x =",
        "server a",
        "server a }",
        "let x = \"abc",
        "}",
        "@allow(",
        "implement x on y {\n  server b {\n    a = 1\n  }",
    ] {
        let text = format!("let first = 1\n\n{broken}\n\nserver last {{\n  x = 1\n}}\nlet end = 2\n");
        let heads: Vec<Vec<&str>> = syntax::items(&text).0.into_iter().map(|item| item.head.words).collect();
        assert_eq!(heads.first(), Some(&vec!["let", "first"]), "{text}");
        assert!(heads.contains(&vec!["server", "last"]) && heads.contains(&vec!["let", "end"]), "{text}\n{heads:?}");
    }
}
