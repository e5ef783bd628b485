//! Look-ups over a graph that several emitters need: a resource by its address, its target, and what that calls it.

use graph::{Graph, Resource};
use rustc_hash::FxHashMap;
use source::{Diagnostic, Place};
use value::{AddressId, Step, Store, Value, ValueId};

use crate::body::{describe, path_text};
use crate::document::place_of;
use crate::fold::Folded;
use crate::target::{Label, Target};

/// A graph with what is looked up in it over and over.
pub struct Index<'g> {
    pub graph: &'g Graph,
    /// The graph's store with what was written out for targets that take no references; its ids are those of the graph and more.
    pub store: &'g Store,
    targets: &'g [&'static dyn Target],
    bodies: &'g [ValueId],
    by_address: FxHashMap<AddressId, usize>,
    /// By position in the graph; none where the address is all.
    labels: Vec<Option<Label>>,
}

impl<'g> Index<'g> {
    /// Looks through the graph once.
    pub fn new(graph: &'g Graph, folded: &'g Folded<'g>, targets: &'g [&'static dyn Target]) -> Self {
        let by_address = graph.resources.iter().enumerate().map(|(at, resource)| (resource.address, at)).collect();
        let label = |resource| target_of(targets, resource)?.label(&graph.store, resource);
        let labels = graph.resources.iter().map(label).collect();
        Self { graph, store: &folded.store, targets, bodies: &folded.bodies, by_address, labels }
    }
    /// The resource with this address, and its position.
    pub fn resource(&self, address: AddressId) -> Option<(usize, &'g Resource)> {
        let at = *self.by_address.get(&address)?;
        Some((at, self.graph.resources.get(at)?))
    }
    /// What its target calls the resource at this position.
    pub fn label(&self, at: usize) -> Option<&Label> {
        self.labels.get(at)?.as_ref()
    }
    /// The body to emit for the resource at this position.
    pub fn body(&self, at: usize) -> ValueId {
        self.bodies.get(at).copied().unwrap_or(Store::ABSENT)
    }
    /// Who writes a resource; nobody where infrac does not know its target.
    pub fn target(&self, resource: &Resource) -> Option<&'static dyn Target> {
        target_of(self.targets, resource)
    }
    /// The text of an address.
    pub fn address(&self, address: AddressId) -> String {
        self.store.address_text(address)
    }
    /// Where the user wrote a path of a resource's body; for what an implementation wrote, the instance that it is for.
    pub fn place(&self, resource: &Resource, path: &[Step]) -> Place {
        place_for_user(self.graph, resource, path)
    }
    /// An error at such a place.
    pub fn error(&self, code: &'static str, resource: &Resource, path: &[Step], message: String) -> Diagnostic {
        Diagnostic::error(code, self.place(resource, path), message)
    }
    /// The error for a value that should have been lowered before it came here.
    pub fn not_lowered(&self, resource: &Resource, path: &[Step], value: &Value) -> Diagnostic {
        let message = format!(
            "{} reached `{}` of `{}`, which cannot spell it",
            describe(value),
            path_text(path),
            self.address(resource.address)
        );
        self.error("not_lowered", resource, path, message).help(format!(
            "write it in the spelling of `{}`; that no earlier check said so is a bug in infrac",
            resource.kind.target
        ))
    }
}

/// Where the user wrote a path of a resource's body; for what an implementation wrote, the instance that it is for.
pub fn place_for_user(graph: &Graph, resource: &Resource, path: &[Step]) -> Place {
    let written = place_of(graph, resource.origin, path).unwrap_or(resource.place);
    if !written.item.is_of_library() {
        return written;
    }
    let mut place = resource.place;
    let mut above = Some(resource.address);
    while let Some(address) = above {
        let instance = graph.instances.iter().find(|instance| instance.address == address);
        place = instance.map_or(place, |instance| instance.place);
        above = graph.store.step(address).parent;
    }
    place
}

/// Who of these writes a resource.
pub fn target_of(targets: &[&'static dyn Target], resource: &Resource) -> Option<&'static dyn Target> {
    targets.iter().copied().find(|target| target.name() == resource.kind.target.text())
}
