//! Kubernetes manifests: one file for each instance of the user's, and a `kustomization.yaml` that lists them in an order that
//! applies. Several clusters have a folder each.
//!
//! A waiver becomes an annotation of the object: `checkov.io/skip1: CKV_K8S_1=reason` for checks of checkov, an entry of
//! `kube-score/ignore` for the names of kube-score's (`pod-networkpolicy`).

mod cluster;
mod drawn;
mod given;
mod hand_over;
mod identity;
mod kept;
mod numbers;
mod order;
mod refused;
mod removed;
mod steps;

use std::borrow::Cow;
use std::collections::BTreeMap;

use graph::{Graph, Resource};
use rustc_hash::FxHashMap;
use source::{Diagnostic, Name};
use value::{AddressId, Step, Store, Value, ValueId};

use crate::Settings;
use crate::body::{Leaves, node};
use crate::crossing::{As, Crossing};
use crate::document::{Document, Subject};
use crate::hash::short_hash;
use crate::index::Index;
use crate::left::{ClusterName, EmittedCluster, LeftObject, Removal};
use crate::parallel;
use crate::target::{Artefact, Input, Target};
use crate::writer::{Entry, Node, write_yaml};

pub use cluster::{Cluster, clusters};
pub use drawn::{Drawn, draw, drawn};
pub use given::{Given, Needed, complete, handed_by_infrac};
pub use identity::ObjectName;
pub use order::rank;

const NAME: &str = "kubernetes";

/// Kubernetes: each cluster is an artefact.
pub struct Kubernetes;

impl Target for Kubernetes {
    fn name(&self) -> &'static str {
        NAME
    }
    fn settle(
        &self,
        graph: &Graph,
        store: &mut Store,
        resource: &Resource,
        body: ValueId,
        told: &mut Vec<Diagnostic>,
    ) -> ValueId {
        kept::put_in_place(graph, store, resource, body, told)
    }
    fn artefacts(&self, index: &Index<'_>, _: &Settings) -> Vec<Artefact> {
        let graph = index.graph;
        let artefact = |cluster: Cluster| {
            let objects = graph.resources.iter().enumerate().filter(|(_, resource)| {
                is_object(resource) && resource.provider.map(|provider| provider.0) == cluster.provider
            });
            Artefact { target: &Kubernetes, name: cluster.folder, members: objects.map(|(at, _)| at).collect() }
        };
        clusters(graph).into_iter().map(artefact).collect()
    }
    fn receives<'g>(&self, input: &Input<'_, 'g>, artefact: usize, told: &mut Vec<Diagnostic>) -> Vec<Crossing<'g>> {
        hand_over::receives(input, artefact, told)
    }
    fn refuse(&self, input: &Input<'_, '_>, told: &mut Vec<Diagnostic>) {
        drawn::tell_undrawn(input.index.graph, told);
        identity::tell_same(input.index, told);
        identity::tell_names(input.index, told);
        refused::tell_refused(input.index, told);
    }
    fn documents(&self, input: &Input<'_, '_>, artefact: usize, told: &mut Vec<Diagnostic>) -> Vec<Document> {
        documents(input, artefact, told)
    }
    fn steps(&self, input: &Input<'_, '_>, artefact: usize) -> Vec<crate::step::Step> {
        steps::steps(input, artefact)
    }
    fn objects(&self, input: &Input<'_, '_>, artefact: usize) -> Option<EmittedCluster> {
        let name = &input.artefacts.get(artefact)?.name;
        let Cluster { folder, context, made, .. } = cluster::cluster_of(input.index.graph, name)?;
        let cluster = ClusterName { folder, context, made };
        Some(EmittedCluster { cluster, objects: identity::objects_of(input, artefact) })
    }
    fn gone(&self, left: &[LeftObject], settings: &Settings) -> Vec<Removal> {
        removed::removals(left, settings)
    }
    fn prepare(&self, steps: &mut Vec<crate::step::Step>, taken_over: &[LeftObject], removals: &[Removal]) {
        numbers::prepare(steps, taken_over, removals);
    }
}

