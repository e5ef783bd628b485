//! Terraform in its JSON syntax, one `main.tf.json`: pinned providers, their configurations, data sources, resources, outputs
//! and what is handed over to other tools. One block for each instance; nothing is counted or looped over.
//!
//! A waiver (`@allow(CKV_…)`) becomes a `"//"` comment of its block, for readers: Terraform reads no meaning into that key, and
//! checkov 3 takes no waivers from JSON (its reader of `.tf.json` passes an empty list of them to every check). A script that runs
//! checkov takes them from graph.json. That reader also refuses a `terraform` block with a plain argument, which is why
//! `required_version` is not there: any release of Terraform since 1.2 and of OpenTofu will do, for preconditions and `one`.

mod choice;
mod hand_over;
mod inputs;
mod reference;
mod secrets;
mod selection;
mod steps;
mod variables;

pub mod expression;
pub mod grounds;
pub mod label;
pub mod moves;
pub mod remains;
pub mod state;

use std::borrow::Cow;

use graph::{EdgeKind, Graph, NodeId, Output, Provider, Resource, Waiver};
use source::Diagnostic;
use unicode_normalization::{UnicodeNormalization, is_nfc};
use value::{Step, Store, Value, ValueId};

use crate::Settings;
use crate::body::{Leaves, node, open_references};
use crate::crossing::{Crossing, Hands, Refusal};
use crate::document::{Document, Subject};
use crate::hash::short_hash;
use crate::index::Index;
use crate::outputs::spelling;
use crate::target::{Artefact, Input, Label, Target};
use crate::writer::{Entry, Node, write_json};

use expression::{escape, expression, template};
use remains::{Remains, node_of};

const NAME: &str = "terraform";

/// Terraform: one root for all of an environment.
pub struct Terraform;

impl Target for Terraform {
    fn name(&self) -> &'static str {
        NAME
    }
    fn takes_references(&self) -> bool {
        true
    }
    fn takes_inputs(&self) -> bool {
        true
    }
    fn label(&self, store: &Store, resource: &Resource) -> Option<Label> {
        Some(label::label(store, resource))
    }
    fn hands(&self) -> Option<&'static dyn Hands> {
        Some(&hand_over::Outputs)
    }
    fn artefacts(&self, index: &Index<'_>, settings: &Settings) -> Vec<Artefact> {
        let graph = index.graph;
        let own = graph.resources.iter().enumerate().filter(|(_, resource)| is_own(resource));
        let members: Vec<usize> = own.map(|(at, _)| at).collect();
        // A deferred check must not pass in silence, whatever it is about.
        let is_empty = settings.remains.is_empty() && graph.deferred.is_empty() && members.is_empty();
        let root = Artefact { target: &Terraform, name: NAME.to_owned(), members };
        (!is_empty).then_some(root).into_iter().collect()
    }
    fn receives<'g>(&self, input: &Input<'_, 'g>, artefact: usize, told: &mut Vec<Diagnostic>) -> Vec<Crossing<'g>> {
        variables::receives(input, artefact, told)
    }
    fn refuse(&self, input: &Input<'_, '_>, told: &mut Vec<Diagnostic>) {
        label::tell_same(input.index, told);
    }
    fn documents(&self, input: &Input<'_, '_>, artefact: usize, told: &mut Vec<Diagnostic>) -> Vec<Document> {
        let root = root(input, artefact, told);
        let written = input.write.then(|| write_json(format!("{NAME}/main.tf.json"), &root, input.settings.lines));
        written.into_iter().collect()
    }
    fn steps(&self, input: &Input<'_, '_>, artefact: usize) -> Vec<crate::step::Step> {
        steps::steps(input, artefact)
    }
    fn publishes(&self) -> bool {
        true
    }
    fn notes(&self, input: &Input<'_, '_>, artefact: usize) -> Vec<String> {
        steps::notes(input, artefact)
    }
}

/// Whether a resource is Terraform's.
fn is_own(resource: &Resource) -> bool {
    resource.kind.target.text() == NAME
}

