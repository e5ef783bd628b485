//! What a cluster takes from tools that run before it. A manifest that needs such a value is handed over in one of two ways:
//!
//! - **whole**: it stands in no manifest; the tool that decides the value prints all of it. Pods that read a Secret by
//!   `secretKeyRef` wait until it is there, and no workload ever starts with half of its settings.
//! - **annotations of its pods only**: they roll pods and configure nothing, so the manifest stands without them (linters and
//!   `kubectl diff` see it), and what is printed is a patch: `apiVersion`, `kind`, name, namespace and these annotations. Other
//!   annotations may well decide something when the object is made, such as the load balancer of a Service.
//!
//! Both are applied with server-side apply by a field manager of their own, `infrac-handover`. Fields of an object are owned by the
//! manager that applied them, and applying again removes only what the same manager no longer sends. So a second `kubectl apply -k`
//! does not see the annotations of the patch (it never owned them), a second hand-over does not see the fields of the manifest, and both change
//! nothing. With one manager for both, each would drop the other's fields.
//!
//! A Secret is handed over in `data`, encoded on the way: `stringData` is owned under its own name and converted afterwards, so
//! an entry that goes away there would stay in the cluster.

use std::borrow::Cow;

use graph::Resource;
use source::Diagnostic;
use value::{Step, Value, ValueId};

use crate::body::{Leaves, node, open_references};
use crate::crossing::{As, Crossing, Form, Source, Spells};
use crate::document::Subject;
use crate::index::Index;
use crate::kubernetes::cluster::cluster_of;
use crate::kubernetes::drawn::is_drawn;
use crate::kubernetes::{arrange, identity, is_own, rank, with_waivers};
use crate::target::Input;
use crate::writer::{Entry, Node};

/// What the objects of a cluster take from others, in the order in which they are applied.
pub fn receives<'g>(input: &Input<'_, 'g>, to: usize, told: &mut Vec<Diagnostic>) -> Vec<Crossing<'g>> {
    let index = input.index;
    let Some(cluster) = input.artefacts.get(to).and_then(|artefact| cluster_of(index.graph, &artefact.name)) else {
        return Vec::new();
    };
    let mut found: Vec<(usize, String, Crossing<'g>)> = Vec::new();
    for (at, resource) in input.members(to) {
        let Some(takes) = share(index, at, resource, told) else { continue };
        let Some(source) = input.source(resource, &[], index.body(at), told) else { continue };
        let value = object(index, at, resource, source.hands, takes, told);
        let value = value.of(Subject::Resource(at as u32));
        let Source { artefact: from, of, .. } = source;
        let name = cluster.output.clone();
        let crossing = Crossing { from, to, member: Some(at), of, name, takes, value, secret: true };
        found.push((rank(&resource.kind.kind_name), index.address(resource.address), crossing));
    }
    found.sort_by(|left, right| (left.0, &left.1).cmp(&(right.0, &right.1)));
    found.into_iter().map(|(_, _, crossing)| crossing).collect()
}

/// An object as it is handed over: all of it, or what completes its manifest.
pub fn object<'g>(
    index: &Index<'g>,
    at: usize,
    resource: &'g Resource,
    hands: &dyn Spells,
    takes: As,
    told: &mut Vec<Diagnostic>,
) -> Node<'g> {
    let mut handed = Handed { index, at, resource, told, hands, takes };
    match takes {
        As::Patch => handed.annotations(),
        As::Output | As::Variable | As::File => handed.whole(),
    }
}

/// How an object is handed over; none where all of it stands in its manifest, or where a mistake was told.
pub fn share(index: &Index<'_>, at: usize, resource: &Resource, told: &mut Vec<Diagnostic>) -> Option<As> {
    // Nothing in it waits for anything, or a step of its own draws it.
    if is_drawn(index, at, resource) || !index.store.holds(index.body(at)).reference() {
        return None;
    }
    let mut finder = Finder { index, resource, told, annotations: false, elsewhere: false };
    let _ = node(index.store, index.body(at), &mut Vec::new(), &mut finder);
    match (finder.elsewhere, finder.annotations) {
        (true, _) => Some(As::Output),
        (false, true) => Some(As::Patch),
        (false, false) => None,
    }
}

/// Whether a path is an annotation of a workload's pods: `spec.template.metadata.annotations["x"]`.
fn is_annotation(path: &[Step]) -> bool {
    match path {
        [.., Step::Field(template), Step::Field(metadata), Step::Field(map), Step::Key(_) | Step::Field(_)] => {
            template.text() == "template" && metadata.text() == "metadata" && map.text() == "annotations"
        }
        _ => false,
    }
}

