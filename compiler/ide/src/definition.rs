//! Where the name under the cursor is declared, in the project or in the library.

use std::ops::Range;

use crate::Asked;
use crate::page::place;
use crate::shape::Shapes;
use crate::word::word;

/// Where a name is declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goal {
    /// The path of the file in the project, or `std/…` in the library.
    pub path: String,
    /// The whole declaration.
    pub range: Range<u32>,
    /// Its name.
    pub selection: Range<u32>,
    /// The word that was asked about.
    pub origin: Range<u32>,
}

/// Where the name at an offset is declared; nothing where it is not declared in a file.
pub fn definition(asked: &Asked<'_>, offset: u32) -> Vec<Goal> {
    let shapes = Shapes { program: asked.program, path: asked.path };
    let found = word(asked, offset).and_then(|word| Some((place(&shapes, &word.key)?, word.range)));
    let Some((place, origin)) = found else { return Vec::new() };
    let sources = asked.program.sources();
    let (Some(start), Some((file, selection))) = (sources.item_start(place.item), sources.absolute(place)) else {
        return Vec::new();
    };
    let selection = selection.start as u32..selection.end as u32;
    let items =
        asked.program.input().packages.iter().flat_map(|package| &package.modules).flat_map(|module| &module.items);
    let length = items.into_iter().find(|item| item.id == place.item).map_or(0, |item| item.text.len() as u32);
    let range = start.offset..(start.offset + length).max(selection.end);
    vec![Goal { path: file.id.path().to_owned(), range, selection, origin }]
}
