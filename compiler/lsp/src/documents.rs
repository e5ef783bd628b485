//! The texts that are open in the editor, as they stand there now.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gen_lsp_types::TextDocumentContentChangeEvent;
use program::cut::CutFile;

use crate::encoding::{Encoding, Lines};
use crate::uri;

/// One of them. A copy costs nothing.
#[derive(Clone, Debug)]
pub struct Document {
    /// As the client writes it.
    pub uri: String,
    /// Where it lies; none for pages that infrac writes itself.
    pub path: Option<PathBuf>,
    pub version: i32,
    pub file: Arc<CutFile>,
    pub lines: Arc<Lines>,
}

impl Document {
    fn new(uri: &str, version: i32, file: CutFile) -> Self {
        let lines = Arc::new(Lines::of(&file.text));
        Self { uri: uri.to_owned(), path: uri::path(uri), version, file: Arc::new(file), lines }
    }
    /// The text.
    pub fn text(&self) -> &str {
        &self.file.text
    }
    /// Whether it says that its folder is a project.
    pub fn is_project(&self) -> bool {
        self.file.items.iter().any(|item| item.words.first().is_some_and(|word| word.text() == "project"))
    }
}

/// All of them.
#[derive(Default, Debug)]
pub struct Documents {
    by_uri: BTreeMap<String, Document>,
    by_path: BTreeMap<PathBuf, String>,
}

impl Documents {
    /// Opens one, or takes its text anew.
    pub fn open(&mut self, uri: &str, version: i32, text: String) {
        let document = Document::new(uri, version, CutFile::new(text.into()));
        self.by_path.extend(document.path.clone().map(|path| (path, uri.to_owned())));
        self.by_uri.insert(uri.to_owned(), document);
    }
    /// Changes its text, one change after the other. One that is not open stays so.
    pub fn change(
        &mut self,
        uri: &str,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
        encoding: Encoding,
    ) {
        let Some(document) = self.by_uri.get_mut(uri) else { return };
        let mut text = document.text().to_owned();
        for change in changes {
            match change {
                TextDocumentContentChangeEvent::TextDocumentContentChangePartial(change) => {
                    let range = Lines::of(&text).bytes(&text, change.range, encoding);
                    text.replace_range(range, &change.text);
                }
                TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(change) => text = change.text,
            }
        }
        let file = document.file.edited(text.into());
        *document = Document::new(uri, version, file);
    }
    /// Closes it: what is on disk holds again.
    pub fn close(&mut self, uri: &str) -> Option<Document> {
        let closed = self.by_uri.remove(uri)?;
        if let Some(path) = &closed.path
            && self.by_path.get(path).is_some_and(|other| other == uri)
        {
            self.by_path.remove(path);
        }
        Some(closed)
    }
    /// The one with this address.
    pub fn get(&self, uri: &str) -> Option<&Document> {
        self.by_uri.get(uri)
    }
    /// The one that lies there.
    pub fn at(&self, path: &Path) -> Option<&Document> {
        self.by_path.get(path).and_then(|uri| self.by_uri.get(uri))
    }
    /// Those at or below a folder, with their paths below it.
    pub fn below<'a>(&'a self, folder: &'a Path) -> impl Iterator<Item = (&'a Path, &'a Document)> {
        let all = self.by_path.range(folder.to_owned()..);
        let below = all.map_while(move |(path, uri)| Some((path.strip_prefix(folder).ok()?, uri)));
        below.filter_map(|(rest, uri)| Some((rest, self.by_uri.get(uri)?)))
    }
    /// Where those lie that lie somewhere.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.by_path.keys().map(PathBuf::as_path)
    }
    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Document> {
        self.by_uri.values()
    }
}
