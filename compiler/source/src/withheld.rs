//! What no message shows: texts of the program that stand where a secret is needed or look like one. A message says which they are,
//! and they are left out of all that is shown beside it. Nor is a text shown that goes on for longer than anybody reads.

use crate::{Diagnostic, masked, without_logins};

/// So many letters of a message, a label or a help are shown. A program may have a name of a million.
const LONGEST: usize = 2_000;

/// Shorter texts are left out of the source only: in a sentence they would be parts of its words.
const SHORTEST: usize = 4;

/// The texts that messages of one run must not show.
#[derive(Clone, Debug, Default)]
pub struct Withheld(Vec<String>);

impl Withheld {
    /// Gathers them.
    pub fn of(diagnostics: &[Diagnostic]) -> Self {
        let mut texts: Vec<String> = diagnostics.iter().flat_map(|diagnostic| diagnostic.withheld.clone()).collect();
        // The longer first: one may be a part of another.
        texts.sort_by_key(|text| (std::cmp::Reverse(text.len()), text.clone()));
        texts.dedup();
        Self(texts)
    }
    /// The texts, the longer first.
    pub fn texts(&self) -> &[String] {
        &self.0
    }
    /// The diagnostic without them, and without what looks like a secret in the values that it shows; what it says is not longer than
    /// anybody reads.
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
        let labels = shown.labels.iter_mut().map(|label| &mut label.text);
        let titles = shown.fix.iter_mut().map(|fix| &mut fix.title);
        for text in std::iter::once(&mut shown.message).chain(&mut shown.help).chain(labels).chain(titles) {
            cut(text);
        }
        shown
    }

    fn out_of_text(&self, text: &str) -> String {
        let long = self.0.iter().filter(|withheld| withheld.len() >= SHORTEST);
        long.fold(text.to_owned(), |text, withheld| text.replace(withheld, "***"))
    }
}

/// Its first letters, when there are too many.
fn cut(text: &mut String) {
    if text.len() <= LONGEST {
        return;
    }
    if let Some((end, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(end);
        text.push('…');
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, cut};

    #[test]
    fn what_nobody_reads_to_its_end_is_cut() {
        let shown = |text: String| {
            let mut text = text;
            cut(&mut text);
            text
        };
        assert_eq!(shown("é".repeat(LONGEST)), "é".repeat(LONGEST));
        assert_eq!(shown("é".repeat(LONGEST + 1)), "é".repeat(LONGEST) + "…");
    }
}
