//! The files that messages draw, without the texts that no message shows.

use std::ops::Range;

use super::shown_file::ShownFile;
use rustc_hash::FxHashMap;
use source::{Diagnostic, FileId, Sources, Withheld, masked};

/// The texts of files as they are shown.
#[derive(Debug, Default)]
pub struct ShownFiles(FxHashMap<FileId, ShownFile>);

impl ShownFiles {
    /// A file that a diagnostic names.
    pub fn file(&self, file: FileId) -> Option<&ShownFile> {
        self.0.get(&file)
    }
}

/// The files that diagnostics name, without them and without what looks like a secret.
pub fn out_of_files(withheld: &Withheld, diagnostics: &[&Diagnostic], sources: &Sources) -> ShownFiles {
    // Where a text is made of others, none of them is what is withheld: all that stands there is left out.
    let mut places: FxHashMap<FileId, Vec<Range<usize>>> = FxHashMap::default();
    for diagnostic in diagnostics {
        let is_withheld = !diagnostic.withheld.is_empty();
        for (at, label) in diagnostic.labels.iter().enumerate() {
            let Some((file, range)) = sources.absolute(label.place) else { continue };
            let of_file = places.entry(file.id).or_default();
            of_file.extend((is_withheld && at == 0).then_some(range));
        }
    }
    let shown = places.into_iter().filter_map(|(file, places)| {
        let text = &sources.file(file)?.text;
        Some((file, ShownFile::new(&masked(text, withheld.texts(), &places))))
    });
    ShownFiles(shown.collect())
}
