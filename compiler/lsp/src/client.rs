//! The editor on the other side: what it can do, and how it is spoken to.

use std::collections::BTreeMap;

use crossbeam_channel::Sender;
use gen_lsp_types as lsp;
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response, ResponseError};
use serde::Serialize;
use serde_json::Value;

use crate::encoding::Encoding;

/// What a client can do, as far as answers depend on it.
#[derive(Clone, Debug)]
pub struct Abilities {
    pub encoding: Encoding,
    /// It asks for diagnostics.
    pub pulls: bool,
    /// It can be told to ask for diagnostics again.
    pub refreshes: bool,
    /// It can be asked to watch files.
    pub watches: bool,
    /// It opens pages that infrac writes itself.
    pub pages: bool,
    /// It can be told that such a page is another one.
    pub refreshes_pages: bool,
    /// It shows an outline as a tree.
    pub nested_symbols: bool,
    /// It folds whole lines only.
    pub folds_lines: bool,
    /// It can fill in the tab stops of a snippet.
    pub snippets: bool,
    /// It shows what a word is with markup.
    pub markdown: bool,
    /// It takes parameters of a call as places in its text.
    pub label_offsets: bool,
    /// It takes declarations with the word that was asked about.
    pub definition_links: bool,
    /// It shows what a link leads to before that is opened.
    pub link_tooltips: bool,
    /// It takes edits of texts of a certain version.
    pub versioned_edits: bool,
}

impl Abilities {
    /// What the client says of itself.
    pub fn of(params: &lsp::InitializeParams) -> Self {
        let text = params.capabilities.text_document.as_ref();
        let workspace = params.capabilities.workspace.as_ref();
        let general = params.capabilities.general.as_ref();
        let of_own = |name: &str| {
            let options = params.initialization_options.as_ref();
            options.and_then(|options| options.get(name)).and_then(Value::as_bool).unwrap_or(false)
        };
        let items = text.and_then(|text| text.completion.as_ref()).and_then(|of| of.completion_item.as_ref());
        let formats = text.and_then(|text| text.hover.as_ref()).and_then(|of| of.content_format.as_ref());
        let watched = workspace.and_then(|of| of.did_change_watched_files.as_ref());
        Self {
            encoding: Encoding::of(general.and_then(|general| general.position_encodings.as_deref())),
            pulls: text.is_some_and(|text| text.diagnostic.is_some()),
            refreshes: workspace.and_then(|of| of.diagnostics.as_ref()?.refresh_support).unwrap_or(false),
            watches: watched.and_then(|of| of.dynamic_registration).unwrap_or(false),
            pages: workspace.is_some_and(|of| of.text_document_content.is_some()) || of_own("pages"),
            refreshes_pages: workspace.is_some_and(|of| of.text_document_content.is_some()),
            nested_symbols: text
                .and_then(|of| of.document_symbol.as_ref()?.hierarchical_document_symbol_support)
                .unwrap_or(false),
            folds_lines: text.and_then(|of| of.folding_range.as_ref()?.line_folding_only).unwrap_or(false),
            snippets: items.and_then(|items| items.snippet_support).unwrap_or(false),
            markdown: formats.is_some_and(|formats| formats.contains(&lsp::MarkupKind::Markdown)),
            label_offsets: label_offsets(text).unwrap_or(false),
            definition_links: text.and_then(|of| of.definition.as_ref()?.link_support).unwrap_or(false),
            link_tooltips: text.and_then(|of| of.document_link.as_ref()?.tooltip_support).unwrap_or(false),
            versioned_edits: workspace.and_then(|of| of.workspace_edit.as_ref()?.document_changes).unwrap_or(false),
        }
    }
}

fn label_offsets(text: Option<&lsp::TextDocumentClientCapabilities>) -> Option<bool> {
    let information = text?.signature_help.as_ref()?.signature_information.as_ref()?;
    information.parameter_information.as_ref()?.label_offset_support
}

/// The way to the client.
pub struct Client {
    sender: Sender<Message>,
    asked: i32,
}

/// Why a request has no answer.
pub type Refused = ResponseError;

/// A request that is refused.
pub fn refused(code: ErrorCode, message: impl Into<String>) -> Refused {
    ResponseError { code: code as i32, message: message.into(), data: None }
}

impl Client {
    /// Over this channel.
    pub fn new(sender: Sender<Message>) -> Self {
        Self { sender, asked: 0 }
    }
    /// Answers a request. A client that has gone away is seen where its messages are read.
    pub fn answer(&self, id: RequestId, result: Result<Value, Refused>) {
        let _ = self.sender.send(Response { id, response_result: result }.into());
    }
    /// Tells it something.
    pub fn notify(&self, method: &str, params: impl Serialize) {
        let params = serde_json::to_value(params).unwrap_or_default();
        let _ = self.sender.send(Notification { method: method.to_owned(), params }.into());
    }
    /// Asks it for something whose answer nobody needs.
    pub fn ask(&mut self, method: &str, params: impl Serialize) {
        self.asked += 1;
        let params = serde_json::to_value(params).unwrap_or_default();
        let id = RequestId::from(format!("infrac-{}", self.asked));
        let _ = self.sender.send(Request { id, method: method.to_owned(), params }.into());
    }
}

/// Edits of several documents as the client takes them: of the versions that it has open, where it can.
pub fn workspace_edit(
    edits: BTreeMap<String, Vec<lsp::TextEdit>>,
    versions: &dyn Fn(&str) -> Option<i32>,
    abilities: &Abilities,
) -> lsp::WorkspaceEdit {
    if !abilities.versioned_edits {
        let changes = edits.into_iter().map(|(uri, edits)| (uri.into(), edits)).collect();
        return lsp::WorkspaceEdit { changes: Some(changes), ..Default::default() };
    }
    let changes = edits.into_iter().map(|(uri, edits)| {
        let version = versions(&uri);
        lsp::DocumentChange::TextDocumentEdit(lsp::TextDocumentEdit {
            text_document: lsp::OptionalVersionedTextDocumentIdentifier {
                version,
                text_document_identifier: lsp::TextDocumentIdentifier { uri: uri.into() },
            },
            edits: edits.into_iter().map(lsp::Edit::TextEdit).collect(),
        })
    });
    lsp::WorkspaceEdit { document_changes: Some(changes.collect()), ..Default::default() }
}