/// Whether Terraform's configuration is it.
fn configures(provider: &Provider) -> bool {
    provider.target.text() == NAME
}

fn root<'g>(input: &Input<'_, 'g>, artefact: usize, told: &mut Vec<Diagnostic>) -> Node<'g> {
    let (index, settings) = (input.index, input.settings);
    let mut top: Vec<Entry<'g>> = vec![("terraform".into(), of_terraform(index.graph, settings))];
    let mut section = |name: &'static str, node: Node<'g>| {
        let is_empty = match &node {
            Node::Map(entries) => entries.is_empty(),
            Node::List(elements) => elements.is_empty(),
            _ => false,
        };
        if !is_empty {
            top.push((name.into(), node));
        }
    };
    section("moved", moves::moved(index, told));
    section("import", moves::imports(index));
    section("removed", removed(&settings.remains));
    section("variable", variables::variables(input, artefact));
    section("provider", providers(index, &settings.remains, told));
    section("data", blocks(index, true, told));
    section("resource", with_key(blocks(index, false, told), inputs::key_keeper(index.graph)));
    let (locals, handed) = hand_over::outputs(input, artefact, told);
    let mut outputs = outputs(index, told);
    outputs.extend(handed);
    outputs.sort_by(|left, right| left.0.cmp(&right.0));
    section("locals", Node::Map(locals));
    section("output", Node::Map(outputs));
    Node::Map(top)
}

/// The resources, and what keeps the key of fingerprints.
fn with_key<'g>(mut resources: Node<'g>, keeper: Option<Entry<'g>>) -> Node<'g> {
    if let Some(entries) = resources.entries_mut() {
        entries.extend(keeper);
        entries.sort_by(|left, right| left.0.cmp(&right.0));
    }
    resources
}

/// What Terraform forgets, and leaves where it is.
fn removed<'g>(remains: &Remains) -> Node<'g> {
    let block = |reference: &String| {
        let keep = Node::map([("destroy", Node::Bool(false))]);
        Node::map([("from", Node::text(reference.clone())), ("lifecycle", Node::List(vec![keep]))]).of(Subject::Left)
    };
    Node::List(remains.released.iter().map(block).collect())
}

fn of_terraform<'g>(graph: &'g Graph, settings: &Settings) -> Node<'g> {
    let mut required: Vec<Entry<'_>> = Vec::new();
    for (at, provider) in graph.providers.iter().enumerate().filter(|(_, provider)| configures(provider)) {
        if required.iter().any(|entry| entry.0 == provider.name.text()) {
            continue;
        }
        let pinned = Node::map([
            ("source", Node::text(provider.source.as_ref())),
            ("version", Node::text(provider.version.as_ref())),
        ]);
        required.push((provider.name.text().into(), pinned.of(Subject::Provider(at as u32))));
    }
    for left in &settings.remains.providers {
        if !required.iter().any(|entry| entry.0 == left.provider) {
            let pinned = [("source", Node::text(left.source.clone())), ("version", Node::text(left.version.clone()))];
            required.push((left.provider.clone().into(), Node::map(pinned).of(Subject::Left)));
        }
    }
    required.sort_by(|left, right| left.0.cmp(&right.0));
    Node::map([
        ("required_providers", Node::Map(required)),
        ("backend", state::backend(graph, &state::beside_project(settings))),
    ])
}

fn providers<'g>(index: &Index<'g>, remains: &Remains, told: &mut Vec<Diagnostic>) -> Node<'g> {
    let mut by_name: Vec<Entry<'g>> = Vec::new();
    let mut add = |name: String, block: Node<'g>| match by_name.iter_mut().find(|entry| entry.0 == name) {
        Some((_, Node::List(blocks))) => blocks.push(block),
        _ => by_name.push((name.into(), Node::List(vec![block]))),
    };
    for (at, provider) in index.graph.providers.iter().enumerate().filter(|(_, provider)| configures(provider)) {
        let mut leaves = OfProvider { index, provider, told };
        let body = node(index.store, provider.inputs, &mut Vec::new(), &mut leaves);
        let mut entries = match body {
            Some(Node::Map(entries)) => entries,
            _ => Vec::new(),
        };
        if let Some(alias) = provider.alias {
            entries.insert(0, ("alias".into(), Node::text(alias.text())));
        }
        add(provider.name.text().to_owned(), Node::Map(entries).of(Subject::Provider(at as u32)));
    }
    for left in &remains.providers {
        let alias = left.alias.iter().map(|alias| ("alias".into(), Node::text(alias.clone())));
        let inputs = left.inputs.iter().map(|(name, value)| (name.clone().into(), node_of(value)));
        add(left.provider.clone(), Node::Map(alias.chain(inputs).collect()).of(Subject::Left));
    }
    by_name.sort_by(|left, right| left.0.cmp(&right.0));
    Node::Map(by_name)
}

