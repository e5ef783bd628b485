//! What outlives a program: the resources that hold something, with what keeps them safe and readable, and the configurations
//! without which their maker could not reach them. It is written down so that a later program can be compared with it.

use std::collections::{BTreeMap, BTreeSet};

use graph::{EdgeKind, Graph, Provider, Resource};
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Map, Value as Json};
use value::{AddressId, Step, Store, Value, ValueId, WrittenAddress, WrittenStep};

use crate::body::{Leaves, node};
use crate::target::Label;
use crate::terraform::expression::escape;
use crate::terraform::grounds::{Ground, grounds};
use crate::terraform::is_own;
use crate::terraform::label::labels;
use crate::terraform::state::StateAt;
use crate::writer::Node;

/// Inputs by which a maker refuses to delete what it made.
const GUARDS: [&str; 4] =
    ["deletion_protection", "deletion_protection_enabled", "disable_api_termination", "enable_deletion_protection"];

/// Inputs of configurations that say where things are made: the same resource under another value is another one.
const PLACES: [&str; 5] = ["region", "allowed_account_ids", "project", "subscription_id", "location"];

/// What a program has that a later one must not lose in silence.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Inventory {
    /// By reference.
    pub held: Vec<HeldResource>,
    /// By provider and alias.
    pub providers: Vec<ProviderInUse>,
    /// Every resource of Terraform by its reference, under each address that it ever had.
    pub resources: BTreeSet<String>,
    /// What implementations call otherwise than they did: the address before, and the next.
    pub moved: Vec<(WrittenAddress, WrittenAddress)>,
    /// Where the state lies; none where Terraform has nothing to do.
    pub state: Option<StateAt>,
}

/// A resource that is protected or holds data.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HeldResource {
    pub address: String,
    /// `aws_s3_bucket.media_main`
    pub reference: String,
    /// What its names are made of, before any cut, by the address of what they are the names of.
    pub names: BTreeMap<String, String>,
    /// Whether its maker refuses to delete it.
    pub guarded: bool,
    /// References to what it needs to stay safe and readable, sorted.
    pub needs: Vec<String>,
    /// The configuration under which it was made, as Terraform refers to it: `aws`, `aws.dublin`.
    pub on: Option<String>,
    /// On what else of the program it stands for good, by reference.
    pub grounds: BTreeMap<String, Ground>,
}

/// A configuration of a provider of Terraform.
#[derive(Clone, PartialEq, Debug)]
pub struct ProviderInUse {
    pub provider: String,
    pub alias: Option<String>,
    pub source: String,
    pub version: String,
    /// What is known of its inputs, as Terraform spells them.
    pub inputs: Map<String, Json>,
}

impl ProviderInUse {
    /// The target whose providers these are.
    pub const TARGET: &'static str = crate::terraform::NAME;

    /// As Terraform refers to it: `aws`, `aws.dublin`.
    pub fn reference(&self) -> String {
        called(&self.provider, self.alias.as_deref())
    }

    /// What says where things are made that both say otherwise, with both values.
    pub fn elsewhere<'a>(&'a self, other: &'a Self) -> Option<(&'static str, &'a Json, &'a Json)> {
        PLACES.iter().find_map(|name| {
            let (own, other) = (self.inputs.get(*name)?, other.inputs.get(*name)?);
            (own != other).then_some((*name, own, other))
        })
    }

    /// Whether both are one configuration for Terraform.
    pub fn is_same(&self, other: &Self) -> bool {
        (&self.provider, &self.alias) == (&other.provider, &other.alias)
    }
}

/// What Terraform still has to know of what the program no longer has.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Remains {
    /// Configurations under which something may be left.
    pub providers: Vec<ProviderInUse>,
    /// References to what Terraform forgets and leaves where it is, sorted.
    pub released: Vec<String>,
}

impl Remains {
    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.providers.is_empty() && self.released.is_empty()
    }
}

/// Looks through a graph.
pub fn inventory(graph: &Graph) -> Inventory {
    let labels = labels(graph);
    let own = labels.iter().flatten().map(Label::reference);
    let resources = own.chain(crate::terraform::moves::earlier(graph)).collect();
    let forgotten = forgotten(graph);
    let needs = Needs::new(graph, &labels, &forgotten);
    let mut held: Vec<HeldResource> = graph
        .resources
        .iter()
        .enumerate()
        .filter(|(_, resource)| is_held(graph, resource, &forgotten))
        .filter_map(|(at, resource)| {
            Some(HeldResource {
                address: graph.store.address_text(resource.address),
                reference: labels.get(at)?.as_ref()?.reference(),
                names: names(graph, resource),
                guarded: is_guarded(&graph.store, resource.body),
                needs: needs.of(at),
                on: resource
                    .provider
                    .and_then(|provider| graph.providers.get(provider.0 as usize))
                    .map(|provider| called(provider.name.text(), provider.alias.map(source::Name::text))),
                grounds: grounds(&needs, at),
            })
        })
        .collect();
    held.sort_by(|left, right| left.reference.cmp(&right.reference));
    let mut providers: Vec<ProviderInUse> = graph
        .providers
        .iter()
        .filter(|provider| crate::terraform::configures(provider))
        .map(|provider| in_use(graph, provider))
        .collect();
    providers.sort_by(|left, right| (&left.provider, &left.alias).cmp(&(&right.provider, &right.alias)));
    Inventory { held, providers, resources, moved: moved_within(graph), state: StateAt::of(graph) }
}

