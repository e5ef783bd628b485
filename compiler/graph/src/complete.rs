//! What holds of every graph that is handed on: nothing in it is unknown, its edges lead to its nodes, and its nodes can be
//! put in an order.

use std::ops::Deref;

use value::ValueId;

use crate::{Graph, NodeId};

/// A graph that emitters and engines may take.
#[derive(Clone, Debug)]
pub struct Complete(Graph);

/// Why a graph cannot be handed on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Incomplete {
    /// A value of this node is unknown; none: of an output, a check or a setting.
    Unknown(Option<NodeId>),
    /// An edge of this node leads to what the graph does not have.
    Nowhere(NodeId),
    /// Two resources have one address.
    Twice(NodeId),
    /// Each of them has to be there before the next, and the last one before the first.
    Circle(Vec<NodeId>),
}

impl Complete {
    /// Looks whether the graph is complete.
    pub fn new(graph: Graph) -> Result<Self, Box<(Graph, Incomplete)>> {
        match incomplete(&graph) {
            None => Ok(Self(graph)),
            Some(cause) => Err(Box::new((graph, cause))),
        }
    }
    /// The graph, to be changed.
    pub fn into_graph(self) -> Graph {
        self.0
    }
}

impl Deref for Complete {
    type Target = Graph;
    fn deref(&self) -> &Graph {
        &self.0
    }
}

fn incomplete(graph: &Graph) -> Option<Incomplete> {
    let unknown = |value: ValueId| graph.store.holds(value).unknown();
    let loose = (graph.outputs.iter().map(|output| output.value))
        .chain(graph.deferred.iter().map(|deferred| deferred.condition))
        .chain(graph.instances.iter().map(|instance| instance.inputs))
        .chain(graph.targets.state.iter().flat_map(|state| state.settings.iter().map(|(_, value)| *value)));
    let positions = graph.positions();
    if positions.len() < graph.resources.len() {
        let twice =
            graph.resources.iter().enumerate().find(|(at, resource)| positions.get(&resource.address) != Some(at));
        return twice.map(|(_, resource)| Incomplete::Twice(NodeId::Resource(resource.address)));
    }
    for (id, node) in graph.nodes() {
        let value = match node {
            crate::Node::Provider(provider) => [provider.inputs, provider.platform_inputs],
            crate::Node::Resource(resource) => [resource.body, resource.body],
        };
        if value.into_iter().any(unknown) {
            return Some(Incomplete::Unknown(Some(id)));
        }
        let is_there = |to: NodeId| match to {
            NodeId::Provider(to) => (to.0 as usize) < graph.providers.len(),
            NodeId::Resource(to) => positions.contains_key(&to),
        };
        let all = node.edges().iter().map(|edge| edge.to).chain(node.provider().map(NodeId::Provider));
        if !all.into_iter().all(is_there) {
            return Some(Incomplete::Nowhere(id));
        }
    }
    if loose.into_iter().any(unknown) {
        return Some(Incomplete::Unknown(None));
    }
    graph.order().err().map(Incomplete::Circle)
}
