//! Requests, one file each. Most are answered by a thread of their own; those about messages wait until all is known of the texts as
//! they are, those that look beyond their document until its program was read.

mod code_action;
pub mod command;
pub mod completion;
mod diagnostic;
pub mod formatting;
mod links;
mod structure;
mod symbols;
mod text;
pub mod tokens;
mod words;

pub use command::folder_of as folder_of_emitted;
use std::path::Path;
use std::sync::Arc;

use gen_lsp_types as lsp;
use lsp_server::{ErrorCode, Request, RequestId};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::answers::{cancelled, without_panic};
use crate::asking::Asking;
use crate::client::{Refused, refused};
use crate::session::Session;
use crate::told::Told;
use crate::uri;
use crate::workspace::Project;

/// A request that waits for the checker.
pub struct Waiting {
    pub id: RequestId,
    pub what: What,
}

/// What it is about.
pub enum What {
    /// The messages of a document.
    Document(Box<lsp::DocumentDiagnosticParams>),
    /// The messages of all files.
    All(Box<lsp::WorkspaceDiagnosticParams>),
    /// What can be done about messages.
    Actions(Box<lsp::CodeActionParams>),
    /// What the program becomes.
    Command(Box<lsp::ExecuteCommandParams>),
    /// What looks beyond its document.
    Beyond(Box<Request>),
}

/// Requests whose answers come from other files as well, or from all projects. Of a program that was not read yet they would have an
/// answer that is wrong: nothing. That it is older than the text by some keys is right enough.
const BEYOND: [&str; 6] = [
    "textDocument/hover",
    "textDocument/signatureHelp",
    "textDocument/definition",
    "textDocument/completion",
    "textDocument/documentLink",
    "workspace/symbol",
];

/// Takes a request: it is answered, put in the queue, or waits.
pub fn route(session: &mut Session, request: Request) {
    let id = request.id.clone();
    if BEYOND.contains(&request.method.as_str()) && !is_read(session, &request) {
        return session.waiting.push(Waiting { id, what: What::Beyond(Box::new(request)) });
    }
    let taken = match request.method.as_str() {
        "textDocument/diagnostic" => wait(session, request, What::Document),
        "workspace/diagnostic" => {
            session.is_news |= !std::mem::replace(&mut session.asks_for_all, true);
            wait(session, request, What::All)
        }
        "textDocument/codeAction" => wait(session, request, What::Actions),
        "workspace/executeCommand" => wait(session, request, What::Command),
        "textDocument/formatting" => formatting::whole(session, request),
        "textDocument/rangeFormatting" => formatting::part(session, request),
        "textDocument/onTypeFormatting" => formatting::typed(session, request),
        "textDocument/documentSymbol" => symbols::of_document(session, request),
        "workspace/symbol" => symbols::of_workspace(session, request),
        "textDocument/foldingRange" => structure::folds(session, request),
        "textDocument/selectionRange" => structure::selections(session, request),
        "textDocument/semanticTokens/full" => tokens::whole(session, request),
        "textDocument/semanticTokens/full/delta" => tokens::delta(session, request),
        "textDocument/semanticTokens/range" => tokens::part(session, request),
        "textDocument/hover" => words::hover(session, request),
        "textDocument/signatureHelp" => words::signature(session, request),
        "textDocument/definition" => words::declaration(session, request),
        "textDocument/completion" => completion::ask(session, request),
        "completionItem/resolve" => completion::resolve(session, request),
        "textDocument/documentLink" => links::ask(session, request),
        "workspace/textDocumentContent" | "infrac/text" => text::ask(session, request),
        other => {
            let message = format!("`{other}` is not understood");
            Err(refused(ErrorCode::MethodNotFound, message))
        }
    };
    if let Err(refused) = taken {
        session.client.answer(id, Err(refused));
    }
}

/// Nobody waits for an answer any more.
pub fn cancel(session: &mut Session, params: &Value) {
    let Some(id) = params.get("id").and_then(|id| serde_json::from_value::<RequestId>(id.clone()).ok()) else { return };
    session.answers.cancel(&id);
    session.slow.cancel(&id);
    if let Some(at) = session.waiting.iter().position(|waiting| waiting.id == id) {
        let waiting = session.waiting.remove(at);
        session.client.answer(waiting.id, Err(cancelled()));
    }
}

/// Answers the requests that waited for what is known now.
pub fn answer_waiting(session: &mut Session) {
    let all = std::mem::take(&mut session.waiting);
    let (ready, waiting): (Vec<_>, Vec<_>) = all.into_iter().partition(|waiting| is_ready(session, &waiting.what));
    session.waiting = waiting;
    for Waiting { id, what } in ready {
        let answered = without_panic(|| match what {
            What::Document(params) => Ok(diagnostic::of_document(session, &params)),
            What::All(params) => Ok(diagnostic::of_all(session, &params)),
            What::Actions(params) => {
                code_action::ask(session, id.clone(), *params);
                Ok(Value::Null)
            }
            What::Command(params) => command::ask(session, id.clone(), &params).map(|()| Value::Null),
            What::Beyond(request) => {
                route(session, *request);
                Ok(Value::Null)
            }
        });
        match answered {
            // It is in the queue.
            Ok(Value::Null) => {}
            answer => session.client.answer(id, answer),
        }
    }
}

