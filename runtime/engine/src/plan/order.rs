//! Decisions become steps, each after what it has to wait for: what is needed is made before, what needed something is gone before
//! that goes, and what lets go of something does so before.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use drivers::Planning;
use state::{Action, Entry, Locator, Object, RealmId, State, StepId, Tree, Uid};

use super::changes::{Allowed, is_below_any};
use super::{Decision, Making, Reason, Step, What, Why, make};
use crate::told::Told;
use crate::wanted::{Node, NodeKind, Wanted};

/// Steps that are being put in order.
#[derive(Default)]
pub(super) struct Draft {
    steps: Vec<Step>,
    /// The steps that make or change what a thing is.
    makes: BTreeMap<Uid, usize>,
    /// The steps that take an object away.
    deletes: BTreeMap<(Uid, u32), usize>,
}

/// The steps of a plan.
///
/// # Errors
/// Something that is protected would go, or there is no order.
pub(super) fn steps(
    wanted: &Wanted,
    decisions: &[Option<Decision>],
    allowed: &Allowed,
    making: &Making<'_>,
) -> Result<Vec<Step>, Vec<Told>> {
    let state = making.ledger.state();
    let first = create_first(wanted, decisions);
    let mut draft = Draft::default();
    let mut told = Vec::new();
    for (node, decision) in wanted.nodes.iter().zip(decisions) {
        let Some(decision) = decision else { continue };
        if decision.replaces()
            && let Some(mistake) = protected(state.entries.get(&decision.uid), allowed, "replaced")
        {
            told.push(mistake);
        }
        draft.make(wanted, node, decision, decisions);
    }
    let kept: BTreeSet<Uid> = decisions.iter().flatten().map(|decision| decision.uid).collect();
    let undecided = wanted.nodes.iter().zip(decisions).filter(|(_, decision)| decision.is_none());
    let undecided: BTreeSet<&str> = undecided.map(|(node, _)| &*node.address).collect();
    let may_go = |entry: &&Entry| {
        let is_held = make::is_open(state, entry.uid) || make::frozen(entry, making.today).is_some();
        making.drivers.has(&entry.driver) && !is_held
    };
    for entry in state.entries.values().filter(may_go) {
        let leaves = !kept.contains(&entry.uid) && !undecided.contains(&*entry.address);
        if leaves {
            told.extend(protected(Some(entry), allowed, "destroyed"));
            draft.delete_all(entry, &Reason::Left);
        } else {
            draft.delete_deposed(entry);
        }
    }
    if !told.is_empty() {
        return Err(told);
    }
    draft.wait(wanted, decisions, state, &first);
    draft.wait_for_room(wanted, decisions, state)?;
    draft.ordered().map_err(|told| vec![told])
}

/// What may not go.
pub(super) fn protected(entry: Option<&Entry>, allowed: &Allowed, what: &str) -> Option<Told> {
    let entry = entry.filter(|entry| entry.life.protect && !is_below_any(&entry.address, allowed))?;
    let message = format!("`{}` is protected, and would be {what}", entry.address);
    let help = format!("take `@protect` away and apply that first, or say `--unprotect '{}'` this once", entry.address);
    Some(Told::new("protected", message, help).about(&*entry.address).at(entry.place.as_deref()))
}

/// The nodes whose replacement is made before they go: those that say so, and all that they need, for those cannot go before.
fn create_first(wanted: &Wanted, decisions: &[Option<Decision>]) -> BTreeSet<usize> {
    let mut first = BTreeSet::new();
    let replaced = |at: usize| decisions.get(at).and_then(Option::as_ref).is_some_and(Decision::replaces);
    // Nodes stand after what they need: from the last to the first, all who need one are known before it.
    for (at, node) in wanted.nodes.iter().enumerate().rev() {
        if node.life.create_first && replaced(at) {
            first.insert(at);
        }
        if first.contains(&at) {
            first.extend(node.edges.iter().map(|(to, _)| *to));
        }
    }
    first
}

impl Draft {
    fn add(&mut self, step: Step) -> usize {
        self.steps.push(step);
        self.steps.len() - 1
    }

