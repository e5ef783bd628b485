//! The whole: one environment of a checked program becomes a graph, on a thread whose stack is large enough for code that is
//! as deep as the budget allows.

use std::rc::Rc;

use check::checked::{Checked, Environment, ParamId, StatementId};
use check::code::Code;
use graph::{Complete, Origins};
use indexmap::{IndexMap, IndexSet};
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use source::{Diagnostic, Diagnostics, ItemId, Name, Place, Stop};
use value::{AddressId, Fault, Store, Value, ValueId};

use crate::adjust::Adjustments;
use crate::budget::Budget;
use crate::cells::Cells;
use crate::checks::Failure;
use crate::coverage::Watchable;
use crate::effects::Effects;
use crate::flow_keys::Keyed;
use crate::frame::{Group, Instance, InstanceId, Parent};
use crate::lengths::Lengths;
use crate::listed::Listed;
use crate::moves::{Moves, Recorded};
use crate::names::Names;
use crate::natives::Body;
use crate::providers::Providers;
use crate::query::{Counted, Query};
use crate::relations::Relations;

/// Reads a text file of the project.
pub type Files<'a> = &'a (dyn Fn(&str) -> Result<String, String> + Sync);

/// Which environment, and the params that stand on the command line.
#[derive(Clone, Debug)]
pub struct Options {
    pub environment: Name,
    pub params: Vec<(Name, String)>,
    pub recorded: Recorded,
    /// Asked at every step; once it is set, what comes out is of no use.
    pub stop: Stop,
}

/// What evaluation knows while it runs. Its methods are spread over the modules by what they compute.
pub(crate) struct Evaluation<'a> {
    pub checked: &'a Checked,
    pub environment: &'a Environment,
    /// The environment's name and those that it is like, nearest first.
    pub chain: Vec<&'a Environment>,
    pub params: &'a [(Name, String)],
    /// The secret params that something read, with the addresses that stand for them.
    pub secret_params: FxHashMap<ParamId, AddressId>,
    pub files: Files<'a>,
    pub diagnostics: Diagnostics,
    /// Faults that were told, by code, place and the statement that led there: a loop makes each of them many times.
    pub faults: FxHashSet<(&'static str, Place, Place)>,
    pub store: Store,
    /// The values of constants, by their code.
    pub constants: FxHashMap<*const Code, ValueId>,
    pub origins: Origins,
    pub cells: Cells,
    pub budget: Budget,
    pub stop: &'a Stop,
    pub lengths: Lengths,
    pub relations: Relations,
    pub instances: Vec<Instance>,
    pub by_address: FxHashMap<AddressId, InstanceId>,
    /// The instances of statements that were expanded.
    pub expansions: FxHashMap<(Parent, StatementId), Rc<[InstanceId]>>,
    pub groups: Vec<Group>,
    /// What each key of a flow means, and where the flows of each key are written.
    pub flow_keys: FxHashMap<String, Keyed>,
    pub flow_places: IndexSet<(Name, Place), FxBuildHasher>,
    /// The ends behind a side of a flow, by its value.
    pub flow_sides: FxHashMap<ValueId, Rc<[ValueId]>>,
    pub group_of_list: FxHashMap<ValueId, crate::frame::GroupId>,
    /// What functions said of arguments that several callers may have.
    pub calls: FxHashMap<(check::checked::FunctionId, Box<[ValueId]>), ValueId>,
    /// Groups of a statement's instances, by the once that makes them.
    pub groupings: FxHashMap<(Parent, StatementId, check::checked::OnceId), Rc<[crate::frame::GroupId]>>,
    pub group_of_member: FxHashMap<(InstanceId, check::checked::OnceId), crate::frame::GroupId>,
    pub bodies: FxHashMap<InstanceId, Body>,
    pub limits: crate::limits::LimitsMemo,
    pub queries: Vec<Query>,
    pub counted: Vec<Counted>,
    pub providers: Providers,
    /// Values of platforms that something stands on, in the order in which they were met.
    pub used_platforms: Vec<ValueId>,
    pub names: Names,
    pub adjustments: Adjustments,
    pub moves: Moves<'a>,
    /// Names that were recorded, before any cut, by address.
    pub recorded_names: &'a FxHashMap<String, String>,
    /// Memo of what composite values fold to.
    pub folds: FxHashMap<ValueId, Option<ValueId>>,
    /// References to collections of blocks, and the same collections with each block as a reference.
    pub blocks: FxHashMap<ValueId, ValueId>,
    pub deferred: Vec<graph::Deferred>,
    /// Checks that failed, in the order of failing, and the instances for which they did.
    pub failures: IndexMap<Failure, Vec<InstanceId>, FxBuildHasher>,
    /// Instances for which something does not hold, which was told: their outputs are unknown.
    pub failed: FxHashSet<InstanceId>,
    /// What the environment lists, once it was asked for.
    pub listed: Vec<Listed>,
    /// What came of annotations; of no use before the graph is assembled.
    pub effects: Effects,
    /// Platform values by platform and inputs as messages show them, without what is left at its default.
    pub platform_texts: FxHashMap<(Name, ValueId), String>,
}

