//! Two environments in one cluster whose objects have the same names: each would replace what the other made.

use emit::ObjectName;
use graph::Complete;
use rustc_hash::FxHashMap;
use source::{Diagnostic, Name, Place};

/// Tells environments that make the same object, once for each pair; `places` says where an environment names its platforms.
pub(crate) fn shared(graphs: &[(Name, Option<Complete>)], places: &dyn Fn(Name) -> Option<Place>) -> Vec<Diagnostic> {
    let graphs = graphs.iter().filter_map(|(environment, graph)| Some((*environment, graph.as_ref()?)));
    let clusters: Vec<_> = graphs
        .flat_map(|(environment, graph)| {
            emit::clusters(graph).into_iter().map(move |cluster| (environment, graph, cluster))
        })
        .collect();
    let mut made: Vec<(&str, ObjectName, Name)> = Vec::new();
    for (environment, graph, cluster) in &clusters {
        let Some(context) = cluster.context.as_deref() else { continue };
        // Most environments have a cluster of their own, and nothing to compare.
        if !clusters
            .iter()
            .any(|(other, _, cluster)| other != environment && cluster.context.as_deref() == Some(context))
        {
            continue;
        }
        let resources = graph
            .resources
            .iter()
            .filter(|resource| !resource.read && resource.provider.map(|provider| provider.0) == cluster.provider);
        made.extend(resources.filter_map(|resource| {
            Some((context, ObjectName::of(&graph.store, resource.body, resource)?, *environment))
        }));
    }
    let mut taken: FxHashMap<_, Name> = FxHashMap::default();
    let mut told: Vec<(Name, Name, Diagnostic)> = Vec::new();
    for (context, object, environment) in &made {
        let other = *taken.entry((*context, object.key())).or_insert(*environment);
        if other == *environment || told.iter().any(|pair| (pair.0, pair.1) == (other, *environment)) {
            continue;
        }
        let Some(place) = places(*environment) else { continue };
        let room =
            object.namespace.as_ref().map_or_else(String::new, |namespace| format!(" in the namespace `{namespace}`"));
        let message = format!(
            "`{other}` and `{environment}` both make the {} `{}`{room} of the cluster `{context}`",
            object.kind, object.name
        );
        let diagnostic = Diagnostic::error("same_object", place, message);
        let diagnostic =
            places(other).into_iter().fold(diagnostic, |diagnostic, place| diagnostic.also(place, "the other one"));
        told.push((
            other,
            *environment,
            diagnostic.help(
                "each would replace what the other made: give each environment a namespace or a cluster of its own",
            ),
        ));
    }
    told.into_iter().map(|(_, _, diagnostic)| diagnostic).collect()
}
