//! How an editor counts: lines and columns of a text, written apart from the server's own.

use serde_json::{Value, json};

/// The units of a column.
pub fn units(text: &str, encoding: &str) -> usize {
    match encoding {
        "utf-8" => text.len(),
        "utf-16" => text.encode_utf16().count(),
        "utf-32" => text.chars().count(),
        other => panic!("no encoding is called {other}"),
    }
}

/// The position of a byte.
pub fn position(text: &str, offset: usize, encoding: &str) -> Value {
    let (mut line, mut start) = (0, 0);
    let mut at = 0;
    while at < offset {
        let rest = &text[at..];
        let end = if rest.starts_with("\r\n") { 2 } else { usize::from(rest.starts_with(['\n', '\r'])) };
        if end > 0 {
            if at + end > offset {
                // Between the two halves of the end of a line: editors know no such place.
                break;
            }
            at += end;
            line += 1;
            start = at;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    json!({ "line": line, "character": units(&text[start..at.max(start)], encoding) })
}

pub fn range(text: &str, start: usize, end: usize, encoding: &str) -> Value {
    json!({ "start": position(text, start, encoding), "end": position(text, end, encoding) })
}

/// Whether an editor can put its cursor there.
pub fn is_place(text: &str, at: usize) -> bool {
    text.is_char_boundary(at) && !(at > 0 && text[..at].ends_with('\r') && text[at..].starts_with('\n'))
}

/// What an editor sends when one text becomes another: the part between what is the same before and behind.
pub fn change(before: &str, after: &str, encoding: &str) -> Value {
    let same = before.bytes().zip(after.bytes()).take_while(|(one, other)| one == other).count();
    let start = (0..=same).rev().find(|at| is_place(before, *at) && is_place(after, *at)).unwrap();
    let most = before.len().min(after.len()) - start;
    let tail = before.bytes().rev().zip(after.bytes().rev()).take(most).take_while(|(one, other)| one == other).count();
    let is_end = |length: &usize| is_place(before, before.len() - length) && is_place(after, after.len() - length);
    let end = (0..=tail).rev().find(is_end).unwrap();
    json!({ "range": range(before, start, before.len() - end, encoding), "text": &after[start..after.len() - end] })
}

/// A text after an edit that the server offers.
pub fn apply(text: &str, edits: &[Value], encoding: &str) -> String {
    let offset = |at: &Value| {
        (0..=text.len()).find(|offset| is_place(text, *offset) && position(text, *offset, encoding) == *at).unwrap()
    };
    let mut ranges: Vec<(usize, usize, &str)> = edits
        .iter()
        .map(|edit| (offset(&edit["range"]["start"]), offset(&edit["range"]["end"]), edit["newText"].as_str().unwrap()))
        .collect();
    ranges.sort();
    let mut text = text.to_owned();
    for (start, end, new) in ranges.into_iter().rev() {
        text.replace_range(start..end, new);
    }
    text
}
