//! What the run is given by variables of the environment: secret params, and what other tools decide. No file holds a value of them. What
//! one tool decides comes in one variable, as JSON, however many machines there are.

use std::collections::{BTreeMap, BTreeSet};

use graph::Resource;
use source::Diagnostic;
use value::{Op, Step, Value, ValueId};

use super::{NAME, below, jinja};
use crate::body::{Leaves, node, open_references, path_text};
use crate::crossing::{As, Crossing, Form};
use crate::document::{Document, Subject};
use crate::hash::short_hash;
use crate::index::Index;
use crate::step::Variable;
use crate::target::Input;
use crate::writer::{Node, write_yaml};

/// The variable of a value that another tool decides: one for whatever takes it. What is made of more than one attribute has the name of
/// what takes it.
pub fn given(index: &Index<'_>, resource: &Resource, path: &[Step], id: ValueId) -> String {
    let (address, path) = match index.store.get(id) {
        Value::Op { op: Op::Text, args } if args.len() == 1 => {
            return args.first().map_or_else(String::new, |only| given(index, resource, path, *only));
        }
        Value::Ref { of, path, .. } => (*of, path_text(path)),
        _ => (resource.address, path_text(path)),
    };
    let address = index.address(address);
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
    let mut names = BTreeSet::new();
    for (at, resource) in input.members(to) {
        let body = input.index.body(at);
        if input.index.store.holds(body).reference() {
            let mut found = Found { input, to, at, resource, crossings: &mut crossings, names: &mut names, told };
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
    /// Of the variables that are given so far.
    names: &'i mut BTreeSet<String>,
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
        let name = given(index, self.resource, path, id);
        if !self.names.insert(name.clone()) {
            return None;
        }
        match source.hands.later(index, id, Form::Text) {
            Ok(text) => self.crossings.push(Crossing {
                from: source.artefact,
                to: self.to,
                member: Some(self.at),
                of: source.of,
                name: NAME.to_owned(),
                takes: As::Output,
                value: Node::Map(vec![(
                    name.into(),
                    Node::At(Subject::Resource(self.at as u32), path.to_vec(), Box::new(Node::text(text))),
                )]),
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

/// The secret params: variables of Ansible, each with the variable of the environment that it is read from.
fn params(input: &Input<'_, '_>, artefact: usize) -> BTreeMap<String, String> {
    let index = input.index;
    let mut names = BTreeMap::new();
    for (at, _) in input.members(artefact) {
        for open in open_references(index.store, index.body(at)) {
            if let Some(name) = index.store.input_name(open.of) {
                names.insert(jinja::param(name.text()), format!("INFRAC_PARAM_{name}"));
            }
        }
    }
    names
}

/// What takes a value first.
type Taker = (Subject, Vec<Step>);

/// The artefacts that give something, each with the names of what it gives.
fn givers(input: &Input<'_, '_>, artefact: usize) -> BTreeMap<usize, BTreeMap<String, Taker>> {
    let mut givers: BTreeMap<usize, BTreeMap<String, Taker>> = BTreeMap::new();
    for crossing in input.given_to(artefact) {
        let Node::Map(entries) = &crossing.value else { continue };
        let given = entries.iter().filter_map(|(name, value)| match value {
            Node::At(subject, path, _) => Some((name.to_string(), (*subject, path.clone()))),
            _ => None,
        });
        givers.entry(crossing.from).or_default().extend(given);
    }
    givers
}

/// The variable of Ansible that holds all that an artefact gives, and that of the environment.
fn of_giver(input: &Input<'_, '_>, from: usize) -> (String, String) {
    let name = input.artefacts.get(from).map_or("", |artefact| artefact.name.as_str());
    let name = format!("from_{}", super::alike::word(name));
    let variable = format!("INFRAC_{}", name.to_ascii_uppercase());
    (name, variable)
}

fn read(from: &str) -> String {
    format!(
        "lookup('ansible.builtin.env', '{from}', default=undef(hint='the variable {from} of the environment gives it'))"
    )
}

/// Where each of them comes from, for all machines.
pub fn document(input: &Input<'_, '_>, artefact: usize) -> Option<Document> {
    let mut entries: BTreeMap<String, Node<'_>> = BTreeMap::new();
    for (from, given) in givers(input, artefact) {
        let (name, variable) = of_giver(input, from);
        // An object a line; a backslash could not be spelt here.
        let objects = format!("{}.split('%c' | format(10)) | map('from_json') | combine", read(&variable));
        entries.extend(given.into_iter().map(|(given, (taker, path))| {
            let value = Node::text(jinja::variable(&format!("{name}.{given}")));
            (given, Node::At(taker, path, Box::new(value)))
        }));
        entries.insert(name, Node::text(jinja::variable(&objects)));
    }
    let params = params(input, artefact).into_iter();
    entries.extend(params.map(|(name, from)| (name, Node::text(jinja::variable(&read(&from))))));
    let path = below("group_vars/all.yml");
    (!entries.is_empty()).then(|| write_yaml(path, &[Node::map(entries)], input.settings.lines))
}

/// What gives them to the run.
pub fn of_the_run(input: &Input<'_, '_>, artefact: usize) -> Vec<Variable> {
    let params = params(input, artefact).into_values().map(|name| Variable { name, from: None });
    let given = givers(input, artefact).into_keys().filter_map(|at| {
        let from = input.artefacts.get(at)?;
        let command = from.target.hands().map(|hands| hands.print(input, from, NAME));
        Some(Variable { name: of_giver(input, at).1, from: command })
    });
    let mut all: Vec<Variable> = params.chain(given).collect();
    all.sort_by(|left, right| left.name.cmp(&right.name));
    all
}
