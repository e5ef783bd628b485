//! What an object of a cluster is called: its group and kind, its namespace and its name. A cluster keeps one object under each,
//! so a second one would replace the first without a word.

use graph::Resource;
use rustc_hash::FxHashMap;
use source::{Diagnostic, Name, Place};
use value::{Step, Store, Value, ValueId};

use crate::index::Index;
use crate::kubernetes::{is_object, rank};
use crate::left::EmittedObject;
use crate::target::Input;

/// An object of a cluster, as `kubectl` finds it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ObjectName {
    /// `apps/v1`
    pub api_version: String,
    /// `Deployment`
    pub kind: String,
    /// None for objects of the whole cluster, and for those in the namespace that is current.
    pub namespace: Option<String>,
    pub name: String,
}

impl ObjectName {
    /// The name of an object with this body; none where it is not known.
    pub fn of(store: &Store, body: ValueId, resource: &Resource) -> Option<Self> {
        let metadata = store.field(body, Name::new("metadata"))?;
        let text = |field: &str| match store.get(store.folded(store.field(metadata, Name::new(field))?)) {
            Value::Text(text) => Some(text.to_string()),
            _ => None,
        };
        let namespace = if resource.kind.namespaced { text("namespace") } else { None };
        Some(Self {
            api_version: resource.kind.api_version.to_string(),
            kind: resource.kind.kind_name.to_string(),
            namespace,
            name: text("name")?,
        })
    }
    /// What two objects must not share: another version of a group is another view of the same object.
    pub fn key(&self) -> (&str, &str, Option<&str>, &str) {
        (group(&self.api_version), &self.kind, self.namespace.as_deref(), &self.name)
    }
    /// Its place in the order in which objects are applied.
    pub fn rank(&self) -> usize {
        rank(&self.kind)
    }
}

fn group(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}

/// The name of the object at this position; none where it is not known, which is told elsewhere.
pub fn object_name(index: &Index<'_>, at: usize, resource: &Resource) -> Option<ObjectName> {
    ObjectName::of(index.store, index.body(at), resource)
}

/// All objects of a cluster that the program applies, sorted by name.
pub fn objects_of(input: &Input<'_, '_>, artefact: usize) -> Vec<EmittedObject> {
    let named = input.members(artefact).filter_map(|(at, resource)| {
        let name = object_name(input.index, at, resource)?;
        let is_drawn = super::drawn::is_drawn(input.index, at, resource);
        let keeps_data = resource.life.protect || resource.effects.stateful || is_drawn;
        let number = super::numbers::number(input.index.store, input.index.body(at));
        Some(EmittedObject { name, keeps_data, address: input.index.address(resource.address), number })
    });
    let mut objects: Vec<EmittedObject> = named.collect();
    objects.sort();
    objects
}

/// Tells objects of one cluster that have the same name.
pub fn tell_same(index: &Index<'_>, told: &mut Vec<Diagnostic>) {
    let mut taken: FxHashMap<_, usize> = FxHashMap::default();
    let (metadata, namespace, name) = (Name::new("metadata"), Name::new("namespace"), Name::new("name"));
    for (at, resource) in index.graph.resources.iter().enumerate().filter(|(_, resource)| is_object(resource)) {
        // The same text is the same value.
        let Some(metadata) = index.store.field(index.body(at), metadata) else { continue };
        let namespace = if resource.kind.namespaced { index.store.field(metadata, namespace) } else { None };
        let key = (
            resource.provider.map(|provider| provider.0),
            group(&resource.kind.api_version),
            &resource.kind.kind_name,
            namespace,
            index.store.field(metadata, name),
        );
        let Some(other) = taken.insert(key, at).and_then(|other| index.graph.resources.get(other)) else { continue };
        let Some(object) = object_name(index, at, resource) else { continue };
        let room =
            object.namespace.as_ref().map_or_else(String::new, |namespace| format!(" in the namespace `{namespace}`"));
        let message = format!(
            "`{}` and `{}` are both the {} `{}`{room}",
            index.address(other.address),
            index.address(resource.address),
            object.kind,
            object.name
        );
        let (first, second) = (own_place(index, other), own_place(index, resource));
        let diagnostic = Diagnostic::error("same_object", second, message).help("the cluster keeps one object under each name, and the second would replace the first: give one of them another name or namespace");
        // One of them is the library's: the other is more likely to be called as somebody wishes.
        let (first, second) = if resource.place.item.is_of_library() && !other.place.item.is_of_library() {
            (second, first)
        } else {
            (first, second)
        };
        told.push(if first == second { diagnostic } else { diagnostic.also(first, "the other one") });
    }
}

/// Tells names that a cluster does not take. Kubernetes, object names and IDs: a label or a subdomain of DNS, but for RBAC.
pub fn tell_names(index: &Index<'_>, told: &mut Vec<Diagnostic>) {
    let (metadata, name) = (Name::new("metadata"), Name::new("name"));
    for (at, resource) in index.graph.resources.iter().enumerate().filter(|(_, resource)| is_object(resource)) {
        if group(&resource.kind.api_version) == "rbac.authorization.k8s.io" {
            continue;
        }
        let named = index.store.field(index.body(at), metadata).and_then(|metadata| index.store.field(metadata, name));
        let Some(Value::Text(text)) = named.map(|named| index.store.get(named)) else { continue };
        let kind = resource.kind.kind_name.as_ref();
        let (is_label, letter_first, takes) = match kind {
            "Service" => (true, true, "small letters, digits and `-`, a letter first, 63 at most"),
            "Namespace" => (true, false, "small letters, digits and `-`, 63 at most"),
            _ => (false, false, "small letters, digits, `-` and `.`, a letter or a digit first and last, 253 at most"),
        };
        if !is_dns_name(text, is_label) || letter_first && text.starts_with(|first: char| first.is_ascii_digit()) {
            told.push(
                Diagnostic::error(
                    "wrong_name",
                    own_place(index, resource),
                    format!("`{text}` cannot be the name of a {kind}"),
                )
                .help(format!("a cluster takes {takes}")),
            );
        }
    }
}

fn is_dns_name(name: &str, label: bool) -> bool {
    let is_part = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    match label {
        true => name.len() <= 63 && is_part(name),
        false => name.len() <= 253 && name.split('.').all(is_part),
    }
}

/// Where the user named the object; for one that an implementation made, the instance that it was made for.
fn own_place(index: &Index<'_>, resource: &Resource) -> Place {
    index.place(resource, &[Step::Field(Name::new("metadata")), Step::Field(Name::new("name"))])
}
