//! A small editor: it opens a folder, types, asks, and writes down what it hears.

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;
use std::time::Duration;

use lsp_server::{Connection, Message, Notification, Request, RequestId, Response};
use serde_json::{Value, json};

/// Long enough for the slowest machine; who waits longer has found a server that hangs.
const PATIENCE: Duration = Duration::from_secs(120);

/// What an editor says of itself.
#[derive(Clone, Debug)]
pub struct Profile {
    pub encodings: &'static [&'static str],
    pub pulls: bool,
    pub refreshes: bool,
    pub watches: bool,
    pub pages: bool,
    pub versioned_edits: bool,
    /// Trees of symbols, and folds of whole lines.
    pub tree: bool,
    /// Snippets, markup, places in labels, links with their origin and with tooltips.
    pub rich: bool,
}

/// The simplest: it is told everything, and counts UTF-16 units.
pub const SIMPLE: Profile = Profile {
    encodings: &[],
    pulls: false,
    refreshes: false,
    watches: false,
    pages: false,
    versioned_edits: false,
    tree: false,
    rich: false,
};

/// One that asks for messages.
pub const PULLS: Profile = Profile { encodings: &["utf-8", "utf-16"], pulls: true, ..SIMPLE };

pub struct Editor {
    connection: Connection,
    server: Option<JoinHandle<lsp::Ended>>,
    pub folder: PathBuf,
    next: i32,
    versions: BTreeMap<PathBuf, i32>,
    heard: VecDeque<Message>,
    /// The answer to `initialize`.
    pub said: Value,
}

/// The day of today, as the command takes it.
fn today() -> i32 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    (since.as_secs() / 86_400) as i32
}

impl Profile {
    fn capabilities(&self) -> Value {
        let mut text = json!({ "publishDiagnostics": { "versionSupport": true } });
        if self.tree {
            text["documentSymbol"] = json!({ "hierarchicalDocumentSymbolSupport": true });
            text["foldingRange"] = json!({ "lineFoldingOnly": true });
        }
        if self.rich {
            text["completion"] = json!({ "completionItem": { "snippetSupport": true } });
            text["hover"] = json!({ "contentFormat": ["markdown", "plaintext"] });
            text["definition"] = json!({ "linkSupport": true });
            text["documentLink"] = json!({ "tooltipSupport": true });
            text["signatureHelp"] =
                json!({ "signatureInformation": { "parameterInformation": { "labelOffsetSupport": true } } });
        }
        if self.pulls {
            text["diagnostic"] = json!({ "relatedDocumentSupport": false });
        }
        let mut workspace = json!({
            "didChangeWatchedFiles": { "dynamicRegistration": self.watches },
            "diagnostics": { "refreshSupport": self.refreshes },
            "workspaceEdit": { "documentChanges": self.versioned_edits },
        });
        if self.pages {
            workspace["textDocumentContent"] = json!({});
        }
        let mut general = json!({});
        if !self.encodings.is_empty() {
            general["positionEncodings"] = json!(self.encodings);
        }
        json!({ "textDocument": text, "workspace": workspace, "general": general })
    }
}

pub fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

impl Editor {
    /// Begins a server, without a word to it.
    pub fn silent(folder: &Path) -> Self {
        let (connection, of_server) = Connection::memory();
        let settings = lsp::Settings { version: "0.0.0", today };
        let server = std::thread::spawn(move || lsp::serve(of_server, settings));
        Self {
            connection,
            server: Some(server),
            folder: folder.to_owned(),
            next: 0,
            versions: BTreeMap::new(),
            heard: VecDeque::new(),
            said: Value::Null,
        }
    }

    /// Opens a folder.
    pub fn open_folder(folder: &Path, profile: &Profile) -> Self {
        let mut editor = Self::silent(folder);
        let folders = json!([{ "uri": uri(folder), "name": "folder" }]);
        let params = json!({ "processId": null, "rootUri": null, "capabilities": profile.capabilities(), "workspaceFolders": folders });
        editor.said = editor.ask("initialize", params);
        editor.notify("initialized", json!({}));
        editor
    }

    pub fn send(&self, message: Message) {
        self.connection.sender.send(message).expect("the server takes messages");
    }

    pub fn notify(&self, method: &str, params: Value) {
        self.send(Notification { method: method.to_owned(), params }.into());
    }

    /// Sends a request and does not wait.
    pub fn begin(&mut self, method: &str, params: Value) -> i32 {
        self.next += 1;
        self.send(Request { id: self.next.into(), method: method.to_owned(), params }.into());
        self.next
    }

    /// The answer to a request.
    pub fn answer(&mut self, id: i32) -> Response {
        let id = RequestId::from(id);
        let is_it = |message: &Message| matches!(message, Message::Response(response) if response.id == id);
        if let Some(at) = self.heard.iter().position(is_it) {
            let Some(Message::Response(response)) = self.heard.remove(at) else { unreachable!() };
            return response;
        }
        loop {
            match self.listen() {
                Message::Response(response) if response.id == id => return response,
                other => self.heard.push_back(other),
            }
        }
    }