/// All resources, or all data sources, by type and label.
fn blocks<'g>(index: &Index<'g>, read: bool, told: &mut Vec<Diagnostic>) -> Node<'g> {
    let mut all: Vec<(&'g str, String, Node<'g>)> = Vec::new();
    for (at, resource) in index.graph.resources.iter().enumerate() {
        if resource.read == read
            && is_own(resource)
            && let Some(label) = index.label(at)
        {
            let block = block(index, at, resource, told).of(Subject::Resource(at as u32));
            all.push((resource.kind.name.text(), label.label.clone(), block));
        }
    }
    all.sort_by(|left, right| (left.0, &left.1).cmp(&(right.0, &right.1)));
    let mut types: Vec<Entry<'g>> = Vec::new();
    for (kind, label, block) in all {
        match types.last_mut() {
            Some((last, Node::Map(entries))) if last == kind => entries.push((label.into(), block)),
            _ => types.push((kind.into(), Node::Map(vec![(label.into(), block)]))),
        }
    }
    Node::Map(types)
}

fn block<'g>(index: &Index<'g>, at: usize, resource: &'g Resource, told: &mut Vec<Diagnostic>) -> Node<'g> {
    let mut entries: Vec<Entry<'g>> = Vec::new();
    let skips: Vec<Node<'_>> = resource.waivers.iter().map(|waiver| Node::text(skip(waiver))).collect();
    if !skips.is_empty() {
        entries.push(("//".into(), Node::List(skips)));
    }
    if let Some(alias) =
        provider_of(index.graph, resource).and_then(|provider| Some(format!("{}.{}", provider.name, provider.alias?)))
    {
        entries.push(("provider".into(), Node::text(alias)));
    }
    let mut leaves = OfResource { index, resource, told };
    if let Some(Node::Map(body)) = node(index.store, index.body(at), &mut Vec::new(), &mut leaves) {
        entries.extend(body);
    }
    let waits = waits_for(index, resource);
    if !waits.is_empty() {
        entries.push(("depends_on".into(), Node::List(waits.into_iter().map(Node::text).collect())));
    }
    let life = lifecycle(resource);
    if !life.is_empty() {
        entries.push(("lifecycle".into(), Node::Map(life)));
    }
    Node::Map(entries)
}

fn skip(waiver: &Waiver) -> String {
    format!("checkov:skip={}:{}", waiver.check, waiver.because.replace('\n', " "))
}

fn provider_of<'g>(graph: &'g Graph, resource: &Resource) -> Option<&'g Provider> {
    graph.providers.get(resource.provider?.0 as usize)
}

/// What the annotations ask to be applied before, and what it stands on: itself, or by its provider. Edges of data stand in the
/// body, and in the configuration of the provider, as references; other tools have run before.
fn waits_for(index: &Index<'_>, resource: &Resource) -> Vec<String> {
    let provider = provider_of(index.graph, resource).map_or(&[][..], |provider| &provider.edges);
    let edges = || resource.edges.iter().chain(provider);
    let is_referred = |to: NodeId| edges().any(|edge| edge.kind == EdgeKind::Data && edge.to == to);
    let waited = edges().filter(|edge| match edge.kind {
        EdgeKind::Order => true,
        EdgeKind::HostedOn => !is_referred(edge.to),
        EdgeKind::Data | EdgeKind::Notifies => false,
    });
    let others = waited.filter_map(|edge| index.resource(edge.resource()?)).filter(|(_, other)| is_own(other));
    let mut waits: Vec<String> = others.filter_map(|(at, _)| Some(index.label(at)?.reference())).collect();
    waits.sort();
    waits.dedup();
    waits
}

