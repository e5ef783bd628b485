//! Messages for clients that ask for them: of one document, and of all files. What has not changed is not sent again.

use std::collections::BTreeMap;

use gen_lsp_types as lsp;
use serde_json::{Value, json};

use super::told_around;
use crate::published::{by_file, of_file, result_id};
use crate::session::Session;
use crate::uri;

/// The messages of a document.
pub fn of_document(session: &Session, params: &lsp::DocumentDiagnosticParams) -> Value {
    let path = uri::path(&params.text_document.uri.0);
    let items = path.map(|path| match session.early(&path) {
        Some(early) if session.abilities.refreshes => early.to_vec(),
        _ => of_file(told_around(session, &path), &path),
    });
    let items = items.unwrap_or_default();
    report(&items, params.previous_result_id.as_deref())
}

/// The messages of all files; files that had some and have none are told as well.
pub fn of_all(session: &Session, params: &lsp::WorkspaceDiagnosticParams) -> Value {
    let told = session.workspace.projects.values().filter_map(|project| project.told.as_ref());
    let mut previous: BTreeMap<&str, &str> =
        params.previous_result_ids.iter().map(|previous| (previous.uri.0.as_str(), previous.value.as_str())).collect();
    let mut reports = Vec::new();
    for (path, items) in by_file(told) {
        let document = session.documents.at(&path);
        let uri = document.map_or_else(|| uri::of_file(&path), |document| document.uri.clone());
        let mut one = report(&items, previous.remove(uri.as_str()));
        one["uri"] = uri.into();
        one["version"] = document.map(|document| document.version).into();
        reports.push(one);
    }
    let nothing = result_id(&[]);
    for (uri, before) in previous {
        let mut one = report(&[], Some(before).filter(|before| *before == nothing));
        one["uri"] = uri.into();
        one["version"] = session.documents.get(uri).map(|document| document.version).into();
        reports.push(one);
    }
    json!({ "items": reports })
}

fn report(items: &[lsp::Diagnostic], previous: Option<&str>) -> Value {
    let id = result_id(items);
    match previous {
        Some(previous) if previous == id => json!({ "kind": "unchanged", "resultId": id }),
        _ => json!({ "kind": "full", "resultId": id, "items": items }),
    }
}
