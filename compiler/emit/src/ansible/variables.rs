//! What the run is given by variables of the environment: secret params, and what other tools decide. No file holds a value of them.

use std::collections::BTreeMap;

use graph::Resource;
use source::Diagnostic;
use value::{Step, Value, ValueId};

use super::{below, jinja};
use crate::body::{Leaves, node, open_references, path_text};
use crate::crossing::{As, Crossing, Form};
use crate::document::{Document, Subject};
use crate::hash::short_hash;
use crate::index::Index;
use crate::step::Variable;
use crate::target::Input;
use crate::writer::{Node, write_yaml};

/// The variable of a value that another tool decides. It depends on the address of what takes it alone.
pub fn given(index: &Index<'_>, resource: &Resource, path: &[Step]) -> String {
    let address = index.address(resource.address);
    let path = path_text(path);
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let plain: String =
        format!("{address}_{path}").chars().map(|letter| if is_plain(letter) { letter } else { '_' }).collect();
    format!("given_{plain}_{:08x}", short_hash(&format!("{address}.{path}")))
}

/// Whether a later value is made of secret params alone, which the run is given itself.
pub fn of_params(index: &Index<'_>, id: ValueId) -> bool {
    open_references(index.store, id).iter().all(|open| index.store.input_name(open.of).is_some())
}

/// What other tools hand over to tasks and to the inventory.
pub fn receives<'g>(input: &Input<'_, 'g>, to: usize, told: &mut Vec<Diagnostic>) -> Vec<Crossing<'g>> {
    let mut crossings = Vec::new();
    for (at, resource) in input.members(to) {
        let body = input.index.body(at);
        if input.index.store.holds(body).reference() {
            let mut found = Found { input, to, at, resource, crossings: &mut crossings, told };
            node(input.index.store, body, &mut Vec::new(), &mut found);
        }
    }
    crossings
}

struct Found<'i, 'g> {
    input: &'i Input<'i, 'g>,
    to: usize,
    at: usize,
    resource: &'g Resource,
    crossings: &'i mut Vec<Crossing<'g>>,
    told: &'i mut Vec<Diagnostic>,
}

impl<'g> Leaves<'g> for Found<'_, 'g> {
    fn text(&mut self, text: &'g str) -> std::borrow::Cow<'g, str> {
        text.into()
    }
    fn later(&mut self, id: ValueId, path: &[Step]) -> Option<Node<'g>> {
        let index = self.input.index;
        if of_params(index, id) {
            return None;
        }
        let before = self.told.len();
        let Some(source) = self.input.source(self.resource, path, id, self.told) else {
            if self.told.len() == before {
                let (field, address) = (path_text(path), index.address(self.resource.address));
                let message = format!("`{field}` of `{address}` is known only when it runs");
                let help = "take the value from where it is decided before: a `let`, a param, or a resource of a tool that hands over what it makes";
                self.told.push(index.error("not_handed_over", self.resource, path, message).help(help));
            }
            return None;
        };
        match source.hands.later(index, id, Form::Text) {
            Ok(text) => self.crossings.push(Crossing {
                from: source.artefact,
                to: self.to,
                member: Some(self.at),
                of: source.of,
                name: given(index, self.resource, path),
                takes: As::Variable,
                value: Node::At(Subject::Resource(self.at as u32), path.to_vec(), Box::new(Node::text(text))),
                secret: open_references(index.store, id).iter().any(|open| open.secret),
            }),
            Err(refusal) => {
                self.told.push(index.error(refusal.code, self.resource, path, refusal.message).help(refusal.help));
            }
        }
        None
    }
    /// Told where documents are made.
    fn refuse(&mut self, _: &Value, _: &[Step]) {}
}

/// The variables of Ansible, each with the variable of the environment that it is read from.
fn names(input: &Input<'_, '_>, artefact: usize) -> BTreeMap<String, String> {
    let index = input.index;
    let mut names = BTreeMap::new();
    for (at, _) in input.members(artefact) {
        for open in open_references(index.store, index.body(at)) {
            if let Some(name) = index.store.input_name(open.of) {
                names.insert(jinja::param(name.text()), format!("INFRAC_PARAM_{name}"));
            }
        }
    }
    names.extend(input.given_to(artefact).map(|crossing| (crossing.name.clone(), variable(&crossing.name))));
    names
}

fn variable(name: &str) -> String {
    format!("INFRAC_{}", name.to_ascii_uppercase())
}

/// Where each of them comes from, for all machines.
pub fn document(input: &Input<'_, '_>, artefact: usize) -> Option<Document> {
    let names = names(input, artefact);
    let entry = |(name, from): (&String, &String)| {
        let hint = format!("undef(hint='the variable {from} of the environment gives it')");
        (name.clone(), Node::text(format!("{{{{ lookup('ansible.builtin.env', '{from}', default={hint}) }}}}")))
    };
    let entries: Vec<_> = names.iter().map(entry).collect();
    let path = below("group_vars/all.yml");
    (!entries.is_empty()).then(|| write_yaml(path, &[Node::map(entries)], input.settings.lines))
}

/// What gives them to the run.
pub fn of_the_run(input: &Input<'_, '_>, artefact: usize) -> Vec<Variable> {
    let mut all: Vec<Variable> = names(input, artefact)
        .into_iter()
        .filter(|(_, from)| from.starts_with("INFRAC_PARAM_"))
        .map(|(_, name)| Variable { name, from: None })
        .collect();
    for crossing in input.given_to(artefact) {
        let Some(from) = input.artefacts.get(crossing.from) else { continue };
        let command = from.target.hands().map(|hands| hands.print(input, from, &crossing.name));
        all.push(Variable { name: variable(&crossing.name), from: command });
    }
    all.sort_by(|left, right| left.name.cmp(&right.name));
    all
}
