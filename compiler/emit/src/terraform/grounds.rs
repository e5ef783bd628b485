//! On what a held resource stands: networks, their parts and keys that something else of the program makes. A resource is not carried
//! over to another one of these: its maker makes it once more, empty.

use std::collections::BTreeMap;

use graph::{Edge, EdgeKind};
use source::Name;
use value::Step;

use super::remains::{Known, Needs, is_shared};
use crate::body::node;
use crate::terraform::is_own;
use crate::writer::Node;

/// What the names of inputs hold by which a resource is put somewhere for good.
const PUTS: [&str; 4] = ["subnet", "network", "vpc_id", "kms"];

/// Inputs of such a place that its maker never changes: with another value it makes another place.
const FIXED: [&str; 3] = ["cidr_block", "ip_cidr_range", "availability_zone"];

/// Something that a held resource stands on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ground {
    pub address: String,
    /// What of its inputs never changes and is known.
    pub fixed: BTreeMap<String, String>,
}

/// The grounds of a resource, by reference.
pub(super) fn grounds(needs: &Needs<'_>, at: usize) -> BTreeMap<String, Ground> {
    let graph = needs.graph;
    let Some(own) = graph.resources.get(at) else { return BTreeMap::new() };
    let store = &graph.store;
    let whole = store.written(own.owner.unwrap_or(own.address));
    let mut open: Vec<usize> = needs.guards(at);
    open.push(at);
    let mut seen: std::collections::BTreeSet<usize> = open.iter().copied().collect();
    let mut found = BTreeMap::new();
    while let Some(next) = open.pop() {
        let edges = graph.resources.get(next).into_iter().flat_map(|resource| &resource.edges);
        for to in edges.filter(|edge| puts(edge)).filter_map(|edge| needs.by_address.get(&edge.resource()?).copied()) {
            if !seen.insert(to) {
                continue;
            }
            open.push(to);
            let Some(ground) = graph.resources.get(to) else { continue };
            let is_part = store.written(ground.address).is_at_or_below(&whole);
            if ground.read || !is_own(ground) || is_part || is_shared(graph, ground) {
                continue;
            }
            let Some(label) = needs.labels.get(to).and_then(Option::as_ref) else { continue };
            let fixed = FIXED.iter().filter_map(|name| {
                let value = store.field(ground.body, Name::new(name))?;
                match node(store, value, &mut Vec::new(), &mut Known)? {
                    Node::Text(text) => Some(((*name).to_owned(), text.into_owned())),
                    _ => None,
                }
            });
            let ground = Ground { address: store.address_text(ground.address), fixed: fixed.collect() };
            found.insert(label.reference(), ground);
        }
    }
    found
}

/// Whether an edge puts a resource on another for good.
fn puts(edge: &Edge) -> bool {
    let is_such = |step: &Step| match step {
        Step::Field(name) => PUTS.iter().any(|word| name.text().contains(word)),
        Step::Index(_) | Step::Key(_) | Step::First | Step::Element(_) => false,
    };
    edge.kind == EdgeKind::Data && edge.path.iter().any(is_such)
}
