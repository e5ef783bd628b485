//! `textDocument/formatting`, `rangeFormatting` and `onTypeFormatting`: the one true layout, as edits of what differs.

use gen_lsp_types as lsp;
use ide::formatting;
use lsp_server::Request;
use serde::Deserialize;

use super::{OfDocument, queue};
use crate::client::Refused;
use crate::session::Session;

/// What lays out what was typed before it: first and others.
pub const TYPED: [&str; 4] = ["}", "]", ")", "\n"];

/// A whole document.
pub fn whole(session: &Session, request: Request) -> Result<(), Refused> {
    queue(
        session,
        request,
        |of: &OfDocument| &of.text_document,
        |asking, _| asking.edits(formatting::whole(&asking.document.file)),
    )
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Part {
    text_document: lsp::TextDocumentIdentifier,
    range: lsp::Range,
}

/// What was selected.
pub fn part(session: &Session, request: Request) -> Result<(), Refused> {
    queue(
        session,
        request,
        |of: &Part| &of.text_document,
        |asking, of| asking.edits(formatting::range(&asking.document.file, asking.bytes(of.range))),
    )
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Typed {
    text_document: lsp::TextDocumentIdentifier,
    position: lsp::Position,
    ch: String,
}

/// What was typed.
pub fn typed(session: &Session, request: Request) -> Result<(), Refused> {
    queue(
        session,
        request,
        |of: &Typed| &of.text_document,
        |asking, of| {
            let letter = of.ch.chars().next().unwrap_or_default();
            asking.edits(formatting::on_type(&asking.document.file, asking.offset(of.position), letter))
        },
    )
}
