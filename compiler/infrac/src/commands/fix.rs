//! `infrac check --fix`: what messages offer and is safe is written into the files.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use source::{Diagnostic, SourceFile, Sources};

use super::{Outcome, Teller};
use crate::output::write_one;
use crate::report::plural;

/// How often a program is looked at again: what was mended may have hidden other mistakes.
pub const ROUNDS: usize = 10;

/// The edits of all safe fixes, for each file.
#[derive(Default)]
pub struct Fixes<'a> {
    files: BTreeMap<&'a str, Fixed<'a>>,
    /// How many mistakes they mend.
    pub count: usize,
}

struct Fixed<'a> {
    file: &'a SourceFile,
    edits: Vec<(Range<usize>, &'a str)>,
}

impl<'a> Fixes<'a> {
    /// Gathers them. Where two touch each other the first is taken: the next look offers the other again.
    pub fn of(told: &'a [Diagnostic], sources: &'a Sources) -> Self {
        let mut fixes = Self::default();
        for fix in told.iter().filter_map(|diagnostic| diagnostic.fix.as_ref()).filter(|fix| fix.safe) {
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
    /// Writes each file as a whole, with its rights.
    ///
    /// # Errors
    /// Tells which file cannot be written; those before it are.
    pub fn write(self, teller: &Teller) -> Result<(), Outcome> {
        for (path, Fixed { file, mut edits }) in self.files {
            let mut text = file.text.to_string();
            edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
            edits.into_iter().for_each(|(range, new)| text.replace_range(range, new));
            replace(Path::new(path), &file.text, &text).map_err(|cause| {
                let help = "make it a file that you may write, and change it from one place at a time";
                teller.fail("cannot_write", format!("`{path}`: {cause}"), help)
            })?;
        }
        Ok(())
    }
}

/// What is told when some were mended.
pub fn mended(count: usize) -> String {
    format!("mended {}\n", plural(count, "mistake"))
}

/// A file that is what was read.
fn replace(path: &Path, read: &str, text: &str) -> std::io::Result<()> {
    let known = std::fs::symlink_metadata(path)?;
    if !known.is_file() {
        return Err(std::io::Error::other("it is a link, not a file"));
    }
    if std::fs::read_to_string(path)? != read {
        return Err(std::io::Error::other("somebody else has changed it"));
    }
    write_one(path, text)?;
    std::fs::set_permissions(path, known.permissions())
}
