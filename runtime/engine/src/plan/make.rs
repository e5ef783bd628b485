//! Makes a plan of what a graph wants and what is there. It asks drivers, and changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use drivers::{Planning, Thing};
use state::{Clock, Edge, EdgeKind, Entropy, Entry, Object, PlanId, RealmId, State, Tree, TreeStep, Uid};
use value::AddressId;

use super::changes;
use super::node::{Known, decide};
use super::{Decision, FORMAT, Held, Left, Outputs, Plan, digest, order};
use crate::ledger::{Ledger, Secrets};
use crate::look::{Drift, drift_of, read_all};
use crate::resolve::{Found, Resolver};
use crate::sessions::{Drivers, Opened, Sessions};
use crate::told::Told;
use crate::wanted::{Node, NodeKind, Wanted};

/// What a plan is made with.
pub struct Making<'a> {
    pub drivers: &'a Drivers,
    /// What is known, with what earlier runs left open looked up. It is changed in memory only.
    pub ledger: &'a mut dyn Ledger,
    pub clock: &'a dyn Clock,
    pub entropy: &'a mut dyn Entropy,
    /// The values of secrets that are given from outside, by name.
    pub given: BTreeMap<String, Tree>,
    /// Addresses that may go although they are protected.
    pub unprotected: BTreeSet<String>,
    /// Days since 1970-01-01.
    pub today: i32,
    /// What is not known stays so, and is handed on: nothing is really made.
    pub rehearsed: bool,
}

/// What becomes of each node, as far as it was decided.
#[derive(Default)]
pub(super) struct Decided {
    /// By position among the nodes; none: nothing is made of it here.
    pub decisions: Vec<Option<Decision>>,
    pub held: Vec<Held>,
    pub left: BTreeMap<String, Vec<String>>,
    pub drifted: Vec<Drift>,
    pub outputs: Outputs,
}

/// Makes a plan.
///
/// # Errors
/// All that is wrong with what is wanted, as far as drivers can tell beforehand.
pub async fn make_plan(wanted: &mut Wanted, mut making: Making<'_>) -> Result<Plan, Vec<Told>> {
    let mut sessions = Sessions::new(making.drivers);
    let called = |entry: &Entry| (entry.uid, entry.address.clone());
    let known: BTreeMap<Uid, String> = making.ledger.state().entries.values().map(called).collect();
    let words = changes::of(wanted, &mut making, &mut sessions).await?;
    let decider = Decider { wanted, making: &mut making, sessions: &mut sessions, ours: BTreeMap::new() };
    let decided = decider.all().await?;
    let changes = changes::of_lives(wanted, &decided.decisions, making.ledger.state(), words.changes);
    let steps = order::steps(wanted, &decided.decisions, &words.allowed, &making)?;
    let state = making.ledger.state();
    let touched = steps.iter().map(|step| step.uid).chain(decided.decisions.iter().flatten().map(|one| one.uid));
    let touched = touched
        .filter(|uid| known.contains_key(uid))
        .filter_map(|uid| Some((uid, digest(state.entries.get(&uid)?))))
        .collect();
    let called = changes.iter().filter_map(|change| known.get_key_value(&change.uid()));
    let called = called.map(|(uid, address)| (*uid, address.clone())).collect();
    let unchanged = decided.decisions.iter().flatten().filter(|decision| decision.is_nothing()).count() as u32;
    let unresolved = unresolved(state);
    let mut left = decided.left;
    for entry in state.entries.values().filter(|entry| !making.drivers.has(&entry.driver)) {
        let of_target = left.entry(entry.driver.clone()).or_default();
        if !of_target.contains(&entry.address) {
            of_target.push(entry.address.clone());
        }
    }
    let mut plan = Plan {
        format: FORMAT,
        id: PlanId::new(making.entropy),
        lineage: None,
        project: wanted.project.clone(),
        environment: wanted.environment.clone(),
        made_at: making.clock.now(),
        engine: env!("CARGO_PKG_VERSION").to_owned(),
        destroys: false,
        changes,
        outputs: decided.outputs,
        called,
        steps,
        drifted: decided.drifted,
        touched,
        unchanged,
        held: decided.held,
        idle: words.idle,
        left: left.into_iter().map(|(target, addresses)| Left { target, addresses }).collect(),
        unresolved,
        graph: String::new(),
        places: String::new(),
        inputs: making.given,
    };
    seal(&mut plan, &*making.ledger).map_err(|told| vec![told])?;
    Ok(plan)
}

