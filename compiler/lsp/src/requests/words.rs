//! `textDocument/hover`, `textDocument/signatureHelp` and `textDocument/definition`: what the word under the cursor is, what the call
//! around it takes, and where it is declared.

use gen_lsp_types as lsp;
use ide::definition::{Goal, definition};
use ide::hover::hover as hover_at;
use ide::signature::signature as signature_at;
use lsp_server::Request;
use serde::Deserialize;
use serde_json::{Value, json};

use super::queue;
use crate::asking::Asking;
use crate::client::Refused;
use crate::encoding::Encoding;
use crate::session::Session;

/// A place in a document.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct At {
    pub text_document: lsp::TextDocumentIdentifier,
    pub position: lsp::Position,
}

/// What the word is.
pub fn hover(session: &Session, request: Request) -> Result<(), Refused> {
    queue(
        session,
        request,
        |of: &At| &of.text_document,
        |asking, of| {
            let Some(found) = hover_at(&asking.asked(), asking.offset(of.position)) else { return Value::Null };
            json!({ "contents": page(asking, &found.markdown), "range": asking.range(&found.range) })
        },
    )
}

/// A text with its markup, as the client takes it.
pub fn page(asking: &Asking, markdown: &str) -> Value {
    let kind = if asking.abilities.markdown { "markdown" } else { "plaintext" };
    json!({ "kind": kind, "value": markdown })
}

/// What the call takes.
pub fn signature(session: &Session, request: Request) -> Result<(), Refused> {
    queue(
        session,
        request,
        |of: &At| &of.text_document,
        |asking, of| {
            let Some(found) = signature_at(&asking.asked(), asking.offset(of.position)) else { return Value::Null };
            let parameters = found.parameters.iter().map(|parameter| {
                let (start, end) = (parameter.range.start as usize, parameter.range.end as usize);
                let units = |at: usize| found.label.get(..at).map_or(0, |before| Encoding::Utf16.units(before));
                let label = match asking.abilities.label_offsets {
                    true => json!([units(start), units(end)]),
                    false => json!(found.label.get(start..end).unwrap_or_default()),
                };
                let mut one = json!({ "label": label });
                if !parameter.docs.is_empty() {
                    one["documentation"] = page(asking, &parameter.docs);
                }
                one
            });
            let parameters: Vec<Value> = parameters.collect();
            let one =
                json!({ "label": found.label, "documentation": page(asking, &found.docs), "parameters": parameters });
            let mut answer = json!({ "signatures": [one], "activeSignature": 0 });
            if let Some(active) = found.active {
                answer["activeParameter"] = active.into();
            }
            answer
        },
    )
}

/// Where it is declared.
pub fn declaration(session: &Session, request: Request) -> Result<(), Refused> {
    queue(
        session,
        request,
        |of: &At| &of.text_document,
        |asking, of| {
            let goals = definition(&asking.asked(), asking.offset(of.position));
            goals.iter().filter_map(|goal| goal_in_words(asking, goal)).collect()
        },
    )
}

fn goal_in_words(asking: &Asking, goal: &Goal) -> Option<Value> {
    let uri = asking.uri(&goal.path)?;
    let selection = asking.range_in(&goal.path, &goal.selection)?;
    if !asking.abilities.definition_links {
        return Some(json!({ "uri": uri, "range": selection }));
    }
    Some(json!({
        "originSelectionRange": asking.range(&goal.origin),
        "targetUri": uri,
        "targetRange": asking.range_in(&goal.path, &goal.range)?,
        "targetSelectionRange": selection,
    }))
}