/// Looks at the leaves and keeps none.
struct Finder<'i, 'g> {
    index: &'i Index<'g>,
    resource: &'g Resource,
    told: &'i mut Vec<Diagnostic>,
    annotations: bool,
    elsewhere: bool,
}

impl<'g> Leaves<'g> for Finder<'_, 'g> {
    fn text(&mut self, text: &'g str) -> Cow<'g, str> {
        text.into()
    }
    fn later(&mut self, id: ValueId, path: &[Step]) -> Option<Node<'g>> {
        for open in open_references(self.index.store, id) {
            let Some((_, other)) = self.index.resource(open.of) else { continue };
            if is_own(other) {
                let message = format!(
                    "`{}` needs what the cluster decides for `{}`",
                    self.index.address(self.resource.address),
                    self.index.address(open.of)
                );
                let diagnostic = self.index.error("later_in_kubernetes", self.resource, path, message);
                self.told.push(diagnostic.also(other.place, "this decides the value").help("manifests are applied together: use a value that is known before, such as a name or the DNS name of a service"));
                return None;
            }
        }
        if is_annotation(path) {
            self.annotations = true;
        } else {
            self.elsewhere = true;
        }
        None
    }
    // Told once, where it is written.
    fn refuse(&mut self, _: &Value, _: &[Step]) {}
}

impl<'g> Handed<'_, 'g> {
    /// All of it.
    fn whole(&mut self) -> Node<'g> {
        let (hands, resource) = (self.hands, self.resource);
        let mut entries = match node(self.index.store, self.index.body(self.at), &mut Vec::new(), self) {
            Some(Node::Map(entries)) => entries,
            _ => Vec::new(),
        };
        if resource.kind.kind_name.as_ref() == "Secret" && resource.kind.api_version.as_ref() == "v1" {
            encode_string_data(&mut entries, hands);
        }
        arrange(resource, with_waivers(resource, entries, |text| hands.literal(text)))
    }

    /// A patch with the later annotations of its pods.
    fn annotations(&mut self) -> Node<'g> {
        let body = node(self.index.store, self.index.body(self.at), &mut Vec::new(), self);
        let mut patch = body.and_then(|body| only_later(body)).unwrap_or_else(|| Node::Map(Vec::new()));
        let identity = identity(self.index, self.index.body(self.at));
        if let Some(entries) = patch.entries_mut() {
            merge_identity(entries, identity);
        }
        match patch {
            Node::Map(entries) => arrange(self.resource, entries),
            other => other,
        }
    }
}

/// Moves `stringData` to `data`, encoded where it is handed over.
fn encode_string_data(entries: &mut Vec<Entry<'_>>, hands: &dyn Spells) {
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
        // A later entry is encoded already; a known one is a literal by now.
        let value = match value {
            Node::Text(known) => Node::text(hands.encoded(&known)),
            other => other,
        };
        data.retain(|entry| entry.0 != key);
        data.push((key, value));
    }
    data.sort_by(|left, right| left.0.cmp(&right.0));
    entries.push(("data".into(), Node::Map(data)));
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

/// The leaves of an object inside the tool that hands it over.
struct Handed<'i, 'g> {
    index: &'i Index<'g>,
    at: usize,
    resource: &'g Resource,
    told: &'i mut Vec<Diagnostic>,
    hands: &'i dyn Spells,
    takes: As,
}

/// The name of the map of texts that a path is an entry of.
fn text_map(path: &[Step]) -> Option<&'static str> {
    let [.., Step::Field(map), Step::Key(_) | Step::Field(_)] = path else { return None };
    ["stringData", "data", "annotations", "labels"].into_iter().find(|name| *name == map.text())
}

impl<'g> Leaves<'g> for Handed<'_, 'g> {
    fn text(&mut self, text: &'g str) -> Cow<'g, str> {
        self.hands.literal(text)
    }
    fn later(&mut self, id: ValueId, path: &[Step]) -> Option<Node<'g>> {
        if self.takes == As::Patch && !is_annotation(path) {
            return None;
        }
        let form = match text_map(path) {
            Some("stringData") => Form::Base64,
            // Kubernetes takes nothing but texts here.
            Some(_) => Form::Text,
            None => Form::Value,
        };
        match self.hands.later(self.index, id, form) {
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
        if self.takes != As::Patch {
            self.told.push(self.index.not_lowered(self.resource, path, value));
        }
    }
}
