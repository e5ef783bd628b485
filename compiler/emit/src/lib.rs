//! Emitters: a graph becomes the files of other tools. Each tool is a [`target`]. First every value that crosses from one tool to
//! another is placed ([`crossing`]); then each target sees its own references only. Targets build documents of values; the writers
//! in [`writer`] make text of them and remember which line is whose.

pub mod body;
pub mod crossing;
pub mod document;
pub mod index;
pub mod step;
pub mod target;
pub mod writer;

mod ansible;
mod files;
mod fold;
mod hash;
mod kubernetes;
mod left;
mod monitoring;
mod order;
mod outputs;
mod parallel;
mod terraform;

use graph::Complete;
use rustc_hash::FxHashSet;
use source::Diagnostic;

use crate::index::Index;
use crate::step::Step;
use crate::target::{Artefact, Input, Target};

pub use document::{Document, Line, LineOrigin, PathId, Paths, Subject, place_of};
pub use index::place_for_user;
pub use kubernetes::{Cluster, Drawn, Given, Needed, ObjectName, clusters, complete, draw, drawn, handed_by_infrac};
pub use left::{ClusterName, EmittedCluster, EmittedObject, LeftObject, Number, Removal};
pub use target::Label;
pub use terraform::grounds::Ground;
pub use terraform::label::labels;
pub use terraform::remains::{HeldResource, Inventory, ProviderInUse, Remains, inventory};
pub use terraform::state::{StateAt, is_kept, state_text};

/// What the emitted files need to know of where they will lie.
#[derive(Clone, PartialEq, Debug)]
pub struct Settings {
    /// The folder of the environment, as whoever runs the steps sees it: `out/prod`.
    pub out: String,
    /// The project's folder, as whoever runs the steps sees it: `.`.
    pub project: String,
    /// The params that were given on the command line, which its own steps have to be given as well.
    pub params: Vec<(String, String)>,
    /// Where tools keep what they remember of the environment when it says nothing else.
    pub kept: Kept,
    /// What is left of what the program no longer has.
    pub remains: Remains,
    /// Whether documents say of each line who put it there.
    pub lines: bool,
}

/// A folder of the project's that outlives what is built.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kept {
    /// As whoever runs the steps sees it: `.infrac/prod`.
    pub shown: String,
    /// Seen from the folder of the environment: `../../.infrac/prod`.
    pub from_out: String,
}

impl Kept {
    /// A file in it, seen from a folder of the environment's.
    pub fn from_artefact(&self, file: &str) -> String {
        match self.from_out.as_str() {
            "" => format!("../{file}"),
            way => format!("../{way}/{file}"),
        }
    }
}

impl Settings {
    /// For `out/ENVIRONMENT` in the project's folder: what is kept lies beside `out`, in a folder that git ignores.
    pub fn beside_project(environment: &str) -> Self {
        let shown = format!(".infrac/{environment}");
        let kept = Kept { from_out: format!("../../{shown}"), shown };
        Self {
            out: format!("out/{environment}"),
            project: ".".to_owned(),
            params: Vec::new(),
            kept,
            remains: Remains::default(),
            lines: true,
        }
    }
    /// A path below the folder of the environment, as whoever runs the steps sees it.
    pub fn below_out(&self, path: &str) -> String {
        std::path::Path::new(&self.out).join(path).display().to_string()
    }
}

/// What was emitted, and what the user has to run by hand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Emitted {
    /// Sorted by path.
    pub documents: Vec<Document>,
    /// The paths of files that steps write, sorted.
    pub awaited: Vec<String>,
    /// The clusters that objects go to.
    pub clusters: Vec<EmittedCluster>,
    /// In their order.
    pub steps: Vec<Step>,
    /// What whoever runs them should know, a paragraph each.
    pub notes: Vec<String>,
    /// The addresses of which `destroy` is said and that are there: nothing protects them any more.
    pub leaving: Vec<String>,
    /// What is there and `forget` is said of.
    pub staying: Vec<String>,
}

/// The files of an environment, and what to do with them. The same graph gives the same bytes.
pub fn emit_with(graph: &Complete, settings: &Settings) -> Result<Emitted, Vec<Diagnostic>> {
    emit(graph, settings, target::ALL, true)
}

