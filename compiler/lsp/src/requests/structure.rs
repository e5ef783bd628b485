//! `textDocument/foldingRange` and `textDocument/selectionRange`: what can be folded away, and what a selection grows to.

use std::ops::Range;

use gen_lsp_types as lsp;
use ide::folding::{FoldClass, folding};
use ide::selection::selection;
use lsp_server::Request;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{OfDocument, queue};
use crate::asking::Asking;
use crate::client::Refused;
use crate::session::Session;

/// So many cursors are looked at.
const CURSORS: usize = 1_000;

/// What can be folded away.
pub fn folds(session: &Session, request: Request) -> Result<(), Refused> {
    let whole_lines = session.abilities.folds_lines;
    queue(
        session,
        request,
        |of: &OfDocument| &of.text_document,
        move |asking, _| {
            let folds = folding(&asking.document.file).into_iter().filter_map(|fold| {
                let range = asking.range(&fold.range);
                // The line of the closing bracket stays where only whole lines can go.
                let is_region = fold.class == FoldClass::Region;
                let end = range.end.line - u32::from(whole_lines && is_region && range.end.line > 0);
                let kind = match fold.class {
                    FoldClass::Comment => "comment",
                    FoldClass::Imports => "imports",
                    FoldClass::Region => "region",
                };
                let mut one = json!({ "startLine": range.start.line, "endLine": end, "kind": kind });
                if !whole_lines {
                    one["startCharacter"] = range.start.character.into();
                    one["endCharacter"] = range.end.character.into();
                }
                (range.start.line < end).then_some(one)
            });
            folds.collect()
        },
    )
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cursors {
    text_document: lsp::TextDocumentIdentifier,
    positions: Vec<lsp::Position>,
}

/// What selections grow to.
pub fn selections(session: &Session, request: Request) -> Result<(), Refused> {
    queue(
        session,
        request,
        |of: &Cursors| &of.text_document,
        |asking, of| {
            let cursors = of.positions.iter().take(CURSORS);
            cursors.map(|position| chain(asking, &selection(&asking.document.file, asking.offset(*position)))).collect()
        },
    )
}

/// The innermost range, with those around it.
fn chain(asking: &Asking, ranges: &[Range<u32>]) -> Value {
    let outermost = json!({ "range": asking.range(&(0..asking.document.text().len() as u32)) });
    let around = |outer: Option<Value>, range: &Range<u32>| {
        let mut one = json!({ "range": asking.range(range) });
        if let Some(outer) = outer {
            one["parent"] = outer;
        }
        Some(one)
    };
    ranges.iter().rev().fold(None, around).unwrap_or(outermost)
}
