//! What an environment holds, what its nodes are called, and what they need of each other.

use rustc_hash::{FxHashMap, FxHashSet};
use source::{Name, Place};
use value::{AddressId, Step, Store, Value, ValueId};

use crate::{Change, Deferred, Input, Instance, Named, Origins, Output, Provider, ProviderId, Resource, Targets};

/// One environment of one program.
#[derive(Clone, Debug)]
pub struct Graph {
    pub project: Name,
    pub environment: Name,
    pub store: Store,
    pub origins: Origins,
    /// Provider configurations, in the order of their names.
    pub providers: Vec<Provider>,
    /// Instances of declared kinds, in address order.
    pub instances: Vec<Instance>,
    /// Native resources, in address order.
    pub resources: Vec<Resource>,
    /// What is given from outside when something is applied, and something reads; by name.
    pub inputs: Vec<Input>,
    pub outputs: Vec<Output>,
    /// Checks on later values, for the plan to decide.
    pub deferred: Vec<Deferred>,
    /// Where the flow of each key is written, by key. Not saved: it is asked for beside the source.
    pub flows: Vec<(Name, Place)>,
    /// What `moved`, `adopt`, `forget` and `destroy` say; by address, statement after statement.
    pub changes: Vec<Change>,
    /// What had another address first, by address.
    pub named: Vec<Named>,
    pub targets: Targets,
}

/// What is made, and what others wait for.
#[derive(Clone, Copy, Debug)]
pub enum Node<'g> {
    Provider(&'g Provider),
    Resource(&'g Resource),
}

/// What a node is called.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum NodeId {
    Provider(ProviderId),
    Resource(AddressId),
}

/// What one node needs of another.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Edge {
    pub to: NodeId,
    pub kind: EdgeKind,
    /// Where the first reference stands in the body or in the inputs, for an edge of data.
    pub path: Box<[Step]>,
}

/// Why one node waits for another.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum EdgeKind {
    /// A value of it is used.
    Data,
    /// `@after`
    Order,
    /// It runs on it. From a resource to its provider, and from there to what the platform is made of; straight to the host
    /// where no provider stands between.
    HostedOn,
    /// It is told when this one changed.
    Notifies,
}

impl Edge {
    /// An edge to a resource that no value stands for.
    pub fn to_resource(to: AddressId, kind: EdgeKind) -> Self {
        Self { to: NodeId::Resource(to), kind, path: Box::default() }
    }
    /// The resource that it leads to.
    pub fn resource(&self) -> Option<AddressId> {
        match self.to {
            NodeId::Resource(address) => Some(address),
            NodeId::Provider(_) => None,
        }
    }
}

impl<'g> Node<'g> {
    /// The edges that it has of its own.
    pub fn edges(self) -> &'g [Edge] {
        match self {
            Node::Provider(provider) => &provider.edges,
            Node::Resource(resource) => &resource.edges,
        }
    }
    /// The provider that a resource is made with: it has this one edge for all that the platform is made of.
    pub fn provider(self) -> Option<ProviderId> {
        match self {
            Node::Provider(_) => None,
            Node::Resource(resource) => resource.provider,
        }
    }
}

impl Graph {
    /// All nodes: provider configurations, then resources.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, Node<'_>)> {
        let providers = self.providers.iter().enumerate();
        let providers =
            providers.map(|(at, provider)| (NodeId::Provider(ProviderId(at as u32)), Node::Provider(provider)));
        let resources =
            self.resources.iter().map(|resource| (NodeId::Resource(resource.address), Node::Resource(resource)));
        providers.chain(resources)
    }

    /// The position of each resource, by its address.
    pub fn positions(&self) -> FxHashMap<AddressId, usize> {
        self.resources.iter().enumerate().map(|(at, resource)| (resource.address, at)).collect()
    }

    /// The resource with this address. They stand in the order of their addresses.
    pub fn resource(&self, address: AddressId) -> Option<&Resource> {
        let order = |resource: &Resource| self.store.compare_addresses(resource.address, address);
        let at = self.resources.binary_search_by(order).ok()?;
        self.resources.get(at)
    }

    /// What a node is called in messages: an address, `provider aws.dublin`.
    pub fn node_text(&self, node: NodeId) -> String {
        match node {
            NodeId::Resource(address) => self.store.address_text(address),
            NodeId::Provider(id) => self.providers.get(id.0 as usize).map_or_else(String::new, |provider| {
                let name = if provider.name.text().is_empty() { provider.target } else { provider.name };
                match provider.alias {
                    Some(alias) => format!("provider {name}.{alias}"),
                    None => format!("provider {name}"),
                }
            }),
        }
    }
}