/// The same for these targets.
pub fn emit_for(
    graph: &Complete,
    settings: &Settings,
    targets: &[&'static dyn Target],
) -> Result<Emitted, Vec<Diagnostic>> {
    emit(graph, settings, targets, true)
}

/// What keeps a graph from being emitted: the mistakes of [`emit_with`], without the texts.
pub fn refused(graph: &Complete, settings: &Settings) -> Vec<Diagnostic> {
    emit(graph, settings, target::ALL, false).err().unwrap_or_default()
}

/// What deletes objects that have left.
pub fn removals(left: &[LeftObject], settings: &Settings) -> Vec<Removal> {
    target::ALL.iter().flat_map(|target| target.gone(left, settings)).collect()
}

/// Puts before the steps of a build what keeps copies running, where something else decides from now on how many there are, or did.
pub fn prepare(steps: &mut Vec<Step>, taken_over: &[LeftObject], removals: &[Removal]) {
    target::ALL.iter().for_each(|target| target.prepare(steps, taken_over, removals));
}

fn emit(
    graph: &Complete,
    settings: &Settings,
    targets: &[&'static dyn Target],
    write: bool,
) -> Result<Emitted, Vec<Diagnostic>> {
    let mut told = Vec::new();
    let emitted = placed(graph, settings, targets, write, &mut told, |input, told| {
        targets.iter().for_each(|target| target.refuse(input, told));
        outputs::tell_unspelt(graph, told);
        let order = order::order(input, told);
        let mut documents = Vec::new();
        for (at, artefact) in input.artefacts.iter().enumerate() {
            documents.extend(artefact.target.documents(input, at, told));
        }
        documents.sort_by(|left, right| left.path.cmp(&right.path));
        let each = || input.artefacts.iter().enumerate();
        let mut awaited: Vec<String> = each().flat_map(|(at, artefact)| artefact.target.awaited(input, at)).collect();
        awaited.sort();
        let (leaving, staying) = to_be_taken_out(graph);
        let notes = each().flat_map(|(at, artefact)| artefact.target.notes(input, at));
        let notes = notes.chain(unpublished(input)).collect();
        Emitted {
            documents,
            awaited,
            clusters: each().filter_map(|(at, artefact)| artefact.target.objects(input, at)).collect(),
            steps: steps(input, &order),
            notes,
            leaving,
            staying,
        }
    });
    if told.is_empty() { Ok(emitted) } else { Err(once(told)) }
}

/// Where outputs are found, when no tool of the program publishes them.
fn unpublished(input: &Input<'_, '_>) -> Option<String> {
    let graph = input.index.graph;
    if graph.outputs.is_empty() || input.artefacts.iter().any(|artefact| artefact.target.publishes()) {
        return None;
    }
    let list = source::list_of(graph.outputs.iter().map(|output| output.name.text()));
    let stand = if graph.outputs.len() == 1 { "stands" } else { "stand" };
    let is_later = graph.outputs.iter().any(|output| graph.store.holds(output.value).later());
    let later = if is_later { ", but for what is known later" } else { "" };
    let saved = input.settings.below_out("graph.json");
    Some(format!("no tool of this program publishes outputs: {list} {stand} in {saved}{later}\n"))
}

/// What `run` makes of a graph in which every value that crosses from one tool to another is placed.
fn placed<T>(
    graph: &Complete,
    settings: &Settings,
    targets: &[&'static dyn Target],
    write: bool,
    told: &mut Vec<Diagnostic>,
    run: impl FnOnce(&Input<'_, '_>, &mut Vec<Diagnostic>) -> T,
) -> T {
    let folded = fold::fold(graph, targets, told);
    let index = Index::new(graph, &folded, targets);
    tell_unwritten(&index, targets, told);
    let artefacts: Vec<Artefact> = targets.iter().flat_map(|target| target.artefacts(&index, settings)).collect();
    let input = Input { index: &index, settings, write, artefacts: &artefacts, crossings: &[] };
    let mut crossings = Vec::new();
    for (at, artefact) in artefacts.iter().enumerate() {
        crossings.extend(artefact.target.receives(&input, at, told));
    }
    run(&Input { crossings: &crossings, ..input }, told)
}

/// The same for all targets, where no file is wanted.
fn with_input<T>(
    graph: &Complete,
    settings: &Settings,
    told: &mut Vec<Diagnostic>,
    run: impl FnOnce(&Input<'_, '_>, &mut Vec<Diagnostic>) -> T,
) -> T {
    placed(graph, settings, target::ALL, false, told, run)
}

/// Tells resources that nobody writes.
fn tell_unwritten(index: &Index<'_>, targets: &[&'static dyn Target], told: &mut Vec<Diagnostic>) {
    let all = index.graph.resources.iter();
    for resource in all.filter(|resource| index.target(resource).is_none()) {
        let (target, kind) = (resource.kind.target, resource.kind.name);
        let message = format!(
            "`{}` is a `{target}.{kind}`, and infrac writes nothing for `{target}`",
            index.address(resource.address)
        );
        let known = source::list_of(targets.iter().map(|target| target.name()));
        told.push(Diagnostic::error("no_target", resource.place, message).help(format!("it writes for {known}")));
    }
}

/// The steps of all artefacts. Each waits for the one before it in its artefact, the first for the last ones of what that waits for.
fn steps(input: &Input<'_, '_>, order: &order::Order) -> Vec<Step> {
    let mut all: Vec<Step> = Vec::new();
    let mut last: Vec<Vec<String>> = vec![Vec::new(); input.artefacts.len()];
    for at in &order.artefacts {
        let Some(artefact) = input.artefacts.get(*at) else { continue };
        let before = order.before(*at).into_iter();
        let mut waits: Vec<String> = before.filter_map(|before| last.get(before).cloned()).flatten().collect();
        for mut step in artefact.target.steps(input, *at) {
            step.waits_for = std::mem::replace(&mut waits, vec![step.name.clone()]);
            all.push(step);
        }
        if let Some(last) = last.get_mut(*at) {
            *last = waits;
        }
    }
    all
}
/// Of what is there, the addresses of which `destroy` and of which `forget` is said.
fn to_be_taken_out(graph: &Complete) -> (Vec<String>, Vec<String>) {
    let (mut leaving, mut staying) = (Vec::new(), Vec::new());
    for change in &graph.changes {
        let (address, all) = match change {
            graph::Change::Destroy { address, .. } => (address, &mut leaving),
            graph::Change::Forget { address, .. } => (address, &mut staying),
            graph::Change::Moved { .. } | graph::Change::Adopt { .. } => continue,
        };
        let above = graph.store.written(*address);
        let instances = graph.instances.iter().map(|instance| instance.address);
        let mut there = instances.chain(graph.resources.iter().map(|resource| resource.address));
        if there.any(|address| graph.store.written(address).is_at_or_below(&above)) {
            all.push(above.to_string());
        }
    }
    leaving.sort();
    staying.sort();
    (leaving, staying)
}

/// Each message once: all instances of a loop make the same mistake at the same place.
fn once(told: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut seen = FxHashSet::default();
    told.into_iter().filter(|diagnostic| seen.insert((diagnostic.code, diagnostic.place()))).collect()
}
