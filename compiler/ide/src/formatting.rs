//! The one true layout as small edits: of a whole file, of what was selected, of the line that was just begun.

mod lines;

use std::ops::Range;

use program::cut::CutFile;

use crate::places::{clamp, clamp_range, slice};
use crate::tokens::{Class, tokens};

/// A part of a text and what takes its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    pub range: Range<u32>,
    pub text: String,
}

/// What makes a file of the one true layout, in order.
pub fn whole(file: &CutFile) -> Vec<Change> {
    lines::changes(&file.text, &syntax::format(&file.text))
}

/// The same for what touches these lines. Where a part cannot be laid out without its surroundings, its statement is.
pub fn range(file: &CutFile, range: Range<u32>) -> Vec<Change> {
    let wanted = whole_lines(&file.text, clamp_range(file, &range));
    let part = Part::around(file, &wanted);
    let all = part.changes();
    let some = touching(&all, &wanted);
    if part.fits(&some) {
        return some;
    }
    let items = file.items.iter().filter(|item| item.start <= wanted.end && wanted.start <= item.end());
    let around = items.fold(wanted.clone(), |around, item| around.start.min(item.start)..around.end.max(item.end()));
    let some = touching(&all, &whole_lines(&file.text, around));
    if part.fits(&some) { some } else { all }
}

/// What a typed letter changes: a closing brace lays out what it closes, a new line gets its indentation. `offset` is
/// behind what was typed.
pub fn on_type(file: &CutFile, offset: u32, typed: char) -> Vec<Change> {
    let offset = clamp(file, offset);
    match typed {
        '\n' => indentation(file, offset).into_iter().collect(),
        '}' | ']' | ')' => closed(file, offset),
        _ => Vec::new(),
    }
}

/// The lines of the bracket that ends right before an offset, if its statement has no mistake.
fn closed(file: &CutFile, offset: u32) -> Vec<Change> {
    let Some(item) = file.item_at(offset.saturating_sub(1)) else { return Vec::new() };
    let tree = item.tree();
    if !tree.errors.is_empty() {
        return Vec::new();
    }
    let end = offset.saturating_sub(item.start);
    let widest = tree.nodes.iter().filter(|node| node.start + node.len == end).map(|node| node.start).min();
    widest.map_or_else(Vec::new, |start| range(file, item.start + start..offset))
}

/// The blanks that the line at an offset should begin with, two for each line above that opened a bracket which is still open.
fn indentation(file: &CutFile, offset: u32) -> Option<Change> {
    let text = &file.text;
    let start = slice(text, &(0..offset)).rfind('\n').map_or(0, |newline| newline + 1);
    let line = text.get(start..)?.split('\n').next()?;
    let code = line.trim_start_matches([' ', '\t']);
    let opened = open_brackets(file, start as u32)?;
    let mut levels: Vec<usize> = opened.iter().map(|(line, _)| *line).collect();
    let closers = code.chars().take_while(|letter| matches!(letter, '}' | ']' | ')')).count();
    levels.truncate(levels.len().saturating_sub(closers));
    levels.dedup();
    let wanted = "  ".repeat(levels.len());
    let blanks = line.len() - code.len();
    if line.get(..blanks) == Some(&wanted) {
        return None;
    }
    Some(Change { range: start as u32..(start + blanks) as u32, text: wanted })
}

/// The brackets that are open at an offset, each with the number of its line; nothing inside of a text.
fn open_brackets(file: &CutFile, offset: u32) -> Option<Vec<(usize, char)>> {
    // A statement begins with no bracket open.
    let start = file.items.iter().rev().find(|item| item.start <= offset).map_or(offset, |item| item.start);
    let mut open = Vec::new();
    let mut skipped = tokens(file, Some(start..offset)).into_iter().peekable();
    let mut line = 0;
    for (at, letter) in slice(&file.text, &(start..offset)).char_indices() {
        let at = start + at as u32;
        while skipped.next_if(|token| token.range.end <= at).is_some() {}
        line += usize::from(letter == '\n');
        let class = skipped.peek().filter(|token| token.range.start <= at).map(|token| token.class);
        let is_code = !matches!(class, Some(Class::Text | Class::Escape | Class::Comment | Class::Documentation));
        match letter {
            '{' | '[' | '(' if is_code => open.push((line, letter)),
            '}' | ']' | ')' if is_code => {
                open.pop();
            }
            _ => {}
        }
    }
    if in_text(file, offset) { None } else { Some(open) }
}

