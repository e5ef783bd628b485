//! What watches and what wakes: a document for each resource, below `monitoring` in the folder of the environment. A document is all that
//! the resource says but its path; the schema alone knows what Prometheus, Alertmanager and Grafana read there.

use std::borrow::Cow;

use graph::Resource;
use source::Diagnostic;
use value::{Step, Value, ValueId};

use crate::Settings;
use crate::body::{Leaves, node};
use crate::crossing::Crossing;
use crate::document::{Document, Subject};
use crate::files::path::refuse_paths;
use crate::files::text;
use crate::index::Index;
use crate::target::{Artefact, Input, Target, own};
use crate::writer::{Node, write_json, write_yaml};

const NAME: &str = "monitoring";
/// The field that says where a document lies.
const PATH: &str = "path";

/// Prometheus, Alertmanager and Grafana: all of their files are one artefact.
pub struct Monitoring;

impl Target for Monitoring {
    fn name(&self) -> &'static str {
        NAME
    }
    fn artefacts(&self, index: &Index<'_>, _: &Settings) -> Vec<Artefact> {
        Artefact::whole(&Monitoring, index)
    }
    fn receives<'g>(&self, _: &Input<'_, 'g>, _: usize, _: &mut Vec<Diagnostic>) -> Vec<Crossing<'g>> {
        Vec::new()
    }
    fn refuse(&self, input: &Input<'_, '_>, told: &mut Vec<Diagnostic>) {
        refuse_paths(input.index, own(input.index, NAME), told);
    }
    fn documents(&self, input: &Input<'_, '_>, artefact: usize, told: &mut Vec<Diagnostic>) -> Vec<Document> {
        let documents = input.members(artefact).filter_map(|(at, resource)| document(input, at, resource, told));
        documents.filter(|_| input.write).collect()
    }
    /// Whoever runs the servers is given the same texts by the platform that they stand on.
    fn steps(&self, _: &Input<'_, '_>, _: usize) -> Vec<crate::step::Step> {
        Vec::new()
    }
}

/// JSON where the path says so, else YAML.
fn document(input: &Input<'_, '_>, at: usize, resource: &Resource, told: &mut Vec<Diagnostic>) -> Option<Document> {
    let index = input.index;
    let mut leaves = Known { index, resource, told };
    let mut content = node(index.store, index.body(at), &mut Vec::new(), &mut leaves)?;
    content.entries_mut()?.retain(|entry| entry.0 != PATH);
    let path = format!("{NAME}/{}", text(index, at, PATH)?);
    let content = content.of(Subject::Resource(at as u32));
    let lines = input.settings.lines;
    Some(match path.ends_with(".json") {
        true => write_json(path, &content, lines),
        false => write_yaml(path, &[content], lines),
    })
}

/// The leaves of a document, all of which are known.
struct Known<'i, 'g, 't> {
    index: &'i Index<'g>,
    resource: &'g Resource,
    told: &'t mut Vec<Diagnostic>,
}

impl<'g> Leaves<'g> for Known<'_, 'g, '_> {
    fn text(&mut self, text: &'g str) -> Cow<'g, str> {
        text.into()
    }
    fn later(&mut self, id: ValueId, path: &[Step]) -> Option<Node<'g>> {
        let what = if self.index.store.holds(id).secret() { "is secret" } else { "is known only after apply" };
        let field = crate::body::path_text(path);
        let message = format!("`{field}` of `{}` {what}", self.index.address(self.resource.address));
        let help = "these files are written before anything runs, and everybody may read them: name a file that holds it (`url_file`, `credentials_file`), and give that file to the program";
        self.told.push(self.index.error("not_handed_over", self.resource, path, message).help(help));
        None
    }
    fn refuse(&mut self, value: &Value, path: &[Step]) {
        self.told.push(self.index.not_lowered(self.resource, path, value));
    }
}
