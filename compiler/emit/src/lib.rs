//! Emitters: a graph becomes the files of other tools. [`handover`] first places every value that crosses from one tool to another; then
//! each target sees its own references only. Emitters build documents of values; the writers in [`writer`] make text of them and
//! remember which line is whose.

pub mod document;
pub mod handover;
pub mod writer;

mod body;
mod fold;
mod index;
mod kubernetes;
mod parallel;
mod remains;
mod secrets;
mod terraform;

use graph::Complete;
use rustc_hash::FxHashSet;
use source::Diagnostic;

pub use document::{Document, Line, LineOrigin, PathId, Paths, Subject, place_of};
pub use handover::{Cluster, FIELD_MANAGER};
pub use kubernetes::ObjectName;
pub use remains::{HeldResource, Inventory, ProviderInUse, Remains, inventory};
pub use terraform::label::{Label, labels};
pub use terraform::state::state_text;

/// What the emitted files need to know of where they will lie.
#[derive(Clone, PartialEq, Debug)]
pub struct Settings {
    /// Terraform's state, seen from the folder of `main.tf.json`.
    pub state: String,
    /// What is left of what the program no longer has.
    pub remains: Remains,
}

impl Settings {
    /// For `out/ENVIRONMENT` in the project's folder: the state lies beside `out`, in a folder that git ignores.
    pub fn beside_project(environment: &str) -> Self {
        Self { state: format!("../../../.infrac/{environment}/terraform.tfstate"), remains: Remains::default() }
    }
}

/// What was emitted, and what the user has to run by hand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Emitted {
    /// Sorted by path.
    pub documents: Vec<Document>,
    /// The clusters that manifests go to.
    pub clusters: Vec<EmittedCluster>,
    /// Where Terraform keeps its state, when that is not beside the project.
    pub state: Option<String>,
    /// The instances whose secrets will stand in that state.
    pub secrets: Vec<String>,
    /// The addresses of which `destroy` is said and that are there: nothing protects them any more.
    pub leaving: Vec<String>,
    /// What is there and `forget` is said of.
    pub staying: Vec<String>,
}

/// A cluster and what reaches it how.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EmittedCluster {
    pub cluster: Cluster,
    /// Objects that stand in manifests.
    pub manifests: usize,
    /// Objects that Terraform hands over, whole or in part.
    pub handed: usize,
    /// All of its objects, sorted by name.
    pub objects: Vec<EmittedObject>,
}

/// An object of a cluster.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct EmittedObject {
    pub name: ObjectName,
    /// Whether it holds data that deleting it would lose, or is protected by the program.
    pub keeps_data: bool,
    /// Of the resource that it is; empty where an earlier infrac did not write it down.
    pub address: String,
}

/// The files of an environment, and what to do with them. The same graph gives the same bytes.
pub fn emit_with(graph: &Complete, settings: &Settings) -> Result<Emitted, Vec<Diagnostic>> {
    emit(graph, settings, true)
}

/// What keeps a graph from being emitted: the mistakes of [`emit_with`], without the texts.
pub fn refused(graph: &Complete, settings: &Settings) -> Vec<Diagnostic> {
    emit(graph, settings, false).err().unwrap_or_default()
}

fn emit(graph: &Complete, settings: &Settings, write: bool) -> Result<Emitted, Vec<Diagnostic>> {
    let mut told = Vec::new();
    let folded = fold::fold(graph, &mut told);
    let index = index::Index::new(graph, &folded);
    let handover = handover::place(&index, &mut told);
    terraform::label::tell_same(&index, &mut told);
    kubernetes::tell_same(&index, &handover, &mut told);
    kubernetes::tell_names(&index, &handover, &mut told);
    let mut documents = Vec::new();
    documents.extend(terraform::emit(&index, &handover, settings, write, &mut told));
    documents.extend(kubernetes::emit(&index, &handover, write, &mut told));
    if !told.is_empty() {
        return Err(once(told));
    }
    documents.sort_by(|left, right| left.path.cmp(&right.path));
    let clusters = handover::clusters(graph).into_iter().map(|cluster| {
        let count = |wanted: &[handover::Share]| {
            let of_cluster = graph
                .resources
                .iter()
                .enumerate()
                .filter(|(_, resource)| resource.provider.map(|provider| provider.0) == cluster.provider);
            of_cluster.filter(|(at, _)| handover.share(*at).is_some_and(|share| wanted.contains(&share))).count()
        };
        let manifests = count(&[handover::Share::Manifest, handover::Share::Annotations]);
        let handed = count(&[handover::Share::Annotations, handover::Share::Whole]);
        let objects = kubernetes::objects_of(&index, &handover, cluster.provider);
        EmittedCluster { cluster, manifests, handed, objects }
    });
    let state = graph.targets.state.as_ref().map(|state| state_text(graph, state));
    let secrets = if documents.iter().any(|document| document.path.starts_with("terraform/")) {
        secrets::in_state(&index, &handover)
    } else {
        Vec::new()
    };
    let (leaving, staying) = to_be_taken_out(graph);
    Ok(Emitted { clusters: clusters.collect(), documents, state, secrets, leaving, staying })
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
