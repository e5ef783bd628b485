//! What a graph asks for, node by node, in an order in which it can be made.

use graph::{Complete, EdgeKind, NodeId};
use rustc_hash::FxHashMap;
use state::{Life, Tree, TreeStep};
use value::{AddressId, Step, Store, ValueId};

use crate::places::Places;
use crate::resolve::{Lookup, Resolver};
use crate::told::Told;

/// All that is wanted.
#[derive(Debug)]
pub struct Wanted {
    pub project: String,
    pub environment: String,
    /// The print of the graph, in hexadecimal digits.
    pub print: String,
    /// Each after what it waits for.
    pub nodes: Vec<Node>,
    pub outputs: Vec<Output>,
    /// Checks on what is known later.
    pub checks: Vec<Check>,
    /// Secrets that are given from outside, each with the address that references to it name.
    pub inputs: Vec<(String, AddressId)>,
    pub changes: Vec<Said>,
    pub places: Places,
    pub(crate) store: Store,
    /// Where each resource stands among the nodes.
    pub(crate) positions: FxHashMap<AddressId, usize>,
}

/// What is configured or made.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its address; of a provider what messages call it.
    pub address: String,
    pub target: String,
    pub kind: NodeKind,
    /// Its inputs in the vocabulary of the target.
    pub(crate) body: ValueId,
    /// What it waits for, by position, and why.
    pub(crate) edges: Vec<(usize, state::EdgeKind)>,
    pub life: Life,
}

/// What a node is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NodeKind {
    /// A configuration of a driver.
    Provider,
    Resource {
        /// Its kind in the driver's vocabulary.
        kind: String,
        /// It exists and is not ours.
        read: bool,
        /// The node of its provider.
        provider: Option<usize>,
    },
}

/// A result that the program publishes.
#[derive(Clone, Debug)]
pub struct Output {
    pub name: String,
    pub secret: bool,
    pub(crate) value: ValueId,
}

/// A check that is decided when what it reads is known.
#[derive(Clone, Debug)]
pub struct Check {
    pub message: String,
    pub(crate) condition: ValueId,
}

/// What the program says of things without making them: a statement as it holds here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Said {
    Moved { from: String, to: String },
    Adopt { address: String, id: String },
    Forget { address: String },
    Destroy { address: String, because: String },
}

impl Check {
    /// Why it does not hold; none: it holds, or is not decided.
    pub(crate) fn failed(&self, resolver: &mut Resolver, lookup: &Lookup<'_>) -> Option<Told> {
        match resolver.tree(self.condition, lookup) {
            Ok(Tree::Bool(false)) => {
                let help = "it was decided by values that are known only now";
                Some(Told::new("check_failed", self.message.clone(), help))
            }
            Ok(_) => None,
            Err(mistake) => Some(mistake),
        }
    }
}

impl Said {
    /// The address that it says something of which holds when that leaves.
    pub(crate) fn leaving(&self) -> Option<&str> {
        match self {
            Said::Forget { address } | Said::Destroy { address, .. } => Some(address),
            Said::Moved { .. } | Said::Adopt { .. } => None,
        }
    }
}

impl Wanted {
    /// What a graph asks for.
    pub fn of(graph: Complete, places: Places) -> Self {
        let print = graph.print().iter().map(|byte| format!("{byte:02x}")).collect();
        // A complete graph has an order.
        let order = graph.order().unwrap_or_default();
        let position: FxHashMap<NodeId, usize> = order.iter().enumerate().map(|(at, id)| (*id, at)).collect();
        let resources = graph.positions();
        let mut nodes: Vec<Node> = order.iter().filter_map(|id| node(&graph, *id, &position, &resources)).collect();
        add_notifications(&graph, &position, &mut nodes);
        let positions = order.iter().enumerate().filter_map(|(at, id)| match id {
            NodeId::Resource(address) => Some((*address, at)),
            NodeId::Provider(_) => None,
        });
        let positions = positions.collect();
        let graph = graph.into_graph();
        let text = |address: AddressId| graph.store.address_text(address);
        Self {
            print,
            nodes,
            outputs: graph.outputs.iter().map(output).collect(),
            checks: graph.deferred.iter().map(check).collect(),
            inputs: graph.inputs.iter().map(|input| (input.name.to_string(), input.address)).collect(),
            changes: graph.changes.iter().map(|change| said(change, &text)).collect(),
            project: graph.project.to_string(),
            environment: graph.environment.to_string(),
            places,
            positions,
            store: graph.store,
        }
    }

