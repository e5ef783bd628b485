//! The loop that owns the state: what is open, which programs there are, which requests wait. Messages are taken in their order, all
//! that are there before a check begins; a check whose program has changed meanwhile is ended.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender, select};
use gen_lsp_types as lsp;
use lsp_server::{Connection, ErrorCode, Message, Notification, Request};
use serde::de::DeserializeOwned;
use serde_json::json;
use source::Stop;

use crate::answers::{Answers, without_panic};
use crate::artefacts::Kept;
use crate::capabilities;
use crate::checker::{self, Found, Job, News, Snapshot};
use crate::client::{Abilities, Client, refused};
use crate::documents::Documents;
use crate::early::{self, Early};
use crate::published::{Published, by_file, of_file};
use crate::requests::tokens::Sent;
use crate::requests::{self, Waiting};
use crate::told::{Open, Told, View};
use crate::uri;
use crate::watch;
use crate::workspace::{Running, Workspace};

/// What the server is told by whoever begins it.
#[derive(Clone, Copy)]
pub struct Settings {
    pub version: &'static str,
    /// The day, in days since 1970-01-01.
    pub today: fn() -> i32,
}

/// How it ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ended {
    /// The client asked for it: first to shut down, then to exit.
    AsAsked,
    /// The client went away, or there is no thread to be had.
    Early,
}

/// All that the server knows.
pub struct Session {
    pub client: Client,
    pub abilities: Abilities,
    pub documents: Documents,
    pub workspace: Workspace,
    pub answers: Answers,
    /// Answers what takes as long as a build, so that nothing else waits for it.
    pub slow: Answers,
    pub artefacts: Kept,
    /// Emitted files that somebody looks at.
    pub looked_at: BTreeSet<String>,
    pub waiting: Vec<Waiting>,
    /// The tokens that were sent last.
    pub tokens: Sent,
    /// The client asks for the messages of the whole workspace.
    pub asks_for_all: bool,
    settings: Settings,
    jobs: Sender<Job>,
    published: Published,
    /// What is told of texts whose programs were not checked yet.
    early: BTreeMap<PathBuf, Early>,
    /// Texts that have changed since that was looked for.
    typed_in: BTreeSet<PathBuf>,
    /// Something was told, or is told of other files, since it was sent.
    pub is_news: bool,
    /// Projects were looked for.
    has_begun: bool,
    is_shut_down: bool,
}

/// Serves a client until it goes.
pub fn serve(connection: Connection, settings: Settings) -> Ended {
    let Some(params) = handshake(&connection, settings) else { return Ended::Early };
    let threads =
        (checker::begin(), Answers::begin(connection.sender.clone()), Answers::begin(connection.sender.clone()));
    let (Ok((jobs, news)), Ok(answers), Ok(slow)) = threads else { return Ended::Early };
    let session = Session {
        client: Client::new(connection.sender.clone()),
        abilities: Abilities::of(&params),
        documents: Documents::default(),
        workspace: Workspace::new(folders(&params)),
        answers,
        slow,
        artefacts: Kept::default(),
        looked_at: BTreeSet::new(),
        waiting: Vec::new(),
        tokens: Sent::default(),
        asks_for_all: false,
        settings,
        jobs,
        published: Published::default(),
        early: BTreeMap::new(),
        typed_in: BTreeSet::new(),
        is_news: false,
        has_begun: false,
        is_shut_down: false,
    };
    session.run(&connection.receiver, &news)
}

/// Waits for `initialize` and answers it.
fn handshake(connection: &Connection, settings: Settings) -> Option<lsp::InitializeParams> {
    let client = Client::new(connection.sender.clone());
    for message in &connection.receiver {
        match message {
            Message::Request(request) if request.method == "initialize" => {
                match serde_json::from_value::<lsp::InitializeParams>(request.params) {
                    Ok(params) => {
                        let abilities = Abilities::of(&params);
                        client.answer(request.id, Ok(capabilities::initialized(&abilities, settings.version)));
                        return Some(params);
                    }
                    Err(cause) => client.answer(request.id, Err(refused(ErrorCode::InvalidParams, cause.to_string()))),
                }
            }
            Message::Request(request) => {
                let refused = refused(ErrorCode::ServerNotInitialized, "`initialize` comes first");
                client.answer(request.id, Err(refused));
            }
            Message::Notification(notification) if notification.method == "exit" => return None,
            Message::Notification(_) | Message::Response(_) => {}
        }
    }
    None
}