/// What one environment gave.
#[derive(Default)]
pub(crate) struct Evaluated {
    pub graph: Option<Complete>,
    pub diagnostics: Diagnostics,
    /// Adjustments that matched something, by position.
    pub adjusted: Vec<bool>,
    /// Of each change of an adjustment, by its place: whether anything came of it.
    pub effective: FxHashMap<Place, bool>,
    /// What matched of `moved` and its like.
    pub said: Vec<bool>,
    pub effects: Effects,
    /// What was asked for alone.
    pub layers: Vec<(Place, String)>,
    pub coverage: Vec<Watchable>,
}

/// How much of an environment is evaluated.
#[derive(Clone, Copy)]
pub(crate) enum Work<'a> {
    Everything,
    /// The values that statements give, but for those in these items.
    Values(&'a FxHashSet<ItemId>),
    /// What is told of layers.
    Layers,
    /// What is told of what could be watched.
    Coverage,
}

/// Evaluates one environment. None when there are errors, which were told.
pub fn evaluate(
    checked: &Checked,
    options: &Options,
    files: Files<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Complete> {
    let evaluated = evaluate_one(checked, options, files, diagnostics, Work::Everything);
    diagnostics.append(evaluated.diagnostics.into_list());
    evaluated.graph
}

/// Evaluates every environment, in the order of their names, and tells the adjustments that match nothing in any of them. Once it
/// is asked to stop, it ends soon, and what it gives is of no use.
pub fn evaluate_all(
    checked: &Checked,
    params: &[(Name, String)],
    recorded: &FxHashMap<Name, Recorded>,
    files: Files<'_>,
    diagnostics: &mut Diagnostics,
    stop: &Stop,
) -> Vec<(Name, Option<Complete>)> {
    let mut names: Vec<Name> = checked.environments.iter().map(|environment| environment.name).collect();
    names.sort_by_key(|name| name.text());
    let mut graphs = Vec::new();
    let mut adjusted = vec![false; checked.adjusts.len()];
    let mut effective: FxHashMap<Place, bool> = FxHashMap::default();
    let mut said = vec![false; checked.said.len()];
    let mut effects = Effects::default();
    let mut complete = true;
    // What one environment tells is no reason for another to be silent.
    let before = diagnostics.clone();
    for name in names {
        let recorded = recorded.get(&name).cloned().unwrap_or_default();
        let options = Options { environment: name, params: params.to_vec(), recorded, stop: stop.clone() };
        if stop.is_stopped() {
            break;
        }
        let evaluated = evaluate_one(checked, &options, files, &before, Work::Everything);
        diagnostics.append(evaluated.diagnostics.into_list());
        complete &= evaluated.graph.is_some();
        effects.merge(evaluated.effects);
        for (all, one) in adjusted.iter_mut().zip(evaluated.adjusted) {
            *all |= one;
        }
        evaluated.effective.into_iter().for_each(|(place, one)| *effective.entry(place).or_default() |= one);
        for (all, one) in said.iter_mut().zip(evaluated.said) {
            *all |= one;
        }
        graphs.push((name, evaluated.graph));
    }
    if complete {
        crate::adjust::tell_unmatched(checked, &adjusted, &effective, diagnostics);
        crate::moves::tell_unmatched(checked, &said, diagnostics);
        effects.tell(diagnostics);
    }
    graphs
}

pub(crate) fn evaluate_one(
    checked: &Checked,
    options: &Options,
    files: Files<'_>,
    before: &Diagnostics,
    work: Work<'_>,
) -> Evaluated {
    let run = || run(checked, options, files, before, work);
    // The stack is virtual memory: what is not used costs nothing.
    let threads = std::thread::scope(|scope| {
        for megabytes in [1024usize, 256] {
            let thread = std::thread::Builder::new()
                .name("eval".to_owned())
                .stack_size(megabytes << 20)
                .spawn_scoped(scope, run);
            if let Ok(thread) = thread {
                return thread.join().ok();
            }
        }
        None
    });
    threads.unwrap_or_else(|| {
        let mut diagnostics = Diagnostics::default();
        let _ = diagnostics.tell(
            Diagnostic::placeless("internal", "the evaluator stopped unexpectedly; this is a bug in infrac")
                .help("please report the program that did this"),
        );
        Evaluated { diagnostics, ..Evaluated::default() }
    })
}

fn run(checked: &Checked, options: &Options, files: Files<'_>, before: &Diagnostics, work: Work<'_>) -> Evaluated {
    let mut diagnostics = Diagnostics::default();
    let Some(environment) = checked.environments.iter().find(|environment| environment.name == options.environment)
    else {
        let names = source::list_of(checked.environments.iter().map(|environment| environment.name.text()));
        let help = if names.is_empty() {
            "declare one: `environment prod { tier = prod, on = […] }`".to_owned()
        } else {
            format!("the environments are {names}")
        };
        let _ = diagnostics.tell(
            Diagnostic::placeless("no_environment", format!("there is no environment `{}`", options.environment))
                .help(help),
        );
        return Evaluated { diagnostics, ..Evaluated::default() };
    };
    let mut evaluation = Evaluation {
        checked,
        environment,
        chain: chain_of(checked, environment),
        params: &options.params,
        secret_params: FxHashMap::default(),
        files,
        diagnostics,
        faults: FxHashSet::default(),
        store: Store::default(),
        constants: FxHashMap::default(),
        origins: Origins::default(),
        cells: Cells::default(),
        budget: Budget::default(),
        stop: &options.stop,
        lengths: Lengths::default(),
        relations: Relations::new(checked),
        instances: Vec::new(),
        by_address: FxHashMap::default(),
        expansions: FxHashMap::default(),
        groups: Vec::new(),
        flow_keys: FxHashMap::default(),
        flow_places: IndexSet::default(),
        flow_sides: FxHashMap::default(),
        group_of_list: FxHashMap::default(),
        calls: FxHashMap::default(),
        groupings: FxHashMap::default(),
        group_of_member: FxHashMap::default(),
        bodies: FxHashMap::default(),
        limits: FxHashMap::default(),
        queries: Vec::new(),
        counted: Vec::new(),
        providers: Providers::default(),
        used_platforms: Vec::new(),
        names: Names::default(),
        adjustments: Adjustments::new(checked),
        moves: Moves::new(checked, &options.recorded, environment.name),
        recorded_names: &options.recorded.names,
        folds: FxHashMap::default(),
        blocks: FxHashMap::default(),
        deferred: Vec::new(),
        failures: IndexMap::default(),
        failed: FxHashSet::default(),
        listed: Vec::new(),
        effects: Effects::default(),
        platform_texts: FxHashMap::default(),
    };
    // A mistake that the checker told makes values unknown here; their proof is carried over.
    if before.has_errors() {
        evaluation.diagnostics = before.clone();
    }
    match work {
        Work::Everything => {}
        Work::Values(broken) => {
            evaluation.check_values(broken);
            return Evaluated { diagnostics: evaluation.diagnostics, ..Evaluated::default() };
        }
        Work::Layers => {
            let layers = evaluation.layers();
            return Evaluated { diagnostics: evaluation.diagnostics, layers, ..Evaluated::default() };
        }
        Work::Coverage => {
            let coverage = evaluation.coverage();
            return Evaluated { diagnostics: evaluation.diagnostics, coverage, ..Evaluated::default() };
        }
    }
    evaluation.check_params_given();
    // Asked first, so that what is wrong with `on` is told even when nothing needs it.
    let _ = evaluation.on_values(environment.on.place);
    evaluation.expand_everything();
    let graph = evaluation.assemble();
    // Outputs and provider configurations are evaluated last.
    evaluation.tell_failures();
    evaluation.tell_uncounted();
    let failed = evaluation.diagnostics.has_errors();
    Evaluated {
        graph: graph.filter(|_| !failed),
        diagnostics: evaluation.diagnostics,
        adjusted: evaluation.adjustments.matched,
        effective: evaluation.adjustments.effective,
        said: evaluation.moves.matched,
        effects: evaluation.effects,
        layers: Vec::new(),
        coverage: Vec::new(),
    }
}

/// The environment and those that it is like; a circle of likes (told by the checker) ends where it closes.
fn chain_of<'a>(checked: &'a Checked, environment: &'a Environment) -> Vec<&'a Environment> {
    let mut chain = vec![environment];
    let mut at = environment;
    while let Some(next) = at.like.and_then(|name| checked.environments.iter().find(|other| other.name == name)) {
        if chain.iter().any(|seen| seen.name == next.name) {
            break;
        }
        chain.push(next);
        at = next;
    }
    chain
}

impl Evaluation<'_> {
    /// Expands all statements of modules, all that their instances become, and what the platforms in use need once.
    fn expand_everything(&mut self) {
        let mut level: Vec<(Parent, StatementId)> =
            self.relations.module_statements.iter().map(|id| (Parent::Root, *id)).collect();
        let mut platforms_done = 0;
        loop {
            while !level.is_empty() {
                level = self.expand_level(&level);
            }
            // What a platform needs once may use another platform: until there is no new one.
            let Some(platform) = self.used_platforms.get(platforms_done).copied() else { break };
            platforms_done += 1;
            level = self.children_of_platform(platform);
        }
    }

    /// Expands some statements, checks their instances, and gives the statements below those that hold. All are checked before
    /// any becomes something: what follows from a mistake is no mistake of its own.
    fn expand_level(&mut self, level: &[(Parent, StatementId)]) -> Vec<(Parent, StatementId)> {
        for (parent, statement) in level {
            for id in self.expand(*parent, *statement).iter() {
                if self.budget.exhausted {
                    return Vec::new();
                }
                if self.native_of(*id).is_none() && !self.check_declared(*id) {
                    self.failed.insert(*id);
                }
            }
            self.tell_failures();
        }
        let mut below = Vec::new();
        for (parent, statement) in level {
            let ids = self.expand(*parent, *statement);
            for id in ids.iter().filter(|id| !self.failed.contains(id)).copied().collect::<Vec<_>>() {
                if self.budget.exhausted {
                    return Vec::new();
                }
                if self.native_of(id).is_some() {
                    let _ = self.body(id);
                } else {
                    self.complete_declared(id);
                    below.extend(self.children_of(id));
                }
            }
            if ids.iter().all(|id| !self.failed.contains(id)) {
                for group in self.groups_of_statement(*parent, *statement) {
                    below.extend(self.children_of_group(group));
                }
            }
        }
        // What does not hold of outputs.
        self.tell_failures();
        below
    }

    /// Tells the user; the value is unknown from here on.
    pub(crate) fn tell(&mut self, diagnostic: Diagnostic) -> ValueId {
        let told = self.diagnostics.tell(diagnostic);
        self.store.add(Value::Unknown(told))
    }

    /// Tells a fault of an operation, once for its place, and for which instance it was met first.
    pub(crate) fn fault(&mut self, place: Place, fault: &Fault) -> ValueId {
        self.fault_of(place, fault, &[])
    }

    /// The same, with the values that it is about.
    pub(crate) fn fault_of(&mut self, place: Place, fault: &Fault, values: &[ValueId]) -> ValueId {
        // What the checker excludes can only stem from a mistake that was told: an unknown value deep inside a list or a record.
        if fault.code == "internal"
            && let Some(before) = self.diagnostics.told_before()
        {
            return self.store.add(Value::Unknown(before));
        }
        let mut told = Diagnostic::error(fault.code, place, fault.message.clone());
        if !fault.help.is_empty() {
            told = told.help(fault.help.clone());
        }
        let told = self.with_context(told, place, values);
        // A loop makes each fault many times; two statements that make the same one inside a function are two mistakes.
        let statement = told.labels.last().map_or(place, |label| label.place);
        if !self.faults.insert((fault.code, place, statement))
            && let Some(before) = self.diagnostics.told_before()
        {
            return self.store.add(Value::Unknown(before));
        }
        self.tell(told)
    }

    /// Whether a mistake was told about this value.
    pub(crate) fn is_unknown(&self, value: ValueId) -> bool {
        matches!(self.store.get(value), Value::Unknown(_))
    }

    /// An unknown value for a mistake that was told before; a bug of ours when there is none.
    pub(crate) fn unknown(&mut self, place: Place, what: &str) -> ValueId {
        match self.diagnostics.told_before() {
            Some(told) => self.store.add(Value::Unknown(told)),
            None => self.tell(
                Diagnostic::error("internal", place, format!("{what}; this is a bug in infrac"))
                    .help("please report the program that did this"),
            ),
        }
    }
}
