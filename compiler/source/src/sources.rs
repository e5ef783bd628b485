//! A snapshot of all files and the places in them. [`Place`] is relative; [`Sources`] makes it absolute when it is shown.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::{FileId, ItemId};

/// A stretch of text inside an item, in bytes from the item's start.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Place {
    pub item: ItemId,
    pub start: u32,
    pub len: u32,
}

/// A file as it was read.
#[derive(Clone, Debug)]
pub struct SourceFile {
    pub id: FileId,
    /// The path as the user would write it: it begins with the folder that was named. What is made of the program never holds it.
    pub shown: Arc<str>,
    pub text: Arc<str>,
    line_starts: Vec<u32>,
}

/// Where an item begins in its file, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct ItemStart {
    pub file: FileId,
    pub offset: u32,
}

/// One-based line and column (in characters), as editors and compilers show them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord)]
pub struct LineColumn {
    pub line: u32,
    pub column: u32,
}

/// All files of one compilation.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
    by_id: FxHashMap<FileId, usize>,
    items: FxHashMap<ItemId, ItemStart>,
}

impl SourceFile {
    fn new(id: FileId, shown: &str, text: Arc<str>) -> Self {
        let mut line_starts = vec![0];
        line_starts.extend(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at as u32 + 1));
        Self { id, shown: shown.into(), text, line_starts }
    }
    /// Line and column of a byte offset.
    pub fn line_column(&self, offset: u32) -> LineColumn {
        let line = self.line_starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.line_starts.get(line).copied().unwrap_or(0) as usize;
        let end = (offset as usize).min(self.text.len());
        let column = self.text.get(start..end).map_or(end.saturating_sub(start), |text| text.chars().count());
        LineColumn { line: line as u32 + 1, column: column as u32 + 1 }
    }
    /// The byte range of a one-based line, without its newline.
    pub fn line_range(&self, line: u32) -> Option<(u32, u32)> {
        let index = line.checked_sub(1)? as usize;
        let start = *self.line_starts.get(index)?;
        let end = self.line_starts.get(index + 1).map_or(self.text.len() as u32, |next| next - 1);
        Some((start, end))
    }
    /// How many lines the file has.
    pub fn line_count(&self) -> u32 {
        self.line_starts.len() as u32
    }
}

impl Sources {
    /// Adds or replaces a file that is shown by its path.
    pub fn add(&mut self, id: FileId, text: Arc<str>) {
        self.add_shown(id, id.path(), text);
    }
    /// Adds or replaces a file, and says how a user would write its path.
    pub fn add_shown(&mut self, id: FileId, shown: &str, text: Arc<str>) {
        let file = SourceFile::new(id, shown, text);
        match self.by_id.get(&id) {
            Some(&at) => {
                if let Some(slot) = self.files.get_mut(at) {
                    *slot = file;
                }
            }
            None => {
                self.by_id.insert(id, self.files.len());
                self.files.push(file);
            }
        }
    }
    /// Records where an item begins.
    pub fn place_item(&mut self, item: ItemId, file: FileId, offset: u32) {
        self.items.insert(item, ItemStart { file, offset });
    }
    /// The file with this id.
    pub fn file(&self, id: FileId) -> Option<&SourceFile> {
        self.by_id.get(&id).and_then(|&at| self.files.get(at))
    }
    /// All files in the order in which they were added.
    pub fn files(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.iter()
    }
    /// Where an item begins.
    pub fn item_start(&self, item: ItemId) -> Option<ItemStart> {
        self.items.get(&item).copied()
    }
    /// File and byte range of a place.
    pub fn absolute(&self, place: Place) -> Option<(&SourceFile, std::ops::Range<usize>)> {
        let start = self.items.get(&place.item)?;
        let file = self.file(start.file)?;
        let from = (start.offset + place.start) as usize;
        let to = (from + place.len as usize).min(file.text.len());
        Some((file, from.min(to)..to))
    }
    /// The text at a place.
    pub fn text(&self, place: Place) -> Option<&str> {
        let (file, range) = self.absolute(place)?;
        file.text.get(range)
    }
    /// `file:line:column` of a place, as the user would write it.
    pub fn show(&self, place: Place) -> String {
        self.line_of(place, |file| &file.shown)
    }
    /// The same with the path that the file has in the project: for what is written down.
    pub fn show_in_project(&self, place: Place) -> String {
        self.line_of(place, |file| file.id.path())
    }
    fn line_of(&self, place: Place, path: impl Fn(&SourceFile) -> &str) -> String {
        match self.absolute(place) {
            Some((file, range)) => {
                let at = file.line_column(range.start as u32);
                [path(file), &at.line.to_string(), &at.column.to_string()].join(":")
            }
            None => place.item.file().path().to_owned(),
        }
    }
}
