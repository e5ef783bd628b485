//! What no message shows: texts of the program that stand where a secret is needed or look like one. A message says which they are,
//! and they are left out of all that is shown beside it.

use std::borrow::Cow;

use rustc_hash::FxHashMap;
use source::{Diagnostic, FileId, Sources, masked};

/// Shorter texts are left out of the source only: in a sentence they would be parts of its words.
const SHORTEST: usize = 4;

/// The texts that messages of one run must not show.
#[derive(Clone, Debug, Default)]
pub struct Withheld(Vec<String>);

/// The texts of files as they are shown.
#[derive(Debug, Default)]
pub struct ShownFiles(FxHashMap<FileId, String>);

impl ShownFiles {
    /// The text of a file that a diagnostic names.
    pub fn text(&self, file: FileId) -> Option<&str> {
        self.0.get(&file).map(String::as_str)
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
    pub fn out_of_files(&self, diagnostics: &[Diagnostic], sources: &Sources) -> ShownFiles {
        let mut shown = ShownFiles::default();
        for label in diagnostics.iter().flat_map(|diagnostic| &diagnostic.labels) {
            if let Some((file, _)) = sources.absolute(label.place) {
                shown.0.entry(file.id).or_insert_with(|| masked(&file.text, &self.0));
            }
        }
        // Where a text is made of others, none of them is what is withheld.
        for place in diagnostics.iter().filter(|told| !told.withheld.is_empty()).filter_map(Diagnostic::place) {
            if let Some((file, range)) = sources.absolute(place)
                && let Some(text) = shown.0.get_mut(&file.id)
            {
                hide_within(text, range);
            }
        }
        shown
    }
    /// The diagnostic without them.
    pub fn out_of<'d>(&self, diagnostic: &'d Diagnostic) -> Cow<'d, Diagnostic> {
        if self.0.is_empty() {
            return Cow::Borrowed(diagnostic);
        }
        let mut shown = diagnostic.clone();
        let labels = shown.labels.iter_mut().map(|label| &mut label.text);
        let edits = shown
            .fix
            .iter_mut()
            .flat_map(|fix| std::iter::once(&mut fix.title).chain(fix.edits.iter_mut().map(|edit| &mut edit.text)));
        for text in std::iter::once(&mut shown.message).chain(&mut shown.help).chain(labels).chain(edits) {
            *text = self.out_of_text(text);
        }
        Cow::Owned(shown)
    }

    fn out_of_text(&self, text: &str) -> String {
        let long = self.0.iter().filter(|withheld| withheld.len() >= SHORTEST);
        long.fold(text.to_owned(), |text, withheld| text.replace(withheld, "***"))
    }
}

/// Hides what stands in quotes within a range of the text, which keeps its length.
fn hide_within(text: &mut String, range: std::ops::Range<usize>) {
    let (Some(before), Some(inner), Some(after)) =
        (text.get(..range.start), text.get(range.clone()), text.get(range.end..))
    else {
        return;
    };
    let (mut hidden, mut quoted) = (String::with_capacity(inner.len()), false);
    for character in inner.chars() {
        match character {
            '"' => {
                quoted = !quoted;
                hidden.push('"');
            }
            '\n' => hidden.push('\n'),
            _ if quoted => hidden.extend(std::iter::repeat_n('*', character.len_utf8())),
            _ => hidden.push(character),
        }
    }
    *text = format!("{before}{hidden}{after}");
}
