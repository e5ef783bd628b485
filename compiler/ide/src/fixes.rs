//! What messages offer to change: the edits of all safe fixes, those of one kind, or of one message.

use std::collections::BTreeMap;
use std::ops::Range;

use source::{Diagnostic, FileId, Fix, SourceFile, Sources};

/// How often a program is looked at again: what was mended may have hidden other mistakes.
pub const ROUNDS: usize = 10;

/// Edits of several messages, for each file; none of them touches another.
#[derive(Default)]
pub struct Fixes<'a> {
    files: BTreeMap<&'a str, Fixed<'a>>,
    /// How many mistakes they mend.
    pub count: usize,
}

/// A file with what is changed in it.
pub struct Fixed<'a> {
    pub file: &'a SourceFile,
    /// Byte ranges of the file and what is to stand there, in no order.
    pub edits: Vec<(Range<usize>, &'a str)>,
}

impl Fixed<'_> {
    /// The text of the file after all edits.
    pub fn text(&self) -> String {
        let mut text = self.file.text.to_string();
        let mut edits: Vec<_> = self.edits.iter().collect();
        edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
        edits.into_iter().for_each(|(range, new)| text.replace_range(range.clone(), new));
        text
    }
    /// The file.
    pub fn id(&self) -> FileId {
        self.file.id
    }
}

impl<'a> Fixes<'a> {
    /// The safe ones of these messages.
    pub fn of(told: &'a [Diagnostic], sources: &'a Sources) -> Self {
        Self::gathered(told.iter().filter_map(|diagnostic| diagnostic.fix.as_ref()).filter(|fix| fix.safe), sources)
    }

    /// Gathers them. Where two touch each other the first is taken: the next look offers the other again.
    pub fn gathered(from: impl Iterator<Item = &'a Fix>, sources: &'a Sources) -> Self {
        let mut fixes = Self::default();
        for fix in from {
            let edits = fix.edits.iter().map(|edit| {
                let (file, range) = sources.absolute(edit.place)?;
                Some((file, range, edit.text.as_str()))
            });
            let Some(edits) = edits.collect::<Option<Vec<_>>>() else { continue };
            if !edits.iter().all(|(file, range, _)| fixes.is_free(file, range)) {
                continue;
            }
            for (file, range, text) in edits {
                let fixed = fixes.files.entry(&*file.shown).or_insert(Fixed { file, edits: Vec::new() });
                fixed.edits.push((range, text));
            }
            fixes.count += 1;
        }
        fixes
    }

    fn is_free(&self, file: &SourceFile, range: &Range<usize>) -> bool {
        let fixed = self.files.get(&*file.shown);
        fixed
            .is_none_or(|fixed| fixed.edits.iter().all(|(taken, _)| range.end < taken.start || taken.end < range.start))
    }

    /// The files that are changed, by their paths as they are shown.
    pub fn files(&self) -> impl Iterator<Item = (&'a str, &Fixed<'a>)> {
        self.files.iter().map(|(path, fixed)| (*path, fixed))
    }
}