/// Whether the line that begins at an offset begins inside of a text.
fn in_text(file: &CutFile, offset: u32) -> bool {
    let Some(item) = file.item_at(offset).filter(|item| item.start < offset && offset < item.end()) else {
        return false;
    };
    let tree = item.tree();
    let at = offset - item.start;
    tree.nodes.iter().any(|node| node.kind == syntax::Kind::Text && node.start < at && at < node.start + node.len)
}

/// The changes that touch a range.
fn touching(changes: &[Change], range: &Range<u32>) -> Vec<Change> {
    let touches = |change: &&Change| change.range.start <= range.end && range.start <= change.range.end;
    changes.iter().filter(touches).cloned().collect()
}

/// A part of a file that can be laid out by itself: statements that are to be, with the one before and the one after, which
/// say what stands between them.
struct Part<'a> {
    start: u32,
    text: &'a str,
    /// Whether the file ends with it, and so with a newline when it is laid out.
    ends_file: bool,
    laid_out: String,
}

impl<'a> Part<'a> {
    fn around(file: &'a CutFile, range: &Range<u32>) -> Self {
        let first = file.items.partition_point(|item| item.end() < range.start);
        let last = file.items.partition_point(|item| item.start <= range.end);
        let start = first.checked_sub(1).and_then(|before| file.items.get(before)).map_or(0, |item| item.start);
        let end = file.items.get(last).map_or(file.text.len() as u32, program::cut::CutItem::end);
        let text = slice(&file.text, &(start..end));
        // Where brackets do not pair up, the statements of a part may begin elsewhere than those of the file.
        let items = file.items.iter().filter(|item| start <= item.start && item.start < end);
        if !syntax::items(text).0.iter().map(|item| item.text).eq(items.map(|item| &*item.text)) {
            return Self { start: 0, text: &file.text, ends_file: true, laid_out: syntax::format(&file.text) };
        }
        let ends_file = end as usize == file.text.len();
        Self { start, text, ends_file, laid_out: lay_out(text, ends_file) }
    }

    fn changes(&self) -> Vec<Change> {
        let mut changes = lines::changes(self.text, &self.laid_out);
        for change in &mut changes {
            change.range = change.range.start + self.start..change.range.end + self.start;
        }
        changes
    }

    /// Whether the text with some of its changes still means to be laid out as it was before.
    fn fits(&self, changes: &[Change]) -> bool {
        let mut text = self.text.to_owned();
        for change in changes.iter().rev() {
            let range = change.range.start - self.start..change.range.end - self.start;
            text.replace_range(range.start as usize..range.end as usize, &change.text);
        }
        lay_out(&text, self.ends_file) == self.laid_out
    }
}

/// A text in the one true layout, with a newline at its end only where the file ends.
fn lay_out(text: &str, ends_file: bool) -> String {
    let mut laid_out = syntax::format(text);
    if !ends_file {
        laid_out.truncate(laid_out.trim_end().len());
    }
    laid_out
}

/// From the beginning of the first line to the end of the last.
fn whole_lines(text: &str, range: Range<u32>) -> Range<u32> {
    let start = slice(text, &(0..range.start)).rfind('\n').map_or(0, |newline| newline + 1);
    let behind = text.get(range.end as usize..).unwrap_or("");
    let end = range.end as usize + behind.find('\n').unwrap_or(behind.len());
    start as u32..end as u32
}
