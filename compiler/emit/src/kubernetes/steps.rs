//! What is run for a cluster: signing in, applying what stands in manifests, and applying what other tools hand over.

use crate::crossing::As;
use crate::kubernetes::cluster::{Cluster, cluster_of};
use crate::kubernetes::drawn::drawn_in;
use crate::kubernetes::given::{self, Needed};
use crate::kubernetes::{NAME, ObjectName, handed_in};
use crate::step::{Command, Run, Step, Variable};
use crate::target::Input;

/// Owns the fields that are handed over.
const FIELD_MANAGER: &str = "infrac-handover";

/// A command for the cluster of this context.
pub fn kubectl(context: Option<&str>, arguments: &[&str]) -> Command {
    let context = context.into_iter().flat_map(|context| ["--context", context]);
    Command::new("kubectl", context.chain(arguments.iter().copied()))
}

/// The steps of a cluster.
pub fn steps(input: &Input<'_, '_>, at: usize) -> Vec<Step> {
    let Some(artefact) = input.artefacts.get(at) else { return Vec::new() };
    let Some(cluster) = cluster_of(input.index.graph, &artefact.name) else { return Vec::new() };
    let name = |verb: &str| format!("{}/{verb}", artefact.name);
    let mut steps = Vec::new();
    if let Some(line) = &cluster.sign_in {
        steps.push(Step::new(name("sign-in"), Run::Shell(line.clone())));
    }
    let handed = handed_in(input, at);
    if artefact.members.iter().any(|at| handed.get(at) != Some(&As::Output)) {
        let folder = input.settings.below_out(&cluster.folder);
        let apply = kubectl(cluster.context.as_deref(), &["apply", "--server-side", "-k", &folder]);
        steps.push(Step::new(name("apply"), Run::Command(apply)));
    }
    let hand_over = hand_over(input, at, &cluster);
    let note = || Some("what is handed over may hold secrets: it goes through a pipe and stands in no file".to_owned());
    let step = |command| Step { note: note(), ..Step::new(name("hand-over"), Run::Command(command)) };
    steps.extend(hand_over.into_iter().map(step));
    if let Some(needed) = given::needed(input, at) {
        let command = applied(&cluster).reading(infrac(input, &cluster, &[]));
        steps.push(Step { variables: variables(&needed), ..step(command) });
    }
    let drawn = drawn_in(input.index.graph, &cluster).into_iter();
    steps.extend(drawn.map(|drawn| draw(input, &cluster, &drawn.object, name(&format!("draw-{}", drawn.object.name)))));
    steps
}

/// The step that makes a Secret which is drawn, where it is not there.
fn draw(input: &Input<'_, '_>, cluster: &Cluster, object: &ObjectName, name: String) -> Step {
    let kubectl = |arguments: &[&str]| kubectl(cluster.context.as_deref(), arguments);
    let namespace = object.namespace.iter().flat_map(|namespace| ["--namespace", namespace]);
    let asked: Vec<&str> = namespace.chain(["get", "secret", &object.name]).collect();
    let made = kubectl(&["create", "-f", "-"]).reading(infrac(input, cluster, &["--draw", &object.name]));
    Step {
        unless: Some(kubectl(&asked)),
        note: Some("it is drawn once: where the Secret is there, nothing is done".to_owned()),
        ..Step::new(name, Run::Command(made))
    }
}

/// What infrac hands over itself.
fn infrac(input: &Input<'_, '_>, cluster: &Cluster, more: &[&str]) -> Command {
    let mut arguments = vec!["handover".to_owned()];
    if input.settings.project != "." {
        arguments.push(input.settings.project.clone());
    }
    arguments.extend(["--env", input.index.graph.environment.text()].map(str::to_owned));
    if cluster.folder != NAME {
        arguments.extend(["--cluster", cluster.name()].map(str::to_owned));
    }
    let given = input.settings.params.iter().map(|(name, value)| format!("--param={name}={value}"));
    arguments.extend(given);
    arguments.extend(more.iter().map(|more| (*more).to_owned()));
    Command::new("infrac", arguments)
}

fn variables(needed: &Needed) -> Vec<Variable> {
    let inputs = needed.inputs.iter().map(|name| format!("INFRAC_PARAM_{name}"));
    let key = needed.key.then(|| "INFRAC_FINGERPRINT_KEY".to_owned());
    inputs.chain(key).map(|name| Variable { name, from: None }).collect()
}

fn applied(cluster: &Cluster) -> Command {
    let manager = format!("--field-manager={FIELD_MANAGER}");
    kubectl(cluster.context.as_deref(), &["apply", "--server-side", &manager, "-f", "-"])
}

fn hand_over(input: &Input<'_, '_>, at: usize, cluster: &Cluster) -> Vec<Command> {
    let mut sources: Vec<usize> = input.given_to(at).map(|crossing| crossing.from).collect();
    sources.sort_unstable();
    sources.dedup();
    let from = sources.into_iter().filter_map(|from| input.artefacts.get(from));
    let printed = from.filter_map(|from| Some(from.target.hands()?.print(input, from, &cluster.output)));
    printed.map(|printed| applied(cluster).reading(printed)).collect()
}
