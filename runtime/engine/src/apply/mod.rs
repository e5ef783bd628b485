//! Carries out a plan. Before anything is done to the outside its intent is written down, and nothing that waits for it begins before
//! what came of it is. What may run at once does; all that is ready is written down together.

mod one;

use std::collections::{BTreeMap, BTreeSet};

use futures_util::StreamExt;
use futures_util::future::{Either, poll_immediate, select};
use futures_util::stream::FuturesUnordered;
use state::{Clock, Command, End, Entropy, OpId, Record, Run, RunId, StepId, Tree};
use std::pin::pin;

use self::one::{One, Progress};
use crate::event::{Ending, Event};
use crate::ledger::Ledger;
use crate::plan::{Plan, Step};
use crate::resolve::Resolver;
use crate::sessions::{Drivers, Sessions};
use crate::stop::{Stop, Stopping};
use crate::told::Told;
use crate::wanted::Wanted;

/// What a plan is carried out with.
pub struct Applying<'a> {
    pub drivers: &'a Drivers,
    pub ledger: &'a mut dyn Ledger,
    pub clock: &'a dyn Clock,
    pub entropy: &'a mut dyn Entropy,
    /// Who runs it: user and machine.
    pub by: String,
    /// How many things are done at once.
    pub at_once: usize,
    pub stop: &'a Stop,
    /// What is not known stays so: nothing is really made.
    pub rehearsed: bool,
    /// Told what happens.
    pub events: &'a mut dyn FnMut(Event<'_>),
}

/// What came of it.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Applied {
    pub done: usize,
    /// With what went wrong.
    pub failed: Vec<Told>,
    /// Steps that did not begin, because another one failed or the run was stopped.
    pub skipped: usize,
    /// The addresses of operations that nobody knows the end of.
    pub unknown: Vec<String>,
    /// Whether something was found that the plan does not allow for.
    pub stale: bool,
    /// Results of the program that are known now, with their secrets open.
    pub outputs: BTreeMap<String, (Tree, bool)>,
}

/// Carries out a plan; `wanted` is what its graph asks for, and nothing for a destruction.
///
/// # Errors
/// Something could not be written down: what runs was left to be found again.
pub async fn apply<'a>(plan: &'a Plan, wanted: Option<Wanted>, applying: Applying<'a>) -> Result<Applied, Told> {
    let run = RunId::new(applying.entropy);
    let mut wanted = wanted;
    let store = wanted.as_mut().map(|wanted| std::mem::take(&mut wanted.store)).unwrap_or_default();
    let shown = vec![None; wanted.as_ref().map_or(0, |wanted| wanted.nodes.len())];
    let mut given = BTreeMap::new();
    for (name, value) in &plan.inputs {
        given.insert(name.clone(), applying.ledger.open(value)?);
    }
    let steps = plan.steps.len();
    let nodes = wanted.iter().flat_map(|wanted| wanted.resources().map(|(at, node)| (node.address.clone(), at)));
    let nodes = nodes.collect();
    let mut runner = Runner {
        sessions: Sessions::new(applying.drivers),
        resolver: Resolver::new(store, None),
        plan,
        wanted,
        applying,
        run,
        shown,
        given,
        waiting: plan.steps.iter().map(|step| step.after.len()).collect(),
        next: those_after(plan),
        ready: BTreeSet::new(),
        operations: vec![None; steps],
        nodes,
        began: vec![0; steps],
        over: vec![false; steps],
        applied: Applied::default(),
        records: Vec::new(),
    };
    runner.begin()?;
    runner.go().await?;
    runner.end()
}

fn those_after(plan: &Plan) -> Vec<Vec<StepId>> {
    let mut next: Vec<Vec<StepId>> = vec![Vec::new(); plan.steps.len()];
    for step in &plan.steps {
        for earlier in &step.after {
            if let Some(next) = next.get_mut(earlier.0 as usize) {
                next.push(step.id);
            }
        }
    }
    next
}

