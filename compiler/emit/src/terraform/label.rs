//! The names of blocks in Terraform: `front["a"].vm` is `front_a_vm`. A label stands in the user's state, so it depends on its own
//! address alone: two addresses of one type that would share a label are an error, whatever else there is.

use graph::{Graph, Resource};
use rustc_hash::FxHashMap;
use source::{Diagnostic, Name};
use value::{AddressId, Store};

use crate::index::{Index, Target, target_of};

/// How a resource is named in expressions: `aws_vpc.lan_range` or `data.aws_ami.image`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    pub read: bool,
    pub kind: Name,
    pub label: String,
}

impl Label {
    /// The reference to the whole resource.
    pub fn reference(&self) -> String {
        let data = if self.read { "data." } else { "" };
        format!("{data}{}.{}", self.kind, self.label)
    }
}

/// The labels of all Terraform resources, by position in the graph.
pub fn labels(graph: &Graph) -> Vec<Option<Label>> {
    let label = |resource: &Resource| {
        (target_of(resource) == Some(Target::Terraform)).then(|| Label {
            read: resource.read,
            kind: resource.kind.name,
            label: plain_label(&graph.store, resource.address),
        })
    };
    graph.resources.iter().map(label).collect()
}

/// Tells resources that Terraform would not tell apart.
pub fn tell_same(index: &Index<'_>, told: &mut Vec<Diagnostic>) {
    let mut taken: FxHashMap<String, &Resource> = FxHashMap::default();
    for (at, resource) in index.graph.resources.iter().enumerate() {
        let Some(reference) = index.label(at).map(Label::reference) else { continue };
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

/// FNV-1a, folded to 32 bits: the same on every machine and in every version.
pub fn short_hash(text: &str) -> u32 {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    (hash ^ (hash >> 32)) as u32
}
