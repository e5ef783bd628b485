//! The lines of the user's files that cannot be read.

use rustc_hash::{FxHashMap, FxHashSet};
use source::{Diagnostic, ItemId};

use crate::input::{Input, SourceItem};

/// A line that cannot be read is told once: what the checker makes of the rest of that line is left out. The first `of_syntax`
/// messages are about how the text is written.
pub(crate) fn quiet_beside_syntax(input: &Input, told: Vec<Diagnostic>, of_syntax: usize) -> Vec<Diagnostic> {
    if of_syntax == 0 {
        return told;
    }
    let mut lines = Lines::of(input);
    let mut broken = FxHashSet::default();
    for diagnostic in told.iter().take(of_syntax) {
        let Some(place) = diagnostic.place() else { continue };
        let end = place.start + place.len;
        broken.extend(lines.line(place.item, place.start).into_iter().chain(lines.line(place.item, end)));
        if diagnostic.code == syntax::errors::TEXT
            && let Some(item) = lines.items.get(&place.item)
            && let Some(rest) = syntax::errors::rest_of_text(&item.text, end)
            && let (Some((item, first)), Some((_, last))) =
                (lines.line(place.item, end), lines.line(place.item, rest.end))
        {
            broken.extend((first..=last).map(|line| (item, line)));
        }
    }
    let is_kept = |(index, diagnostic): &(usize, Diagnostic)| {
        let line = diagnostic.place().and_then(|place| lines.line(place.item, place.start));
        *index < of_syntax || line.is_none_or(|line| !broken.contains(&line))
    };
    told.into_iter().enumerate().filter(is_kept).map(|(_, diagnostic)| diagnostic).collect()
}

/// Where the lines of each item end that was asked about.
struct Lines<'a> {
    items: FxHashMap<ItemId, &'a SourceItem>,
    ends: FxHashMap<ItemId, Vec<u32>>,
}

impl<'a> Lines<'a> {
    fn of(input: &'a Input) -> Self {
        let items = input.packages.iter().flat_map(|package| &package.modules).flat_map(|module| &module.items);
        Self { items: items.map(|item| (item.id, item)).collect(), ends: FxHashMap::default() }
    }

    /// The line of an item that holds this byte.
    fn line(&mut self, id: ItemId, at: u32) -> Option<(ItemId, usize)> {
        let item = self.items.get(&id)?;
        let ends = self.ends.entry(id).or_insert_with(|| {
            let newlines = item.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            newlines.map(|(newline, _)| newline as u32).collect()
        });
        Some((id, ends.partition_point(|newline| *newline < at)))
    }
}