/// Operations that nobody knows the end of.
pub(super) fn unresolved(state: &State) -> Vec<(String, String)> {
    let why = |open: &state::Open| open.why.clone().unwrap_or_else(|| "its run did not come to its end".to_owned());
    state.open.values().map(|open| (open.intent.entry.address.clone(), why(open))).collect()
}

/// No secret of a plan is open.
pub(super) fn seal(plan: &mut Plan, secrets: &dyn Secrets) -> Result<(), Told> {
    for step in &mut plan.steps {
        step.inputs = secrets.seal(&step.inputs)?;
        step.planned = secrets.seal(&step.planned)?;
        if let Some(before) = &mut step.before {
            before.attributes = secrets.seal(&before.attributes)?;
            before.applied = secrets.seal(&before.applied)?;
        }
    }
    for drift in &mut plan.drifted {
        drift.seal(secrets)?;
    }
    for value in plan.inputs.values_mut() {
        *value = secrets.seal(value)?;
    }
    Ok(())
}

/// Decides node after node.
struct Decider<'w, 'm, 'a, 's> {
    wanted: &'w mut Wanted,
    making: &'m mut Making<'a>,
    sessions: &'s mut Sessions<'a>,
    /// The ids of what was made, by where.
    ours: BTreeMap<RealmId, BTreeSet<String>>,
}

