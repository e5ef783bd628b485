//! One entry: what it is about, and its text. `KIND ENVIRONMENT VALUE…`, each value in JSON; `*` stands for all environments.

use std::fmt;

use check::checked::SaidWhat;
use emit::{ClusterName, EmittedObject, HeldResource, LeftObject, Number, ObjectName, ProviderInUse, StateAt};
use serde::Serialize;
use serde_json::{Value as Json, json};
use value::WrittenAddress;

/// An entry of an environment; none: of all.
#[derive(Clone, PartialEq, Debug)]
pub struct Line {
    pub environment: Option<String>,
    pub what: What,
}

/// What is remembered.
#[derive(Clone, PartialEq, Debug)]
pub enum What {
    /// A resource that must not leave in silence.
    Held(HeldResource),
    /// An object of a cluster, which leaves by a printed step.
    Object { cluster: ClusterName, object: EmittedObject },
    /// A configuration of a provider.
    Platform(ProviderInUse),
    /// An object that has left and may still be in its cluster.
    LeftObject(LeftObject),
    /// A configuration that has left, under which something may be left.
    LeftPlatform(ProviderInUse),
    /// A resource that was held and has left, as something said.
    LeftHeld(HeldResource),
    /// What a resource that Terraform forgot needs, after pruning, as long as the program has it: it is forgotten as well when it leaves.
    LeftNeeds { by: String, needs: Vec<String> },
    /// Where the state lies.
    State(StateAt),
    /// A statement of the program, after it was deleted as well.
    Said(SaidWhat),
    /// Written by another command and kept as it is.
    Hashes(String),
}

impl Line {
    /// What it is about: an entry replaces the one with the same key.
    pub(crate) fn key(&self) -> String {
        let environment = self.environment.as_deref().unwrap_or("*");
        let object = |cluster: &ClusterName, object: &ObjectName| {
            let (group, kind, namespace, name) = object.key();
            in_json(&(&cluster.folder, &cluster.context, group, kind, namespace, name))
        };
        let configuration = |provider: &ProviderInUse| in_json(&(&provider.provider, &provider.alias));
        let (kind, about) = match &self.what {
            What::Held(held) => ("held", in_json(&(&held.address, &held.reference))),
            What::Object { cluster, object: named } => ("object", object(cluster, &named.name)),
            What::Platform(provider) => ("platform", configuration(provider)),
            What::LeftObject(left) => ("left object", object(&left.cluster, &left.object.name)),
            What::LeftPlatform(provider) => ("left platform", configuration(provider)),
            What::LeftHeld(held) => ("left held", in_json(&(&held.address, &held.reference))),
            What::LeftNeeds { by, .. } => ("left needs", by.clone()),
            What::State(_) => ("state", String::new()),
            What::Said(_) | What::Hashes(_) => return self.to_string(),
        };
        [kind, environment, &about].join(" ")
    }
}

/// As a list. Texts, and nothing else, can always be written.
fn in_json(texts: &impl Serialize) -> String {
    serde_json::to_string(texts).unwrap_or_default()
}

impl fmt::Display for Line {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let environment = self.environment.as_deref().unwrap_or("*");
        let mut write = |kind: &str, values: Vec<Json>| {
            write!(out, "{kind} {environment}")?;
            values.iter().try_for_each(|value| write!(out, " {value}"))
        };
        match &self.what {
            What::Held(held) => write("held", of_held(held)),
            What::Object { cluster, object } => write("object", of_object(cluster, object)),
            What::Platform(provider) => write("platform", of_platform(provider)),
            What::LeftObject(left) => {
                write("left", [vec![json!("object")], of_object(&left.cluster, &left.object)].concat())
            }
            What::LeftPlatform(provider) => write("left", [vec![json!("platform")], of_platform(provider)].concat()),
            What::LeftHeld(held) => write("left", [vec![json!("held")], of_held(held)].concat()),
            What::LeftNeeds { by, needs } => write("left", vec![json!("needs"), json!(by), json!(needs)]),
            What::State(at) => {
                write("state", vec![json!(ProviderInUse::TARGET), json!(at.backend), json!(at.settings)])
            }
            What::Said(said) => write("said", of_said(said)),
            What::Hashes(rest) => write!(out, "provider {rest}"),
        }
    }
}

fn of_held(held: &HeldResource) -> Vec<Json> {
    let mut more = json!({ "names": held.names, "guarded": held.guarded, "needs": held.needs, "on": held.on });
    if !held.grounds.is_empty() {
        let grounds = held.grounds.iter();
        let grounds = grounds.map(|(reference, ground)| (reference.clone(), json!([ground.address, ground.fixed])));
        more["grounds"] = Json::Object(grounds.collect());
    }
    vec![json!(held.address), json!(held.reference), more]
}

fn of_object(cluster: &ClusterName, object: &EmittedObject) -> Vec<Json> {
    let name = &object.name;
    let mut more =
        json!({ "context": cluster.context, "made": cluster.made, "data": object.keeps_data, "of": object.address });
    match object.number {
        Number::Others => {}
        Number::Program => more["number"] = json!("program"),
        Number::TakenOver => more["number"] = json!("taken over"),
    }
    vec![
        json!(cluster.folder),
        json!(name.api_version),
        json!(name.kind),
        json!(name.namespace),
        json!(name.name),
        more,
    ]
}

fn of_platform(provider: &ProviderInUse) -> Vec<Json> {
    let more = json!({ "source": provider.source, "version": provider.version, "inputs": provider.inputs });
    vec![json!(ProviderInUse::TARGET), json!(provider.provider), json!(provider.alias), more]
}

fn of_said(said: &SaidWhat) -> Vec<Json> {
    let text = |address: &WrittenAddress| json!(address.to_string());
    match said {
        SaidWhat::Moved { from, to } => vec![json!("moved"), text(from), text(to)],
        SaidWhat::Forget { address, because } => vec![json!("forget"), text(address), json!(because)],
        SaidWhat::Adopt { address, id } => vec![json!("adopt"), text(address), json!(id)],
        SaidWhat::Destroy { address, because } => vec![json!("destroy"), text(address), json!(because)],
    }
}
