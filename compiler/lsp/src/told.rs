//! What is told of a program, as the protocol has it: by file, in the order and the words of `infrac check`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gen_lsp_types as lsp;
use program::Program;
use program::cut::{CutFile, CutFiles};
use rustc_hash::FxHashMap;
use serde_json::json;
use source::{Diagnostic, FileId, Fix, Place, Severity, SourceFile, Sources, Withheld, bounded, sorted, visible};

use crate::encoding::{Encoding, Lines};
use crate::uri;

/// The codes of what could be taken out.
const UNNECESSARY: [&str; 2] = ["unused", "unreachable_arm"];
const DEPRECATED: &str = "deprecated";

/// How a client wants it.
#[derive(Clone, Debug)]
pub struct View {
    /// The project's folder.
    pub folder: PathBuf,
    pub encoding: Encoding,
    /// Whether it can open pages of ours.
    pub pages: bool,
    /// What is open of it.
    pub open: BTreeMap<PathBuf, Open>,
}

/// An open text of a program: how the client writes its address, and which of its versions this is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Open {
    pub uri: String,
    pub version: i32,
}

impl View {
    /// The address of a file of the project; of the library where it can be opened.
    pub fn uri(&self, file: FileId) -> Option<String> {
        if is_of_library(file) {
            return self.pages.then(|| uri::of_library(file.path()));
        }
        Some(self.uri_of(&self.path(file)))
    }
    /// The address of a path.
    pub fn uri_of(&self, path: &Path) -> String {
        self.open.get(path).map_or_else(|| uri::of_file(path), |open| open.uri.clone())
    }
    /// Where a file of the project lies.
    pub fn path(&self, file: FileId) -> PathBuf {
        self.folder.join(file.path())
    }
}

/// All that is told of a program.
pub struct Told {
    pub program: Arc<Program>,
    pub view: View,
    /// In the order of `infrac check`, as they were told.
    pub list: Vec<Diagnostic>,
    /// As the client shows them, by the file where they stand.
    pub files: BTreeMap<PathBuf, Vec<Shown>>,
}

/// One of them.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Which of the list.
    pub at: usize,
    pub diagnostic: lsp::Diagnostic,
}

impl Told {
    /// Puts them into the client's words.
    pub fn new(program: Arc<Program>, told: &[Diagnostic], view: View) -> Self {
        let all = sorted(told, program.sources());
        let list: Vec<Diagnostic> = bounded(&all).into_iter().cloned().collect();
        let left = all.len() - list.len();
        let mut writer = Writer::of(program.sources(), program.files(), &view, Withheld::of(told));
        let mut files: BTreeMap<PathBuf, Vec<Shown>> = BTreeMap::new();
        for (at, diagnostic) in list.iter().enumerate() {
            let (path, diagnostic) = writer.write(diagnostic);
            files.entry(path).or_default().push(Shown { at, diagnostic });
        }
        if left > 0 {
            let (path, range) = writer.home();
            let message = lsp::Message::String(format!("{left} more are not shown"));
            let severity = Some(lsp::DiagnosticSeverity::Information);
            let source = Some(SOURCE.to_owned());
            let diagnostic = lsp::Diagnostic { range, severity, source, message, ..empty() };
            files.entry(path).or_default().push(Shown { at: usize::MAX, diagnostic });
        }
        drop(writer);
        Self { program, view, list, files }
    }
}

impl Told {
    /// What of a later text of one of its files cannot be read, by itself.
    pub fn unreadable(&self, path: &str, file: &CutFile, view: &View) -> Vec<lsp::Diagnostic> {
        let (told, sources) = program::unreadable(path, file);
        let files = CutFiles::default();
        // What must not be shown of the program must not be shown of a part of it.
        let withheld = Withheld::of(&[told.as_slice(), &self.list].concat());
        let mut writer = Writer::of(&sources, &files, view, withheld);
        bounded(&sorted(&told, &sources)).into_iter().map(|diagnostic| writer.write(diagnostic).1).collect()
    }
}

const SOURCE: &str = "infrac";

struct Writer<'a> {
    sources: &'a Sources,
    files: &'a CutFiles,
    view: &'a View,
    withheld: Withheld,
    lines: FxHashMap<FileId, Lines>,
}

impl<'a> Writer<'a> {
    fn of(sources: &'a Sources, files: &'a CutFiles, view: &'a View, withheld: Withheld) -> Self {
        Self { sources, files, view, withheld, lines: FxHashMap::default() }
    }