/// Whether a resource is of a cluster.
fn is_own(resource: &Resource) -> bool {
    resource.kind.target.text() == NAME
}

/// Whether it is an object that is applied.
fn is_object(resource: &Resource) -> bool {
    is_own(resource) && !resource.read
}

/// The objects of a cluster that are handed over, by position, and how.
fn handed_in(input: &Input<'_, '_>, artefact: usize) -> FxHashMap<usize, As> {
    let taken = input.given_to(artefact).filter_map(|crossing| Some((crossing.member?, crossing.takes)));
    let drawn = input.members(artefact).filter(|(at, resource)| drawn::is_drawn(input.index, *at, resource));
    let drawn = drawn.map(|(at, _)| (at, As::Output));
    taken.chain(given::asked(input, artefact)).chain(drawn).collect()
}

/// Those of all clusters: a file is called alike in each, so their names are made together.
fn handed(input: &Input<'_, '_>) -> FxHashMap<usize, As> {
    let clusters = input.artefacts.iter().enumerate().filter(|(_, artefact)| artefact.target.name() == NAME);
    clusters.flat_map(|(at, _)| handed_in(input, at)).collect()
}

/// The manifests of a cluster, when they are to be written.
fn documents(input: &Input<'_, '_>, artefact: usize, told: &mut Vec<Diagnostic>) -> Vec<Document> {
    let (index, handed) = (input.index, handed(input));
    let names = file_names(index, &handed);
    let mut files: BTreeMap<&str, Vec<Object>> = BTreeMap::new();
    for (at, resource) in input.members(artefact) {
        let Some(name) = names.get(&at) else { continue };
        let object = Object { rank: rank(&resource.kind.kind_name), address: index.address(resource.address), at };
        files.entry(name).or_default().push(object);
    }
    for objects in files.values_mut() {
        objects.sort_by(|left, right| (left.rank, &left.address).cmp(&(right.rank, &right.address)));
    }
    let mut files: Vec<(&str, Vec<Object>)> = files.into_iter().collect();
    // All of it is handed over.
    let Some(cluster) = input.artefacts.get(artefact).filter(|_| !files.is_empty()) else { return Vec::new() };
    // The sort keeps the order of names among files that begin alike.
    files.sort_by_key(|file| file.1.first().map_or(usize::MAX, |object| object.rank));
    let listed = files.iter().map(|file| Node::text(file.0.to_owned())).collect();
    let lines = input.settings.lines;
    let mut documents =
        vec![write_yaml(format!("{}/kustomization.yaml", cluster.name), &[kustomization(listed)], lines)];
    let written = parallel::for_each(&files, |(name, objects)| {
        let mut refused: Vec<(usize, Diagnostic)> = Vec::new();
        let mut nodes = Vec::with_capacity(objects.len());
        for object in objects {
            let Some(resource) = index.graph.resources.get(object.at) else { continue };
            let mut told = Vec::new();
            nodes.push(manifest(index, object.at, resource, &mut told));
            refused.extend(told.into_iter().map(|diagnostic| (object.at, diagnostic)));
        }
        (input.write.then(|| write_yaml(format!("{}/{name}", cluster.name), &nodes, lines)), refused)
    });
    let mut refused: Vec<(usize, Diagnostic)> = Vec::new();
    for (document, mistakes) in written {
        documents.extend(document);
        refused.extend(mistakes);
    }
    // Told in the order of the resources, whatever files they stand in.
    refused.sort_by_key(|(at, _)| *at);
    told.extend(refused.into_iter().map(|(_, diagnostic)| diagnostic));
    documents
}

struct Object {
    rank: usize,
    address: String,
    /// Its position among the resources.
    at: usize,
}