/// The folders that are open in the editor.
#[expect(deprecated, reason = "older clients name their one folder in no other way")]
fn folders(params: &lsp::InitializeParams) -> Vec<PathBuf> {
    let several = params.workspace_folders_initialize_params.workspace_folders.as_ref();
    let several = serde_json::to_value(several).ok();
    let several = several.and_then(|value| serde_json::from_value::<Vec<lsp::WorkspaceFolder>>(value).ok());
    match several {
        Some(folders) => folders.iter().filter_map(|folder| uri::path(&folder.uri.0)).collect(),
        None => params.root_uri.iter().filter_map(|uri| uri::path(&uri.0)).collect(),
    }
}

impl Session {
    fn run(mut self, messages: &Receiver<Message>, news: &Receiver<News>) -> Ended {
        loop {
            select! {
                recv(messages) -> message => match message {
                    Ok(message) => {
                        if let Some(ended) = self.take(message) {
                            return ended;
                        }
                    }
                    Err(_) => return self.end(Ended::Early),
                },
                recv(news) -> found => match found {
                    Ok(found) => self.heard(found),
                    Err(_) => return self.end(Ended::Early),
                },
            }
            // All that was typed meanwhile is one change.
            while let Ok(message) = messages.try_recv() {
                if let Some(ended) = self.take(message) {
                    return ended;
                }
            }
            self.go_on();
        }
    }

    /// Ends the running check, so that its thread ends soon.
    fn end(&self, how: Ended) -> Ended {
        if let Some(running) = &self.workspace.running {
            running.stop.stop();
        }
        how
    }

    /// Takes a message; how the session ended when it was the last one.
    fn take(&mut self, message: Message) -> Option<Ended> {
        match message {
            Message::Request(request) => self.request(request),
            Message::Notification(notification) if notification.method == "exit" => {
                return Some(self.end(if self.is_shut_down { Ended::AsAsked } else { Ended::Early }));
            }
            Message::Notification(notification) => {
                // A key changes nothing of what was told; all else may: a file is opened, a project goes.
                self.is_news |= notification.method != "textDocument/didChange";
                self.notification(notification);
            }
            // Nothing is asked whose answer matters.
            Message::Response(_) => {}
        }
        None
    }

    fn request(&mut self, request: Request) {
        if self.is_shut_down {
            let refused = refused(ErrorCode::InvalidRequest, "the server was asked to shut down");
            return self.client.answer(request.id, Err(refused));
        }
        if request.method == "shutdown" {
            self.is_shut_down = true;
            return self.client.answer(request.id, Ok(serde_json::Value::Null));
        }
        let id = request.id.clone();
        let routed = without_panic(|| {
            requests::route(self, request);
            Ok(serde_json::Value::Null)
        });
        if let Err(refused) = routed {
            self.client.answer(id, Err(refused));
        }
    }

    fn notification(&mut self, notification: Notification) {
        // What cannot be read is passed over: there is nobody to answer.
        let _ = without_panic(|| {
            self.react(notification);
            Ok(serde_json::Value::Null)
        });
    }

    fn react(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        match method.as_str() {
            "initialized" => self.begin(),
            "textDocument/didOpen" => {
                if let Some(params) = read::<lsp::DidOpenTextDocumentParams>(params) {
                    let opened = params.text_document;
                    self.documents.open(&opened.uri.0, opened.version, opened.text);
                    self.came_or_went(&opened.uri.0);
                }
            }
            "textDocument/didChange" => {
                if let Some(params) = read::<lsp::DidChangeTextDocumentParams>(params) {
                    self.change(params);
                }
            }
            "textDocument/didClose" => {
                if let Some(params) = read::<lsp::DidCloseTextDocumentParams>(params) {
                    let uri = params.text_document.uri.0;
                    let _ = self.documents.close(&uri);
                    self.tokens.close(&uri);
                    self.came_or_went(&uri);
                }
            }
            "textDocument/didSave" => {
                if let Some(params) = read::<lsp::DidSaveTextDocumentParams>(params)
                    && let Some(path) = uri::path(&params.text_document.uri.0)
                    && !self.abilities.watches
                {
                    self.workspace.touch(&path);
                }
            }
            "workspace/didChangeWatchedFiles" => {
                if let Some(params) = read::<lsp::DidChangeWatchedFilesParams>(params) {
                    watch::changed(&params.changes, &mut self.workspace, &self.documents);
                }
            }
            "workspace/didChangeWorkspaceFolders" => {
                if let Some(params) = read::<lsp::DidChangeWorkspaceFoldersParams>(params) {
                    self.change_folders(&params.event);
                }
            }
            "$/cancelRequest" => requests::cancel(self, &params),
            _ => {}
        }
    }

