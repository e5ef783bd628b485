//! The one true layout: two blanks of indentation, at most 100 columns where that can be, nothing aligned, one member a
//! line where a body is broken. What the user broke (a newline after the opener) stays broken, what is too wide is broken,
//! single blank lines and every comment stay, broken text stays as it is.

mod containers;
mod doc;
mod statements;
mod values;

use crate::items::{BYTE_ORDER_MARK, items};
use crate::parse::parse;
use crate::text::with_line_feeds;
use crate::tree::{Kind, NodeId, Tree, TriviaKind};
use doc::Docs;

/// The widest line.
const WIDTH: usize = 100;
/// Deeper trees are left as they are.
const DEEPEST: usize = 300;
/// Two are enough for nearly everything, and each costs as much as the first.
const MOST_ROUNDS: usize = 8;

/// A whole file in the one true layout.
pub fn format(text: &str) -> String {
    let text = without_beginning(text);
    let lines = with_line_feeds(text);
    let (items, errors) = items(&lines);
    if !errors.is_empty() {
        return text.to_owned();
    }
    let text = lines.as_ref();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for item in &items {
        let start = item.start as usize;
        let before = text.get(at..start).unwrap_or("");
        between(before, &mut out);
        match format_item(item.text) {
            Some(laid_out) => out.push_str(&laid_out),
            None => {
                // Kept as it is, its first line's indentation too.
                out.push_str(before.get(before.rfind('\n').map_or(0, |newline| newline + 1)..).unwrap_or(""));
                out.push_str(item.text);
            }
        }
        out.push('\n');
        at = start + item.text.len();
    }
    between(text.get(at..).unwrap_or(""), &mut out);
    let length = out.trim_end().len();
    out.truncate(length);
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

/// The text without what stands before its first line: blank lines, and marks of its encoding, also one behind a blank line, which
/// would else begin the file once those are gone.
fn without_beginning(text: &str) -> &str {
    let mut rest = text;
    loop {
        let unmarked = rest.trim_start_matches(BYTE_ORDER_MARK);
        let blank = unmarked.len() - unmarked.trim_start().len();
        let lines = unmarked.get(..blank).and_then(|blank| blank.rfind('\n')).map_or(0, |newline| newline + 1);
        if lines == 0 {
            return unmarked;
        }
        rest = unmarked.get(lines..).unwrap_or("");
    }
}

/// Comments and blank lines between items.
fn between(gap: &str, out: &mut String) {
    // The first line is the rest of the line of the item before.
    let first = if out.is_empty() { None } else { Some(0) };
    let mut blank = false;
    for (index, line) in gap.split('\n').enumerate() {
        let line = line.trim();
        if line.is_empty() {
            blank |= Some(index) != first && index + 1 < gap.split('\n').count();
            continue;
        }
        if blank && !out.is_empty() {
            out.push('\n');
        }
        blank = false;
        out.push_str(line);
        out.push('\n');
    }
    if blank && !out.is_empty() {
        out.push('\n');
    }
}

/// One item in the one true layout, or nothing if it stays as it is, as what cannot be read does. A mistake in the formatter must
/// cost nobody a line: what does not read back the same is left alone.
fn format_item(text: &str) -> Option<String> {
    let tree = parse(text);
    if !tree.errors.is_empty() {
        return None;
    }
    let mut laid_out = lay_out(&tree)?;
    // What was broken for want of room stands broken the next time, and its neighbours may find room then: so until nothing changes.
    for _ in 0..MOST_ROUNDS {
        let again = parse(&laid_out);
        if !says_the_same(&tree, &again) {
            return None;
        }
        let next = lay_out(&again)?;
        if next == laid_out {
            return Some(laid_out);
        }
        laid_out = next;
    }
    None
}

/// The layout of an item, or nothing if it is too deep for one, or holds more than a statement.
pub(crate) fn lay_out(tree: &Tree) -> Option<String> {
    if tree.children(Tree::ROOT).any(|child| matches!(tree.kind(child), Kind::Bad | Kind::Hole)) {
        return None;
    }
    let mut depths = vec![tree.nodes.len()];
    for (index, node) in tree.nodes.iter().enumerate() {
        while depths.last().is_some_and(|end| *end <= index) {
            depths.pop();
        }
        depths.push(index + node.subtree as usize);
        if depths.len() > DEEPEST {
            return None;
        }
    }
    let mut layout = Layout { tree, docs: Docs::default() };
    let doc = layout.item(Tree::ROOT);
    let docs = layout.docs;
    Some(docs.print(doc, WIDTH))
}

/// Whether two trees have the same shape, the same words and the same comments.
pub(crate) fn says_the_same(before: &Tree, after: &Tree) -> bool {
    let comments = |tree: &Tree| -> Vec<String> {
        let comments = tree.trivia.iter().filter(|trivia| trivia.what != TriviaKind::BlankLine);
        comments.map(|trivia| slice(tree, trivia.at, trivia.at + trivia.len).trim().to_owned()).collect()
    };
    before.nodes.len() == after.nodes.len()
        && comments(before) == comments(after)
        && before.nodes.iter().zip(&after.nodes).enumerate().all(|(index, (one, other))| {
            let id = NodeId(index as u32);
            let is_word = one.subtree == 1 && !is_container(one.kind) || matches!(one.kind, Kind::Text | Kind::Bad);
            one.kind == other.kind
                && one.flags == other.flags
                && one.subtree == other.subtree
                && (!is_word || before.text(id).trim() == after.text(id).trim())
        })
}

/// Brackets whose members may stand one a line, with comments between them.
fn is_container(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Body
            | Kind::List
            | Kind::Record
            | Kind::TypeRecord
            | Kind::Item
            | Kind::Match
            | Kind::Call
            | Kind::AddressAny
    )
}

fn slice(tree: &Tree, start: u32, end: u32) -> &str {
    tree.text.get(start as usize..end as usize).unwrap_or("")
}

/// Turns the nodes of one tree into documents.
struct Layout<'a> {
    tree: &'a Tree,
    docs: Docs<'a>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn programs() -> Vec<String> {
        let mut texts = Vec::new();
        let mut folders = vec![std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/programs")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    texts.push(std::fs::read_to_string(path).unwrap());
                }
            }
        }
        texts
    }

    #[test]
    fn what_cannot_be_read_stays_letter_by_letter() {
        let broken = "private fn f(o:opening) -> string = if g(o.others others, x)\nthen(x)\nelse p\n";
        assert_eq!(format(&format!("let   a=1\n{broken}let   b=2\n")), format!("let a = 1\n{broken}let b = 2\n"));
    }

    /// The guard in `format_item` has nothing to do for programs without mistakes.
    #[test]
    fn the_layout_says_the_same() {
        for text in programs() {
            for item in items(&text).0 {
                let tree = parse(item.text);
                let after = lay_out(&tree).unwrap();
                assert!(says_the_same(&tree, &parse(&after)), "{}\n----\n{after}", item.text);
                assert_eq!(after, lay_out(&parse(&after)).unwrap());
            }
        }
    }
}