impl<'a> Decider<'_, '_, 'a, '_> {
    async fn all(mut self) -> Result<Decided, Vec<Told>> {
        let there = self.look().await?;
        let mut resolver = Resolver::new(std::mem::take(&mut self.wanted.store), None);
        let mut decided = Decided::default();
        let mut told = Vec::new();
        // What each node will be, for those that read it.
        let mut shown: Vec<Option<Tree>> = Vec::new();
        for at in 0..self.wanted.nodes.len() {
            let outcome = self.one(at, &mut resolver, &shown, &there, &mut decided).await;
            let (decision, tree) = outcome.unwrap_or_else(|mut mistakes| {
                told.append(&mut mistakes);
                (None, None)
            });
            decided.decisions.push(decision);
            shown.push(tree);
        }
        for entry in self.leaving() {
            let freeze = frozen(&entry, self.making.today).map(|freeze| freeze.because.clone());
            let would = vec![state::Action::Delete];
            decided.held.extend(freeze.map(|because| Held { address: entry.address.clone(), because, would }));
            match self.drifted(Some(&entry), there.get(&entry.uid)) {
                Ok(drift) => decided.drifted.extend(drift),
                Err(mut mistakes) => told.append(&mut mistakes),
            }
        }
        told.extend(self.checks(&mut resolver, &shown));
        match self.outputs(&mut resolver, &shown) {
            Ok(outputs) => decided.outputs = outputs,
            Err(mistake) => told.push(mistake),
        }
        self.wanted.store = resolver.into_store();
        if told.is_empty() { Ok(decided) } else { Err(told) }
    }

    /// Looks at all that is there, also at what leaves.
    async fn look(&mut self) -> Result<BTreeMap<Uid, Object>, Vec<Told>> {
        let state = self.making.ledger.state();
        let has_driver = |entry: &&Entry| self.making.drivers.has(&entry.driver);
        let entries: Vec<Entry> = state.entries.values().filter(has_driver).cloned().collect();
        read_all(&entries, self.sessions, &*self.making.ledger, self.making.entropy).await
    }

    /// What is there and has left the program.
    fn leaving(&self) -> Vec<Entry> {
        let stays: BTreeSet<&str> = self.wanted.resources().map(|(_, node)| &*node.address).collect();
        let entries = self.making.ledger.state().entries.values();
        let leaves = |entry: &&Entry| self.making.drivers.has(&entry.driver) && !stays.contains(&*entry.address);
        entries.filter(leaves).cloned().collect()
    }

    async fn one(
        &mut self,
        at: usize,
        resolver: &mut Resolver,
        shown: &[Option<Tree>],
        there: &BTreeMap<Uid, Object>,
        decided: &mut Decided,
    ) -> Result<(Option<Decision>, Option<Tree>), Vec<Told>> {
        let Some(node) = self.wanted.nodes.get(at).cloned() else { return Ok((None, None)) };
        let node = &node;
        if !self.making.drivers.has(&node.target) {
            if node.kind != NodeKind::Provider {
                decided.left.entry(node.target.clone()).or_default().push(node.address.clone());
            }
            return Ok((None, None));
        }
        let inputs = self.inputs(node, resolver, shown).map_err(|told| vec![told.about(&*node.address)])?;
        let NodeKind::Resource { kind, read, .. } = &node.kind else { return Ok((None, Some(inputs))) };
        if *read {
            // What exists elsewhere is asked for when drivers that have such things come.
            return Ok((None, None));
        }
        if let Some(waits) = self.waits_for_others(node, &inputs) {
            let message = format!("`{}` waits for `{waits}`, which no driver makes", node.address);
            let help = "use the steps that `infrac build` prints, until infrac applies that target itself";
            return Err(vec![Told::new("waits_for_others", message, help).about(&*node.address)]);
        }
        let opened = self.opened(node, shown).await?;
        let state = self.making.ledger.state();
        let entry = state.at(&node.address);
        let uid = entry.map_or_else(|| Uid::new(self.making.entropy), |entry| entry.uid);
        let object = there.get(&uid).cloned();
        decided.drifted.extend(self.drifted(entry, object.as_ref())?);
        let ours = self.ours.entry(opened.realm).or_insert_with(|| ids_at(state, opened.realm));
        let known = Known { node, kind, uid, entry, object, inputs, rehearsed: self.making.rehearsed, ours };
        let mut decision = decide(known, &opened, &self.wanted.places).await?;
        if let Some(entry) = entry {
            hold(entry, &mut decision, self.making.today, &mut decided.held);
        }
        if is_open(state, uid) {
            leave(&mut decision);
        }
        let tree = shown_of(&decision);
        Ok((Some(decision), Some(tree)))
    }

    /// What a node asks for, as far as it is known.
    fn inputs(&self, node: &Node, resolver: &mut Resolver, shown: &[Option<Tree>]) -> Result<Tree, Told> {
        let lookup = |of: AddressId, path: &[TreeStep]| look_up(self.wanted, &self.making.given, shown, of, path);
        resolver.tree(node.body, &lookup)
    }

    /// What a thing reads that nobody here makes, so that it will never be known.
    fn waits_for_others(&self, node: &Node, inputs: &Tree) -> Option<String> {
        if !inputs.is_later() || self.making.rehearsed {
            return None;
        }
        let needs = node.edges.iter().filter(|(_, kind)| *kind == EdgeKind::Data);
        let mut others = needs.filter_map(|(to, _)| self.wanted.nodes.get(*to));
        others.find(|other| !self.making.drivers.has(&other.target)).map(|other| other.address.clone())
    }

    async fn opened(&mut self, node: &Node, shown: &[Option<Tree>]) -> Result<Opened, Vec<Told>> {
        let (name, inputs) = provider_of(self.wanted, node, shown);
        let state = self.making.ledger.state();
        let opened = self.sessions.open(&node.target, &name, &inputs, state, self.making.entropy).await;
        opened.map_err(|told| vec![told])
    }

    fn drifted(&self, entry: Option<&Entry>, now: Option<&Object>) -> Result<Option<Drift>, Vec<Told>> {
        let Some(entry) = entry else { return Ok(None) };
        drift_of(entry, now, &*self.making.ledger).map_err(|told| vec![told])
    }

    /// Results that are others than those that are known, as far as they can be told; their secrets are sealed.
    fn outputs(&self, resolver: &mut Resolver, shown: &[Option<Tree>]) -> Result<Outputs, Told> {
        let known = &self.making.ledger.state().outputs;
        let mut others = BTreeMap::new();
        for output in &self.wanted.outputs {
            let lookup = |of: AddressId, path: &[TreeStep]| look_up(self.wanted, &self.making.given, shown, of, path);
            let value = resolver.tree(output.value, &lookup)?;
            let before = known.get(&output.name);
            let is_known = before.map(|before| self.making.ledger.open(before)).transpose()?.as_ref() == Some(&value);
            if !value.is_later() && !is_known && value != Tree::Null {
                others.insert(output.name.clone(), (before.cloned(), Some(self.making.ledger.seal(&value)?)));
            }
        }
        let gone = known.iter().filter(|(name, _)| self.wanted.outputs.iter().all(|output| output.name != **name));
        others.extend(gone.map(|(name, before)| (name.clone(), (Some(before.clone()), None))));
        Ok(others)
    }

    /// Checks that can be decided already.
    fn checks(&self, resolver: &mut Resolver, shown: &[Option<Tree>]) -> Vec<Told> {
        let lookup = |of: AddressId, path: &[TreeStep]| look_up(self.wanted, &self.making.given, shown, of, path);
        self.wanted.checks.iter().filter_map(|check| check.failed(resolver, &lookup)).collect()
    }
}