    /// Looks for the programs, once the client is ready to hear of them.
    fn begin(&mut self) {
        if std::mem::replace(&mut self.has_begun, true) {
            return;
        }
        if self.abilities.watches {
            watch::register(&mut self.client);
        }
        self.workspace.find(&self.documents);
    }

    fn change(&mut self, params: lsp::DidChangeTextDocumentParams) {
        let uri = params.text_document.text_document_identifier.uri.0;
        let was_project = self.documents.get(&uri).is_some_and(|document| document.is_project());
        self.documents.change(&uri, params.text_document.version, params.content_changes, self.abilities.encoding);
        let Some(document) = self.documents.get(&uri) else { return };
        match document.path.clone() {
            Some(_) if document.is_project() != was_project => {
                self.is_news = true;
                self.came_or_went(&uri);
            }
            Some(path) => {
                self.workspace.touch(&path);
                self.typed_in.insert(path);
            }
            None => {}
        }
    }

    /// A document was opened or closed, or says something else of its folder.
    fn came_or_went(&mut self, uri: &str) {
        let Some(path) = uri::path(uri) else { return };
        self.early.remove(&path);
        if let Some(folder) = path.parent() {
            self.workspace.look_at(folder, &self.documents);
        }
        self.workspace.touch(&path);
    }

    fn change_folders(&mut self, event: &lsp::WorkspaceFoldersChangeEvent) {
        let paths = |folders: &[lsp::WorkspaceFolder]| -> Vec<PathBuf> {
            folders.iter().filter_map(|folder| uri::path(&folder.uri.0)).collect()
        };
        let (added, removed) = (paths(&event.added), paths(&event.removed));
        self.workspace.folders.retain(|folder| !removed.contains(folder));
        self.workspace.folders.extend(added);
        self.workspace.find(&self.documents);
    }

    /// The checker has something to say.
    fn heard(&mut self, news: News) {
        if !matches!(news.found, Found::Checked(_)) {
            self.workspace.running = None;
        }
        let Some(project) = self.workspace.projects.get_mut(&news.folder) else { return };
        if project.wanted != news.revision {
            return;
        }
        self.is_news = true;
        match news.found {
            Found::Checked(told) => {
                // What evaluation said of the state before holds until it says something else, unless it will not be asked.
                if !program::has_errors(&told.list) && project.was_evaluated {
                    return;
                }
                project.checked = news.revision;
                project.told = Some(told);
                self.is_looked_at(&news.folder, false);
            }
            Found::Settled(told, evaluated) => {
                let first = project.told.as_ref().filter(|_| project.is_checked());
                let is_other = first.is_some_and(|first| !same(first, &told));
                project.was_evaluated = evaluated;
                (project.checked, project.settled) = (news.revision, news.revision);
                project.told = Some(told);
                let programs = self.workspace.projects.values().filter_map(|project| project.told.as_ref());
                let programs: Vec<_> = programs.map(|told| Arc::clone(&told.program)).collect();
                self.artefacts.keep_only(&programs);
                let is_of = |address: &&String| requests::folder_of_emitted(address).as_ref() == Some(&news.folder);
                for address in self.looked_at.iter().filter(is_of) {
                    match self.abilities.refreshes_pages {
                        true => self.client.ask("workspace/textDocumentContent/refresh", json!({ "uri": address })),
                        false => self.client.notify("infrac/textChanged", json!({ "uri": address })),
                    }
                }
                self.is_looked_at(&news.folder, is_other);
            }
            Found::Died => (project.checked, project.settled) = (news.revision, news.revision),
            Found::Stopped => {}
        }
    }

    /// More is known of a project's texts than what was told of them early; clients that ask hear of it, where there is another answer.
    fn is_looked_at(&mut self, folder: &Path, is_other: bool) {
        let early: Vec<_> = self.early.extract_if(.., |path, _| path.starts_with(folder)).collect();
        let holds =
            |(path, early): &(PathBuf, Early)| of_file(requests::told_around(self, path), path) == early.diagnostics;
        let is_other = is_other || !early.iter().all(holds);
        if is_other && self.abilities.pulls && self.abilities.refreshes {
            self.client.ask("workspace/diagnostic/refresh", serde_json::Value::Null);
        }
    }

