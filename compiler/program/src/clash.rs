//! Two environments in one cluster whose objects have the same names: each would replace what the other made.

use graph::{Graph, Resource};
use rustc_hash::FxHashMap;
use source::{Diagnostic, Name, Place};
use value::Value;

/// An object of a cluster: its context, kind, namespace and name.
type Object = (String, String, Option<String>, String);

/// Tells environments that make the same object, once for each pair; `places` says where an environment names its platforms.
pub(crate) fn shared(graphs: &[(Name, Option<Graph>)], places: &dyn Fn(Name) -> Option<Place>) -> Vec<Diagnostic> {
    let mut contexts: FxHashMap<String, usize> = FxHashMap::default();
    for (_, graph) in graphs {
        let mut own: Vec<String> = graph.iter().flat_map(emit::handover::clusters).filter_map(|cluster| cluster.context).collect();
        own.sort_unstable();
        own.dedup();
        own.into_iter().for_each(|context| *contexts.entry(context).or_default() += 1);
    }
    let mut taken: FxHashMap<Object, Name> = FxHashMap::default();
    let mut told: Vec<(Name, Name, Diagnostic)> = Vec::new();
    for (environment, graph) in graphs {
        let Some(graph) = graph else { continue };
        for cluster in emit::handover::clusters(graph) {
            let Some(context) = cluster.context.filter(|context| contexts.get(context).is_some_and(|count| *count > 1)) else { continue };
            let made = graph.resources.iter().filter(|resource| !resource.read && resource.provider.map(|provider| provider.0) == cluster.provider);
            for object in made.filter_map(|resource| object(graph, resource, &context)) {
                let other = *taken.entry(object.clone()).or_insert(*environment);
                if other == *environment || told.iter().any(|pair| (pair.0, pair.1) == (other, *environment)) {
                    continue;
                }
                let Some(place) = places(*environment) else { continue };
                let (_, kind, namespace, name) = &object;
                let room = namespace.as_ref().map_or_else(String::new, |namespace| format!(" in the namespace `{namespace}`"));
                let diagnostic = Diagnostic::error("same_object", place, format!("`{other}` and `{environment}` both make the {kind} `{name}`{room} of the cluster `{context}`"));
                let diagnostic = places(other).into_iter().fold(diagnostic, |diagnostic, place| diagnostic.also(place, "the other one"));
                let help = "each would replace what the other made: give each environment a namespace or a cluster of its own";
                told.push((other, *environment, diagnostic.help(help)));
            }
        }
    }
    told.into_iter().map(|(_, _, diagnostic)| diagnostic).collect()
}

/// What an object is called; none where that is not known yet, or where it is none of a cluster.
fn object(graph: &Graph, resource: &Resource, context: &str) -> Option<Object> {
    let text = |record, field: &str| match graph.store.get(graph.store.folded(graph.store.field(record, Name::new(field))?)) {
        Value::Text(text) => Some(text.to_string()),
        _ => None,
    };
    let metadata = graph.store.field(resource.body, Name::new("metadata"))?;
    let namespace = if resource.kind.namespaced { text(metadata, "namespace") } else { None };
    Some((context.to_owned(), resource.kind.kind_name.to_string(), namespace, text(metadata, "name")?))
}