    fn write(&mut self, diagnostic: &Diagnostic) -> (PathBuf, lsp::Diagnostic) {
        let diagnostic = self.withheld.out_of(diagnostic);
        let own = diagnostic.place().filter(|place| !place.item.is_of_library());
        let (path, range) = own.and_then(|place| self.place(place)).unwrap_or_else(|| self.home());
        let mut words = vec![visible(&diagnostic.message).into_owned()];
        let mut related = Vec::new();
        for (at, label) in diagnostic.labels.iter().enumerate() {
            let text = visible(&label.text).into_owned();
            if at == 0 && own.is_some() {
                words.extend(Some(text).filter(|text| !text.is_empty()));
                continue;
            }
            match self.location(label.place) {
                Some(location) => related.push(lsp::DiagnosticRelatedInformation { location, message: text }),
                None => words.push(format!("{text} at {}", self.sources.show(label.place)).trim().to_owned()),
            }
        }
        words.extend(diagnostic.help.iter().map(|help| format!("help: {}", visible(help))));
        let tags = match diagnostic.code {
            code if UNNECESSARY.contains(&code) => Some(vec![lsp::DiagnosticTag::Unnecessary]),
            DEPRECATED => Some(vec![lsp::DiagnosticTag::Deprecated]),
            _ => None,
        };
        let page = program::explain(diagnostic.code).filter(|_| self.view.pages);
        let written = lsp::Diagnostic {
            range,
            severity: Some(severity(diagnostic.severity)),
            code: Some(lsp::Code::String(diagnostic.code.to_owned())),
            code_description: page.map(|_| lsp::CodeDescription { href: uri::of_page(diagnostic.code).into() }),
            source: Some(SOURCE.to_owned()),
            message: lsp::Message::String(words.join("\n")),
            tags,
            related_information: Some(related).filter(|related| !related.is_empty()),
            data: diagnostic.fix.as_ref().and_then(|fix| self.fix(fix)),
        };
        (path, written)
    }

    /// Where a place lies.
    fn place(&mut self, place: Place) -> Option<(PathBuf, lsp::Range)> {
        let (file, range) = self.sources.absolute(place)?;
        Some((self.view.path(file.id), self.range(file, range)))
    }

    fn range(&mut self, file: &SourceFile, range: std::ops::Range<usize>) -> lsp::Range {
        let lines = self.lines.entry(file.id).or_insert_with(|| Lines::of(&file.text));
        lines.range(&file.text, range, self.view.encoding)
    }

    fn location(&mut self, place: Place) -> Option<lsp::Location> {
        let (file, range) = self.sources.absolute(place)?;
        let uri = self.view.uri(file.id)?.into();
        Some(lsp::Location { uri, range: self.range(file, range) })
    }

    /// Where to tell what stands in no file of the project: at the name of the project, or at the top of its first file.
    fn home(&mut self) -> (PathBuf, lsp::Range) {
        let files = self.files;
        let mut paths: Vec<&String> = files.keys().collect();
        paths.sort();
        let is_project = |path: &&&String| {
            let items = files.get(**path).into_iter().flat_map(|file| &file.items);
            items.filter_map(|item| item.words.first()).any(|word| word.text() == "project")
        };
        let path = paths.iter().find(is_project).or_else(|| paths.first());
        let Some((path, file)) = path.and_then(|path| Some((path, files.get(*path)?))) else {
            return (self.view.folder.clone(), lsp::Range::default());
        };
        let item = file.items.iter().find(|item| item.words.first().is_some_and(|word| word.text() == "project"));
        let range = item.map_or(0..0, |item| {
            let head = item.text.find('{').unwrap_or(item.text.len());
            let length = item.text.get(..head).unwrap_or_default().trim_end().len();
            item.start as usize..item.start as usize + length
        });
        let range = Lines::of(&file.text).range(&file.text, range, self.view.encoding);
        (self.view.folder.join(path.as_str()), range)
    }

    /// What a message offers to change, for clients that look into `data`.
    fn fix(&mut self, fix: &Fix) -> Option<serde_json::Value> {
        let mut edits = Vec::new();
        for edit in &fix.edits {
            let location = self.location(edit.place)?;
            edits.push(json!({ "uri": location.uri, "range": location.range, "newText": edit.text }));
        }
        Some(json!({ "fix": { "title": visible(&fix.title), "safe": fix.safe, "edits": edits } }))
    }
}

/// Whether the library has a file: its paths begin with its name.
pub fn is_of_library(file: FileId) -> bool {
    source::ItemId::new(file, "", 0).is_of_library()
}

fn severity(severity: Severity) -> lsp::DiagnosticSeverity {
    match severity {
        Severity::Error => lsp::DiagnosticSeverity::Error,
        Severity::Warning => lsp::DiagnosticSeverity::Warning,
        Severity::Note => lsp::DiagnosticSeverity::Information,
    }
}

fn empty() -> lsp::Diagnostic {
    lsp::Diagnostic {
        range: lsp::Range::default(),
        severity: None,
        code: None,
        code_description: None,
        source: None,
        message: lsp::Message::String(String::new()),
        tags: None,
        related_information: None,
        data: None,
    }
}