    /// Looks whether what was typed since can be read.
    fn read_typed(&mut self) {
        for path in std::mem::take(&mut self.typed_in) {
            if let Some(early) = early::read(self, &path) {
                self.early.insert(path, early);
                self.is_news = true;
            }
        }
    }

    /// What is told of a text before its program is checked again.
    pub fn early(&self, path: &Path) -> Option<&[lsp::Diagnostic]> {
        self.early.get(path).map(|early| early.diagnostics.as_slice())
    }

    /// Tells what is new, answers what can be answered, and begins the next check.
    fn go_on(&mut self) {
        self.read_typed();
        self.publish();
        requests::answer_waiting(self);
        if self.workspace.running.is_some() {
            return;
        }
        let Some((folder, project)) = self.workspace.next(&self.documents) else { return };
        let (folder, revision, is_loose) = (folder.clone(), project.wanted, project.is_loose);
        let told = project.told.clone();
        let snapshot = self.snapshot(&folder, is_loose, told.as_deref());
        let stop = Stop::default();
        self.workspace.running = Some(Running { folder, revision, stop: stop.clone() });
        let _ = self.jobs.send(Job { snapshot, revision, stop });
    }

    /// A program as it is now.
    pub fn snapshot(&self, folder: &Path, is_loose: bool, before: Option<&Told>) -> Snapshot {
        let mut kept = before.map(|told| told.program.files().clone()).unwrap_or_default();
        let mut texts = BTreeMap::new();
        for (path, document) in self.documents.below(folder) {
            let own = path.to_string_lossy().replace('\\', "/");
            texts.insert(own.clone(), document.file.text.clone());
            kept.insert(own, Arc::clone(&document.file));
        }
        if is_loose {
            texts.extend(self.texts_above(folder));
        }
        Snapshot { view: self.view(folder), is_loose, texts, kept, today: (self.settings.today)() }
    }

    /// What is open in the folders above one, by the ways there: whether one of them is a project is looked for there.
    fn texts_above<'a>(&'a self, folder: &'a Path) -> impl Iterator<Item = (String, Arc<str>)> + use<'a> {
        let above = folder.ancestors().enumerate().skip(1);
        above.flat_map(|(levels, above)| {
            let own = self.documents.below(above).filter(|(rest, _)| rest.components().count() == 1);
            own.map(move |(rest, document)| {
                (format!("{}{}", "../".repeat(levels), rest.to_string_lossy()), document.file.text.clone())
            })
        })
    }

    /// How the client wants to hear of a program.
    pub fn view(&self, folder: &Path) -> View {
        let documents =
            self.documents.below(folder).filter_map(|(_, document)| Some((document.path.clone()?, document)));
        let open = documents.map(|(path, document)| {
            let version = document.version;
            (path, Open { uri: document.uri.clone(), version })
        });
        let (encoding, pages) = (self.abilities.encoding, self.abilities.pages);
        View { folder: folder.to_owned(), encoding, pages, open: open.collect() }
    }

    /// Sends messages to clients that do not ask for them; to those that ask, what they do not ask for.
    fn publish(&mut self) {
        if !std::mem::take(&mut self.is_news) {
            return;
        }
        let told = || self.workspace.projects.values().filter_map(|project| project.told.as_ref());
        let mut now = BTreeMap::new();
        if !self.asks_for_all {
            now = by_file(told());
            now.extend(self.early.iter().map(|(path, early)| (path.clone(), early.diagnostics.clone())));
        }
        if self.abilities.pulls {
            now.retain(|path, _| self.documents.at(path).is_none());
        }
        let open = |path: &Path| match self.early.get(path) {
            Some(early) => Some(early.open.clone()),
            None => told().find_map(|told| told.view.open.get(path)).cloned(),
        };
        self.published.update(now, &open, &self.client);
    }
}

/// Whether a client sees no difference.
fn same(one: &Told, other: &Told) -> bool {
    one.files.len() == other.files.len()
        && one.files.iter().zip(&other.files).all(|(left, right)| {
            left.0 == right.0
                && left.1.len() == right.1.len()
                && left.1.iter().zip(right.1).all(|(left, right)| left.diagnostic == right.diagnostic)
        })
}

fn read<P: DeserializeOwned>(params: serde_json::Value) -> Option<P> {
    serde_json::from_value(params).ok()
}
