//! The difference of two texts as edits: by lines, and in lines that changed by words.

use std::ops::Range;

use rustc_hash::FxHashMap;
use similar::{DiffOp, TextDiff};

use super::Change;

/// Longer texts are not compared word by word.
const MOST_BYTES: usize = 8_000;
/// A comparison takes time with the number of lines by the number of those that differ: what takes longer than a blink is
/// one change.
const MOST_STEPS: usize = 30_000_000;

/// What makes the one text of the other, in order and apart.
pub(super) fn changes(before: &str, after: &str) -> Vec<Change> {
    let mut changes = Vec::new();
    if steps(before, after) > MOST_STEPS {
        changes.extend(trimmed(0, before, after));
        return changes;
    }
    for (old, new) in differences(&TextDiff::from_lines(before, after)) {
        let start = old.start;
        let (old, new) = (before.get(old).unwrap_or(""), after.get(new).unwrap_or(""));
        if old.len().max(new.len()) > MOST_BYTES {
            changes.extend(trimmed(start, old, new));
            continue;
        }
        for (from, to) in differences(&TextDiff::from_words(old, new)) {
            let start = start + from.start;
            changes.extend(trimmed(start, old.get(from).unwrap_or(""), new.get(to).unwrap_or("")));
        }
    }
    changes
}

/// About how many steps it takes to compare two texts by lines.
fn steps(before: &str, after: &str) -> usize {
    let mut seen: FxHashMap<&str, isize> = FxHashMap::default();
    let mut lines = 0;
    for line in before.split('\n') {
        *seen.entry(line).or_default() += 1;
        lines += 1;
    }
    for line in after.split('\n') {
        *seen.entry(line).or_default() -= 1;
        lines += 1;
    }
    let differing: usize = seen.values().map(|count| count.unsigned_abs()).sum();
    lines * differing
}

/// The bytes of both texts that differ.
fn differences(diff: &TextDiff<'_, '_, '_, str>) -> Vec<(Range<usize>, Range<usize>)> {
    let (old, new) = (ends(diff.old_slices()), ends(diff.new_slices()));
    let bytes = |ends: &[usize], pieces: Range<usize>| {
        let at = |piece: usize| piece.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
        at(pieces.start)..at(pieces.end)
    };
    let changed = diff.ops().iter().filter(|op| !matches!(op, DiffOp::Equal { .. }));
    changed.map(|op| (bytes(&old, op.old_range()), bytes(&new, op.new_range()))).collect()
}

/// Where each piece of a text ends.
fn ends(pieces: &[&str]) -> Vec<usize> {
    let mut end = 0;
    let mut ends = Vec::with_capacity(pieces.len());
    for piece in pieces {
        end += piece.len();
        ends.push(end);
    }
    ends
}

/// The one change between two texts, without what they begin and end with alike.
fn trimmed(start: usize, before: &str, after: &str) -> Option<Change> {
    let alike = |left: &mut dyn Iterator<Item = char>, right: &mut dyn Iterator<Item = char>| -> usize {
        left.zip(right).take_while(|(one, other)| one == other).map(|(letter, _)| letter.len_utf8()).sum()
    };
    let head = alike(&mut before.chars(), &mut after.chars());
    let (before, after) = (before.get(head..)?, after.get(head..)?);
    let tail = alike(&mut before.chars().rev(), &mut after.chars().rev());
    let (before, after) = (before.get(..before.len() - tail)?, after.get(..after.len() - tail)?);
    let range = (start + head) as u32..(start + head + before.len()) as u32;
    (!before.is_empty() || !after.is_empty()).then(|| Change { range, text: after.to_owned() })
}
