//! Block YAML with two blanks a level. Lists stand two columns in from their key.

use super::scalar::{Style, key_style, style, write_quoted};
use super::{Node, Owner, Recorder};
use crate::document::Document;

/// The longest key that readers take without `? `: PyYAML's limit is 1,024 characters.
const LONGEST_KEY: usize = 500;

/// The documents of a stream, separated by `---`; `lines`: with who put each line there.
pub fn write_yaml(path: String, documents: &[Node<'_>], lines: bool) -> Document {
    let mut out = Recorder::new(lines);
    for (at, node) in documents.iter().enumerate() {
        let (owner, node) = out.enter(Owner::FRAME, node);
        if at > 0 {
            out.text.push_str("---");
            out.end_line(owner);
        }
        match node {
            Node::Map(entries) if !entries.is_empty() => write_block(&mut out, owner, node, 0, false),
            Node::List(elements) if !elements.is_empty() => write_block(&mut out, owner, node, 0, false),
            Node::Null
            | Node::Bool(_)
            | Node::Number(_)
            | Node::Text(_)
            | Node::List(_)
            | Node::Map(_)
            | Node::At(..) => write_leaf(&mut out, owner, node, 2),
        }
    }
    out.document(path)
}

/// Writes the lines of a map or list that is not empty. `inline`: the cursor stands where its first entry begins.
fn write_block(out: &mut Recorder, owner: Owner, node: &Node<'_>, indent: usize, mut inline: bool) {
    match node {
        Node::Map(entries) => {
            for (key, value) in entries {
                let (inner, value) = {
                    let inner = out.key_of(owner, key);
                    out.enter(inner, value)
                };
                begin(out, indent, &mut inline);
                write_key(out, inner, key, indent);
                if is_block(value) {
                    out.end_line(inner);
                    write_block(out, inner, value, indent + 2, false);
                } else {
                    out.text.push(' ');
                    write_leaf(out, inner, value, indent + 2);
                }
            }
        }
        Node::List(elements) => {
            for (at, element) in elements.iter().enumerate() {
                let (inner, element) = {
                    let inner = out.element_of(owner, at);
                    out.enter(inner, element)
                };
                begin(out, indent, &mut inline);
                out.text.push_str("- ");
                if is_block(element) {
                    write_block(out, inner, element, indent + 2, true);
                } else {
                    write_leaf(out, inner, element, indent + 2);
                }
            }
        }
        Node::At(_, _, inner) => write_block(out, owner, inner, indent, inline),
        Node::Null | Node::Bool(_) | Node::Number(_) | Node::Text(_) => write_leaf(out, owner, node, indent),
    }
}

fn begin(out: &mut Recorder, indent: usize, inline: &mut bool) {
    if !std::mem::take(inline) {
        out.indent(indent);
    }
}

fn is_block(node: &Node<'_>) -> bool {
    match node {
        Node::List(elements) => !elements.is_empty(),
        Node::Map(entries) => !entries.is_empty(),
        Node::At(_, _, inner) => is_block(inner),
        Node::Null | Node::Bool(_) | Node::Number(_) | Node::Text(_) => false,
    }
}

fn write_key(out: &mut Recorder, owner: Owner, key: &str, indent: usize) {
    let long = key.len() > LONGEST_KEY;
    if long {
        out.text.push_str("? ");
    }
    match key_style(key) {
        Style::Plain => out.text.push_str(key),
        Style::DoubleQuoted | Style::Literal(_) => write_quoted(&mut out.text, key),
    }
    if long {
        out.end_line(owner);
        out.indent(indent);
    }
    out.text.push(':');
}

/// Writes a scalar or something empty and ends its line. `indent` is that of a literal's lines.
fn write_leaf(out: &mut Recorder, owner: Owner, node: &Node<'_>, indent: usize) {
    match node {
        Node::Null => out.text.push_str("null"),
        Node::Bool(value) => out.text.push_str(if *value { "true" } else { "false" }),
        Node::Number(number) => out.text.push_str(number),
        Node::List(_) => out.text.push_str("[]"),
        Node::Map(_) => out.text.push_str("{}"),
        Node::At(_, _, inner) => return write_leaf(out, owner, inner, indent),
        Node::Text(text) => match style(text) {
            Style::Plain => out.text.push_str(text),
            Style::DoubleQuoted => write_quoted(&mut out.text, text),
            Style::Literal(chomping) => return write_literal(out, owner, text, chomping, indent),
        },
    }
    out.end_line(owner);
}

fn write_literal(out: &mut Recorder, owner: Owner, text: &str, chomping: &str, indent: usize) {
    out.text.push('|');
    out.text.push_str(chomping);
    out.end_line(owner);
    for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
        if !line.is_empty() {
            out.indent(indent);
            out.text.push_str(line);
        }
        out.end_line(owner);
    }
}