struct Runner<'a> {
    plan: &'a Plan,
    wanted: Option<Wanted>,
    applying: Applying<'a>,
    sessions: Sessions<'a>,
    resolver: Resolver,
    run: RunId,
    /// What each node is by now, for those that read it.
    shown: Vec<Option<Tree>>,
    given: BTreeMap<String, Tree>,
    /// How many steps each step waits for.
    waiting: Vec<usize>,
    /// The steps that wait for each.
    next: Vec<Vec<StepId>>,
    ready: BTreeSet<StepId>,
    /// The operation of each step that has one.
    operations: Vec<Option<OpId>>,
    /// Where the node of an address stands.
    nodes: BTreeMap<String, usize>,
    /// When each step began: milliseconds since 1970-01-01.
    began: Vec<u64>,
    /// Which steps are done, failed or skipped.
    over: Vec<bool>,
    applied: Applied,
    /// What is to be written down next.
    records: Vec<Record>,
}

impl Runner<'_> {
    fn begin(&mut self) -> Result<(), Told> {
        let command = if self.plan.destroys { Command::Destroy } else { Command::Apply };
        let graph = self.wanted.as_ref().map(|wanted| wanted.print.clone());
        let uids: BTreeSet<_> = self.plan.steps.iter().map(|step| step.uid).collect();
        self.records.push(Record::Run(Run {
            run: self.run,
            command,
            at: self.applying.clock.now(),
            by: self.applying.by.clone(),
            plan: Some(self.plan.id),
            graph,
            only: Vec::new(),
        }));
        self.records.push(Record::Claim { run: self.run, uids: uids.into_iter().collect() });
        self.records.extend(self.plan.changes.iter().cloned().map(Record::Change));
        self.write()?;
        self.show_all()?;
        let ready = self.plan.steps.iter().zip(&self.waiting).filter(|(_, open)| **open == 0).map(|(step, _)| step.id);
        self.ready = ready.collect();
        Ok(())
    }

    /// Writes down what has gathered.
    fn write(&mut self) -> Result<(), Told> {
        let records = std::mem::take(&mut self.records);
        if records.is_empty() { Ok(()) } else { self.applying.ledger.append(&records) }
    }

    async fn go(&mut self) -> Result<(), Told> {
        let mut running: FuturesUnordered<One> = FuturesUnordered::new();
        let mut stopping = Stopping::No;
        loop {
            if self.applying.stop.stopping() != stopping {
                stopping = self.applying.stop.stopping();
                (self.applying.events)(Event::Stopping { running: running.len() });
            }
            if stopping == Stopping::Now {
                return Ok(());
            }
            while stopping == Stopping::No && running.len() < self.applying.at_once {
                let Some(step) = self.ready.pop_first() else { break };
                if let Some(one) = self.prepare(step).await? {
                    running.push(one);
                }
            }
            self.write()?;
            if running.is_empty() {
                // What failed or was left out may have made others ready.
                if self.ready.is_empty() || stopping != Stopping::No { return Ok(()) } else { continue }
            }
            let Some(first) = self.next(&mut running, stopping).await else { continue };
            let mut came = vec![first];
            while let Some(Some(more)) = poll_immediate(running.next()).await {
                came.push(more);
            }
            self.advance(came, &mut running).await?;
        }
    }

    /// What comes next of those that run; none: something was asked meanwhile.
    async fn next(&self, running: &mut FuturesUnordered<One>, stopping: Stopping) -> Option<Progress> {
        match select(running.next(), pin!(self.applying.stop.beyond(stopping))).await {
            Either::Left((progress, _)) => progress,
            Either::Right(_) => None,
        }
    }

    /// Writes down all that came at once, then lets what was prepared begin.
    async fn advance(&mut self, came: Vec<Progress>, running: &mut FuturesUnordered<One>) -> Result<(), Told> {
        let (mut next, mut ended) = (Vec::new(), Vec::new());
        for progress in came {
            match progress {
                Progress::Prepared { step, opened, planned } => next.extend(self.intend(step, &opened, planned)?),
                Progress::Ended { step, opened, done } => ended.push(self.conclude(step, &opened, done).await?),
            }
        }
        self.write()?;
        running.extend(next);
        ended.into_iter().try_for_each(|(step, how)| self.over(step, how))
    }

    fn end(mut self) -> Result<Applied, Told> {
        let left: Vec<StepId> =
            self.plan.steps.iter().filter(|step| self.is_not_begun(step.id)).map(|step| step.id).collect();
        for id in left {
            self.skip(id, None);
        }
        let runs: Vec<StepId> = self.plan.steps.iter().filter(|step| self.runs(step.id)).map(|step| step.id).collect();
        for id in runs {
            self.over(id, How::Unknown("the run left it while it was going on".to_owned()))?;
        }
        self.outputs()?;
        self.checks();
        let applied = &self.applied;
        let end = End {
            run: self.run,
            at: self.applying.clock.now(),
            done: applied.done as u32,
            failed: applied.failed.len() as u32,
            unknown: applied.unknown.len() as u32,
        };
        self.records.push(Record::End(end));
        self.write()?;
        Ok(self.applied)
    }

    fn is_not_begun(&self, id: StepId) -> bool {
        self.over.get(id.0 as usize) == Some(&false) && !self.runs(id)
    }

    /// Whether its intent is written, and nobody has heard how it ended.
    fn runs(&self, id: StepId) -> bool {
        let at = id.0 as usize;
        self.over.get(at) == Some(&false) && self.operations.get(at).is_some_and(Option::is_some)
    }

    fn skip(&mut self, id: StepId, because: Option<StepId>) {
        let Some(step) = self.plan.step(id) else { return };
        if let Some(over) = self.over.get_mut(id.0 as usize) {
            *over = true;
        }
        self.applied.skipped += 1;
        let because = because.and_then(|because| self.plan.step(because));
        (self.applying.events)(Event::Skipped { step, because });
    }

    /// A step is over: what waits for it may begin, or never will.
    fn over(&mut self, id: StepId, how: How) -> Result<(), Told> {
        let at = id.0 as usize;
        let Some(step) = self.plan.step(id) else { return Ok(()) };
        if let Some(over) = self.over.get_mut(at) {
            *over = true;
        }
        let how = self.at_its_place(step, how);
        let took = self.applying.clock.now().saturating_sub(self.began.get(at).copied().unwrap_or(0));
        let ending = match &how {
            How::Done => Ending::Done,
            How::Nothing => Ending::Nothing,
            How::Failed(told) => Ending::Failed(told),
            How::Partial(told) => Ending::Partial(told),
            How::Unknown(why) => Ending::Unknown(why),
        };
        (self.applying.events)(Event::Ended { step, ending, took });
        let is_done = matches!(how, How::Done | How::Nothing);
        match how {
            How::Done => self.applied.done += 1,
            How::Nothing => {}
            How::Failed(told) | How::Partial(told) => self.applied.failed.push(told),
            How::Unknown(_) => self.applied.unknown.push(step.address.clone()),
        }
        if is_done {
            self.release(id)
        } else {
            self.skip_those_after(id)
        }
        Ok(())
    }

    /// A failure with where the program says what failed.
    fn at_its_place(&self, step: &Step, how: How) -> How {
        let place = |told: &Told| {
            let said = self.wanted.as_ref().and_then(|wanted| wanted.places.at(&step.address, &told.path));
            said.or(step.place.as_deref()).map(str::to_owned)
        };
        match how {
            How::Failed(told) => How::Failed(Told { place: place(&told), ..told }),
            How::Partial(told) => How::Partial(Told { place: place(&told), ..told }),
            how @ (How::Done | How::Nothing | How::Unknown(_)) => how,
        }
    }

    fn release(&mut self, id: StepId) {
        for later in self.next.get(id.0 as usize).into_iter().flatten() {
            if let Some(open) = self.waiting.get_mut(later.0 as usize) {
                *open -= 1;
                if *open == 0 && self.over.get(later.0 as usize) == Some(&false) {
                    self.ready.insert(*later);
                }
            }
        }
    }

    fn skip_those_after(&mut self, failed: StepId) {
        let mut open = vec![failed];
        while let Some(id) = open.pop() {
            for later in self.next.get(id.0 as usize).cloned().unwrap_or_default() {
                if self.over.get(later.0 as usize) == Some(&false) {
                    self.skip(later, Some(failed));
                    open.push(later);
                }
            }
        }
    }
}

/// How a step ended.
enum How {
    Done,
    Nothing,
    Failed(Told),
    Partial(Told),
    Unknown(String),
}