/// The resources that a value refers to, each with where the first reference to it stands, in that order.
pub fn data_edges(store: &Store, value: ValueId) -> Vec<Edge> {
    let mut found: Vec<Edge> = Vec::new();
    let mut met: FxHashSet<AddressId> = FxHashSet::default();
    let mut seen: FxHashSet<ValueId> = FxHashSet::default();
    // A value and the step that leads to it from the value that was opened before, which has a position in `ways`.
    let mut ways: Vec<(usize, Option<Step>)> = vec![(0, None)];
    let mut open: Vec<(ValueId, usize)> = vec![(value, 0)];
    while let Some((value, way)) = open.pop() {
        if !store.holds(value).reference() || !seen.insert(value) {
            continue;
        }
        if let Value::Ref { of, .. } = store.get(value) {
            // Nothing makes what is given from outside.
            if store.input_name(*of).is_none() && met.insert(*of) {
                found.push(Edge { to: NodeId::Resource(*of), kind: EdgeKind::Data, path: path_of(&ways, way) });
            }
            continue;
        }
        let from = open.len();
        for_each_step(store, store.get(value), |step, part| {
            let way = if step.is_some() {
                ways.push((way, step));
                ways.len() - 1
            } else {
                way
            };
            open.push((part, way));
        });
        if let Some(added) = open.get_mut(from..) {
            added.reverse();
        }
    }
    found
}

/// Edges by address and kind, each once; those to providers first.
pub fn sort_edges(store: &Store, edges: &mut Vec<Edge>) {
    edges.sort_by(|left, right| {
        let by_target = match (left.to, right.to) {
            (NodeId::Resource(left), NodeId::Resource(right)) => store.compare_addresses(left, right),
            (NodeId::Provider(left), NodeId::Provider(right)) => left.cmp(&right),
            (NodeId::Provider(_), NodeId::Resource(_)) => std::cmp::Ordering::Less,
            (NodeId::Resource(_), NodeId::Provider(_)) => std::cmp::Ordering::Greater,
        };
        by_target.then(left.kind.cmp(&right.kind))
    });
    edges.dedup_by(|later, earlier| later.to == earlier.to && later.kind == earlier.kind);
}

fn path_of(ways: &[(usize, Option<Step>)], way: usize) -> Box<[Step]> {
    let mut path = Vec::new();
    let mut at = way;
    while let Some((before, Some(step))) = ways.get(at) {
        path.push(*step);
        at = *before;
    }
    path.reverse();
    path.into()
}

/// The parts of a value, with the step to each; within a residual, a case or a range there are none.
pub(crate) fn for_each_step(store: &Store, value: &Value, mut each: impl FnMut(Option<Step>, ValueId)) {
    match value {
        Value::Record(fields) => fields.iter().for_each(|(name, part)| each(Some(Step::Field(*name)), *part)),
        Value::List(elements) => {
            elements.iter().enumerate().for_each(|(at, part)| each(Some(Step::Index(at as u32)), *part));
        }
        Value::Map(entries) => entries.iter().for_each(|(key, part)| match store.get(*key) {
            Value::Text(text) => each(Some(Step::Key(Name::new(text))), *part),
            _ => each(None, *part),
        }),
        other => other.for_each_part(|part| each(None, part)),
    }
}
