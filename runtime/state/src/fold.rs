//! What the records add up to. The state has no other source: the same records give the same state.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::record::{Action, Change, End, Intent, Outcome, Read, Record, Result as Ended, Run};
use crate::{Condition, ConfigId, Configuration, Entry, Object, OpId, PlanId, Realm, RealmId, RunId, Tree, Uid};

/// All that is known.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct State {
    pub entries: BTreeMap<Uid, Entry>,
    /// Intents without an outcome that tells: only one that does, or a person, closes them.
    pub open: BTreeMap<OpId, Open>,
    pub realms: BTreeMap<RealmId, Realm>,
    pub configurations: BTreeMap<ConfigId, Configuration>,
    /// Handlers that have to run yet, each with its host.
    pub pending: BTreeSet<(Uid, Uid)>,
    pub outputs: BTreeMap<String, Tree>,
    /// Plans that were carried out, or begun.
    pub used: BTreeSet<PlanId>,
    pub claims: BTreeMap<RunId, Vec<Uid>>,
    /// The last runs, the oldest first.
    pub runs: Vec<RunSummary>,
    /// Where each address stands. It follows from the entries.
    #[serde(skip)]
    pub addresses: BTreeMap<String, Uid>,
}

/// How many runs are remembered.
const RUNS: usize = 200;

/// An intent that nobody knows the end of, and how far it came.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Open {
    pub intent: Intent,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phases: Vec<(String, Tree)>,
    /// What is known of why it is open: none while its run may be going on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// A run that was.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RunSummary {
    pub run: Run,
    /// None: it did not come to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<End>,
}

/// A record that does not fit what was before it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wrong(pub String);

impl State {
    /// The entry at an address.
    pub fn at(&self, address: &str) -> Option<&Entry> {
        self.addresses.get(address).and_then(|uid| self.entries.get(uid))
    }

    /// Makes the table of addresses, which is not kept.
    ///
    /// # Errors
    /// Two entries have one address.
    pub fn index(&mut self) -> Result<(), Wrong> {
        self.addresses.clear();
        for entry in self.entries.values() {
            if self.addresses.insert(entry.address.clone(), entry.uid).is_some() {
                return Err(Wrong(format!("two things are called {}", entry.address)));
            }
        }
        Ok(())
    }

    /// Adds what one record says.
    ///
    /// # Errors
    /// It speaks of what is not there, or says again what was said: the journal is not one that infrac wrote.
    pub fn add(&mut self, record: &Record) -> Result<(), Wrong> {
        match record {
            Record::Run(run) => self.begin(run),
            Record::Realm(realm) => {
                self.realms.insert(realm.id, realm.clone());
            }
            Record::Configuration(configuration) => {
                self.configurations.insert(configuration.id, configuration.clone());
            }
            Record::Intent(intent) => return self.intend(intent),
            Record::Phase { op, name, data, .. } => self.open(*op)?.phases.push((name.clone(), data.clone())),
            Record::Outcome(outcome) => return self.conclude(outcome),
            Record::Observed { uid, read, .. } => return self.observe(*uid, read),
            Record::Change(change) => return self.change(change),
            Record::Claim { run, uids } => {
                self.claims.insert(*run, uids.clone());
            }
            Record::Notify { handler, host, pending: true } => {
                self.pending.insert((*handler, *host));
            }
            Record::Notify { handler, host, pending: false } => {
                self.pending.remove(&(*handler, *host));
            }
            // The program publishes it no more.
            Record::Output { name, value: Tree::Null } => drop(self.outputs.remove(name)),
            Record::Output { name, value } => {
                self.outputs.insert(name.clone(), value.clone());
            }
            Record::End(end) => self.end(end),
        }
        Ok(())
    }

    fn begin(&mut self, run: &Run) {
        self.used.extend(run.plan);
        self.runs.push(RunSummary { run: run.clone(), end: None });
        let too_many = self.runs.len().saturating_sub(RUNS);
        self.runs.drain(..too_many);
    }

    fn end(&mut self, end: &End) {
        self.claims.remove(&end.run);
        if let Some(summary) = self.runs.iter_mut().rev().find(|summary| summary.run.run == end.run) {
            summary.end = Some(end.clone());
        }
    }

    fn open(&mut self, op: OpId) -> Result<&mut Open, Wrong> {
        self.open.get_mut(&op).ok_or_else(|| Wrong(format!("operation {op} is not open")))
    }

    fn entry(&mut self, uid: Uid) -> Result<&mut Entry, Wrong> {
        self.entries.get_mut(&uid).ok_or_else(|| Wrong(format!("there is no {uid}")))
    }

