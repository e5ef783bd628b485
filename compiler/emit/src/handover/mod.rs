//! The one pass that places every value that crosses from one tool to another, before any emitter runs.
//!
//! Terraform is applied first, so what it knows only after its apply can go to Kubernetes and never the other way. A manifest
//! that needs such a value is handed over in one of two ways:
//!
//! - **whole**: it stands in no manifest; Terraform's sensitive output `kubernetes` holds all of it. Pods that read a Secret by
//!   `secretKeyRef` wait until it is there, and no workload ever starts with half of its settings.
//! - **annotations of its pods only**: they roll pods and configure nothing, so the manifest stands without them (linters and
//!   `kubectl diff` see it), and the output holds a patch: `apiVersion`, `kind`, name, namespace and these annotations. Other
//!   annotations may well decide something when the object is made, such as the load balancer of a Service.
//!
//! Both are applied with server-side apply by a field manager of their own, `infrac-handover`. Fields of an object are owned by the
//! manager that applied them, and applying again removes only what the same manager no longer sends. So a second `kubectl apply -k`
//! does not see the annotations of the patch (it never owned them), a second hand-over does not see the fields of the manifest, and both change
//! nothing. With one manager for both, each would drop the other's fields.
//!
//! A Secret is handed over in `data`, encoded by Terraform: `stringData` is owned under its own name and converted afterwards, so
//! an entry that goes away there would stay in the cluster.

mod patch;

pub use patch::locals;

use graph::{Graph, Provider, Resource};
use source::{Diagnostic, Name};
use value::{Step, Value, ValueId};

use crate::body::{Leaves, node, open_references};
use crate::index::{Index, Target};
use crate::terraform::other_end;

/// The field manager of what is handed over.
pub const FIELD_MANAGER: &str = "infrac-handover";

/// How a Kubernetes object reaches its cluster.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Share {
    /// All of it stands in a manifest.
    Manifest,
    /// The manifest lacks annotations of its pods, which Terraform completes.
    Annotations,
    /// Terraform hands all of it over.
    Whole,
}

/// The decision for each resource of the graph, by position; none for other targets and for what is only read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Handover {
    pub shares: Vec<Option<Share>>,
}

impl Handover {
    /// The share of the resource at this position.
    pub fn share(&self, at: usize) -> Option<Share> {
        self.shares.get(at).copied().flatten()
    }
}

/// Places every later value of the Kubernetes objects. Values that would have to cross the other way are told.
pub fn place(index: &Index<'_>, told: &mut Vec<Diagnostic>) -> Handover {
    let shares = index.graph.resources.iter().enumerate().map(|(at, resource)| {
        let emitted = index.target(resource) == Some(Target::Kubernetes) && !resource.read;
        emitted.then(|| share(index, at, resource, told))
    });
    Handover { shares: shares.collect() }
}

fn share(index: &Index<'_>, at: usize, resource: &Resource, told: &mut Vec<Diagnostic>) -> Share {
    // Nothing in it waits for anything.
    if !index.store.holds(index.body(at)).reference() {
        return Share::Manifest;
    }
    let mut finder = Finder { index, resource, told, annotations: false, elsewhere: false };
    let _ = node(index.store, index.body(at), &mut Vec::new(), &mut finder);
    match (finder.elsewhere, finder.annotations) {
        (true, _) => Share::Whole,
        (false, true) => Share::Annotations,
        (false, false) => Share::Manifest,
    }
}

/// Whether a path is an annotation of a workload's pods: `spec.template.metadata.annotations["x"]`.
pub fn is_annotation(path: &[Step]) -> bool {
    match path {
        [.., Step::Field(template), Step::Field(metadata), Step::Field(map), Step::Key(_) | Step::Field(_)] => {
            template.text() == "template" && metadata.text() == "metadata" && map.text() == "annotations"
        }
        _ => false,
    }
}

/// Looks at the leaves and keeps none.
struct Finder<'i, 'g> {
    index: &'i Index<'g>,
    resource: &'g Resource,
    told: &'i mut Vec<Diagnostic>,
    annotations: bool,
    elsewhere: bool,
}

impl<'g> Leaves<'g> for Finder<'_, 'g> {
    fn text(&mut self, text: &'g str) -> std::borrow::Cow<'g, str> {
        text.into()
    }
    fn later(&mut self, id: ValueId, path: &[Step]) -> Option<crate::writer::Node<'g>> {
        let open = open_references(self.index.store, id);
        for open in &open {
            let Some((_, other)) = self.index.resource(open.of) else { continue };
            if self.index.target(other) == Some(Target::Kubernetes) {
                let message = format!(
                    "`{}` needs what the cluster decides for `{}`",
                    self.index.address(self.resource.address),
                    self.index.address(open.of)
                );
                let diagnostic = self.index.error("later_in_kubernetes", self.resource, path, message);
                self.told.push(other_end(self.index, id, diagnostic).help("manifests are applied together: use a value that is known before, such as a name or the DNS name of a service"));
                return None;
            }
        }
        if is_annotation(path) {
            self.annotations = true;
        } else {
            self.elsewhere = true;
        }
        None
    }
    // Told once, by the emitter.
    fn refuse(&mut self, _: &Value, _: &[Step]) {}
}

/// The folder of a cluster's manifests and the name of its hand-over: plain where the platform is called `kubernetes`, else with
/// its name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cluster {
    /// Index into [`Graph::providers`]; none where no provider is configured.
    pub provider: Option<u32>,
    /// `kubernetes`, `kubernetes/main`
    pub folder: String,
    /// `kubernetes`, `kubernetes_main`
    pub output: String,
    /// The context of the kubeconfig that the platform names.
    pub context: Option<String>,
    /// The command that puts that context into the kubeconfig, for a cluster that the program makes.
    pub sign_in: Option<String>,
    /// Whether the program makes the cluster itself.
    pub made: bool,
}

/// The clusters that objects of the graph go to, in the order of the providers.
pub fn clusters(graph: &Graph) -> Vec<Cluster> {
    let mut used: Vec<Option<u32>> = graph
        .resources
        .iter()
        .filter(|resource| crate::index::target_of(resource) == Some(Target::Kubernetes) && !resource.read)
        .map(|resource| resource.provider.map(|provider| provider.0))
        .collect();
    used.sort_unstable();
    used.dedup();
    used.into_iter()
        .map(|id| {
            let provider = id.and_then(|at| graph.providers.get(at as usize));
            let suffix = provider.and_then(|provider| provider.alias).map(Name::text);
            Cluster {
                provider: id,
                folder: suffix.map_or_else(|| "kubernetes".to_owned(), |name| format!("kubernetes/{name}")),
                output: suffix
                    .map_or_else(|| "kubernetes".to_owned(), |name| format!("kubernetes_{}", name.replace('-', "_"))),
                context: provider.and_then(|provider| input(graph, provider, "context")),
                sign_in: provider.and_then(|provider| input(graph, provider, "sign_in")),
                made: provider.is_some_and(|provider| provider.hosted_on.is_some()),
            }
        })
        .collect()
}

/// A text that the platform is given.
fn input(graph: &Graph, provider: &Provider, name: &str) -> Option<String> {
    [provider.inputs, provider.platform_inputs].into_iter().find_map(|inputs| {
        let field = graph.store.field(inputs, Name::new(name))?;
        match graph.store.get(field) {
            Value::Text(text) => Some(text.to_string()),
            _ => None,
        }
    })
}
