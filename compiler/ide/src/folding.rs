//! What can be folded away: bodies and other brackets over several lines, runs of comments, runs of `use`.

use std::ops::Range;

use program::cut::{CutFile, CutItem};
use syntax::{Kind, NodeId, Tree, flag};

use crate::places::{range_of, slice};
use crate::tokens::{Class, tokens};

/// A part of a file that can be folded away.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fold {
    /// What is hidden: behind the opening bracket up to before the closing one; of comments and `use` behind the first line.
    pub range: Range<u32>,
    pub class: FoldClass,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FoldClass {
    Comment,
    Imports,
    Region,
}

/// The folds of a file in order; at most one begins on a line, the widest.
pub fn folding(file: &CutFile) -> Vec<Fold> {
    let mut folds = Vec::new();
    comments(file, &mut folds);
    imports(file, &mut folds);
    for item in &file.items {
        let tree = item.tree();
        for index in 0..tree.nodes.len() as u32 {
            folds.extend(region(item, &tree, NodeId(index)));
        }
    }
    folds.retain(|fold| slice(&file.text, &fold.range).contains('\n'));
    folds.sort_by_key(|fold| (fold.range.start, std::cmp::Reverse(fold.range.end)));
    let mut last = None;
    folds.retain(|fold| {
        // The beginning of its line.
        let line = slice(&file.text, &(0..fold.range.start)).rfind('\n');
        last.replace(line) != Some(line)
    });
    folds
}

/// Comments that stand on lines of their own right below each other.
fn comments(file: &CutFile, folds: &mut Vec<Fold>) {
    let mut run: Option<Range<u32>> = None;
    let alone = |start: u32| {
        let line = slice(&file.text, &(0..start)).rsplit('\n').next().unwrap_or("");
        line.trim_ascii().is_empty()
    };
    let mut end_run = |run: Option<Range<u32>>| {
        let Some(run) = run else { return };
        let first = slice(&file.text, &run).lines().next().map_or(0, str::len) as u32;
        folds.push(Fold { range: run.start + first..run.end, class: FoldClass::Comment });
    };
    for token in tokens(file, None) {
        if !matches!(token.class, Class::Comment | Class::Documentation) || !alone(token.range.start) {
            continue;
        }
        let follows = run.as_ref().is_some_and(|run| {
            let between = slice(&file.text, &(run.end..token.range.start));
            between.trim_ascii().is_empty() && between.matches('\n').count() == 1
        });
        match run.as_mut().filter(|_| follows) {
            Some(run) => run.end = token.range.end,
            None => end_run(run.replace(token.range)),
        }
    }
    end_run(run);
}

/// `use` statements with nothing but blanks and comments between them.
fn imports(file: &CutFile, folds: &mut Vec<Fold>) {
    let is_use = |item: &&CutItem| item.words.first().is_some_and(|word| word.text() == "use");
    let mut items = file.items.iter();
    while let Some(first) = items.find(is_use) {
        let last = items.clone().take_while(is_use).last();
        let Some(last) = last else { continue };
        let head = first.text.lines().next().map_or(0, str::len) as u32;
        folds.push(Fold { range: first.start + head..last.end(), class: FoldClass::Imports });
        items.by_ref().take_while(|item| item.start < last.start).for_each(drop);
    }
}

/// What stands between the brackets of a node.
fn region(item: &CutItem, tree: &Tree, id: NodeId) -> Option<Fold> {
    let kind = tree.kind(id);
    let range = range_of(item, tree, id);
    let text = tree.text(id);
    let open = match kind {
        Kind::Body | Kind::Record | Kind::TypeRecord | Kind::List | Kind::TypeList | Kind::TypeMap | Kind::Group => 1,
        Kind::Text if tree.has(id, flag::BLOCK) => 3 + usize::from(tree.has(id, flag::RAW)),
        Kind::Call | Kind::Match => {
            let first = range_of(item, tree, tree.nth(id, 0)?);
            let behind = text.get((first.end - range.start) as usize..)?;
            let opener = if kind == Kind::Call { '(' } else { '{' };
            (first.end - range.start) as usize + behind.find(opener)? + 1
        }
        _ => return None,
    };
    let close = if tree.child(id, Kind::Unclosed).is_some() {
        0
    } else if kind == Kind::Text {
        3
    } else {
        1
    };
    let start = range.start + open as u32;
    let inner = start..range.end.checked_sub(close)?;
    (inner.start <= inner.end).then_some(Fold { range: inner, class: FoldClass::Region })
}