    fn intend(&mut self, intent: &Intent) -> Result<(), Wrong> {
        if self.open.contains_key(&intent.op) {
            return Err(Wrong(format!("operation {} begins twice", intent.op)));
        }
        let said = &intent.entry;
        match self.entries.get_mut(&said.uid) {
            Some(entry) => {
                entry.place.clone_from(&said.place);
                // What goes is governed by what was said of it before.
                if intent.action != Action::Delete {
                    entry.life.clone_from(&said.life);
                }
            }
            None => self.insert(Entry { current: None, deposed: Vec::new(), ..said.clone() })?,
        }
        // What is replaced by a successor that is made first is set aside; what was seen to be gone is not there to be set aside.
        if intent.action == Action::Create {
            let entry = self.entry(said.uid)?;
            entry.deposed.extend(entry.current.take().filter(|before| before.condition != Condition::Gone));
        }
        self.open.insert(intent.op, Open { intent: intent.clone(), phases: Vec::new(), why: None });
        Ok(())
    }

    fn insert(&mut self, entry: Entry) -> Result<(), Wrong> {
        if let Some(other) = self.addresses.get(&entry.address) {
            return Err(Wrong(format!("{} and {other} are both called {}", entry.uid, entry.address)));
        }
        if self.entries.contains_key(&entry.uid) {
            return Err(Wrong(format!("there is {} already", entry.uid)));
        }
        self.addresses.insert(entry.address.clone(), entry.uid);
        self.entries.insert(entry.uid, entry);
        Ok(())
    }

    fn conclude(&mut self, outcome: &Outcome) -> Result<(), Wrong> {
        if let Ended::Unknown { why } = &outcome.result {
            self.open(outcome.op)?.why = Some(why.clone());
            return Ok(());
        }
        let Some(open) = self.open.remove(&outcome.op) else {
            return Err(Wrong(format!("operation {} ends without having begun", outcome.op)));
        };
        let (uid, action, before) = (open.intent.entry.uid, open.intent.action, open.intent.before);
        let entry = self.entry(uid)?;
        match action {
            Action::Create => match (&outcome.object, entry.current.take()) {
                (Some(object), _) => entry.current = Some(object.clone()),
                // Its predecessor is what there is.
                (None, _) => entry.current = entry.deposed.pop(),
            },
            Action::Update => entry.current.clone_from(&outcome.object),
            Action::Delete => entry.settle(before.as_ref(), outcome.object.clone()),
        }
        self.drop_empty(uid);
        Ok(())
    }

    fn drop_empty(&mut self, uid: Uid) {
        let is_open = self.open.values().any(|open| open.intent.entry.uid == uid);
        let is_empty = self.entries.get(&uid).is_some_and(|entry| entry.objects().next().is_none());
        if is_empty
            && !is_open
            && let Some(entry) = self.entries.remove(&uid)
        {
            self.addresses.remove(&entry.address);
        }
    }

    fn observe(&mut self, uid: Uid, read: &Read) -> Result<(), Wrong> {
        let entry = self.entry(uid)?;
        let Some(object) = entry.current.as_mut() else {
            return Err(Wrong(format!("{} was looked at, and is not there", entry.address)));
        };
        match read {
            Read::Present { attributes } => {
                object.attributes.clone_from(attributes);
                if object.condition == Condition::Gone {
                    object.condition = Condition::Ok;
                }
            }
            Read::Gone { .. } => object.condition = Condition::Gone,
        }
        Ok(())
    }

    fn change(&mut self, change: &Change) -> Result<(), Wrong> {
        match change {
            Change::Move { uid, to } => {
                if let Some(other) = self.addresses.get(to).filter(|other| *other != uid) {
                    return Err(Wrong(format!("{uid} and {other} are both called {to}")));
                }
                let from = std::mem::replace(&mut self.entry(*uid)?.address, to.clone());
                self.addresses.remove(&from);
                self.addresses.insert(to.clone(), *uid);
            }
            Change::Forget { uid, .. } => {
                let entry = self.entries.remove(uid).ok_or_else(|| Wrong(format!("there is no {uid}")))?;
                self.addresses.remove(&entry.address);
                self.open.retain(|_, open| open.intent.entry.uid != *uid);
            }
            Change::Adopt { entry } => return self.insert((**entry).clone()),
            Change::Life { uid, life, place } => {
                let entry = self.entry(*uid)?;
                entry.life.clone_from(life);
                entry.place.clone_from(place);
            }
            Change::Edges { uid, edges } => {
                if let Some(object) = self.entry(*uid)?.current.as_mut() {
                    object.edges.clone_from(edges);
                }
            }
            Change::Freeze { uid, freeze } => self.entry(*uid)?.frozen = Some(freeze.clone()),
            Change::Thaw { uid } => self.entry(*uid)?.frozen = None,
        }
        Ok(())
    }
}

impl Entry {
    /// Puts what is left of an object in its place; nothing is left: takes it away.
    fn settle(&mut self, before: Option<&Object>, left: Option<Object>) {
        let is_it = |object: &Object| Some(object.incarnation) == before.map(|before| before.incarnation);
        if self.current.as_ref().is_some_and(is_it) {
            self.current = left;
        } else if let Some(at) = self.deposed.iter().position(is_it) {
            self.deposed.splice(at..=at, left);
        }
    }
}