    /// The steps of something that is wanted.
    fn make(&mut self, wanted: &Wanted, node: &Node, decision: &Decision, all: &[Option<Decision>]) {
        let action = match decision.planning {
            Planning::Nothing => return,
            Planning::Update(_) => Action::Update,
            Planning::Create | Planning::Replace(_) => Action::Create,
        };
        let edges = make::edges_of(wanted, node, all);
        let kind = match &node.kind {
            NodeKind::Resource { kind, .. } => kind.clone(),
            NodeKind::Provider => String::new(),
        };
        let making = Step {
            id: StepId(0),
            after: Vec::new(),
            uid: decision.uid,
            address: node.address.clone(),
            driver: node.target.clone(),
            kind,
            place: wanted.places.of(&node.address).map(str::to_owned),
            action,
            what: What::Alone,
            why: decision.why.clone(),
            before: decision.prior.clone().filter(|_| action == Action::Update),
            inputs: decision.inputs.clone(),
            planned: decision.planned.clone(),
            locator: decision.locator.clone(),
            life: node.life.clone(),
            edges,
        };
        let made = self.add(making.clone());
        self.makes.insert(decision.uid, made);
        if decision.replaces()
            && let Some(prior) = &decision.prior
        {
            let gone = self.add(Step {
                action: Action::Delete,
                before: Some(prior.clone()),
                inputs: prior.applied.clone(),
                planned: Tree::Null,
                locator: Locator::Chosen { id: prior.native_id.clone() },
                edges: Vec::new(),
                ..making
            });
            self.deletes.insert((decision.uid, prior.incarnation), gone);
            self.pair(made, gone);
        }
    }

    fn pair(&mut self, made: usize, gone: usize) {
        for (one, other) in [(made, gone), (gone, made)] {
            if let Some(step) = self.steps.get_mut(one) {
                step.what = What::Replacement(StepId(other as u32));
            }
        }
    }

    fn delete(&mut self, entry: &Entry, object: &Object, what: What, reason: &Reason) {
        let why = Why { path: Vec::new(), reason: reason.clone(), place: None };
        let step = Step {
            id: StepId(0),
            after: Vec::new(),
            uid: entry.uid,
            address: entry.address.clone(),
            driver: entry.driver.clone(),
            kind: entry.kind.clone(),
            place: entry.place.clone(),
            action: Action::Delete,
            what,
            why: vec![why],
            before: Some(object.clone()),
            inputs: object.applied.clone(),
            planned: Tree::Null,
            locator: Locator::Chosen { id: object.native_id.clone() },
            life: entry.life.clone(),
            edges: Vec::new(),
        };
        let at = self.add(step);
        self.deletes.insert((entry.uid, object.incarnation), at);
    }

    fn delete_deposed(&mut self, entry: &Entry) {
        for object in &entry.deposed {
            self.delete(entry, object, What::Deposed, &Reason::Replaced { id: object.native_id.clone() });
        }
    }

    /// Everything that there is of a thing goes.
    pub(super) fn delete_all(&mut self, entry: &Entry, reason: &Reason) {
        self.delete_deposed(entry);
        if let Some(object) = &entry.current {
            self.delete(entry, object, What::Alone, reason);
        }
    }

    fn after(&mut self, later: usize, earlier: usize) {
        if later != earlier
            && let Some(step) = self.steps.get_mut(later)
        {
            step.after.push(StepId(earlier as u32));
        }
    }

    /// Says what waits for what.
    fn wait(&mut self, wanted: &Wanted, decisions: &[Option<Decision>], state: &State, first: &BTreeSet<usize>) {
        let mut needs = Needs::new(wanted, decisions, &self.makes);
        for (at, decision) in decisions.iter().enumerate() {
            let Some(decision) = decision else { continue };
            let Some(made) = self.makes.get(&decision.uid).copied() else { continue };
            for earlier in needs.of(at) {
                self.after(made, earlier);
            }
            let gone = decision.prior.as_ref().and_then(|prior| self.deletes.get(&(decision.uid, prior.incarnation)));
            if let Some(gone) = gone.copied() {
                let (earlier, later) = if first.contains(&at) { (made, gone) } else { (gone, made) };
                self.after(later, earlier);
            }
        }
        self.wait_to_go(state);
    }

