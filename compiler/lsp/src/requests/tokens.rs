//! `textDocument/semanticTokens`: what each word is – of a whole document, of a part of it, and what has changed since.

use std::sync::{Arc, Mutex, PoisonError};

use gen_lsp_types as lsp;
use ide::tokens::{Class, Token, tokens};
use lsp_server::Request;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{OfDocument, queue};
use crate::asking::Asking;
use crate::client::Refused;
use crate::session::Session;

/// The names of what a word can be, in the order of their numbers.
pub const TYPES: [&str; 17] = [
    "comment",
    "keyword",
    "operator",
    "namespace",
    "type",
    "variable",
    "parameter",
    "property",
    "function",
    "enumMember",
    "decorator",
    "constant",
    "number",
    "unit",
    "string",
    "escapeSequence",
    "interpolation",
];

/// What else is said of a word, in the order of the bits.
pub const MODIFIERS: [&str; 2] = ["declaration", "documentation"];

/// The tokens that were sent last of each document, with their number.
#[derive(Clone, Default)]
pub struct Sent(Arc<Mutex<Numbers>>);

#[derive(Default)]
struct Numbers {
    last: u64,
    by_uri: FxHashMap<String, (String, Vec<u32>)>,
}

impl Sent {
    /// Forgets a document.
    pub fn close(&self, uri: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).by_uri.remove(uri);
    }
    /// Keeps what is sent now; its number, and what was sent before with that number.
    fn replace(&self, uri: &str, now: Vec<u32>) -> (String, Option<(String, Vec<u32>)>) {
        let mut numbers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        numbers.last += 1;
        let id = numbers.last.to_string();
        let before = numbers.by_uri.insert(uri.to_owned(), (id.clone(), now));
        (id, before)
    }
}

/// All of a document.
pub fn whole(session: &Session, request: Request) -> Result<(), Refused> {
    let sent = session.tokens.clone();
    queue(
        session,
        request,
        |of: &OfDocument| &of.text_document,
        move |asking, _| {
            let data = data(asking, &tokens(&asking.document.file, None));
            let (id, _) = sent.replace(&asking.document.uri, data.clone());
            json!({ "resultId": id, "data": data })
        },
    )
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Since {
    text_document: lsp::TextDocumentIdentifier,
    previous_result_id: String,
}

/// What has changed since.
pub fn delta(session: &Session, request: Request) -> Result<(), Refused> {
    let sent = session.tokens.clone();
    queue(
        session,
        request,
        |of: &Since| &of.text_document,
        move |asking, of| {
            let data = data(asking, &tokens(&asking.document.file, None));
            let (id, before) = sent.replace(&asking.document.uri, data.clone());
            match before.filter(|(number, _)| *number == of.previous_result_id) {
                Some((_, before)) => json!({ "resultId": id, "edits": edits(&before, &data) }),
                None => json!({ "resultId": id, "data": data }),
            }
        },
    )
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Part {
    text_document: lsp::TextDocumentIdentifier,
    range: lsp::Range,
}

/// Those of a part of a document.
pub fn part(session: &Session, request: Request) -> Result<(), Refused> {
    queue(
        session,
        request,
        |of: &Part| &of.text_document,
        |asking, of| json!({ "data": data(asking, &tokens(&asking.document.file, Some(asking.bytes(of.range)))) }),
    )
}

/// Five numbers for each token: lines and columns since the one before, length, type, modifiers.
fn data(asking: &Asking, tokens: &[Token]) -> Vec<u32> {
    let mut data = Vec::with_capacity(tokens.len() * 5);
    let mut last = lsp::Position::default();
    for token in tokens {
        let range = asking.range(&token.range);
        if range.start.line != range.end.line || range.start == range.end {
            continue;
        }
        let line = range.start.line - last.line;
        let column = if line == 0 { range.start.character - last.character } else { range.start.character };
        let length = range.end.character - range.start.character;
        let is_documentation = token.class == Class::Documentation;
        let modifiers = u32::from(token.declaration) | u32::from(is_documentation) << 1;
        data.extend([line, column, length, number(token.class), modifiers]);
        last = range.start;
    }
    data
}

fn number(class: Class) -> u32 {
    match class {
        Class::Comment | Class::Documentation => 0,
        Class::Keyword => 1,
        Class::Operator => 2,
        Class::Namespace => 3,
        Class::Kind => 4,
        Class::Variable => 5,
        Class::Parameter => 6,
        Class::Field => 7,
        Class::Function => 8,
        Class::Member => 9,
        Class::Annotation => 10,
        Class::Constant => 11,
        Class::Number => 12,
        Class::Unit => 13,
        Class::Text => 14,
        Class::Escape => 15,
        Class::Interpolation => 16,
    }
}

/// The one edit that makes the later numbers of the earlier ones, in whole tokens.
fn edits(before: &[u32], after: &[u32]) -> Value {
    let (old, new): (Vec<&[u32]>, Vec<&[u32]>) = (before.chunks(5).collect(), after.chunks(5).collect());
    let start = old.iter().zip(&new).take_while(|(one, other)| one == other).count();
    let most = old.len().min(new.len()) - start;
    let same = old.iter().rev().zip(new.iter().rev()).take(most).take_while(|(one, other)| one == other).count();
    if start == old.len() && start == new.len() {
        return json!([]);
    }
    let data = after.get(start * 5..(new.len() - same) * 5).unwrap_or_default();
    json!([{ "start": start * 5, "deleteCount": (old.len() - same - start) * 5, "data": data }])
}
