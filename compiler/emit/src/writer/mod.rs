//! Writers: a document of values becomes text, and each line remembers who put it there when somebody asks. One writer per format, `json.rs` and
//! `yaml.rs`; what a YAML scalar may look like is in `scalar.rs`.

mod json;
mod scalar;
mod yaml;

use std::borrow::Cow;

use source::Name;
use value::Step;

use crate::document::{Document, Line, PathId, Paths, Subject};

pub use json::write_json;
pub use yaml::write_yaml;

/// A document of values, in the order in which it will be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node<'g> {
    Null,
    Bool(bool),
    /// A number, spelt as it will stand.
    Number(Cow<'g, str>),
    Text(Cow<'g, str>),
    List(Vec<Node<'g>>),
    Map(Vec<Entry<'g>>),
    /// From here on the lines belong to this subject, at this path of it.
    At(Subject, Vec<Step>, Box<Node<'g>>),
}

/// An entry of a map.
pub type Entry<'g> = (Cow<'g, str>, Node<'g>);

impl<'g> Node<'g> {
    /// A text.
    pub fn text(text: impl Into<Cow<'g, str>>) -> Self {
        Node::Text(text.into())
    }
    /// A map with these entries, in this order.
    pub fn map<K: Into<Cow<'g, str>>>(entries: impl IntoIterator<Item = (K, Node<'g>)>) -> Self {
        Node::Map(entries.into_iter().map(|(key, node)| (key.into(), node)).collect())
    }
    /// The same node, as part of a resource, a provider or an output.
    pub fn of(self, subject: Subject) -> Self {
        Node::At(subject, Vec::new(), Box::new(self))
    }
    /// The entry of a map with this key; looks through [`Node::At`].
    pub fn get(&self, key: &str) -> Option<&Node<'g>> {
        match self {
            Node::Map(entries) => entries.iter().find(|entry| entry.0 == key).map(|entry| &entry.1),
            Node::At(_, _, inner) => inner.get(key),
            Node::Null | Node::Bool(_) | Node::Number(_) | Node::Text(_) | Node::List(_) => None,
        }
    }
    /// The entries of a map, to be changed; looks through [`Node::At`].
    pub fn entries_mut(&mut self) -> Option<&mut Vec<Entry<'g>>> {
        match self {
            Node::Map(entries) => Some(entries),
            Node::At(_, _, inner) => inner.entries_mut(),
            Node::Null | Node::Bool(_) | Node::Number(_) | Node::Text(_) | Node::List(_) => None,
        }
    }
    /// The text of a text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Node::Text(text) => Some(text),
            Node::At(_, _, inner) => inner.as_text(),
            Node::Null | Node::Bool(_) | Node::Number(_) | Node::List(_) | Node::Map(_) => None,
        }
    }
}

const BLANKS: &str = "                                                                ";

/// Whose line is being written.
#[derive(Clone, Copy)]
struct Owner {
    subject: Subject,
    path: PathId,
}

impl Owner {
    const FRAME: Owner = Owner { subject: Subject::Frame, path: PathId::ROOT };
}

/// The text so far and, when that is asked for, who owns its lines.
struct Recorder {
    text: String,
    records: bool,
    lines: Vec<Line>,
    paths: Paths,
}

impl Recorder {
    fn new(records: bool) -> Self {
        Self { text: String::new(), records, lines: Vec::new(), paths: Paths::default() }
    }
    /// Ends the current line, which is this owner's.
    fn end_line(&mut self, owner: Owner) {
        self.text.push('\n');
        if self.records {
            self.lines.push(Line { subject: owner.subject, path: owner.path });
        }
    }
    fn indent(&mut self, mut columns: usize) {
        while columns > 0 {
            let some = columns.min(BLANKS.len());
            self.text.push_str(&BLANKS[..some]);
            columns -= some;
        }
    }
    /// Whether there is something to be found along the paths of an owner: the frame and what has left have no origin.
    fn follows(&self, owner: Owner) -> bool {
        self.records && !matches!(owner.subject, Subject::Frame | Subject::Left)
    }
    fn key_of(&mut self, owner: Owner, key: &str) -> Owner {
        if !self.follows(owner) {
            return owner;
        }
        Owner { subject: owner.subject, path: self.paths.child(owner.path, Step::Field(Name::new(key))) }
    }
    fn element_of(&mut self, owner: Owner, at: usize) -> Owner {
        if !self.follows(owner) {
            return owner;
        }
        Owner { subject: owner.subject, path: self.paths.child(owner.path, Step::Index(at as u32)) }
    }
    /// The node without its marks, and who owns it.
    fn enter<'a, 'g>(&mut self, mut owner: Owner, mut node: &'a Node<'g>) -> (Owner, &'a Node<'g>) {
        while let Node::At(subject, steps, inner) = node {
            owner = Owner { subject: *subject, path: PathId::ROOT };
            if self.records {
                owner.path = steps.iter().fold(PathId::ROOT, |path, step| self.paths.child(path, *step));
            }
            node = inner;
        }
        (owner, node)
    }
    fn document(self, path: String) -> Document {
        Document { path, text: self.text, lines: self.lines, paths: self.paths, mode: None }
    }
}
