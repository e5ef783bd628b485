//! What Terraform hands over: a list of objects for each cluster, as a local value of Terraform, so that every later leaf is
//! an ordinary expression and every line keeps its origin. The output is a line of JSON for each. One `v1/List` would not do:
//! kubectl checks a list against its own schema, not the server's, and refuses patches in it.

use std::borrow::Cow;

use graph::Resource;
use source::Diagnostic;
use value::{Step, Value, ValueId};

use super::{Handover, Share, clusters, is_annotation};
use crate::body::{Leaves, node};
use crate::document::Subject;
use crate::index::Index;
use crate::kubernetes::{arrange, identity, rank, with_waivers};
use crate::terraform::expression::{escape, expression, in_quotes, template};
use crate::writer::{Entry, Node};

/// The local value of each cluster that something is handed over to, by the name of its output.
pub fn locals<'g>(index: &Index<'g>, handover: &Handover, told: &mut Vec<Diagnostic>) -> Vec<(String, Node<'g>)> {
    let mut locals = Vec::new();
    for cluster in clusters(index.graph) {
        let mut items: Vec<(usize, String, Node<'g>)> = Vec::new();
        for (at, resource) in index.graph.resources.iter().enumerate() {
            if resource.provider.map(|provider| provider.0) != cluster.provider {
                continue;
            }
            let object = match handover.share(at) {
                Some(Share::Whole) => whole(index, at, resource, told),
                Some(Share::Annotations) => annotations(index, at, resource, told),
                Some(Share::Manifest) | None => continue,
            };
            items.push((
                rank(&resource.kind.kind_name),
                index.address(resource.address),
                object.of(Subject::Resource(at as u32)),
            ));
        }
        items.sort_by(|left, right| (left.0, &left.1).cmp(&(right.0, &right.1)));
        if !items.is_empty() {
            let items = items.into_iter().map(|item| item.2).collect();
            locals.push((cluster.output, Node::List(items)));
        }
    }
    locals
}

fn whole<'g>(index: &Index<'g>, at: usize, resource: &'g Resource, told: &mut Vec<Diagnostic>) -> Node<'g> {
    let mut leaves = Handed { index, at, resource, told, only_annotations: false };
    let body = node(index.store, index.body(at), &mut Vec::new(), &mut leaves);
    let mut entries = match body {
        Some(Node::Map(entries)) => entries,
        _ => Vec::new(),
    };
    if resource.kind.kind_name.as_ref() == "Secret" && resource.kind.api_version.as_ref() == "v1" {
        encode_string_data(&mut entries);
    }
    arrange(resource, with_waivers(resource, entries, escape))
}

/// Moves `stringData` to `data`, encoded by Terraform.
fn encode_string_data(entries: &mut Vec<Entry<'_>>) {
    let Some(at) = entries.iter().position(|entry| entry.0 == "stringData") else { return };
    let (_, node) = entries.remove(at);
    let Node::Map(plain) = node else { return };
    let mut data = match entries.iter().position(|entry| entry.0 == "data") {
        Some(at) => match entries.remove(at).1 {
            Node::Map(data) => data,
            _ => Vec::new(),
        },
        None => Vec::new(),
    };
    for (key, value) in plain {
        // A later entry is encoded already; a known one is a template by now.
        let value = match value {
            Node::Text(known) => Node::text(format!("${{base64encode(\"{}\")}}", in_quotes(&known))),
            other => other,
        };
        data.retain(|entry| entry.0 != key);
        data.push((key, value));
    }
    data.sort_by(|left, right| left.0.cmp(&right.0));
    entries.push(("data".into(), Node::Map(data)));
}

fn annotations<'g>(index: &Index<'g>, at: usize, resource: &'g Resource, told: &mut Vec<Diagnostic>) -> Node<'g> {
    let mut leaves = Handed { index, at, resource, told, only_annotations: true };
    let body = node(index.store, index.body(at), &mut Vec::new(), &mut leaves);
    let mut patch = body.and_then(|body| only_later(body)).unwrap_or_else(|| Node::Map(Vec::new()));
    let identity = identity(index, index.body(at));
    if let Some(entries) = patch.entries_mut() {
        merge_identity(entries, identity);
    }
    match patch {
        Node::Map(entries) => arrange(resource, entries),
        other => other,
    }
}

/// Name and namespace of the object go into the patch's metadata.
fn merge_identity<'g>(entries: &mut Vec<Entry<'g>>, identity: Vec<Entry<'g>>) {
    match entries.iter_mut().find(|entry| entry.0 == "metadata") {
        Some((_, metadata)) => {
            if let Some(metadata) = metadata.entries_mut() {
                metadata.extend(identity);
                metadata.sort_by(|left, right| left.0.cmp(&right.0));
            }
        }
        None => entries.push(("metadata".into(), Node::Map(identity))),
    }
}

