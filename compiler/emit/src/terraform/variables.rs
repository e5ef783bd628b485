//! What Terraform takes from other tools: a variable for each value, which whoever runs `apply` gives.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rustc_hash::FxHashSet;
use source::Diagnostic;
use value::{AddressId, Step, Value, ValueId};

use crate::body::path_text;
use crate::crossing::{As, Crossing, Form};
use crate::document::Subject;
use crate::hash::short_hash;
use crate::index::Index;
use crate::step::Variable;
use crate::target::Input;
use crate::terraform::inputs;
use crate::terraform::label::plain_label;
use crate::terraform::{configures, is_own};
use crate::writer::{Entry, Node};

/// The variable of a value that another tool decides. It depends on what the value is alone.
pub fn variable_name(index: &Index<'_>, of: AddressId, path: &[Step]) -> String {
    let (address, path) = (plain_label(index.store, of), path_text(path));
    let is_plain = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let plain = |text: &str| -> String {
        text.chars().map(|character| if is_plain(character) { character } else { '_' }).collect()
    };
    let hash = short_hash(&format!("{}.{path}", index.address(of)));
    format!("{}_{}_{hash:08x}", plain(&address), plain(&path))
}

/// The values of others in resources, providers, outputs and checks. What nobody hands over is told where it stands.
pub fn receives<'g>(input: &Input<'_, 'g>, to: usize, told: &mut Vec<Diagnostic>) -> Vec<Crossing<'g>> {
    // Alone it has nobody to take from.
    if input.artefacts.len() < 2 {
        return Vec::new();
    }
    let mut found = Found { input, to, seen: FxHashSet::default(), crossings: Vec::new(), told };
    for (at, _) in input.members(to) {
        found.visit(Some(at), input.index.body(at));
    }
    let graph = input.index.graph;
    let providers = graph.providers.iter().filter(|provider| configures(provider));
    providers.for_each(|provider| found.visit(None, provider.inputs));
    graph.outputs.iter().for_each(|output| found.visit(None, output.value));
    graph.deferred.iter().for_each(|deferred| found.visit(None, deferred.condition));
    found.crossings
}

struct Found<'i, 'g> {
    input: &'i Input<'i, 'g>,
    to: usize,
    seen: FxHashSet<ValueId>,
    crossings: Vec<Crossing<'g>>,
    told: &'i mut Vec<Diagnostic>,
}

impl Found<'_, '_> {
    fn visit(&mut self, member: Option<usize>, value: ValueId) {
        let store = self.input.index.store;
        if !store.holds(value).reference() || !self.seen.insert(value) {
            return;
        }
        match store.get(value) {
            Value::Ref { folded: Some(_), secret: false, .. } => {}
            Value::Ref { of, path, secret, .. } => self.reference(member, value, *of, path, *secret),
            other => other.for_each_part(|part| self.visit(member, part)),
        }
    }

    fn reference(&mut self, member: Option<usize>, value: ValueId, of: AddressId, path: &[Step], secret: bool) {
        let index = self.input.index;
        let Some((at, resource)) = index.resource(of).filter(|(_, resource)| !is_own(resource)) else { return };
        let Some(source) = self.input.handed(at, of) else { return };
        match source.hands.later(index, value, Form::Text) {
            Ok(text) => self.crossings.push(Crossing {
                from: source.artefact,
                to: self.to,
                member,
                of,
                name: variable_name(index, of, path),
                takes: As::Variable,
                value: Node::text(text),
                secret,
            }),
            Err(refusal) => {
                self.told.push(Diagnostic::error(refusal.code, resource.place, refusal.message).help(refusal.help));
            }
        }
    }
}

/// The `variable` blocks.
pub fn variables<'g>(input: &Input<'_, 'g>, artefact: usize) -> Node<'g> {
    let mut blocks: BTreeMap<String, Node<'g>> = inputs::variables(input.index.graph).collect();
    for crossing in input.given_to(artefact) {
        let mut entries: Vec<Entry<'g>> = vec![("type".into(), Node::text("string"))];
        if crossing.secret {
            entries.push(("sensitive".into(), Node::Bool(true)));
        }
        let subject = crossing.member.map_or(Subject::Frame, |at| Subject::Resource(at as u32));
        blocks.insert(crossing.name.clone(), Node::Map(entries).of(subject));
    }
    Node::Map(blocks.into_iter().map(|(name, block)| (Cow::Owned(name), block)).collect())
}

/// The variables of the environment that give them.
pub fn given(input: &Input<'_, '_>, artefact: usize) -> Vec<Variable> {
    let mut all: BTreeMap<String, Variable> = BTreeMap::new();
    for from_outside in &input.index.graph.inputs {
        let name = format!("TF_VAR_{}", inputs::variable(input.index.graph, from_outside.name));
        all.insert(name.clone(), Variable { name, from: None });
    }
    for crossing in input.given_to(artefact) {
        let Some(from) = input.artefacts.get(crossing.from) else { continue };
        let command = from.target.hands().map(|hands| hands.print(input, from, &crossing.name));
        let name = format!("TF_VAR_{}", crossing.name);
        all.insert(name.clone(), Variable { name, from: command });
    }
    all.into_values().collect()
}
