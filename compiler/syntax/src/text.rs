//! The value of text literals: escapes, line ends, and the indentation of blocks.

use std::borrow::Cow;

/// A text whose lines end with a line feed, however they end in the file. A carriage return alone ends none and stays.
pub fn with_line_feeds(text: &str) -> Cow<'_, str> {
    if text.contains("\r\n") { Cow::Owned(text.replace("\r\n", "\n")) } else { Cow::Borrowed(text) }
}

/// Resolves `\n \t \r \" \\ \$ \u{…}`; an unknown escape stays as it is (the parser has told of it).
pub fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(rest.get(..at).unwrap_or(""));
        let after = rest.get(at + 1..).unwrap_or("");
        let mut characters = after.chars();
        match characters.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some(same @ ('"' | '\\' | '$')) => out.push(same),
            Some('u') if after.starts_with("u{") => {
                let end = after.find('}').unwrap_or(after.len());
                if let Some(character) = after.get(2..end).and_then(character) {
                    out.push(character);
                }
                rest = after.get((end + 1).min(after.len())..).unwrap_or("");
                continue;
            }
            Some(other) => {
                out.push('\\');
                out.push(other);
            }
            None => out.push('\\'),
        }
        rest = characters.as_str();
    }
    out.push_str(rest);
    out
}

/// The character that the digits between `\u{` and `}` stand for, where they stand for one.
pub(crate) fn character(digits: &str) -> Option<char> {
    let hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let code = if hexadecimal { u32::from_str_radix(digits, 16).ok() } else { None };
    code.and_then(char::from_u32)
}

/// A part of a text literal: what it says, or what stands in `${ … }`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Part {
    Text(String),
    /// The `Interpolation` node.
    Interpolation(crate::NodeId),
}

/// The parts of a `Text` node, escapes resolved (but not in raw texts) and the indentation of a block taken off.
///
/// A block begins on the line after its quotes; the least indentation of its lines, the one of the closing quotes included,
/// belongs to the layout and not to the text. What ends the lines of the file does not either: in the text it is `\n`.
pub fn parts(tree: &crate::Tree, node: crate::NodeId) -> Vec<Part> {
    let raw = tree.has(node, crate::flag::RAW);
    let mut parts: Vec<Part> = tree
        .children(node)
        .filter_map(|child| match tree.kind(child) {
            crate::Kind::TextPart => Some(Part::Text(with_line_feeds(tree.text(child)).into_owned())),
            crate::Kind::Interpolation => Some(Part::Interpolation(child)),
            _ => None,
        })
        .collect();
    if tree.has(node, crate::flag::BLOCK) {
        strip_indentation(&mut parts);
    }
    if !raw {
        for part in &mut parts {
            if let Part::Text(text) = part {
                *text = unescape(text);
            }
        }
    }
    parts
}

fn strip_indentation(parts: &mut [Part]) {
    let mut least = usize::MAX;
    let last = parts.len().saturating_sub(1);
    for (index, part) in parts.iter().enumerate() {
        let Part::Text(text) = part else { continue };
        let lines: Vec<&str> = text.split('\n').collect();
        for (number, line) in lines.iter().enumerate().skip(1) {
            let is_last = index == last && number + 1 == lines.len();
            let blank = line.trim().is_empty();
            // A blank line says nothing of the indentation, unless it is what stands before the closing quotes or an interpolation.
            if !blank || is_last || number + 1 == lines.len() {
                least = least.min(line.len() - line.trim_start_matches([' ', '\t']).len());
            }
        }
    }
    if least == usize::MAX {
        least = 0;
    }
    for (index, part) in parts.iter_mut().enumerate() {
        let Part::Text(text) = part else { continue };
        let mut lines: Vec<String> = text
            .split('\n')
            .enumerate()
            .map(
                |(number, line)| if number == 0 { line.to_owned() } else { line.get(least..).unwrap_or("").to_owned() },
            )
            .collect();
        if index == 0 && lines.first().is_some_and(|line| line.trim().is_empty()) && lines.len() > 1 {
            lines.remove(0);
        }
        *text = lines.join("\n");
    }
}