/// The ids of what was made in a place.
fn ids_at(state: &State, realm: RealmId) -> BTreeSet<String> {
    let objects = state.entries.values().flat_map(Entry::objects);
    objects.filter(|object| object.realm == realm).map(|object| object.native_id.clone()).collect()
}

/// What holds a thing as it is today.
pub(super) fn frozen(entry: &Entry, today: i32) -> Option<&state::Freeze> {
    entry.frozen.as_ref().filter(|freeze| freeze.until.is_none_or(|until| until >= today))
}

/// What is frozen is left as it is.
fn hold(entry: &Entry, decision: &mut Decision, today: i32, held: &mut Vec<Held>) {
    let Some(freeze) = frozen(entry, today) else { return };
    let would = match decision.planning {
        Planning::Nothing => return,
        Planning::Create => vec![state::Action::Create],
        Planning::Update(_) => vec![state::Action::Update],
        Planning::Replace(_) => vec![state::Action::Delete, state::Action::Create],
    };
    held.push(Held { address: entry.address.clone(), because: freeze.because.clone(), would });
    leave(decision);
}

/// Nothing is done to it.
fn leave(decision: &mut Decision) {
    decision.planning = Planning::Nothing;
    decision.why.clear();
    if let Some(prior) = &decision.prior {
        decision.planned = prior.attributes.clone();
        decision.inputs = prior.applied.clone();
    }
}

/// Whether nobody knows what became of an operation on it: nothing more is done to it until somebody does.
pub(super) fn is_open(state: &State, uid: Uid) -> bool {
    state.open.values().any(|open| open.intent.entry.uid == uid)
}

/// What those that read a thing will find: what its maker shows, and what was asked for where that says nothing.
fn shown_of(decision: &Decision) -> Tree {
    let attributes = match (&decision.planning, &decision.prior) {
        (Planning::Nothing, Some(prior)) => &prior.attributes,
        _ => &decision.planned,
    };
    overlay(attributes, &decision.inputs)
}

/// What is shown, with what was asked for beneath it.
pub(crate) fn overlay(shown: &Tree, asked: &Tree) -> Tree {
    match (shown, asked) {
        (Tree::Map(shown), Tree::Map(asked)) => {
            let mut all = asked.clone();
            all.extend(shown.iter().map(|(key, value)| (key.clone(), value.clone())));
            Tree::Map(all)
        }
        (shown, _) => shown.clone(),
    }
}

/// Answers a reference.
pub(crate) fn look_up<'t>(
    wanted: &Wanted,
    given: &'t BTreeMap<String, Tree>,
    shown: &'t [Option<Tree>],
    of: AddressId,
    path: &[TreeStep],
) -> Found<'t> {
    if let Some((name, _)) = wanted.inputs.iter().find(|(_, address)| *address == of) {
        return given.get(name).map_or(Found::Later, Found::Known);
    }
    let node = wanted.positions.get(&of).and_then(|at| shown.get(*at)).and_then(Option::as_ref);
    node.and_then(|tree| tree.at(path)).map_or(Found::Later, Found::Known)
}

/// The name and the inputs of what a node is configured with.
pub(crate) fn provider_of(wanted: &Wanted, node: &Node, shown: &[Option<Tree>]) -> (String, Tree) {
    let NodeKind::Resource { provider: Some(provider), .. } = node.kind else { return (String::new(), Tree::Null) };
    let name = wanted.nodes.get(provider).map_or_else(String::new, |provider| provider.address.clone());
    (name, shown.get(provider).cloned().flatten().unwrap_or(Tree::Null))
}

/// What a thing needs, by what is known of those.
pub(super) fn edges_of(wanted: &Wanted, node: &Node, decisions: &[Option<Decision>]) -> Vec<Edge> {
    let mut edges: Vec<Edge> = Vec::new();
    let mut open: Vec<(usize, EdgeKind)> = node.edges.clone();
    while let Some((to, kind)) = open.pop() {
        match (wanted.nodes.get(to), decisions.get(to).and_then(Option::as_ref)) {
            (Some(Node { kind: NodeKind::Provider, edges, .. }), _) => {
                open.extend(edges.iter().map(|(to, _)| (*to, EdgeKind::HostedOn)));
            }
            (Some(_), Some(decision)) => edges.push(Edge { to: decision.uid, kind }),
            _ => {}
        }
    }
    edges.sort_by_key(|edge| (edge.to, edge.kind));
    edges.dedup();
    edges
}

/// A look needs to know which thing it is about.
pub(crate) fn thing(entry: &Entry) -> Thing<'_> {
    Thing { uid: entry.uid, address: &entry.address, kind: &entry.kind }
}
