//! What no message shows: texts of the program that stand where a secret is needed or look like one. A message says which they are,
//! and they are left out of all that is shown beside it.

use std::ops::Range;

use super::shown_file::ShownFile;
use rustc_hash::FxHashMap;
use source::{Diagnostic, FileId, Sources, masked, without_logins};

/// Shorter texts are left out of the source only: in a sentence they would be parts of its words.
const SHORTEST: usize = 4;

/// The texts that messages of one run must not show.
#[derive(Clone, Debug, Default)]
pub struct Withheld(Vec<String>);

/// The texts of files as they are shown.
#[derive(Debug, Default)]
pub struct ShownFiles(FxHashMap<FileId, ShownFile>);

impl ShownFiles {
    /// A file that a diagnostic names.
    pub fn file(&self, file: FileId) -> Option<&ShownFile> {
        self.0.get(&file)
    }
}

impl Withheld {
    /// Gathers them.
    pub fn of(diagnostics: &[Diagnostic]) -> Self {
        let mut texts: Vec<String> = diagnostics.iter().flat_map(|diagnostic| diagnostic.withheld.clone()).collect();
        // The longer first: one may be a part of another.
        texts.sort_by_key(|text| (std::cmp::Reverse(text.len()), text.clone()));
        texts.dedup();
        Self(texts)
    }
    /// The files that diagnostics name, without them and without what looks like a secret.
    pub fn out_of_files(&self, diagnostics: &[&Diagnostic], sources: &Sources) -> ShownFiles {
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
            Some((file, ShownFile::new(&masked(text, &self.0, &places))))
        });
        ShownFiles(shown.collect())
    }
    /// The diagnostic without them, and without what looks like a secret in the values that it shows.
    pub fn out_of(&self, diagnostic: &Diagnostic) -> Diagnostic {
        let mut shown = diagnostic.clone();
        let labels = shown.labels.iter_mut().map(|label| &mut label.text);
        let edits = shown
            .fix
            .iter_mut()
            .flat_map(|fix| std::iter::once(&mut fix.title).chain(fix.edits.iter_mut().map(|edit| &mut edit.text)));
        for text in std::iter::once(&mut shown.message).chain(&mut shown.help).chain(labels).chain(edits) {
            *text = without_logins(&masked(&self.out_of_text(text), &[], &[]));
        }
        shown
    }

    fn out_of_text(&self, text: &str) -> String {
        let long = self.0.iter().filter(|withheld| withheld.len() >= SHORTEST);
        long.fold(text.to_owned(), |text, withheld| text.replace(withheld, "***"))
    }
}
