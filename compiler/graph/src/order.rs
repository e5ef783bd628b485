//! The order in which nodes can be made: petgraph is a view that is built from the edges, its indices are never kept.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::hash_map::Entry;

use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use rustc_hash::FxHashMap;

use crate::{EdgeKind, Graph, NodeId};

impl Graph {
    /// A view of all nodes: an edge goes from what must be there first to what needs it.
    pub fn view(&self) -> DiGraph<NodeId, EdgeKind> {
        let mut view = DiGraph::with_capacity(self.providers.len() + self.resources.len(), self.resources.len());
        let mut indices: FxHashMap<NodeId, NodeIndex> = FxHashMap::default();
        for (id, _) in self.nodes() {
            indices.insert(id, view.add_node(id));
        }
        for (here, (_, node)) in self.nodes().enumerate() {
            let here = NodeIndex::new(here);
            let provider = node.provider().map(|id| (NodeId::Provider(id), EdgeKind::HostedOn));
            for (to, kind) in provider.into_iter().chain(node.edges().iter().map(|edge| (edge.to, edge.kind))) {
                let Some(there) = indices.get(&to) else { continue };
                match kind {
                    EdgeKind::Data | EdgeKind::Order | EdgeKind::HostedOn => view.add_edge(*there, here, kind),
                    // What is told comes after what tells.
                    EdgeKind::Notifies => view.add_edge(here, *there, kind),
                };
            }
        }
        view
    }

    /// All nodes so that each comes after what it needs, providers first and by address among equals; or the nodes of a circle,
    /// in its order.
    pub fn order(&self) -> Result<Vec<NodeId>, Vec<NodeId>> {
        let view = self.view();
        let named =
            |nodes: Vec<usize>| nodes.iter().filter_map(|at| view.node_weight(NodeIndex::new(*at)).copied()).collect();
        let mut needs: Vec<usize> =
            view.node_indices().map(|node| view.neighbors_directed(node, petgraph::Incoming).count()).collect();
        // Nodes stand in this order, so the smallest position is the first name.
        let mut ready: BinaryHeap<Reverse<usize>> =
            needs.iter().enumerate().filter(|(_, needs)| **needs == 0).map(|(at, _)| Reverse(at)).collect();
        let mut order = Vec::with_capacity(needs.len());
        while let Some(Reverse(at)) = ready.pop() {
            order.push(at);
            for next in view.neighbors(NodeIndex::new(at)) {
                if let Some(open) = needs.get_mut(next.index()) {
                    *open -= 1;
                    if *open == 0 {
                        ready.push(Reverse(next.index()));
                    }
                }
            }
        }
        if order.len() == needs.len() { Ok(named(order)) } else { Err(named(circle(&view))) }
    }
}

/// The circle with the smallest position in it, from that position on.
fn circle(view: &DiGraph<NodeId, EdgeKind>) -> Vec<usize> {
    let component = tarjan_scc(view)
        .into_iter()
        .filter(|component| {
            component.len() > 1 || component.first().is_some_and(|node| view.contains_edge(*node, *node))
        })
        .min_by_key(|component| component.iter().map(|node| node.index()).min());
    let Some(component) = component else { return Vec::new() };
    let Some(start) = component.iter().copied().min_by_key(|node| node.index()) else { return Vec::new() };
    // The shortest way from the start back to itself, breadth first, within the component.
    let mut came_from: FxHashMap<NodeIndex, NodeIndex> = FxHashMap::default();
    let mut open = std::collections::VecDeque::from([start]);
    while let Some(node) = open.pop_front() {
        let mut next: Vec<NodeIndex> = view.neighbors(node).filter(|next| component.contains(next)).collect();
        next.sort_unstable();
        for next in next {
            if next == start {
                let mut path = vec![node.index()];
                let mut at = node;
                while let Some(before) = came_from.get(&at) {
                    path.push(before.index());
                    at = *before;
                }
                path.reverse();
                return path;
            }
            if let Entry::Vacant(entry) = came_from.entry(next) {
                entry.insert(node);
                open.push_back(next);
            }
        }
    }
    vec![start.index()]
}
