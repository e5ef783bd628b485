//! The names of blocks in Terraform: `front["a"].vm` is `front_a_vm`. A label stands in the user's state, so it depends on its own
//! address alone: two addresses of one type that would share a label are an error, whatever else there is.

use graph::{Graph, Resource};
use rustc_hash::FxHashMap;
use source::Diagnostic;
use value::{AddressId, Store};

use crate::hash::short_hash;
use crate::index::Index;
use crate::target::Label;
use crate::terraform::is_own;

/// The label of a Terraform resource.
pub fn label(store: &Store, resource: &Resource) -> Label {
    Label { read: resource.read, kind: resource.kind.name, label: plain_label(store, resource.address) }
}

/// The labels of all Terraform resources, by position in the graph.
pub fn labels(graph: &Graph) -> Vec<Option<Label>> {
    let all = graph.resources.iter();
    all.map(|resource| is_own(resource).then(|| label(&graph.store, resource))).collect()
}

/// Tells resources that Terraform would not tell apart.
pub fn tell_same(index: &Index<'_>, told: &mut Vec<Diagnostic>) {
    let mut taken: FxHashMap<String, &Resource> = FxHashMap::default();
    for (at, resource) in index.graph.resources.iter().enumerate() {
        let Some(reference) = index.label(at).filter(|_| is_own(resource)).map(Label::reference) else { continue };
        let message = |other: &Resource| {
            let (one, other) = (index.address(other.address), index.address(resource.address));
            format!("`{one}` and `{other}` are both `{reference}` in Terraform")
        };
        match taken.get(&reference) {
            Some(other) => told.push(
                Diagnostic::error("same_label", resource.place, message(other))
                    .also(other.place, "the other one")
                    .help("names and keys are joined by `_`: give one of them another name or key"),
            ),
            None => {
                taken.insert(reference, resource);
            }
        }
    }
}

/// The steps of an address joined by `_`. A key that cannot stand in an identifier as it is leaves a hash, so that `a.b` and
/// `a/b` differ whatever else there is.
pub fn plain_label(store: &Store, address: AddressId) -> String {
    let mut steps = Vec::new();
    let mut at = Some(address);
    let mut lossy = false;
    while let Some(id) = at {
        let step = store.step(id);
        if let Some(key) = step.key {
            lossy |= !key.text().chars().all(is_inner) || key.text().is_empty();
            steps.push(identifier(key.text()));
        }
        steps.push(identifier(step.name.text()));
        at = step.parent;
    }
    steps.reverse();
    let mut label = steps.join("_");
    if !label.starts_with(|character: char| character.is_ascii_alphabetic() || character == '_') {
        label.insert(0, '_');
    }
    if lossy { with_hash(&label, &store.address_text(address)) } else { label }
}

fn is_inner(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_' || character == '-'
}

fn identifier(text: &str) -> String {
    text.chars().map(|character| if is_inner(character) { character } else { '_' }).collect()
}

fn with_hash(label: &str, address: &str) -> String {
    format!("{label}_{:08x}", short_hash(address))
}
