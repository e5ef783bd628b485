//! What Terraform is given beside the program: a sensitive variable for each secret param, and the key of fingerprints.
//!
//! The key is drawn once, when it is first applied: `terraform_data` keeps its input in the state, and a later plan does not
//! look at the two random parts that it was made of. Its `id` would be no key, since plans print it.

use graph::Graph;
use source::Name;

use crate::document::Subject;
use crate::writer::{Entry, Node};

/// The label of what keeps the key.
const KEY: &str = "infrac_fingerprint_key";

/// Names that no variable of Terraform may have.
const RESERVED: [&str; 8] =
    ["count", "depends_on", "for_each", "lifecycle", "locals", "providers", "source", "version"];

/// The name of the variable of a param: its own, where Terraform allows that and no other has it.
pub fn variable(graph: &Graph, name: Name) -> String {
    let mut variable = name.text().to_owned();
    let is_taken = |variable: &str| graph.inputs.iter().any(|input| input.name.text() == variable);
    if RESERVED.contains(&name.text()) {
        variable.push('_');
        while is_taken(&variable) {
            variable.push('_');
        }
    }
    variable
}

/// How a secret param is read.
pub fn reference(graph: &Graph, name: Name) -> String {
    format!("var.{}", variable(graph, name))
}

/// How the key of fingerprints is read.
pub fn fingerprint_key() -> String {
    format!("terraform_data.{KEY}.input")
}

/// The variables, by name.
pub fn variables<'g>(graph: &'g Graph) -> impl Iterator<Item = (String, Node<'g>)> {
    graph.inputs.iter().enumerate().map(|(at, input)| {
        let body = Node::map([("sensitive", Node::Bool(true)), ("type", Node::text("string"))]);
        (variable(graph, input.name), body.of(Subject::Input(at as u32)))
    })
}

/// What keeps the key, where something needs it.
pub fn key_keeper<'g>(graph: &Graph) -> Option<Entry<'g>> {
    let keyed = |value| graph.store.holds(value).keyed();
    let values = (graph.resources.iter().map(|resource| resource.body))
        .chain(graph.outputs.iter().map(|output| output.value))
        .chain(graph.deferred.iter().map(|deferred| deferred.condition))
        .chain(graph.providers.iter().map(|provider| provider.inputs));
    if !values.into_iter().any(keyed) {
        return None;
    }
    let keep = Node::map([("ignore_changes", Node::List(vec![Node::text("input")]))]);
    let body = Node::map([("input", Node::text("${sensitive(\"${uuid()}${uuid()}\")}")), ("lifecycle", keep)]);
    Some(("terraform_data".into(), Node::map([(KEY, body)])))
}