    /// What is made under an id that something else has is made when that is gone.
    fn wait_for_room(
        &mut self,
        wanted: &Wanted,
        decisions: &[Option<Decision>],
        state: &State,
    ) -> Result<(), Vec<Told>> {
        let holders = Holders::of(state, decisions);
        let mut told = Vec::new();
        for (node, decision) in wanted.nodes.iter().zip(decisions) {
            let Some((decision, id)) = decision.as_ref().and_then(|decision| Some((decision, decision.makes_under()?)))
            else {
                continue;
            };
            let Some(made) = self.makes.get(&decision.uid).copied() else { continue };
            for (uid, incarnation, address) in holders.of_id(decision.realm, id) {
                match self.deletes.get(&(*uid, *incarnation)).copied() {
                    Some(gone) => self.after(made, gone),
                    None if *uid == decision.uid => {}
                    None => told.push(taken(&node.address, id, address)),
                }
            }
        }
        if told.is_empty() { Ok(()) } else { Err(told) }
    }

    /// What goes, goes after all that needs it is gone or has let go of it.
    pub(super) fn wait_to_go(&mut self, state: &State) {
        let mut waits = Vec::new();
        for entry in state.entries.values() {
            for object in entry.objects() {
                let own = self.deletes.get(&(entry.uid, object.incarnation)).copied();
                // An update, or a replacement that stands already, needs it no more.
                let lets_go = own.or_else(|| self.makes.get(&entry.uid).copied());
                let Some(lets_go) = lets_go else { continue };
                for edge in &object.edges {
                    let needed = self.deletes.range((edge.to, 0)..=(edge.to, u32::MAX)).map(|(_, gone)| *gone);
                    waits.extend(needed.filter(|gone| self.waits(lets_go, *gone)).map(|gone| (gone, lets_go)));
                }
            }
        }
        for (later, earlier) in waits {
            self.after(later, earlier);
        }
    }

    /// Whether what goes waits until another lets go of it: not where that other one waits for its replacement, which comes only when
    /// this is gone.
    fn waits(&self, lets_go: usize, gone: usize) -> bool {
        let (Some(other), Some(goes)) = (self.steps.get(lets_go), self.steps.get(gone)) else { return false };
        let What::Replacement(made) = goes.what else { return true };
        let is_first = self.steps.get(made.0 as usize).is_some_and(|made| !made.after.contains(&StepId(gone as u32)));
        other.action == Action::Delete || is_first
    }

    /// The steps in an order, by address among those that may come next.
    pub(super) fn ordered(mut self) -> Result<Vec<Step>, Told> {
        for step in &mut self.steps {
            step.after.sort_unstable();
            step.after.dedup();
        }
        let mut waiting: Vec<usize> = self.steps.iter().map(|step| step.after.len()).collect();
        let mut next: Vec<Vec<usize>> = vec![Vec::new(); self.steps.len()];
        for (at, step) in self.steps.iter().enumerate() {
            for earlier in &step.after {
                if let Some(next) = next.get_mut(earlier.0 as usize) {
                    next.push(at);
                }
            }
        }
        let key = |at: usize| {
            let step = &self.steps[at];
            Reverse((step.address.clone(), step.action, at))
        };
        let ready = waiting.iter().enumerate().filter(|(_, open)| **open == 0).map(|(at, _)| key(at));
        let mut ready: BinaryHeap<_> = ready.collect();
        let mut order = Vec::with_capacity(self.steps.len());
        while let Some(Reverse((.., at))) = ready.pop() {
            order.push(at);
            for later in next.get(at).into_iter().flatten() {
                if let Some(open) = waiting.get_mut(*later) {
                    *open -= 1;
                    if *open == 0 {
                        ready.push(key(*later));
                    }
                }
            }
        }
        if order.len() < self.steps.len() {
            return Err(self.circle(&waiting));
        }
        Ok(self.renumbered(&order))
    }

