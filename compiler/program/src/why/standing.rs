//! Where an instance or a resource stands, what its makers call it, and what has to be there before it.

use graph::{EdgeKind, Graph, NodeId, Resource};
use value::{AddressId, Value};

use super::known::Known;
use super::path::hops;
use super::read::value_at;

/// Facts of the graph about a whole instance or resource, each once.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Standing {
    /// Platforms and hosts.
    pub homes: Vec<String>,
    /// Physical names.
    pub names: Vec<String>,
    /// Nodes outside of it, and why they are waited for.
    pub waits: Vec<String>,
}

impl Standing {
    /// Of a resource, or of all that stands beneath an instance.
    pub(crate) fn of(known: &Known<'_>, address: AddressId) -> Self {
        let graph = known.graph;
        let mut standing = Self::default();
        if let Some(platform) = known.instance(address).and_then(|instance| instance.platform.as_ref()) {
            standing.homes.push(platform.to_string());
        }
        let is_beneath = |other: AddressId| {
            let mut at = Some(other);
            std::iter::from_fn(|| {
                let here = at?;
                at = graph.store.step(here).parent;
                Some(here)
            })
            .any(|above| above == address)
        };
        for resource in graph.resources.iter().filter(|resource| is_beneath(resource.address)) {
            let host = match (&resource.home.platform, resource.home.host) {
                (Some(platform), _) => Some(platform.to_string()),
                (None, host) => host.map(|host| graph.store.address_text(host)),
            };
            host.into_iter().for_each(|home| add(&mut standing.homes, home));
            for name in resource.names.iter().filter(|name| is_beneath(name.of)) {
                let value = value_at(known, resource.body, &hops(&name.path));
                if let Some(Value::Text(text)) = value.map(|value| graph.store.get(value)) {
                    add(&mut standing.names, text.to_string());
                }
            }
            for wait in waits(graph, resource, &is_beneath) {
                add(&mut standing.waits, wait);
            }
        }
        standing
    }
}

fn add(all: &mut Vec<String>, one: String) {
    if !all.contains(&one) {
        all.push(one);
    }
}

/// What a resource waits for; its provider where that waits for something itself.
fn waits(graph: &Graph, resource: &Resource, is_beneath: &dyn Fn(AddressId) -> bool) -> Vec<String> {
    let mut waits = Vec::new();
    for edge in &resource.edges {
        let why = match edge.kind {
            EdgeKind::Data => "",
            EdgeKind::Order => " (order)",
            EdgeKind::HostedOn => " (runs on it)",
            EdgeKind::Notifies => continue,
        };
        if edge.resource().is_none_or(|to| !is_beneath(to)) {
            waits.push(format!("{}{why}", graph.node_text(edge.to)));
        }
    }
    if let Some(id) = resource.provider
        && graph.providers.get(id.0 as usize).is_some_and(|provider| !provider.edges.is_empty())
    {
        waits.push(format!("{} (runs on it)", graph.node_text(NodeId::Provider(id))));
    }
    waits
}
