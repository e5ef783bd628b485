//! Where things stand: nodes of an item in its file, and offsets that an editor gives, which may be any.

use std::ops::Range;

use program::cut::{CutFile, CutItem};
use syntax::{NodeId, Tree};

/// The bytes of a node in its file.
pub(crate) fn range_of(item: &CutItem, tree: &Tree, node: NodeId) -> Range<u32> {
    let node = tree.node(node);
    item.start + node.start..item.start + node.start + node.len
}

/// The nearest offset at or before this one that lies in the text and between two of its letters.
pub(crate) fn clamp(file: &CutFile, offset: u32) -> u32 {
    let mut at = (offset as usize).min(file.text.len());
    while !file.text.is_char_boundary(at) {
        at -= 1;
    }
    at as u32
}

/// The same for both ends of a range; one that runs backwards is empty.
pub(crate) fn clamp_range(file: &CutFile, range: &Range<u32>) -> Range<u32> {
    let start = clamp(file, range.start);
    start..clamp(file, range.end).max(start)
}

/// The text of a range, empty where it lies in no text.
pub(crate) fn slice<'a>(text: &'a str, range: &Range<u32>) -> &'a str {
    text.get(range.start as usize..range.end as usize).unwrap_or("")
}
