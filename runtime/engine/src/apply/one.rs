//! One step: its inputs are finished, its driver is asked once more, its intent is written, it is done, and what came of it is kept.

use std::collections::BTreeSet;
use std::pin::Pin;

use drivers::{ApplyAsk, Done, PlanAsk, Planned, Planning, Thing};
use state::{
    Action, By, Change, Condition, Entry, Intent, Locator, Object, OpId, Outcome, Read, Record, Result as Ended,
    StepId, Tree, TreeStep,
};
use value::AddressId;

use super::{How, Runner};
use crate::event::Event;
use crate::look::{concluded, look_until, object_of, session_of};
use crate::paths::put;
use crate::plan::{Reason, Step, look_up, overlay, provider_of};
use crate::sessions::Opened;
use crate::told::Told;

/// What a step is waiting for.
pub(super) type One = Pin<Box<dyn Future<Output = Progress> + Send>>;

/// How far a step has come.
pub(super) enum Progress {
    /// Its driver was asked what has to be done, now that all is known; with the inputs that it was asked for.
    Prepared {
        step: StepId,
        opened: Opened,
        planned: Result<(Planned, Tree), Told>,
    },
    Ended {
        step: StepId,
        opened: Opened,
        done: Done,
    },
}

impl Runner<'_> {
    /// Begins a step; none: it ended at once.
    pub(super) async fn prepare(&mut self, id: StepId) -> Result<Option<One>, Told> {
        let Some(step) = self.plan.step(id) else { return Ok(None) };
        if let Some(began) = self.began.get_mut(id.0 as usize) {
            *began = self.applying.clock.now().max(1);
        }
        (self.applying.events)(Event::Started { step });
        let prepared = match step.action {
            Action::Delete => self.delete(step).await,
            Action::Create | Action::Update => self.ask(step).await,
        };
        match prepared {
            Ok(one) => Ok(Some(one)),
            Err(told) => {
                self.over(id, How::Failed(told.about(&*step.address)))?;
                Ok(None)
            }
        }
    }

    async fn delete(&mut self, step: &Step) -> Result<One, Told> {
        let Some(before) = &step.before else {
            return Err(Told::new("internal", "a deletion has no object", "this is a bug in infrac"));
        };
        let (ledger, entropy) = (&*self.applying.ledger, &mut *self.applying.entropy);
        let opened = session_of(&step.driver, before, &mut self.sessions, ledger, entropy).await?;
        self.begin_operation(step, &opened, &step.inputs.clone(), &Tree::Null, &step.locator.clone(), None)
    }

    async fn ask(&mut self, step: &Step) -> Result<One, Told> {
        let inputs = self.inputs(step)?;
        if inputs.is_later() && !self.applying.rehearsed {
            let message = "a value that it needs is not known, though all that it waits for is done";
            let help = "see whether an operation on what it reads is unresolved: `infrac state list`";
            return Err(Told::new("later_value", message, help));
        }
        let opened = self.opened(step).await?;
        let before = step.before.as_ref().map(|before| self.applying.ledger.open_object(before)).transpose()?;
        let (id, uid, address, kind) = (step.id, step.uid, step.address.clone(), step.kind.clone());
        Ok(Box::pin(async move {
            // What had to go is gone by now.
            let ours = BTreeSet::new();
            let thing = Thing { uid, address: &address, kind: &kind };
            let ask = PlanAsk { thing, prior: before.as_ref(), inputs: &inputs, ours: &ours };
            let planned = opened.session.plan(ask).await.map_err(|all| first(all, &address));
            Progress::Prepared { step: id, opened, planned: planned.map(|planned| (planned, inputs)) }
        }))
    }

    /// What a step asks for, now that what it waits for is done.
    fn inputs(&mut self, step: &Step) -> Result<Tree, Told> {
        let Some(wanted) = &self.wanted else { return self.applying.ledger.open(&step.inputs) };
        let node = self.nodes.get(&step.address).and_then(|at| wanted.nodes.get(*at));
        let Some(node) = node else {
            return Err(Told::new("internal", "a step has no node", "this is a bug in infrac"));
        };
        let (shown, given) = (&self.shown, &self.given);
        let lookup = |of: AddressId, path: &[TreeStep]| look_up(wanted, given, shown, of, path);
        let mut inputs = self.resolver.tree(node.body, &lookup)?;
        // What the program lets others decide was put in its place when the plan was made.
        if !node.life.ignore.is_empty() {
            let planned = self.applying.ledger.open(&step.inputs)?;
            for path in &node.life.ignore {
                if let Some(kept) = planned.at(path) {
                    put(&mut inputs, path, kept.clone());
                }
            }
        }
        Ok(inputs)
    }

    async fn opened(&mut self, step: &Step) -> Result<Opened, Told> {
        let (name, inputs) = match &self.wanted {
            Some(wanted) => match self.nodes.get(&step.address).and_then(|at| wanted.nodes.get(*at)) {
                Some(node) => provider_of(wanted, node, &self.shown),
                None => (String::new(), Tree::Null),
            },
            None => (String::new(), Tree::Null),
        };
        let state = self.applying.ledger.state();
        self.sessions.open(&step.driver, &name, &inputs, state, self.applying.entropy).await
    }

    /// What a driver says has to be done now is held against what the plan allows.
    pub(super) fn intend(
        &mut self,
        id: StepId,
        opened: &Opened,
        planned: Result<(Planned, Tree), Told>,
    ) -> Result<Option<One>, Told> {
        let Some(step) = self.plan.step(id) else { return Ok(None) };
        let (planned, inputs) = match planned {
            Ok(planned) => planned,
            Err(told) => return self.over(id, How::Failed(told)).map(|()| None),
        };
        let insists = step.why.iter().any(|why| matches!(why.reason, Reason::Unfinished { .. }));
        match (&planned.planning, step.action) {
            (Planning::Create, Action::Create) | (Planning::Update(_), Action::Update) => {}
            (Planning::Nothing, Action::Update) if insists => {}
            (Planning::Nothing, Action::Update) => {
                let (uid, life, place) = (step.uid, step.life.clone(), step.place.clone());
                self.records.push(Record::Change(Change::Life { uid, life, place }));
                self.write()?;
                self.keep_shown(step, &planned.attributes, &inputs);
                return self.over(id, How::Nothing).map(|()| None);
            }
            _ => {
                self.applied.stale = true;
                let message = "what has to be done to it is not what was planned any more";
                let told = Told::new("stale_plan", message, "plan again, and apply that").about(&*step.address);
                return self.over(id, How::Failed(told)).map(|()| None);
            }
        }
        self.begin_operation(step, opened, &inputs, &planned.attributes, &planned.locator, Some(&planned)).map(Some)
    }

    /// Writes down the intent; what is given back is not begun before that is here to stay.
    fn begin_operation(
        &mut self,
        step: &Step,
        opened: &Opened,
        inputs: &Tree,
        attributes: &Tree,
        locator: &Locator,
        planned: Option<&Planned>,
    ) -> Result<One, Told> {
        let op = OpId::new(self.applying.entropy);
        let sealed = self.applying.ledger.seal(inputs)?;
        let becomes = planned.map(|_| self.becomes(step, opened, &sealed)).transpose()?;
        for record in self.sessions.take_new() {
            let record = self.sealed_record(record)?;
            self.records.push(record);
        }
        let entry = Entry {
            uid: step.uid,
            address: step.address.clone(),
            driver: step.driver.clone(),
            kind: step.kind.clone(),
            place: step.place.clone(),
            life: step.life.clone(),
            current: None,
            deposed: Vec::new(),
            frozen: None,
        };
        let intent = Intent {
            op,
            run: self.run,
            at: self.applying.clock.now(),
            step: step.id,
            action: step.action,
            entry,
            before: step.before.clone(),
            inputs: sealed,
            planned: self.applying.ledger.seal(attributes)?,
            becomes,
            locator: locator.clone(),
        };
        if step.is_made_again() {
            let read = Read::Gone { proof: "the look of the plan".to_owned() };
            self.records.push(Record::Observed { uid: step.uid, at: intent.at, read });
        }
        self.records.push(Record::Intent(Box::new(intent)));
        if let Some(operation) = self.operations.get_mut(step.id.0 as usize) {
            *operation = Some(op);
        }
        let before = step.before.as_ref().map(|before| self.applying.ledger.open_object(before)).transpose()?;
        let inputs = self.applying.ledger.open(inputs)?;
        Ok(carry_out(step, op, opened.clone(), before, inputs))
    }

    fn sealed_record(&mut self, record: Record) -> Result<Record, Told> {
        Ok(match record {
            Record::Configuration(mut configuration) => {
                configuration.inputs = self.applying.ledger.seal(&configuration.inputs)?;
                Record::Configuration(configuration)
            }
            other => other,
        })
    }

    /// The object that a thing becomes, as far as it is our matter.
    fn becomes(&mut self, step: &Step, opened: &Opened, sealed: &Tree) -> Result<Object, Told> {
        let state = self.applying.ledger.state();
        let last =
            state.entries.get(&step.uid).and_then(|entry| entry.objects().map(|object| object.incarnation).max());
        let incarnation = match (&step.before, step.action) {
            (Some(before), Action::Update) => before.incarnation,
            _ => last.unwrap_or(0) + 1,
        };
        Ok(Object {
            incarnation,
            config: opened.config,
            realm: opened.realm,
            native_id: step.before.as_ref().map_or_else(String::new, |before| before.native_id.clone()),
            names: Vec::new(),
            edges: step.edges.clone(),
            made_by: None,
            schema_version: 0,
            attributes: Tree::Null,
            private: None,
            applied: sealed.clone(),
            condition: Condition::Ok,
        })
    }

    /// What came of an operation, as it is kept.
    pub(super) async fn conclude(&mut self, id: StepId, opened: &Opened, done: Done) -> Result<(StepId, How), Told> {
        let operation = self.operations.get(id.0 as usize).copied().flatten();
        let open = operation.and_then(|op| self.applying.ledger.state().open.get(&op).cloned());
        let (Some(step), Some(open)) = (self.plan.step(id), open) else {
            return Err(Told::new("internal", "an operation ended that did not begin", "this is a bug in infrac"));
        };
        let Done { result, made, trouble } = done;
        let told = trouble.map(|trouble| Told::of_driver(trouble, &step.address));
        let told = told.unwrap_or_else(|| Told::new("failed", "it did not end well", "look at it, and apply again"));
        let intent = &open.intent;
        let inputs = self.applying.ledger.open(&intent.inputs)?;
        let mut object =
            made.map(|made| object_of(made, intent.becomes.as_ref(), &inputs, &*self.applying.ledger)).transpose()?;
        let how = match &result {
            Ended::Done => How::Done,
            Ended::Refused { .. } => {
                object = intent.before.clone().filter(|_| intent.action != Action::Create);
                How::Failed(told)
            }
            Ended::Partial { why } => {
                let (op, inputs) = (intent.op, intent.inputs.clone());
                let condition = match intent.action {
                    Action::Create => Condition::Tainted { why: why.clone() },
                    Action::Update | Action::Delete => Condition::Dirty { op, inputs },
                };
                object = object.or(intent.before.clone()).map(|object| Object { condition, ..object });
                How::Partial(told)
            }
            Ended::Unknown { why } => return self.look_again(step, opened, &open, why.clone()).await,
        };
        self.keep_done(step, &how, object.as_ref())?;
        let at = self.applying.clock.now();
        let outcome = Outcome { op: intent.op, at, result, object, by: By::Reply };
        self.records.push(Record::Outcome(Box::new(outcome)));
        Ok((id, how))
    }

    /// Nobody heard the end of it: what is there tells, or it stays open.
    async fn look_again(
        &mut self,
        step: &Step,
        opened: &Opened,
        open: &state::Open,
        why: String,
    ) -> Result<(StepId, How), Told> {
        let intent = &open.intent;
        let unknown = Outcome {
            op: intent.op,
            at: self.applying.clock.now(),
            result: Ended::Unknown { why: why.clone() },
            object: None,
            by: By::Reply,
        };
        self.records.push(Record::Outcome(Box::new(unknown)));
        self.write()?;
        let finding = look_until(open, opened, &*self.applying.ledger).await?;
        let (outcome, found, unknown) = concluded(open, finding, self.applying.clock.now(), &*self.applying.ledger)?;
        let how = match (&outcome.result, unknown) {
            (_, true) => How::Unknown(why),
            (Ended::Done, false) => How::Done,
            (_, false) => How::Failed(Told::new("failed", format!("it {found}"), "apply again").about(&*step.address)),
        };
        self.keep_done(step, &how, outcome.object.as_ref())?;
        self.records.push(Record::Outcome(Box::new(outcome)));
        Ok((step.id, how))
    }

    /// Those that read a thing read what was done.
    fn keep_done(&mut self, step: &Step, how: &How, object: Option<&Object>) -> Result<(), Told> {
        if let (How::Done, Some(object)) = (how, object) {
            let object = self.applying.ledger.open_object(object)?;
            self.keep_shown(step, &object.attributes, &object.applied);
        }
        Ok(())
    }

    /// Those that read a thing read what it is now.
    fn keep_shown(&mut self, step: &Step, attributes: &Tree, inputs: &Tree) {
        if let Some(shown) = self.nodes.get(&step.address).and_then(|at| self.shown.get_mut(*at)) {
            *shown = Some(overlay(attributes, inputs));
        }
    }

    /// What is there and stays as it is.
    pub(super) fn show_all(&mut self) -> Result<(), Told> {
        let Some(wanted) = &self.wanted else { return Ok(()) };
        let makes = self.plan.steps.iter().filter(|step| step.action != Action::Delete);
        let makes: BTreeSet<&str> = makes.map(|step| &*step.address).collect();
        let state = self.applying.ledger.state();
        for (at, node) in wanted.nodes.iter().enumerate() {
            let object = state.at(&node.address).and_then(|entry| entry.current.as_ref());
            let (Some(object), false) = (object, makes.contains(&*node.address)) else { continue };
            let object = self.applying.ledger.open_object(object)?;
            if let Some(shown) = self.shown.get_mut(at) {
                *shown = Some(overlay(&object.attributes, &object.applied));
            }
        }
        Ok(())
    }

    /// Checks that nobody could decide before.
    pub(super) fn checks(&mut self) {
        let Some(wanted) = &self.wanted else { return };
        let lookup = |of: AddressId, path: &[TreeStep]| look_up(wanted, &self.given, &self.shown, of, path);
        let failed = wanted.checks.iter().filter_map(|check| check.failed(&mut self.resolver, &lookup));
        self.applied.failed.extend(failed);
    }

    /// What the program publishes, as far as it is known now.
    pub(super) fn outputs(&mut self) -> Result<(), Told> {
        let Some(wanted) = &self.wanted else { return Ok(()) };
        for output in &wanted.outputs {
            let lookup = |of: AddressId, path: &[TreeStep]| look_up(wanted, &self.given, &self.shown, of, path);
            let value = self.resolver.tree(output.value, &lookup)?;
            if value.is_later() {
                continue;
            }
            let ledger = &*self.applying.ledger;
            let before = ledger.state().outputs.get(&output.name).map(|before| ledger.open(before)).transpose()?;
            if before.as_ref() != Some(&value) {
                let value = ledger.seal(&value)?;
                self.records.push(Record::Output { name: output.name.clone(), value });
            }
            self.applied.outputs.insert(output.name.clone(), (value, output.secret));
        }
        let known = self.applying.ledger.state().outputs.keys();
        let gone = known.filter(|name| wanted.outputs.iter().all(|output| output.name != **name));
        self.records.extend(gone.map(|name| Record::Output { name: name.clone(), value: Tree::Null }));
        Ok(())
    }
}

fn first(all: Vec<drivers::Trouble>, address: &str) -> Told {
    let first = all.into_iter().next();
    let told = first.map(|trouble| Told::of_driver(trouble, address));
    told.unwrap_or_else(|| Told::new("failed", "its driver refuses it", "look at it, and plan again").about(address))
}

/// Does it.
fn carry_out(step: &Step, op: OpId, opened: Opened, before: Option<Object>, inputs: Tree) -> One {
    let (id, uid, address, kind, action) = (step.id, step.uid, step.address.clone(), step.kind.clone(), step.action);
    Box::pin(async move {
        let thing = Thing { uid, address: &address, kind: &kind };
        let ask = ApplyAsk { thing, op, action, prior: before.as_ref(), inputs: &inputs };
        let done = opened.session.apply(ask).await;
        Progress::Ended { step: id, opened, done }
    })
}
