//! JSON with two blanks a level, one entry a line, so that a line is one thing and a diff reads well.

use std::fmt::Write;

use super::{Node, Owner, Recorder};
use crate::document::Document;

/// The document as JSON; `lines`: with who put each line there.
pub fn write_json(path: String, node: &Node<'_>, lines: bool) -> Document {
    let mut out = Recorder::new(lines);
    let (owner, node) = out.enter(Owner::FRAME, node);
    write_value(&mut out, owner, node, 0);
    out.end_line(owner);
    out.document(path)
}

/// Writes a value without its last newline; the cursor stands where it begins.
fn write_value(out: &mut Recorder, owner: Owner, node: &Node<'_>, indent: usize) {
    match node {
        Node::Null => out.text.push_str("null"),
        Node::Bool(value) => out.text.push_str(if *value { "true" } else { "false" }),
        Node::Number(number) => out.text.push_str(number),
        Node::Text(text) => write_text(&mut out.text, text),
        Node::List(elements) if elements.is_empty() => out.text.push_str("[]"),
        Node::Map(entries) if entries.is_empty() => out.text.push_str("{}"),
        Node::List(elements) => {
            out.text.push('[');
            out.end_line(owner);
            for (at, element) in elements.iter().enumerate() {
                let (inner, element) = {
                    let inner = out.element_of(owner, at);
                    out.enter(inner, element)
                };
                out.indent(indent + 2);
                write_value(out, inner, element, indent + 2);
                end_entry(out, inner, at + 1 == elements.len());
            }
            out.indent(indent);
            out.text.push(']');
        }
        Node::Map(entries) => {
            out.text.push('{');
            out.end_line(owner);
            for (at, (key, value)) in entries.iter().enumerate() {
                let (inner, value) = {
                    let inner = out.key_of(owner, key);
                    out.enter(inner, value)
                };
                out.indent(indent + 2);
                write_text(&mut out.text, key);
                out.text.push_str(": ");
                write_value(out, inner, value, indent + 2);
                end_entry(out, inner, at + 1 == entries.len());
            }
            out.indent(indent);
            out.text.push('}');
        }
        // `enter` has looked through the marks already.
        Node::At(_, _, inner) => write_value(out, owner, inner, indent),
    }
}

fn end_entry(out: &mut Recorder, owner: Owner, last: bool) {
    if !last {
        out.text.push(',');
    }
    out.end_line(owner);
}

/// A JSON text with its quotes. U+2028 and U+2029 are escaped too: some readers of lines end a line there.
pub fn write_text(out: &mut String, text: &str) {
    out.push('"');
    // Without an early end the whole text is looked at in wide steps.
    if !text.bytes().fold(false, |found, byte| found | !matches!(byte, b' '..=b'~') | (byte == b'"') | (byte == b'\\'))
    {
        out.push_str(text);
    } else {
        write_escaped(out, text);
    }
    out.push('"');
}

fn write_escaped(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{:04x}", character as u32);
            }
            _ => out.push(character),
        }
    }
}