fn lifecycle<'g>(resource: &'g Resource) -> Vec<Entry<'g>> {
    let mut entries: Vec<Entry<'g>> = Vec::new();
    if resource.read {
        // What is only read is never changed or deleted.
        return entries;
    }
    if resource.life.create_first {
        entries.push(("create_before_destroy".into(), Node::Bool(true)));
    }
    if !resource.life.ignore.is_empty() {
        let mut names: Vec<String> = resource.life.ignore.iter().map(|path| attribute(path)).collect();
        names.sort_unstable();
        entries.push(("ignore_changes".into(), Node::List(names.into_iter().map(Node::text).collect())));
    }
    if resource.life.protect {
        entries.push(("prevent_destroy".into(), Node::Bool(true)));
    }
    entries
}

/// `root_block_device[0].volume_size`: a block is the first one of a list.
fn attribute(path: &[Step]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Step::Field(name) if text.is_empty() => text.push_str(name.text()),
            Step::Field(name) => text.push_str(&format!(".{name}")),
            Step::Key(key) => text.push_str(&format!("[\"{key}\"]")),
            Step::Index(at) | Step::Element(at) => text.push_str(&format!("[{at}]")),
            Step::First => text.push_str("[0]"),
        }
    }
    text
}

fn outputs<'g>(index: &Index<'g>, told: &mut Vec<Diagnostic>) -> Vec<Entry<'g>> {
    let mut all: Vec<Entry<'g>> = Vec::new();
    for (at, output) in index.graph.outputs.iter().enumerate() {
        let mut leaves = OfOutput { index, output, told };
        let Some(value) = node(index.store, output.value, &mut Vec::new(), &mut leaves) else { continue };
        let secret = output.secret || open_references(index.store, output.value).iter().any(|open| open.secret);
        let mut entries = vec![("value".into(), value)];
        if secret {
            entries.insert(0, ("sensitive".into(), Node::Bool(true)));
        }
        all.push((output.name.text().into(), Node::Map(entries).of(Subject::Output(at as u32))));
    }
    for (at, deferred) in index.graph.deferred.iter().enumerate() {
        match expression(index, deferred.condition) {
            // A precondition of an output stops the run; a `check` block would only warn.
            Ok(condition) => {
                let precondition = Node::map([
                    ("condition", Node::text(format!("${{{condition}}}"))),
                    ("error_message", Node::Text(Cow::Owned(escape(&deferred.message).into_owned()))),
                ]);
                let body = Node::map([("value", Node::Bool(true)), ("precondition", Node::List(vec![precondition]))]);
                // Two checks may say the same of two things: what is asked tells them apart.
                let name = format!("require_{:08x}", short_hash(&format!("{}\n{condition}", deferred.message)));
                if let Some(output) = index.graph.outputs.iter().find(|output| output.name.text() == name) {
                    let message = format!("the output `{name}` has the name of a check that is made later");
                    told.push(
                        Diagnostic::error("reserved_output", output.place, message)
                            .help("give the output another name"),
                    );
                }
                all.push((name.into(), body.of(Subject::Deferred(at as u32))));
            }
            Err(refusal) => {
                told.push(Diagnostic::error(refusal.code, deferred.place, refusal.message).help(refusal.help))
            }
        }
    }
    all.sort_by(|left, right| left.0.cmp(&right.0));
    all.dedup_by(|left, right| left.0 == right.0);
    all
}

/// The leaves of a resource's body.
struct OfResource<'i, 'g> {
    index: &'i Index<'g>,
    resource: &'g Resource,
    told: &'i mut Vec<Diagnostic>,
}

