//! A place as it is shown to the user: file, line and column, and whether the file is the user's own.

use source::{Place, Sources};

/// File, line and column; sorted by them. The library's files stand in `std/`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Spot {
    pub file: String,
    pub line: u32,
    pub column: u32,
    /// Whether it stands in the standard library, not in a file of the user's.
    pub library: bool,
}

impl Spot {
    /// Where a place is. A place whose file is gone keeps the file's name and line 0.
    pub fn of(sources: &Sources, place: Place) -> Self {
        match sources.absolute(place) {
            Some((file, range)) => {
                let at = file.line_column(range.start as u32);
                Self {
                    file: file.shown.to_string(),
                    line: at.line,
                    column: at.column,
                    library: is_library(file.id.path()),
                }
            }
            None => Self {
                file: place.item.file().path().to_owned(),
                line: 0,
                column: 0,
                library: is_library(place.item.file().path()),
            },
        }
    }

    /// Of what stands nowhere.
    pub(crate) fn nowhere() -> Self {
        Self { file: String::new(), line: 0, column: 0, library: false }
    }
}

impl std::fmt::Display for Spot {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}:{}", self.file, self.line)
    }
}

/// Whether a file is one of the standard library's.
pub fn is_library(path: &str) -> bool {
    stdlib::files().iter().any(|(file, _)| *file == path)
}