/// The order is for readers and for tools that keep it; kubectl sorts by kind once more.
fn kustomization(files: Vec<Node<'_>>) -> Node<'_> {
    Node::map([
        ("apiVersion", Node::text("kustomize.config.k8s.io/v1beta1")),
        ("kind", Node::text("Kustomization")),
        ("resources", Node::List(files)),
    ])
}

/// The file of each object: that of its top-level instance, `front["a"]` in `front-a.yaml`.
fn file_names(index: &Index<'_>, handed: &FxHashMap<usize, As>) -> FxHashMap<usize, String> {
    let mut tops: FxHashMap<AddressId, Vec<usize>> = FxHashMap::default();
    let stands = |at: &usize, resource: &Resource| is_object(resource) && handed.get(at) != Some(&As::Output);
    for (at, resource) in index.graph.resources.iter().enumerate().filter(|(at, resource)| stands(at, resource)) {
        let mut top = resource.address;
        while let Some(parent) = index.store.step(top).parent {
            top = parent;
        }
        tops.entry(top).or_default().push(at);
    }
    let tops: Vec<(String, AddressId, Vec<usize>)> =
        tops.into_iter().map(|(top, objects)| (plain_name(index, top), top, objects)).collect();
    let mut users: FxHashMap<&str, usize> = FxHashMap::default();
    for (plain, _, _) in &tops {
        *users.entry(plain).or_default() += 1;
    }
    // Names of files that are infrac's own.
    let reserved = |plain: &str| plain == "kustomization" || plain == "removed" || plain.starts_with("removed-");
    let shared = |plain: &str| reserved(plain) || users.get(plain).is_some_and(|users| *users > 1);
    let mut names = FxHashMap::default();
    for (plain, top, objects) in &tops {
        let name = if shared(plain) {
            format!("{plain}-{:08x}.yaml", short_hash(&index.address(*top)))
        } else {
            format!("{plain}.yaml")
        };
        names.extend(objects.iter().map(|at| (*at, name.clone())));
    }
    names
}

/// An address of one step as the name of a file, as far as other addresses have no such name.
fn plain_name(index: &Index<'_>, top: AddressId) -> String {
    let step = index.store.step(top);
    let plain = match step.key {
        Some(key) => format!("{}-{}", step.name, key),
        None => step.name.text().to_owned(),
    };
    let allowed = |character: char| {
        if character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.') {
            character.to_ascii_lowercase()
        } else {
            '-'
        }
    };
    plain.chars().map(allowed).collect()
}

fn manifest<'g>(index: &Index<'g>, at: usize, resource: &'g Resource, told: &mut Vec<Diagnostic>) -> Node<'g> {
    let body = index.body(at);
    if !has_name(index, body) {
        let message = format!("`{}` has no name that is known", index.address(resource.address));
        told.push(
            index
                .error("missing_name", resource, &[Step::Field(Name::new("metadata"))], message)
                .help("set `metadata { name = \"…\" }`: an object is applied by its name"),
        );
    }
    let mut leaves = Known { index, resource, told };
    let entries = match node(index.store, body, &mut Vec::new(), &mut leaves) {
        Some(Node::Map(entries)) => entries,
        _ => Vec::new(),
    };
    arrange(resource, with_waivers(resource, entries, |text| Cow::Borrowed(text))).of(Subject::Resource(at as u32))
}

fn has_name(index: &Index<'_>, body: ValueId) -> bool {
    let metadata = index.store.field(body, Name::new("metadata"));
    let name = metadata.and_then(|metadata| index.store.field(metadata, Name::new("name")));
    name.is_some_and(|name| matches!(index.store.get(name), Value::Text(_)))
}

/// Name and namespace of an object: what a patch has to say beside its fields.
pub fn identity<'g>(index: &Index<'g>, body: ValueId) -> Vec<Entry<'g>> {
    let Some(metadata) = index.store.field(body, Name::new("metadata")) else { return Vec::new() };
    ["name", "namespace"]
        .into_iter()
        .filter_map(|field| match index.store.get(index.store.field(metadata, Name::new(field))?) {
            Value::Text(text) => Some((field.into(), Node::text(text.as_ref()))),
            _ => None,
        })
        .collect()
}