    fn circle(&self, waiting: &[usize]) -> Told {
        let stuck = self.steps.iter().zip(waiting).filter(|(_, open)| **open > 0).map(|(step, _)| &*step.address);
        let mut stuck: Vec<&str> = stuck.collect();
        stuck.sort_unstable();
        stuck.dedup();
        let message = format!("these wait for each other: {}", stuck.join(", "));
        Told::new("no_order", message, "apply part of the change first: let go of what is to be replaced")
    }

    fn renumbered(self, order: &[usize]) -> Vec<Step> {
        let mut number = vec![StepId(0); self.steps.len()];
        for (new, old) in order.iter().enumerate() {
            if let Some(number) = number.get_mut(*old) {
                *number = StepId(new as u32);
            }
        }
        let new = |old: StepId| number.get(old.0 as usize).copied().unwrap_or(old);
        let mut steps: Vec<Step> = self.steps.into_iter().collect();
        for (at, step) in steps.iter_mut().enumerate() {
            step.id = new(StepId(at as u32));
            step.after = step.after.iter().map(|earlier| new(*earlier)).collect();
            step.after.sort_unstable();
            if let What::Replacement(other) = step.what {
                step.what = What::Replacement(new(other));
            }
        }
        steps.sort_by_key(|step| step.id);
        steps
    }
}

/// Who has which id where.
struct Holders<'a>(BTreeMap<RealmId, ById<'a>>);

/// Things and which of their objects it is, by id.
type ById<'a> = BTreeMap<&'a str, Vec<Holder<'a>>>;
type Holder<'a> = (Uid, u32, &'a str);

impl<'a> Holders<'a> {
    fn of(state: &'a State, decisions: &[Option<Decision>]) -> Self {
        let gone = decisions.iter().flatten().filter(|decision| decision.prior.is_none());
        let gone: BTreeSet<Uid> = gone.map(|decision| decision.uid).collect();
        let mut holders: BTreeMap<RealmId, ById<'_>> = BTreeMap::new();
        for entry in state.entries.values() {
            let current = entry.current.iter().filter(|_| !gone.contains(&entry.uid));
            for object in current.chain(&entry.deposed) {
                let holder = (entry.uid, object.incarnation, &*entry.address);
                holders.entry(object.realm).or_default().entry(&*object.native_id).or_default().push(holder);
            }
        }
        Self(holders)
    }
    fn of_id(&self, realm: RealmId, id: &str) -> &[Holder<'a>] {
        self.0.get(&realm).and_then(|there| there.get(id)).map_or(&[], Vec::as_slice)
    }
}

fn taken(address: &str, id: &str, other: &str) -> Told {
    let message = format!("`{address}` cannot be made as `{id}`: that is `{other}`");
    let help = format!("give it another one, or say `moved \"{other}\" to {address}` if they are the same");
    Told::new("taken", message, help).about(address)
}

/// The steps that a node waits for: those of what it needs, and through what does not change those of what that needs.
struct Needs<'a> {
    wanted: &'a Wanted,
    steps: Vec<Option<usize>>,
    met: Vec<u32>,
    round: u32,
}

impl<'a> Needs<'a> {
    fn new(wanted: &'a Wanted, decisions: &[Option<Decision>], makes: &BTreeMap<Uid, usize>) -> Self {
        let step = |decision: &Option<Decision>| makes.get(&decision.as_ref()?.uid).copied();
        Self { wanted, steps: decisions.iter().map(step).collect(), met: vec![0; wanted.nodes.len()], round: 0 }
    }
    fn of(&mut self, at: usize) -> Vec<usize> {
        self.round += 1;
        let mut found = Vec::new();
        let mut open = vec![at];
        while let Some(at) = open.pop() {
            let Some(node) = self.wanted.nodes.get(at) else { continue };
            for (to, _) in &node.edges {
                let is_new = self.met.get_mut(*to).is_some_and(|met| std::mem::replace(met, self.round) != self.round);
                if !is_new {
                    continue;
                }
                match self.steps.get(*to).copied().flatten() {
                    Some(step) => found.push(step),
                    None => open.push(*to),
                }
            }
        }
        found
    }
}