/// What implementations call otherwise: each step from one address to the next, without what is below it. What the program itself
/// moves is said at the top, of an address of one step or in the same words.
fn moved_within(graph: &Graph) -> Vec<(WrittenAddress, WrittenAddress)> {
    let mut all = Vec::new();
    for change in &graph.changes {
        let graph::Change::Moved { from, to, .. } = change else { continue };
        let (mut from, mut to) = (graph.store.written(*from).steps, graph.store.written(*to).steps);
        while from.len() > 1 && from.len() == to.len() && from.last() == to.last() {
            from.pop();
            to.pop();
        }
        // A platform comes into the middle of an address by a word about the platform.
        let is_platform = |step: &WrittenStep| step.name.text() == "on" && step.key.is_some();
        if from.len() > 1 && from.len() == to.len() && !from.iter().chain(&to).any(is_platform) {
            all.push((WrittenAddress { steps: from }, WrittenAddress { steps: to }));
        }
    }
    all.dedup();
    all
}

fn called(provider: &str, alias: Option<&str>) -> String {
    alias.map_or_else(|| provider.to_owned(), |alias| format!("{provider}.{alias}"))
}

/// What `forget` is said of, and may still be there.
fn forgotten(graph: &Graph) -> FxHashSet<AddressId> {
    let said = graph.changes.iter().filter_map(|change| match change {
        graph::Change::Forget { address, .. } => Some(graph.store.written(*address)),
        _ => None,
    });
    let said: Vec<_> = said.collect();
    let all = graph.resources.iter().map(|resource| resource.address).filter(|_| !said.is_empty());
    all.filter(|address| said.iter().any(|above| graph.store.written(*address).is_at_or_below(above))).collect()
}

/// What a platform makes for all that stands on it is held where it is protected: it comes and goes with what needs it. Whatever is to
/// be let go is held until then.
fn is_held(graph: &Graph, resource: &Resource, forgotten: &FxHashSet<AddressId>) -> bool {
    !resource.read
        && is_own(resource)
        && (resource.life.protect
            || resource.effects.stateful && !is_shared(graph, resource)
            || forgotten.contains(&resource.address))
}

/// Whether a platform made it for all that stands on it.
pub(super) fn is_shared(graph: &Graph, resource: &Resource) -> bool {
    let mut first = graph.store.step(resource.address);
    while let Some(parent) = first.parent {
        first = graph.store.step(parent);
    }
    graph.providers.iter().any(|provider| provider.alias.unwrap_or(provider.name) == first.name)
}

fn names(graph: &Graph, resource: &Resource) -> BTreeMap<String, String> {
    let whole = resource.names.iter().filter(|name| !name.bare);
    whole.map(|name| (graph.store.address_text(name.of), name.base.to_string())).collect()
}

fn is_guarded(store: &Store, body: ValueId) -> bool {
    let truth = |name: &&str| store.field(body, source::Name::new(name)).map(|value| store.get(value));
    GUARDS.iter().any(|name| matches!(truth(name), Some(Value::Bool(true))))
}

/// Who refers to whom, in both directions.
pub(super) struct Needs<'g> {
    pub(super) graph: &'g Graph,
    pub(super) labels: &'g [Option<Label>],
    pub(super) by_address: FxHashMap<AddressId, usize>,
    users: FxHashMap<usize, Vec<usize>>,
    forgotten: &'g FxHashSet<AddressId>,
}

impl<'g> Needs<'g> {
    fn new(graph: &'g Graph, labels: &'g [Option<Label>], forgotten: &'g FxHashSet<AddressId>) -> Self {
        let by_address: FxHashMap<AddressId, usize> =
            graph.resources.iter().enumerate().map(|(at, resource)| (resource.address, at)).collect();
        let mut needs = Self { graph, labels, by_address, users: FxHashMap::default(), forgotten };
        for at in 0..graph.resources.len() {
            for to in needs.referred(at) {
                needs.users.entry(to).or_default().push(at);
            }
        }
        needs
    }

