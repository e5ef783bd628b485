//! What a selection grows to: the word, the value, the member, what stands between the brackets, the statement, the file.

use std::ops::Range;

use program::cut::{CutFile, CutItem};
use syntax::{Kind, NodeId, Tree, TriviaKind};

use crate::places::{clamp, range_of, slice};
use crate::tokens::tokens;

/// Ranges around an offset from the inside out, each within the next and none twice.
pub fn selection(file: &CutFile, offset: u32) -> Vec<Range<u32>> {
    let offset = clamp(file, offset);
    let mut around = Growing { offset, ranges: Vec::new() };
    around.take(0..file.text.len() as u32);
    if let Some(item) = file.item_at(offset) {
        around.take(item.start..item.end());
        let tree = item.tree();
        let mut node = Some(Tree::ROOT);
        while let Some(id) = node {
            around.node(item, &tree, id);
            around.members(item, &tree, id);
            node = inner(item, &tree, id, offset);
        }
    }
    if let Some(token) = token_at(file, offset) {
        around.take(token);
    }
    around.ranges.reverse();
    around.ranges
}

/// Ranges from the outside in.
struct Growing {
    offset: u32,
    ranges: Vec<Range<u32>>,
}

impl Growing {
    fn take(&mut self, range: Range<u32>) {
        let is_inside = self
            .ranges
            .last()
            .is_none_or(|outer| outer.start <= range.start && range.end <= outer.end && *outer != range);
        if is_inside && range.start <= self.offset && self.offset <= range.end && !(range.is_empty()) {
            self.ranges.push(range);
        }
    }

    fn node(&mut self, item: &CutItem, tree: &Tree, id: NodeId) {
        let range = range_of(item, tree, id);
        self.take(range.clone());
        let text = tree.text(id);
        let (open, close) = match tree.kind(id) {
            Kind::Text => {
                let raw = usize::from(text.starts_with('r'));
                let quotes = if text.get(raw..).is_some_and(|text| text.starts_with("\"\"\"")) { 3 } else { 1 };
                (raw + quotes, quotes)
            }
            Kind::Interpolation => (2, 1),
            Kind::Body
            | Kind::Record
            | Kind::TypeRecord
            | Kind::List
            | Kind::TypeList
            | Kind::TypeMap
            | Kind::Group => (1, 1),
            Kind::Call | Kind::Match => {
                let first = tree.nth(id, 0).map_or(0, |first| (range_of(item, tree, first).end - range.start) as usize);
                let opener = if tree.kind(id) == Kind::Call { '(' } else { '{' };
                match text.get(first..).and_then(|behind| behind.find(opener)) {
                    Some(at) => (first + at + 1, 1),
                    None => return,
                }
            }
            _ => return,
        };
        let close = if tree.child(id, Kind::Unclosed).is_some() { 0 } else { close };
        let Some(inside) = text.get(open..text.len().saturating_sub(close)) else { return };
        // With its blanks first would be one step more that nobody wants.
        let blanks = inside.len() - inside.trim_ascii_start().len();
        let start = range.start + (open + blanks) as u32;
        self.take(start..start + inside.trim_ascii().len() as u32);
    }
}

impl Growing {
    /// The member of a body that holds the offset, with its annotations and the comments right above it.
    fn members(&mut self, item: &CutItem, tree: &Tree, parent: NodeId) {
        if !matches!(tree.kind(parent), Kind::Body | Kind::Record | Kind::TypeRecord) {
            return;
        }
        let mut annotated = None;
        for child in tree.children(parent) {
            let node = tree.node(child);
            let start = *annotated.get_or_insert(node.start);
            if node.kind == Kind::Annotation {
                continue;
            }
            annotated = None;
            self.take(item.start + comments_above(tree, start)..item.start + node.start + node.len);
        }
    }
}

/// Where the comments begin that end on the line above an offset.
fn comments_above(tree: &Tree, mut start: u32) -> u32 {
    let before = tree.trivia.partition_point(|trivia| trivia.at < start);
    for comment in tree.trivia.get(..before).unwrap_or(&[]).iter().rev() {
        let between = slice(&tree.text, &(comment.at + comment.len..start));
        let line = slice(&tree.text, &(0..comment.at)).rsplit('\n').next().unwrap_or("");
        let is_above = between.trim_ascii().is_empty() && between.matches('\n').count() == 1;
        if comment.what == TriviaKind::BlankLine || !is_above || !line.trim_ascii().is_empty() {
            break;
        }
        start = comment.at;
    }
    start
}

/// The child that holds an offset; where two touch, the one that begins there.
fn inner(item: &CutItem, tree: &Tree, id: NodeId, offset: u32) -> Option<NodeId> {
    let holds = |child: &NodeId| {
        let range = range_of(item, tree, *child);
        range.start <= offset && offset <= range.end && !range.is_empty()
    };
    tree.children(id).filter(holds).last()
}

/// The word, sign or line of a comment at an offset.
fn token_at(file: &CutFile, offset: u32) -> Option<Range<u32>> {
    let near = offset.saturating_sub(1)..offset.saturating_add(1);
    let mut near = tokens(file, Some(near)).into_iter().map(|token| token.range);
    near.rfind(|range| range.start <= offset && offset <= range.end).or_else(|| {
        // A word that has no class.
        let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
        let before = slice(&file.text, &(0..offset));
        let start = before.trim_end_matches(is_part).len();
        let behind = file.text.get(offset as usize..)?;
        let end = offset as usize + behind.len() - behind.trim_start_matches(is_part).len();
        (start < end).then_some(start as u32..end as u32)
    })
}
