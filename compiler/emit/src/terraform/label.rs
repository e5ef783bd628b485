//! The names of blocks in Terraform: `front["a"].vm` is `front_a_vm`. A label stands in the user's state, so it depends on its own
//! address alone; only two addresses of one type that would share a label both get a hash of their address.

use graph::Graph;
use rustc_hash::FxHashMap;
use source::Name;
use value::{AddressId, Store};

use crate::index::{Target, target_of};

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
    let mut users: FxHashMap<(bool, Name, String), u32> = FxHashMap::default();
    let plain: Vec<Option<Label>> = graph
        .resources
        .iter()
        .map(|resource| {
            if target_of(resource) != Some(Target::Terraform) {
                return None;
            }
            let label = Label {
                read: resource.read,
                kind: resource.kind.name,
                label: plain_label(&graph.store, resource.address),
            };
            *users.entry((label.read, label.kind, label.label.clone())).or_default() += 1;
            Some(label)
        })
        .collect();
    let shared =
        |label: &Label| users.get(&(label.read, label.kind, label.label.clone())).is_some_and(|count| *count > 1);
    graph
        .resources
        .iter()
        .zip(plain)
        .map(|(resource, label)| {
            let mut label = label?;
            if shared(&label) {
                label.label = with_hash(&label.label, &graph.store.address_text(resource.address));
            }
            Some(label)
        })
        .collect()
}

/// The steps of an address joined by `_`. A key that cannot stand in an identifier as it is leaves a hash, so that `a.b` and
/// `a/b` differ whatever else there is.
fn plain_label(store: &Store, address: AddressId) -> String {
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