/// The fields of an object with its waivers as annotations. `spell` is how the document around it writes a literal text.
pub fn with_waivers<'g>(
    resource: &'g Resource,
    mut entries: Vec<Entry<'g>>,
    spell: impl Fn(&str) -> Cow<'_, str>,
) -> Vec<Entry<'g>> {
    let waivers: Vec<Entry<'g>> = waivers(resource)
        .into_iter()
        .map(|(key, text)| (Cow::Owned(key), Node::Text(Cow::Owned(spell(&text).into_owned()))))
        .collect();
    if !waivers.is_empty() {
        annotate(&mut entries, waivers);
    }
    entries
}

/// The object with its kind; `apiVersion`, `kind`, `metadata` and `spec` stand first.
pub fn arrange<'g>(resource: &'g Resource, mut entries: Vec<Entry<'g>>) -> Node<'g> {
    entries.retain(|entry| entry.0 != "apiVersion" && entry.0 != "kind");
    let place = |key: &str| match key {
        "metadata" => 0,
        "spec" => 1,
        _ => 2,
    };
    entries.sort_by(|left, right| (place(&left.0), &left.0).cmp(&(place(&right.0), &right.0)));
    let mut all: Vec<Entry<'g>> = vec![
        ("apiVersion".into(), Node::text(resource.kind.api_version.as_ref())),
        ("kind".into(), Node::text(resource.kind.kind_name.as_ref())),
    ];
    all.extend(entries);
    Node::Map(all)
}

fn annotate<'g>(entries: &mut Vec<Entry<'g>>, waivers: Vec<Entry<'g>>) {
    let metadata = entry(entries, "metadata");
    let Some(metadata) = metadata.entries_mut() else { return };
    let annotations = entry(metadata, "annotations");
    if let Some(annotations) = annotations.entries_mut() {
        annotations.retain(|entry| !waivers.iter().any(|waiver| waiver.0 == entry.0));
        annotations.extend(waivers);
        annotations.sort_by(|left, right| left.0.cmp(&right.0));
    }
    metadata.sort_by(|left, right| left.0.cmp(&right.0));
}

fn entry<'a, 'g>(entries: &'a mut Vec<Entry<'g>>, key: &'static str) -> &'a mut Node<'g> {
    let at = entries.iter().position(|entry| entry.0 == key).unwrap_or_else(|| {
        entries.push((key.into(), Node::Map(Vec::new())));
        entries.len() - 1
    });
    &mut entries[at].1
}

fn waivers(resource: &Resource) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut ignored: Vec<&str> = Vec::new();
    for waiver in &resource.waivers {
        if waiver.check.text().starts_with("CKV") {
            // checkov splits at `=` and takes no second one.
            let reason = waiver.because.replace('=', ":").replace('\n', " ");
            all.push((format!("checkov.io/skip{}", all.len() + 1), format!("{}={reason}", waiver.check)));
        } else if waiver.check.text().contains('-') {
            ignored.push(waiver.check.text());
        }
    }
    if !ignored.is_empty() {
        ignored.sort_unstable();
        ignored.dedup();
        all.push(("kube-score/ignore".to_owned(), ignored.join(",")));
    }
    all
}

/// The leaves of a manifest: all that is known was written out before; what is left comes with the hand-over.
struct Known<'i, 'g> {
    index: &'i Index<'g>,
    resource: &'g Resource,
    told: &'i mut Vec<Diagnostic>,
}

impl<'g> Leaves<'g> for Known<'_, 'g> {
    fn text(&mut self, text: &'g str) -> Cow<'g, str> {
        text.into()
    }
    fn later(&mut self, _: ValueId, _: &[Step]) -> Option<Node<'g>> {
        None
    }
    fn refuse(&mut self, value: &Value, path: &[Step]) {
        self.told.push(self.index.not_lowered(self.resource, path, value));
    }
}
