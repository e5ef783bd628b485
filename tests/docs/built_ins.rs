//! The page of the built-in functions is what the compiler knows about them. `UPDATE_DOCS=1` writes it anew.

use std::fmt::Write;

use check::builtins::{BuiltIn, Later, all};

const PAGE: &str = "compiler/program/reference/built-ins.md";
const BEGIN: &str = "<!-- from here on written by tests/docs -->\n";

/// Rooms of the page: the receiver of a method, or what plain functions work on.
fn room(built_in: &BuiltIn) -> String {
    let first = built_in.signature.trim_start_matches("(self: ").trim_start_matches('(');
    if !built_in.is_method() {
        return "Functions".to_owned();
    }
    let receiver = if first.starts_with('{') { "{K: V}" } else { first.split([',', ')']).next().unwrap_or(first) };
    format!("Methods of `{receiver}`")
}

fn entry(built_in: &BuiltIn) -> String {
    let shown = if built_in.is_method() {
        let rest = built_in.signature.trim_start_matches("(self: ");
        let (receiver, rest) = rest.split_at(end_of_type(rest));
        let rest = rest.strip_prefix(", ").unwrap_or(rest);
        let receiver = if receiver.contains(' ') && !receiver.starts_with(['[', '{']) {
            format!("({receiver})")
        } else {
            receiver.to_owned()
        };
        match rest.strip_prefix(')') {
            Some(result) => format!("{receiver}.{}{result}", built_in.name),
            None => format!("{receiver}.{}({rest}", built_in.name),
        }
    } else {
        format!("{}{}", built_in.name, built_in.signature)
    };
    let later = match built_in.later {
        Later::Refused => "",
        Later::Op(_) | Later::Parts => " Works on later values.",
        Later::Shape => " Its elements may be later.",
    };
    let mut text = String::new();
    let _ = writeln!(text, "`{shown}`\\\n{}{later}\n\n```infra values", built_in.docs);
    for (expression, value) in built_in.examples {
        let _ = writeln!(text, "{expression} // {value}");
    }
    text.push_str("```\n\n");
    text
}

/// Where the first type of a list of parameters ends.
fn end_of_type(text: &str) -> usize {
    let mut depth = 0;
    for (at, character) in text.char_indices() {
        match character {
            '[' | '{' | '<' | '(' => depth += 1,
            ')' if depth == 0 => return at,
            ']' | '}' | '>' | ')' => depth -= 1,
            ',' if depth == 0 => return at,
            _ => {}
        }
    }
    text.len()
}

fn written() -> String {
    let mut rooms: Vec<(String, String)> = Vec::new();
    for built_in in all() {
        let room = room(built_in);
        match rooms.iter_mut().find(|known| known.0 == room) {
            Some(known) => known.1.push_str(&entry(built_in)),
            None => rooms.push((room, entry(built_in))),
        }
    }
    rooms.sort_by(|left, right| left.0.cmp(&right.0));
    rooms.into_iter().map(|(room, entries)| format!("## {room}\n\n{entries}")).collect()
}

#[test]
fn every_built_in_stands_on_its_page() {
    let path = crate::root().join(PAGE);
    let text = std::fs::read_to_string(&path).unwrap();
    let (head, page) = text.split_once(BEGIN).unwrap_or((&text, ""));
    let now = written();
    let now = now.trim_end();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, format!("{head}{BEGIN}\n{now}\n")).unwrap();
        return;
    }
    assert!(
        page.trim() == now,
        "{PAGE} is not what the compiler knows: run this test with UPDATE_DOCS=1 and read the difference"
    );
}