    /// What the resource reads.
    fn referred(&self, at: usize) -> Vec<usize> {
        let edges = self.graph.resources.get(at).into_iter().flat_map(|resource| &resource.edges);
        let data = edges.filter(|edge| edge.kind == EdgeKind::Data);
        data.filter_map(|edge| self.by_address.get(&edge.resource()?).copied()).collect()
    }

    /// What reads it and is made for it: by the same instance, or by one above it.
    pub(super) fn guards(&self, at: usize) -> Vec<usize> {
        let Some(own) = self.graph.resources.get(at) else { return Vec::new() };
        let mut above = BTreeSet::new();
        let mut next = self.graph.store.step(own.address).parent;
        while let Some(address) = next {
            above.insert(address);
            next = self.graph.store.step(address).parent;
        }
        let is_for_it = |user: &usize| {
            let owner = self.graph.resources.get(*user).and_then(|user| user.owner);
            owner.map_or(own.owner.is_none(), |owner| above.contains(&owner))
        };
        self.users.get(&at).into_iter().flatten().copied().filter(is_for_it).collect()
    }

    /// What a held resource needs: all that it reads, and what was made for it and for what else is held. Of what that reads, only
    /// what a platform made: a disk does not need the machine that it is attached to.
    fn of(&self, at: usize) -> Vec<String> {
        let mut found = BTreeSet::from([at]);
        let mut open = vec![at];
        while let Some(next) = open.pop() {
            open.extend(self.referred(next).into_iter().filter(|other| found.insert(*other)));
            if !self.graph.resources.get(next).is_some_and(|resource| is_held(self.graph, resource, self.forgotten)) {
                continue;
            }
            for guard in self.guards(next).into_iter().filter(|guard| found.insert(*guard)).collect::<Vec<_>>() {
                let shared = self
                    .referred(guard)
                    .into_iter()
                    .filter(|other| self.graph.resources.get(*other).is_some_and(|other| is_shared(self.graph, other)));
                open.extend(shared.filter(|other| found.insert(*other)));
            }
        }
        found.remove(&at);
        let is_made =
            |other: &usize| self.graph.resources.get(*other).is_some_and(|other| !other.read && is_own(other));
        let mut needs: Vec<String> = found
            .into_iter()
            .filter(is_made)
            .filter_map(|other| Some(self.labels.get(other)?.as_ref()?.reference()))
            .collect();
        needs.sort();
        needs
    }
}

fn in_use(graph: &Graph, provider: &Provider) -> ProviderInUse {
    let inputs = match node(&graph.store, provider.inputs, &mut Vec::new(), &mut Known) {
        Some(Node::Map(entries)) => {
            entries.into_iter().map(|(name, value)| (name.into_owned(), json_of(value))).collect()
        }
        _ => Map::new(),
    };
    ProviderInUse {
        provider: provider.name.text().to_owned(),
        alias: provider.alias.map(|alias| alias.text().to_owned()),
        source: provider.source.to_string(),
        version: provider.version.to_string(),
        inputs,
    }
}

/// The leaves that are known; what is decided later could not be asked for any more.
pub(super) struct Known;

impl<'g> Leaves<'g> for Known {
    fn text(&mut self, text: &'g str) -> std::borrow::Cow<'g, str> {
        escape(text)
    }
    fn later(&mut self, _: ValueId, _: &[Step]) -> Option<Node<'g>> {
        None
    }
    fn refuse(&mut self, _: &Value, _: &[Step]) {}
}

fn json_of(node: Node<'_>) -> Json {
    match node {
        Node::Null => Json::Null,
        Node::Bool(truth) => Json::Bool(truth),
        Node::Number(text) => text.parse().map_or_else(|_| Json::String(text.into_owned()), Json::Number),
        Node::Text(text) => Json::String(text.into_owned()),
        Node::List(elements) => elements.into_iter().map(json_of).collect(),
        Node::Map(entries) => entries.into_iter().map(|(name, value)| (name.into_owned(), json_of(value))).collect(),
        Node::At(_, _, inner) => json_of(*inner),
    }
}

/// The node that such a value was.
pub fn node_of<'g>(json: &Json) -> Node<'g> {
    match json {
        Json::Null => Node::Null,
        Json::Bool(truth) => Node::Bool(*truth),
        Json::Number(number) => Node::Number(number.to_string().into()),
        Json::String(text) => Node::text(text.clone()),
        Json::Array(elements) => Node::List(elements.iter().map(node_of).collect()),
        Json::Object(entries) => Node::map(entries.iter().map(|(name, value)| (name.clone(), node_of(value)))),
    }
}