/// The maps that lead to a later annotation, and nothing else. Later leaves are the ones that carry a mark.
fn only_later(node: Node<'_>) -> Option<Node<'_>> {
    match node {
        Node::At(..) => Some(node),
        Node::Map(entries) => {
            let kept: Vec<Entry<'_>> =
                entries.into_iter().filter_map(|(key, value)| Some((key, only_later(value)?))).collect();
            (!kept.is_empty()).then_some(Node::Map(kept))
        }
        Node::Null | Node::Bool(_) | Node::Number(_) | Node::Text(_) | Node::List(_) => None,
    }
}

/// The leaves of an object inside Terraform: texts are escaped, later values are expressions.
struct Handed<'i, 'g> {
    index: &'i Index<'g>,
    at: usize,
    resource: &'g Resource,
    told: &'i mut Vec<Diagnostic>,
    only_annotations: bool,
}

impl<'g> Handed<'_, 'g> {
    fn spell(&self, id: ValueId, path: &[Step]) -> Result<String, crate::terraform::expression::Refusal> {
        match text_map(path) {
            Some("stringData") => Ok(format!("${{base64encode({})}}", expression(self.index, id)?)),
            // Kubernetes takes nothing but texts here; an expression alone would keep a number a number.
            Some(_) if !is_text(self.index, id) => Ok(format!("${{tostring({})}}", expression(self.index, id)?)),
            Some(_) | None => template(self.index, id),
        }
    }
}

/// The name of the map of texts that a path is an entry of.
fn text_map(path: &[Step]) -> Option<&'static str> {
    let [.., Step::Field(map), Step::Key(_) | Step::Field(_)] = path else { return None };
    ["stringData", "data", "annotations", "labels"].into_iter().find(|name| *name == map.text())
}

fn is_text(index: &Index<'_>, id: ValueId) -> bool {
    use value::Op;
    match index.store.get(id) {
        Value::Op { op, .. } => match op {
            Op::Text | Op::Json | Op::Base64 | Op::HostCidr | Op::Fingerprint | Op::Lower | Op::UrlEncode => true,
            Op::ParseIp | Op::ParseCidr | Op::ParseJson | Op::Index | Op::If | Op::Else | Op::Equal => false,
        },
        _ => false,
    }
}

impl<'g> Leaves<'g> for Handed<'_, 'g> {
    fn text(&mut self, text: &'g str) -> Cow<'g, str> {
        escape(text)
    }
    fn later(&mut self, id: ValueId, path: &[Step]) -> Option<Node<'g>> {
        if self.only_annotations && !is_annotation(path) {
            return None;
        }
        match self.spell(id, path) {
            // The mark keeps the line's path where `stringData` has become `data`, and tells a later leaf from the others.
            Ok(text) => Some(Node::At(Subject::Resource(self.at as u32), path.to_vec(), Box::new(Node::text(text)))),
            Err(refusal) => {
                self.told.push(self.index.error(refusal.code, self.resource, path, refusal.message).help(refusal.help));
                None
            }
        }
    }
    fn refuse(&mut self, value: &Value, path: &[Step]) {
        // What stands in a manifest is told when that is written.
        if !self.only_annotations {
            self.told.push(self.index.not_lowered(self.resource, path, value));
        }
    }
}
