//! The clusters that objects go to.

use graph::{Graph, Provider};
use source::Name;
use value::Value;

use crate::kubernetes::{NAME, is_object};

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

impl Cluster {
    /// What the cluster is called on the command line: the name of its platform.
    pub fn name(&self) -> &str {
        self.folder.rsplit('/').next().unwrap_or_default()
    }
}

/// The clusters that objects of the graph go to, in the order of the providers.
pub fn clusters(graph: &Graph) -> Vec<Cluster> {
    let mut used: Vec<Option<u32>> = graph
        .resources
        .iter()
        .filter(|resource| is_object(resource))
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
                folder: suffix.map_or_else(|| NAME.to_owned(), |name| format!("{NAME}/{name}")),
                output: suffix.map_or_else(|| NAME.to_owned(), |name| format!("{NAME}_{}", name.replace('-', "_"))),
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

/// The cluster whose files stand in this folder.
pub fn cluster_of(graph: &Graph, folder: &str) -> Option<Cluster> {
    clusters(graph).into_iter().find(|cluster| cluster.folder == folder)
}