    /// The resources, each with its position among the nodes.
    pub fn resources(&self) -> impl Iterator<Item = (usize, &Node)> {
        self.nodes.iter().enumerate().filter(|(_, node)| node.kind != NodeKind::Provider)
    }
}

fn output(output: &graph::Output) -> Output {
    Output { name: output.name.to_string(), secret: output.secret, value: output.value }
}

fn check(deferred: &graph::Deferred) -> Check {
    Check { message: deferred.message.clone(), condition: deferred.condition }
}

fn said(change: &graph::Change, text: &dyn Fn(AddressId) -> String) -> Said {
    match change {
        graph::Change::Moved { from, to, .. } => Said::Moved { from: text(*from), to: text(*to) },
        graph::Change::Adopt { address, id, .. } => Said::Adopt { address: text(*address), id: id.clone() },
        graph::Change::Forget { address, .. } => Said::Forget { address: text(*address) },
        graph::Change::Destroy { address, because, .. } => {
            Said::Destroy { address: text(*address), because: because.clone() }
        }
    }
}

fn node(
    graph: &Complete,
    id: NodeId,
    position: &FxHashMap<NodeId, usize>,
    resources: &FxHashMap<AddressId, usize>,
) -> Option<Node> {
    let at = |to: &NodeId| position.get(to).copied();
    let edges = |edges: &[graph::Edge]| {
        let own = edges.iter().filter(|edge| edge.kind != EdgeKind::Notifies);
        own.filter_map(|edge| Some((at(&edge.to)?, kind_of(edge.kind)))).collect::<Vec<_>>()
    };
    Some(match id {
        NodeId::Provider(provider) => {
            let found = graph.providers.get(provider.0 as usize)?;
            Node {
                address: graph.node_text(id),
                target: found.target.to_string(),
                kind: NodeKind::Provider,
                body: found.inputs,
                edges: edges(&found.edges),
                life: Life::default(),
            }
        }
        NodeId::Resource(address) => {
            let found = graph.resources.get(*resources.get(&address)?)?;
            let provider = found.provider.and_then(|provider| at(&NodeId::Provider(provider)));
            let mut edges = edges(&found.edges);
            edges.extend(provider.map(|provider| (provider, state::EdgeKind::HostedOn)));
            let kind = NodeKind::Resource { kind: found.kind.name.to_string(), read: found.read, provider };
            let target = found.kind.target.to_string();
            Node {
                address: graph.store.address_text(address),
                target,
                kind,
                body: found.body,
                edges,
                life: life(found),
            }
        }
    })
}

/// What is told comes after what tells it.
fn add_notifications(graph: &Complete, position: &FxHashMap<NodeId, usize>, nodes: &mut [Node]) {
    for (id, node) in graph.nodes() {
        for edge in node.edges().iter().filter(|edge| edge.kind == EdgeKind::Notifies) {
            let (Some(from), Some(to)) = (position.get(&id), position.get(&edge.to)) else { continue };
            if let Some(told) = nodes.get_mut(*to) {
                told.edges.push((*from, state::EdgeKind::Notifies));
            }
        }
    }
}

fn kind_of(kind: EdgeKind) -> state::EdgeKind {
    match kind {
        EdgeKind::Data => state::EdgeKind::Data,
        EdgeKind::Order => state::EdgeKind::Order,
        EdgeKind::HostedOn => state::EdgeKind::HostedOn,
        EdgeKind::Notifies => state::EdgeKind::Notifies,
    }
}

fn life(resource: &graph::Resource) -> Life {
    let ignore = resource.life.ignore.iter().map(|path| path.iter().map(step_of).collect());
    Life {
        protect: resource.life.protect,
        create_first: resource.life.create_first,
        stateful: resource.effects.stateful,
        on_destroy: state::OnDestroy::Delete,
        ignore: ignore.collect(),
    }
}

/// A step into a value as a step into what a driver shows.
pub(crate) fn step_of(step: &Step) -> TreeStep {
    match step {
        Step::Field(name) | Step::Key(name) => TreeStep::Key(name.text().into()),
        Step::Index(at) | Step::Element(at) => TreeStep::Index(*at),
        Step::First => TreeStep::Index(0),
    }
}
