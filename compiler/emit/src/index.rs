//! Look-ups over a graph that several emitters need: a resource by its address, its target, and its label in Terraform.

use graph::{Graph, Resource};
use rustc_hash::FxHashMap;
use source::Diagnostic;
use value::{AddressId, Step, Store, Value, ValueId};

use crate::body::{describe, path_text};
use crate::document::place_of;
use crate::fold::Folded;
use crate::terraform::label::{Label, labels};

/// The targets that there are emitters for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    Terraform,
    Kubernetes,
}

/// A graph with what is looked up in it over and over.
pub struct Index<'g> {
    pub graph: &'g Graph,
    /// The graph's store with what was written out for targets that take no references; its ids are those of the graph and more.
    pub store: &'g Store,
    bodies: &'g [ValueId],
    by_address: FxHashMap<AddressId, usize>,
    /// By position in the graph; none for resources of other targets.
    labels: Vec<Option<Label>>,
}

impl<'g> Index<'g> {
    /// Looks through the graph once.
    pub fn new(graph: &'g Graph, folded: &'g Folded<'g>) -> Self {
        let by_address = graph.resources.iter().enumerate().map(|(at, resource)| (resource.address, at)).collect();
        Self { graph, store: &folded.store, bodies: &folded.bodies, by_address, labels: labels(graph) }
    }
    /// The resource with this address, and its position.
    pub fn resource(&self, address: AddressId) -> Option<(usize, &'g Resource)> {
        let at = *self.by_address.get(&address)?;
        Some((at, self.graph.resources.get(at)?))
    }
    /// The label of a Terraform resource.
    pub fn label(&self, at: usize) -> Option<&Label> {
        self.labels.get(at)?.as_ref()
    }
    /// The body to emit for the resource at this position.
    pub fn body(&self, at: usize) -> ValueId {
        self.bodies.get(at).copied().unwrap_or(Store::ABSENT)
    }
    /// Terraform, Kubernetes, or none of them.
    pub fn target(&self, resource: &Resource) -> Option<Target> {
        target_of(resource)
    }
    /// The text of an address.
    pub fn address(&self, address: AddressId) -> String {
        self.store.address_text(address)
    }
    /// An error at the place of a path in a resource's body.
    pub fn error(&self, code: &'static str, resource: &Resource, path: &[Step], message: String) -> Diagnostic {
        let place = place_of(self.graph, resource.origin, path).unwrap_or(resource.place);
        Diagnostic::error(code, place, message)
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

/// Terraform, Kubernetes, or none of them.
pub fn target_of(resource: &Resource) -> Option<Target> {
    match resource.kind.target.text() {
        "terraform" => Some(Target::Terraform),
        "kubernetes" => Some(Target::Kubernetes),
        _ => None,
    }
}