fn is_ready(session: &Session, what: &What) -> bool {
    // Where the client can be told to ask again, what the checker says is worth an answer.
    let early = session.abilities.refreshes;
    match what {
        What::Document(params) => {
            let uri = &params.text_document.uri.0;
            let is_told = early && uri::path(uri).is_some_and(|path| session.early(&path).is_some());
            is_told || around(session, uri, early)
        }
        What::Actions(params) => around(session, &params.text_document.uri.0, false),
        What::Command(params) => {
            let about = command::about(params).unwrap_or_default();
            match command::folder_of(&about) {
                Some(folder) => session.workspace.projects.get(&folder).is_none_or(Project::is_settled),
                None => around(session, &about, false),
            }
        }
        What::Beyond(request) => is_read(session, request),
        What::All(_) => session.workspace.projects.values().all(|of| of.is_settled() || early && of.is_checked()),
    }
}

/// Whether the program of the document that a request is about was read; of one about none, whether all were.
fn is_read(session: &Session, request: &Request) -> bool {
    match request.params.pointer("/textDocument/uri").and_then(Value::as_str) {
        Some(uri) => {
            let program =
                uri::path(uri).and_then(|path| session.workspace.of(&path).map(|(_, project)| project.is_read()));
            program.unwrap_or(true)
        }
        None => session.workspace.projects.values().all(Project::is_read),
    }
}

fn around(session: &Session, uri: &str, early: bool) -> bool {
    let path = uri::path(uri);
    let all = path.iter().flat_map(|path| session.workspace.around(path));
    all.into_iter().all(|(_, project)| project.is_settled() || early && project.is_checked())
}

fn wait<P: DeserializeOwned>(session: &mut Session, request: Request, what: fn(Box<P>) -> What) -> Result<(), Refused> {
    let params = params(request.params)?;
    session.waiting.push(Waiting { id: request.id, what: what(Box::new(params)) });
    Ok(())
}

/// The params of a request; or that they are others.
fn params<P: DeserializeOwned>(params: Value) -> Result<P, Refused> {
    serde_json::from_value(params).map_err(|cause| refused(ErrorCode::InvalidParams, cause.to_string()))
}

/// The params of requests that are about a document and nothing else.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OfDocument {
    text_document: lsp::TextDocumentIdentifier,
}

/// Puts a question about an open document into the queue.
fn queue<P: DeserializeOwned + Send + 'static>(
    session: &Session,
    request: Request,
    of: impl Fn(&P) -> &lsp::TextDocumentIdentifier,
    answer: impl FnOnce(&Asking, &P) -> Value + Send + 'static,
) -> Result<(), Refused> {
    let params: P = params(request.params)?;
    let asking = asking(session, &of(&params).uri.0)?;
    in_queue(session, request.id, move || answer(&asking, &params));
    Ok(())
}

/// Puts a question into the queue.
fn in_queue(session: &Session, id: RequestId, answer: impl FnOnce() -> Value + Send + 'static) {
    session.answers.ask(id, Box::new(move || Ok(answer())));
}

/// The document that a request is about, with its program.
fn asking(session: &Session, uri: &str) -> Result<Asking, Refused> {
    let found = session.documents.get(uri).cloned();
    let document = found.ok_or_else(|| refused(ErrorCode::InvalidParams, format!("`{uri}` is not open")))?;
    let program = document.path.as_ref().and_then(|path| session.workspace.of(path));
    let path = program.zip(document.path.as_ref()).and_then(|((folder, _), path)| path.strip_prefix(folder).ok());
    let path = path.map(|path| path.to_string_lossy().replace('\\', "/"));
    let path = path.or_else(|| uri::behind(uri, uri::LIBRARY)).unwrap_or_default();
    let told = program.and_then(|(_, project)| project.told.clone());
    Ok(Asking { document, abilities: session.abilities.clone(), told, path })
}

/// An answer as the protocol has it.
fn in_json(answer: impl Serialize) -> Result<Value, Refused> {
    serde_json::to_value(answer).map_err(|cause| refused(ErrorCode::InternalError, cause.to_string()))
}

/// What was told of the programs around a file, the outermost first: as all of them are listed.
pub fn told_around<'a>(session: &'a Session, path: &Path) -> impl Iterator<Item = &'a Arc<Told>> + use<'a> {
    let around: Vec<_> = session.workspace.around(path).filter_map(|(_, project)| project.told.as_ref()).collect();
    around.into_iter().rev()
}
