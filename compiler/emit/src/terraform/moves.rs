//! What Terraform's state has under another address, or not yet: `moved` and `import` blocks.

use std::collections::BTreeMap;

use graph::{Change, Graph, Resource};
use source::Diagnostic;
use value::AddressId;

use crate::document::Subject;
use crate::index::Index;
use crate::terraform::expression::escape;
use crate::terraform::is_own;
use crate::terraform::label::plain_label;
use crate::writer::Node;

/// One block for each hop whose labels differ. Terraform follows them in a chain, wherever in it a state is.
pub fn moved<'g>(index: &Index<'g>, told: &mut Vec<Diagnostic>) -> Node<'g> {
    let graph = index.graph;
    // A resource that is there cannot be where another one was.
    let mut labels: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (at, resource) in graph.resources.iter().enumerate().filter(|(_, resource)| !resource.read && is_own(resource))
    {
        if let Some(label) = index.label(at) {
            labels.insert((resource.kind.name.text(), &label.label), at);
        }
    }
    let mut blocks: BTreeMap<(String, String), Node<'g>> = BTreeMap::new();
    for (number, change) in graph.changes.iter().enumerate() {
        let Change::Moved { resource: address, from, to, .. } = change else { continue };
        let Some((at, resource)) = index.resource(*address).filter(|(_, resource)| !resource.read) else { continue };
        if !is_own(resource) {
            continue;
        }
        let kind = resource.kind.name.text();
        let before = plain_label(&graph.store, *from);
        let after = match index.label(at) {
            Some(label) if to == address => label.label.clone(),
            _ => plain_label(&graph.store, *to),
        };
        if before == after {
            continue;
        }
        if let Some(other) = labels.get(&(kind, before.as_str())).and_then(|other| graph.resources.get(*other)) {
            let message = format!(
                "`{}` was `{kind}.{before}` for Terraform, and `{}` is that now",
                index.address(*address),
                index.address(other.address)
            );
            told.push(
                Diagnostic::error("reused_name", other.place, message)
                    .help("give what is new an address that was never used"),
            );
        }
        let (before, after) = (format!("{kind}.{before}"), format!("{kind}.{after}"));
        let block = Node::map([("from", Node::text(before.clone())), ("to", Node::text(after.clone()))]);
        blocks.insert((after, before), block.of(Subject::Change(number as u32)));
    }
    Node::List(blocks.into_values().collect())
}

/// The addresses with Terraform that resources had before they were moved.
pub fn earlier(graph: &Graph) -> Vec<String> {
    let resources: BTreeMap<AddressId, &Resource> =
        graph.resources.iter().map(|resource| (resource.address, resource)).collect();
    let earlier = |change: &Change| match change {
        Change::Moved { resource, from, .. } => {
            let kind = resources.get(resource)?.kind.name;
            Some(format!("{kind}.{}", plain_label(&graph.store, *from)))
        }
        Change::Adopt { .. } | Change::Forget { .. } | Change::Destroy { .. } => None,
    };
    graph.changes.iter().filter_map(earlier).collect()
}

/// One block for each resource that exists already.
pub fn imports<'g>(index: &Index<'g>) -> Node<'g> {
    let mut blocks: BTreeMap<String, Node<'g>> = BTreeMap::new();
    for (number, change) in index.graph.changes.iter().enumerate() {
        let Change::Adopt { address, id, .. } = change else { continue };
        let own = index.resource(*address).filter(|(_, resource)| is_own(resource));
        let Some(label) = own.and_then(|(at, _)| index.label(at)) else { continue };
        let reference = label.reference();
        let block = Node::map([("id", Node::Text(escape(id))), ("to", Node::text(reference.clone()))]);
        blocks.insert(reference, block.of(Subject::Change(number as u32)));
    }
    Node::List(blocks.into_values().collect())
}
