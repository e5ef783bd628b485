//! What text that fits nothing was most likely meant to be: lines that begin as members do, nested by their indentation.

use syntax::Node;

use super::{Symbol, SymbolClass, one_line};

/// The entries that the lines of a bad node look like, in the text of an item that begins at `start` in its file.
pub(super) fn members(text: &str, bad: &Node, start: u32) -> Vec<Symbol> {
    let (before, text) = text.split_at_checked(bad.start as usize).unwrap_or_default();
    let text = text.get(..bad.len as usize).unwrap_or("");
    // The first line may have been cut off from its blanks.
    let mut column = before.rsplit('\n').next().map_or(0, str::len);
    let mut open: Vec<(Depth, Symbol)> = Vec::new();
    let mut symbols = Vec::new();
    let mut at = start + bad.start;
    for line in text.split_inclusive('\n') {
        let code = line.trim_start_matches([' ', '\t']);
        let indent = std::mem::take(&mut column) + line.len() - code.len();
        let mut offset = at + (line.len() - code.len()) as u32;
        for (braces, piece) in pieces(code) {
            let depth = Depth { indent, braces };
            let blanks = piece.len() - piece.trim_ascii_start().len();
            let ends: &[char] = if braces > 0 { &[',', '}', ' '] } else { &[] };
            let own = piece.trim_ascii().trim_end_matches(ends);
            if let Some(symbol) = member(own, offset + blanks as u32) {
                while open.last().is_some_and(|(outer, _)| *outer >= depth) {
                    close(&mut open, &mut symbols);
                }
                open.push((depth, symbol));
            }
            offset += piece.len() as u32;
        }
        at += line.len() as u32;
    }
    while !open.is_empty() {
        close(&mut open, &mut symbols);
    }
    symbols
}

/// How deep a member seems to stand: by the blanks before its line, and on it by the braces.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Depth {
    indent: usize,
    braces: usize,
}

/// The members of a line: what ends with a `{` or a comma, without regard to texts and other brackets. Each with the
/// number of braces that are open before it.
fn pieces(line: &str) -> Vec<(usize, &str)> {
    let mut pieces = Vec::new();
    let (mut braces, mut brackets, mut in_text, mut start, mut open) = (0_usize, 0_usize, false, 0, 0);
    let mut letters = line.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' if in_text => {
                letters.next();
            }
            '"' => in_text = !in_text,
            _ if in_text => {}
            '/' if line.get(at..).is_some_and(|rest| rest.starts_with("//")) => break,
            '[' | '(' => brackets += 1,
            ']' | ')' => brackets = brackets.saturating_sub(1),
            '{' | ',' if brackets == 0 => {
                pieces.push((open, line.get(start..=at).unwrap_or("")));
                start = at + 1;
                braces += usize::from(letter == '{');
                open = braces;
            }
            '}' => braces = braces.saturating_sub(1),
            _ => {}
        }
    }
    pieces.push((open, line.get(start..).unwrap_or("")));
    pieces
}

/// The innermost open entry is complete.
fn close(open: &mut Vec<(Depth, Symbol)>, symbols: &mut Vec<Symbol>) {
    let Some((_, symbol)) = open.pop() else { return };
    match open.last_mut() {
        Some((_, outer)) => {
            outer.range.end = outer.range.end.max(symbol.range.end);
            outer.children.push(symbol);
        }
        None => symbols.push(symbol),
    }
}

/// A line that begins as a member: `name = …`, `name: …`, `name {`, `kind name …`.
fn member(line: &str, start: u32) -> Option<Symbol> {
    let first = word(line);
    let behind = line.get(first.len()..)?.trim_start_matches([' ', '\t']);
    let second = word(behind);
    if first.is_empty() || !line.starts_with(|letter: char| letter.is_alphabetic() || letter == '_') {
        return None;
    }
    let rest = behind.get(second.len()..)?.trim_start();
    let begins_body = |text: &str| text.starts_with('{');
    let sets = |text: &str| text.starts_with(['=', ':']) || text.starts_with("?=");
    let (name, detail, class) = match () {
        () if sets(behind) => (first, String::new(), SymbolClass::Field),
        () if begins_body(behind) => (first, String::new(), SymbolClass::Block),
        () if second.is_empty() && behind.is_empty() => (first, String::new(), SymbolClass::Field),
        () if second.is_empty() => return None,
        () if sets(rest) => (second, first.to_owned(), SymbolClass::Entry),
        () if begins_body(rest) => (second, first.to_owned(), SymbolClass::Instance),
        // `size 100GiB`: the sign between them is missing.
        () if second.starts_with(|letter: char| letter.is_ascii_digit()) => (first, String::new(), SymbolClass::Field),
        () => (second, first.to_owned(), SymbolClass::Instance),
    };
    let at = start + (name.as_ptr().addr() - line.as_ptr().addr()) as u32;
    Some(Symbol {
        name: one_line(name),
        detail,
        class,
        range: start..start + line.len() as u32,
        selection: at..at + name.len() as u32,
        children: Vec::new(),
    })
}

/// The dotted word that a text begins with, or nothing.
fn word(text: &str) -> &str {
    let end = text.find(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != '.');
    text.get(..end.unwrap_or(text.len())).unwrap_or("")
}
