//! What the client shows: each file's messages are sent when they are others, or when the text that they point into is another one.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gen_lsp_types as lsp;
use rustc_hash::FxHasher;
use serde_json::json;

use crate::client::Client;
use crate::told::{Open, Shown, Told};
use crate::uri;

/// The messages of all programs, by file.
pub fn by_file<'a>(told: impl Iterator<Item = &'a Arc<Told>>) -> BTreeMap<PathBuf, Vec<lsp::Diagnostic>> {
    let mut files: BTreeMap<PathBuf, Vec<lsp::Diagnostic>> = BTreeMap::new();
    for (path, shown) in told.flat_map(|told| &told.files) {
        add(files.entry(path.clone()).or_default(), shown);
    }
    files
}

/// The messages of one file.
pub fn of_file<'a>(told: impl Iterator<Item = &'a Arc<Told>>, path: &Path) -> Vec<lsp::Diagnostic> {
    let mut all: Vec<lsp::Diagnostic> = Vec::new();
    for shown in told.filter_map(|told| told.files.get(path)) {
        add(&mut all, shown);
    }
    all
}

/// Adds what one more program says of a file; several around it may say the same.
fn add(known: &mut Vec<lsp::Diagnostic>, shown: &[Shown]) {
    let of_others = known.len();
    for one in shown {
        let is_known = known.iter().take(of_others).any(|other| *other == one.diagnostic);
        known.extend((!is_known).then(|| one.diagnostic.clone()));
    }
}

/// What stands for these messages: the same for the same.
pub fn result_id(diagnostics: &[lsp::Diagnostic]) -> String {
    let mut hasher = FxHasher::default();
    serde_json::to_string(diagnostics).unwrap_or_default().hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// What was sent.
#[derive(Default)]
pub struct Published(BTreeMap<PathBuf, Sent>);

struct Sent {
    open: Open,
    /// No version where the file is not open.
    is_open: bool,
    diagnostics: Vec<lsp::Diagnostic>,
}

impl Published {
    /// Sends what has changed; a file that had messages and has none is told so. `open` says which version of a text was looked at.
    pub fn update(
        &mut self,
        now: BTreeMap<PathBuf, Vec<lsp::Diagnostic>>,
        open: &dyn Fn(&Path) -> Option<Open>,
        client: &Client,
    ) {
        let gone: Vec<PathBuf> = self.0.keys().filter(|path| !now.contains_key(*path)).cloned().collect();
        let nothing = gone.into_iter().map(|path| (path, Vec::new()));
        for (path, diagnostics) in nothing.chain(now).collect::<Vec<_>>() {
            let found = open(&path);
            let is_open = found.is_some();
            let open = found.unwrap_or_else(|| Open { uri: uri::of_file(&path), version: 0 });
            let sent = Sent { open, is_open, diagnostics };
            if let Some(before) = self.0.remove(&path) {
                if before.open == sent.open && before.is_open == sent.is_open && before.diagnostics == sent.diagnostics
                {
                    self.0.insert(path, before);
                    continue;
                }
                if before.open.uri != sent.open.uri {
                    send(client, &Sent { diagnostics: Vec::new(), is_open: false, ..before });
                }
            }
            send(client, &sent);
            if !sent.diagnostics.is_empty() {
                self.0.insert(path, sent);
            }
        }
    }
}

fn send(client: &Client, sent: &Sent) {
    let mut params = json!({ "uri": sent.open.uri, "diagnostics": sent.diagnostics });
    if sent.is_open {
        params["version"] = sent.open.version.into();
    }
    client.notify("textDocument/publishDiagnostics", params);
}