    fn listen(&mut self) -> Message {
        self.connection.receiver.recv_timeout(PATIENCE).expect("the server says something")
    }

    /// Sends a request and waits for its result.
    pub fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.begin(method, params);
        match self.answer(id).response_result {
            Ok(result) => result,
            Err(error) => panic!("{method}: {}", error.message),
        }
    }

    /// What was told so far or comes next, when it has this method.
    pub fn told(&mut self, method: &str) -> Value {
        let is_it = |message: &Message| match message {
            Message::Notification(notification) => notification.method == method,
            Message::Request(request) => request.method == method,
            Message::Response(_) => false,
        };
        let found = match self.heard.iter().position(is_it) {
            Some(at) => self.heard.remove(at).unwrap(),
            None => loop {
                match self.listen() {
                    message if is_it(&message) => break message,
                    other => self.heard.push_back(other),
                }
            },
        };
        match found {
            Message::Notification(notification) => notification.params,
            Message::Request(request) => request.params,
            Message::Response(_) => unreachable!(),
        }
    }

    /// What was heard and is no answer to anything asked.
    pub fn heard(&mut self, method: &str) -> Vec<Value> {
        let mut found = Vec::new();
        self.heard.retain(|message| match message {
            Message::Notification(notification) if notification.method == method => {
                found.push(notification.params.clone());
                false
            }
            _ => true,
        });
        found
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub fn document(&self, name: &str) -> Value {
        json!({ "uri": uri(&self.path(name)) })
    }

    pub fn open(&mut self, name: &str, text: &str) {
        let path = self.path(name);
        self.versions.insert(path.clone(), 1);
        let document = json!({ "uri": uri(&path), "languageId": "infra", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    pub fn change(&mut self, name: &str, changes: Value) {
        let path = self.path(name);
        let version = self.versions.entry(path.clone()).or_default();
        *version += 1;
        let document = json!({ "uri": uri(&path), "version": *version });
        self.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    }

    /// Takes another text as a whole.
    pub fn retype(&mut self, name: &str, text: &str) {
        self.change(name, json!([{ "text": text }]));
    }

    pub fn close(&mut self, name: &str) {
        self.versions.remove(&self.path(name));
        self.notify("textDocument/didClose", json!({ "textDocument": self.document(name) }));
    }

    pub fn save(&mut self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
        self.notify("textDocument/didSave", json!({ "textDocument": self.document(name) }));
    }

    /// Says that files have come (1), changed (2) or gone (3).
    pub fn watched(&mut self, events: &[(&str, u32)]) {
        let changes: Vec<Value> =
            events.iter().map(|(name, kind)| json!({ "uri": uri(&self.path(name)), "type": kind })).collect();
        self.notify("workspace/didChangeWatchedFiles", json!({ "changes": changes }));
    }

    /// The messages of a document, as they are asked for.
    pub fn pull(&mut self, name: &str) -> Value {
        let document = self.document(name);
        self.ask("textDocument/diagnostic", json!({ "textDocument": document }))
    }

    /// The messages of all files, by their paths in the folder.
    pub fn pull_all(&mut self) -> BTreeMap<String, Value> {
        let all = self.ask("workspace/diagnostic", json!({ "previousResultIds": [] }));
        let prefix = format!("{}/", uri(&self.folder));
        let one = |report: &Value| {
            let uri = report["uri"].as_str().unwrap();
            (uri.strip_prefix(&prefix).unwrap_or(uri).to_owned(), report["items"].clone())
        };
        all["items"].as_array().unwrap().iter().map(one).filter(|(_, items)| items != &json!([])).collect()
    }

    /// Ends the server as editors do.
    pub fn quit(mut self) -> lsp::Ended {
        let shut = self.ask("shutdown", Value::Null);
        assert_eq!(shut, Value::Null);
        self.notify("exit", Value::Null);
        self.server.take().unwrap().join().expect("the server ends without a panic")
    }

    /// Ends it without a word, and waits.
    pub fn leave(self) -> lsp::Ended {
        let Self { connection, server, .. } = self;
        drop(connection);
        server.unwrap().join().expect("the server ends without a panic")
    }
}

/// A folder with these files.
pub fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// A project with one environment.
pub const PROJECT: &str = "project shop { edition = 1 }
environment prod { tier = prod, on = [aws(region = \"eu-west-3\")] }
";

/// An answer as a snapshot holds it: without the folder's own path.
pub fn shown(value: &Value, folder: &Path) -> String {
    let text = serde_json::to_string_pretty(value).unwrap();
    text.replace(&uri(folder), "file:///project").replace(&folder.display().to_string(), "/project")
}
