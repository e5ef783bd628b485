//! Texts that look like templates and are none lie in files of their own, to the letter, and are read when a task runs.

use std::borrow::Cow;
use std::collections::BTreeMap;

use value::Step;
use value::ops::digest;

use super::below;
use super::jinja::variable;
use crate::document::{Document, Line, PathId, Paths, Subject};
use crate::target::Input;
use crate::writer::Node;

/// Such texts by the names of their files.
#[derive(Default)]
pub struct Texts<'g>(BTreeMap<String, Text<'g>>);

struct Text<'g> {
    subject: Subject,
    path: Vec<Step>,
    text: Cow<'g, str>,
}

impl<'g> Texts<'g> {
    /// What stands for a text where it is read.
    pub fn refer(&mut self, subject: Subject, path: &[Step], text: &'g str) -> Node<'g> {
        Node::text(variable(&self.read(subject, path, text.into())))
    }

    /// The expression that reads a text. Equal texts are one file.
    pub fn read(&mut self, subject: Subject, path: &[Step], text: Cow<'g, str>) -> String {
        let name = digest(&text);
        let file = format!("inventory_dir ~ '/texts/{name}'");
        self.0.entry(name).or_insert_with(|| Text { subject, path: path.to_vec(), text });
        format!("lookup('ansible.builtin.file', {file}, rstrip=false)")
    }

    /// The files.
    pub fn documents(self, input: &Input<'_, '_>) -> Vec<Document> {
        let all = self.0.into_iter().filter(|_| input.write);
        all.map(|(name, text)| document(input, &name, &text)).collect()
    }
}

fn document(input: &Input<'_, '_>, name: &str, text: &Text<'_>) -> Document {
    let mut paths = Paths::default();
    let path = text.path.iter().fold(PathId::ROOT, |path, step| paths.child(path, *step));
    let line = Line { subject: text.subject, path };
    let lines = if input.settings.lines { vec![line; text.text.lines().count()] } else { Vec::new() };
    Document { path: below(&format!("texts/{name}")), text: text.text.to_string(), lines, paths, mode: None }
}