impl<'g> Leaves<'g> for OfResource<'_, 'g> {
    fn text(&mut self, text: &'g str) -> Cow<'g, str> {
        escape(text)
    }
    /// Terraform composes the letters of every text; a key that it changes is another key, and two may become one.
    fn key(&mut self, key: &'g str, path: &[Step]) -> Cow<'g, str> {
        if !is_nfc(key) {
            let composed: String = key.nfc().collect();
            let message = format!(
                "the key {} has a letter with a mark of its own behind it; Terraform would make it {}",
                value::quoted(key),
                value::quoted(&composed)
            );
            let diagnostic = self.index.error("wrong_name", self.resource, path, message);
            self.told.push(diagnostic.help("write the letter and its mark as one: the form NFC of Unicode"));
        }
        escape(key)
    }
    fn later(&mut self, id: ValueId, path: &[Step]) -> Option<Node<'g>> {
        match later(self.index, id) {
            Ok(node) => Some(node),
            Err(refusal) => {
                let diagnostic =
                    self.index.error(refusal.code, self.resource, path, refusal.message).help(refusal.help);
                self.told.push(other_end(self.index, id, diagnostic));
                None
            }
        }
    }
    fn refuse(&mut self, value: &Value, path: &[Step]) {
        self.told.push(self.index.not_lowered(self.resource, path, value));
    }
}

/// The leaves of a provider configuration.
struct OfProvider<'i, 'g> {
    index: &'i Index<'g>,
    provider: &'g Provider,
    told: &'i mut Vec<Diagnostic>,
}

impl<'g> Leaves<'g> for OfProvider<'_, 'g> {
    fn text(&mut self, text: &'g str) -> Cow<'g, str> {
        escape(text)
    }
    fn later(&mut self, id: ValueId, _: &[Step]) -> Option<Node<'g>> {
        match later(self.index, id) {
            Ok(node) => Some(node),
            Err(refusal) => {
                let diagnostic =
                    Diagnostic::error(refusal.code, self.provider.place, refusal.message).help(refusal.help);
                self.told.push(other_end(self.index, id, diagnostic));
                None
            }
        }
    }
    fn refuse(&mut self, value: &Value, path: &[Step]) {
        let message = format!(
            "{} reached `{}` of the provider `{}`, which cannot spell it",
            crate::body::describe(value),
            crate::body::path_text(path),
            self.provider.name
        );
        self.told.push(
            Diagnostic::error("not_lowered", self.provider.place, message)
                .help("write it in the provider's own spelling"),
        );
    }
}

/// The leaves of an output.
struct OfOutput<'i, 'g> {
    index: &'i Index<'g>,
    output: &'g Output,
    told: &'i mut Vec<Diagnostic>,
}

impl<'g> Leaves<'g> for OfOutput<'_, 'g> {
    fn text(&mut self, text: &'g str) -> Cow<'g, str> {
        escape(text)
    }
    fn later(&mut self, id: ValueId, _: &[Step]) -> Option<Node<'g>> {
        match later(self.index, id) {
            Ok(node) => Some(node),
            Err(refusal) => {
                let diagnostic = Diagnostic::error(refusal.code, self.output.place, refusal.message).help(refusal.help);
                self.told.push(other_end(self.index, id, diagnostic));
                None
            }
        }
    }
    fn own(&mut self, id: ValueId) -> Option<Node<'g>> {
        spelling(self.index.store, id).map(|text| Node::text(escape(&text).into_owned()))
    }
    /// It is told for every target at once.
    fn refuse(&mut self, _: &Value, _: &[Step]) {}
}

/// A later value as a string that Terraform evaluates.
fn later<'g>(index: &Index<'g>, id: ValueId) -> Result<Node<'g>, Refusal> {
    template(index, id).map(Node::text)
}

/// Names the other end of a value that cannot cross.
fn other_end(index: &Index<'_>, id: ValueId, diagnostic: Diagnostic) -> Diagnostic {
    let other = open_references(index.store, id)
        .into_iter()
        .find_map(|open| index.resource(open.of).filter(|(_, resource)| !is_own(resource)));
    match other {
        Some((_, resource)) => diagnostic.also(resource.place, "this decides the value"),
        None => diagnostic,
    }
}
