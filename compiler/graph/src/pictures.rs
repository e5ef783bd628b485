//! Pictures of a graph as text: mermaid and dot. One box for each instance of the user's with its resources, one arrow for
//! each edge, from what is needed to what needs it.

use std::fmt::Write as _;

use value::AddressId;

use crate::{EdgeKind, Graph, NodeId, ProviderId, Resource};

/// A box: its title and the positions of the resources in it.
type Group = (Option<String>, Vec<usize>);

/// A mermaid flowchart.
pub fn mermaid(graph: &Graph) -> String {
    let mut out = String::from("flowchart LR\n");
    for (at, (title, resources)) in groups(graph).into_iter().enumerate() {
        let indent = if let Some(title) = &title {
            // Writing to a String cannot fail.
            let _ = writeln!(out, "  subgraph g{at}[\"{}\"]", mermaid_text(title));
            "    "
        } else {
            "  "
        };
        for position in resources {
            if let Some(resource) = graph.resources.get(position) {
                let (address, kind) = labels(graph, resource);
                let _ = writeln!(
                    out,
                    "{indent}r{position}[\"{}<br/><small>{}</small>\"]",
                    mermaid_text(&address),
                    mermaid_text(&kind)
                );
            }
        }
        if title.is_some() {
            out.push_str("  end\n");
        }
    }
    for (at, title) in waiting_providers(graph) {
        let _ = writeln!(out, "  p{at}([\"{}\"])", mermaid_text(&title));
    }
    for (from, to, kind) in arrows(graph) {
        let arrow = match kind {
            EdgeKind::Data => "-->",
            EdgeKind::Order => "-.->",
            EdgeKind::HostedOn => "==>",
            EdgeKind::Notifies => "-.->|notifies|",
        };
        let _ = writeln!(out, "  {from} {arrow} {to}");
    }
    out
}

/// A Graphviz graph.
pub fn dot(graph: &Graph) -> String {
    let mut out = String::from("digraph infra {\n  rankdir = LR;\n  node [shape = box];\n");
    for (at, (title, resources)) in groups(graph).into_iter().enumerate() {
        let indent = if let Some(title) = &title {
            let _ = writeln!(out, "  subgraph cluster_{at} {{\n    label = {};", dot_text(title));
            "    "
        } else {
            "  "
        };
        for position in resources {
            if let Some(resource) = graph.resources.get(position) {
                let (address, kind) = labels(graph, resource);
                let _ = writeln!(out, "{indent}r{position} [label = {}];", dot_text(&format!("{address}\n{kind}")));
            }
        }
        if title.is_some() {
            out.push_str("  }\n");
        }
    }
    for (at, title) in waiting_providers(graph) {
        let _ = writeln!(out, "  p{at} [label = {}, shape = oval];", dot_text(&title));
    }
    for (from, to, kind) in arrows(graph) {
        let style = match kind {
            EdgeKind::Data => "",
            EdgeKind::Order => " [style = dashed]",
            EdgeKind::HostedOn => " [style = bold]",
            EdgeKind::Notifies => " [style = dotted, label = \"notifies\"]",
        };
        let _ = writeln!(out, "  {from} -> {to}{style};");
    }
    out.push_str("}\n");
    out
}

/// Resources by the first step of their address, in address order; a resource that stands alone has no box.
fn groups(graph: &Graph) -> Vec<Group> {
    let mut groups: Vec<(AddressId, Vec<usize>)> = Vec::new();
    for (at, resource) in graph.resources.iter().enumerate() {
        let top = top_of(graph, resource.address);
        match groups.last_mut() {
            Some((last, resources)) if *last == top => resources.push(at),
            Some(_) | None => groups.push((top, vec![at])),
        }
    }
    let alone = |top: AddressId, resources: &[usize]| {
        resources.iter().all(|at| graph.resources.get(*at).is_some_and(|resource| resource.address == top))
    };
    groups
        .into_iter()
        .map(|(top, resources)| ((!alone(top, &resources)).then(|| graph.store.address_text(top)), resources))
        .collect()
}

fn top_of(graph: &Graph, address: AddressId) -> AddressId {
    let mut at = address;
    while let Some(parent) = graph.store.step(at).parent {
        at = parent;
    }
    at
}

fn labels(graph: &Graph, resource: &Resource) -> (String, String) {
    (graph.store.address_text(resource.address), format!("{}.{}", resource.kind.target, resource.kind.name))
}

/// Providers that something has to be there for, with their names; what stands on them waits for them.
fn waiting_providers(graph: &Graph) -> Vec<(usize, String)> {
    let all = graph.providers.iter().enumerate().filter(|(_, provider)| !provider.edges.is_empty());
    all.map(|(at, _)| (at, graph.node_text(NodeId::Provider(ProviderId(at as u32))))).collect()
}

/// Arrows from what is needed to what needs it, by the names of their boxes.
fn arrows(graph: &Graph) -> Vec<(String, String, EdgeKind)> {
    let positions = graph.positions();
    let waits = |id: ProviderId| graph.providers.get(id.0 as usize).is_some_and(|provider| !provider.edges.is_empty());
    let name = |node: NodeId| match node {
        NodeId::Resource(address) => positions.get(&address).map(|at| format!("r{at}")),
        NodeId::Provider(id) => waits(id).then(|| format!("p{}", id.0)),
    };
    let mut arrows = Vec::new();
    for (id, node) in graph.nodes() {
        let Some(here) = name(id) else { continue };
        let provider = node.provider().map(|id| (NodeId::Provider(id), EdgeKind::HostedOn));
        for (to, kind) in provider.into_iter().chain(node.edges().iter().map(|edge| (edge.to, edge.kind))) {
            let Some(there) = name(to) else { continue };
            arrows.push(match kind {
                EdgeKind::Data | EdgeKind::Order | EdgeKind::HostedOn => (there, here.clone(), kind),
                EdgeKind::Notifies => (here.clone(), there, kind),
            });
        }
    }
    arrows
}

fn mermaid_text(text: &str) -> String {
    text.replace('&', "#amp;").replace('"', "#quot;").replace('<', "#lt;").replace('>', "#gt;")
}

fn dot_text(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}
