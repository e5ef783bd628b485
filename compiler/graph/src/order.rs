//! The order in which resources can be made: petgraph is a view that is built from the edges, its indices are never kept.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::hash_map::Entry;

use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use rustc_hash::FxHashMap;
use value::AddressId;

use crate::{EdgeKind, Graph};

impl Graph {
    /// The position of each resource, by its address.
    pub fn positions(&self) -> FxHashMap<AddressId, usize> {
        self.resources.iter().enumerate().map(|(at, resource)| (resource.address, at)).collect()
    }

    /// A view of the resources: an edge goes from what must be there first to what needs it.
    pub fn view(&self) -> DiGraph<usize, EdgeKind> {
        let positions = self.positions();
        let edges: usize = self.resources.iter().map(|resource| resource.edges.len()).sum();
        let mut view = DiGraph::with_capacity(self.resources.len(), edges);
        for at in 0..self.resources.len() {
            view.add_node(at);
        }
        for (at, resource) in self.resources.iter().enumerate() {
            for edge in &resource.edges {
                let Some(to) = positions.get(&edge.to) else { continue };
                let (here, there) = (NodeIndex::new(at), NodeIndex::new(*to));
                match edge.kind {
                    EdgeKind::Data | EdgeKind::Order | EdgeKind::HostedOn => view.add_edge(there, here, edge.kind),
                    // What is told comes after what tells.
                    EdgeKind::Notifies => view.add_edge(here, there, edge.kind),
                };
            }
        }
        view
    }

    /// Positions of all resources so that each comes after what it needs, by address among equals; or the positions of the
    /// resources of a circle, in its order.
    pub fn order(&self) -> Result<Vec<usize>, Vec<usize>> {
        let view = self.view();
        let mut needs: Vec<usize> =
            view.node_indices().map(|node| view.neighbors_directed(node, petgraph::Incoming).count()).collect();
        // Resources stand in address order, so the smallest position is the smallest address.
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
        if order.len() == needs.len() { Ok(order) } else { Err(circle(&view)) }
    }
}

/// The circle with the smallest position in it, from that position on.
fn circle(view: &DiGraph<usize, EdgeKind>) -> Vec<usize> {
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
