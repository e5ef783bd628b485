//! What of a text cannot be read is told before its program is checked again, however large that is: a mistake shows, or is gone, with
//! the key that made or mended it. What else was told of the text stays with its statement until more is known.

use std::path::Path;

use gen_lsp_types as lsp;
use program::cut::{CutFile, CutItem};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::encoding::{Encoding, Lines};
use crate::published::of_file;
use crate::requests::told_around;
use crate::session::Session;
use crate::told::Open;

/// What is told of a text whose program was not checked yet.
pub struct Early {
    pub open: Open,
    pub diagnostics: Vec<lsp::Diagnostic>,
}

/// What is told of a text as it is now, when that differs from what was told of the text before.
pub fn read(session: &Session, path: &Path) -> Option<Early> {
    let (folder, project) = session.workspace.of(path)?;
    let told = project.told.as_ref()?;
    let document = session.documents.at(path)?;
    let own = path.strip_prefix(folder).ok()?.to_string_lossy().replace('\\', "/");
    let (before, after) = (told.program.files().get(&own)?, &document.file);
    if session.early(path).is_none() && !is_other(before, after) {
        return None;
    }
    let view = session.view(folder);
    let moves = Moves::between(before, after, view.encoding);
    let mut diagnostics = told.unreadable(&own, after, &view);
    let others = of_file(told_around(session, path), path);
    diagnostics.extend(others.into_iter().filter_map(|told| moves.follow(told, &document.uri)));
    Some(Early { open: view.open.get(path)?.clone(), diagnostics })
}

/// Whether a statement that cannot be read has come, gone or changed between two texts of a file.
fn is_other(before: &CutFile, after: &CutFile) -> bool {
    let has_new = |one: &CutFile, other: &CutFile| {
        let known: FxHashSet<&str> = other.items.iter().map(|item| &*item.text).collect();
        one.items.iter().any(|item| !known.contains(&*item.text) && is_broken(item))
    };
    has_new(after, before) || has_new(before, after)
}

fn is_broken(item: &CutItem) -> bool {
    !item.tree().errors.is_empty()
}

/// Where statements that can be read, and stayed as they are, stood in one text of a file and stand in another.
struct Moves<'a> {
    before: (&'a CutFile, Lines),
    after: (&'a CutFile, Lines),
    /// By their text; those that stand there twice are nobody's.
    stayed: FxHashMap<&'a str, Option<&'a CutItem>>,
    encoding: Encoding,
}

impl<'a> Moves<'a> {
    /// From one text to another.
    fn between(before: &'a CutFile, after: &'a CutFile, encoding: Encoding) -> Self {
        let mut stayed: FxHashMap<&str, Option<&CutItem>> = FxHashMap::default();
        for item in &after.items {
            stayed.entry(&*item.text).and_modify(|item| *item = None).or_insert(Some(item));
        }
        Self { before: (before, Lines::of(&before.text)), after: (after, Lines::of(&after.text)), stayed, encoding }
    }

    /// What was told of the first text, if it holds of the second, at its place there.
    fn follow(&self, told: lsp::Diagnostic, uri: &str) -> Option<lsp::Diagnostic> {
        let range = self.range(told.range)?;
        let related = told.related_information.map(|related| {
            let here = |location: &lsp::Location| location.uri.0 == uri;
            let follow = |mut one: lsp::DiagnosticRelatedInformation| {
                if here(&one.location) {
                    one.location.range = self.range(one.location.range)?;
                }
                Some(one)
            };
            related.into_iter().filter_map(follow).collect::<Vec<_>>()
        });
        let related_information = related.filter(|related| !related.is_empty());
        // What it offers to change has its places as well; it is offered again once the text was looked at.
        Some(lsp::Diagnostic { range, related_information, data: None, ..told })
    }

    fn range(&self, range: lsp::Range) -> Option<lsp::Range> {
        let (before, lines) = &self.before;
        let bytes = lines.bytes(&before.text, range, self.encoding);
        let item = before.item_at(bytes.start as u32).filter(|item| bytes.end as u32 <= item.end())?;
        let now = self.stayed.get(&*item.text).copied().flatten().filter(|now| !is_broken(now))?;
        let start = lines.position(&before.text, item.start as usize, self.encoding);
        let moved = self.after.1.position(&self.after.0.text, now.start as usize, self.encoding);
        let shift =
            |position: lsp::Position| lsp::Position { line: position.line - start.line + moved.line, ..position };
        (start.character == moved.character).then(|| lsp::Range { start: shift(range.start), end: shift(range.end) })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn at(line: u32, from: u32, to: u32) -> lsp::Range {
        let place = |character| lsp::Position { line, character };
        lsp::Range { start: place(from), end: place(to) }
    }

    #[test]
    fn a_range_moves_with_its_statement() {
        let before = CutFile::new("let a = 1\nlet b = 2\nlet c = 3\nlet c = 3\n".into());
        let after = before.edited("// new\n\nlet a = 1\nlet b = (2\nlet c = 3\nlet c = 3\n".into());
        let moves = Moves::between(&before, &after, Encoding::Utf16);
        assert_eq!(moves.range(at(0, 4, 5)), Some(at(2, 4, 5)));
        assert_eq!(moves.range(at(1, 4, 5)), None);
        assert_eq!(moves.range(at(2, 4, 5)), None);
    }

    #[test]
    fn only_what_cannot_be_read_is_told_early() {
        let texts =
            ["let a = 1\nlet b = 2\n", "let a = 1\nlet b = 3\n", "let a = 1\nlet b = (\n", "let a = (\nlet b = (\n"];
        let files = texts.map(|text| CutFile::new(text.into()));
        let others: Vec<_> =
            files.iter().map(|one| files.iter().map(|two| is_other(one, two)).collect::<Vec<bool>>()).collect();
        let wanted: [Vec<bool>; 4] = [
            vec![false, false, true, true],
            vec![false, false, true, true],
            vec![true, true, false, true],
            vec![true, true, true, false],
        ];
        assert_eq!(others, wanted);
    }
}
