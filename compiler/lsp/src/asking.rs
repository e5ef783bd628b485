//! What a question about a document is answered from: the text as it is now, and the program as it was read last.

use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use gen_lsp_types as lsp;
use ide::Asked;
use program::Program;
use serde_json::{Value, json};
use source::Memory;

use crate::client::Abilities;
use crate::documents::Document;
use crate::encoding::Lines;
use crate::told::Told;
use crate::uri;

/// The library alone: for its own files, and for a project that was not read yet.
static LIBRARY: LazyLock<Program> = LazyLock::new(|| Program::load(Memory::default(), ""));

/// A document and what is known of its program.
#[derive(Clone)]
pub struct Asking {
    pub document: Document,
    pub abilities: Abilities,
    /// Its program, when it has one that was read.
    pub told: Option<Arc<Told>>,
    /// Its path in the project.
    pub path: String,
}

impl Asking {
    /// As the features take it.
    pub fn asked(&self) -> Asked<'_> {
        Asked { program: self.program(), path: &self.path, file: &self.document.file }
    }
    /// The program.
    pub fn program(&self) -> &Program {
        self.told.as_ref().map_or(&*LIBRARY, |told| &told.program)
    }
    /// The byte at a position of the document.
    pub fn offset(&self, position: lsp::Position) -> u32 {
        self.document.lines.offset(self.document.text(), position, self.abilities.encoding) as u32
    }
    /// The bytes between two positions of the document.
    pub fn bytes(&self, range: lsp::Range) -> Range<u32> {
        let range = self.document.lines.bytes(self.document.text(), range, self.abilities.encoding);
        range.start as u32..range.end as u32
    }
    /// A range of the document as the protocol has it.
    pub fn range(&self, range: &Range<u32>) -> lsp::Range {
        let range = range.start as usize..range.end as usize;
        self.document.lines.range(self.document.text(), range, self.abilities.encoding)
    }
    /// Edits of the document as the protocol has them.
    pub fn edits(&self, changes: Vec<ide::formatting::Change>) -> Value {
        let edits =
            changes.into_iter().map(|change| json!({ "range": self.range(&change.range), "newText": change.text }));
        edits.collect()
    }
    /// The address of a file of the project, or of the library where the client can open it.
    pub fn uri(&self, path: &str) -> Option<String> {
        if path.starts_with("std/") && program::library_file(path).is_some() {
            return self.abilities.pages.then(|| uri::of_library(path));
        }
        let view = &self.told.as_ref()?.view;
        Some(view.uri_of(&view.folder.join(Path::new(path))))
    }
    /// A range of a file of the project or of the library, as the protocol has it. The document itself is taken as it is now.
    pub fn range_in(&self, path: &str, range: &Range<u32>) -> Option<lsp::Range> {
        if path == self.path && self.told.is_some() {
            return Some(self.range(range));
        }
        let text = match self.program().files().get(path) {
            Some(file) => &*file.text,
            None => program::library_file(path)?,
        };
        let bytes = range.start as usize..range.end as usize;
        Some(Lines::of(text).range(text, bytes, self.abilities.encoding))
    }
}
