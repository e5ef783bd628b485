//! How many copies run when that is no longer said, or is said again. A field that leaves a manifest loses its owner, and the server
//! puts its own default there: one copy, until whatever decides from now on has looked. So another manager takes the field over first,
//! with the number that runs at that moment.
//!
//! <https://kubernetes.io/docs/reference/using-api/server-side-apply/#transferring-ownership>

use source::Name;
use value::{Store, Value, ValueId};

use crate::kubernetes::ObjectName;
use crate::kubernetes::steps::kubectl;
use crate::left::{LeftObject, Number, Removal};
use crate::step::{Run, Step};

/// Owns the number of copies between the program and what decides after it.
const FIELD_MANAGER: &str = "--field-manager=infrac-scale";

/// Decides how many copies of another object run.
const SCALER: &str = "HorizontalPodAutoscaler";

/// Whether the object says how many copies of it run.
pub fn number(store: &Store, body: ValueId) -> Number {
    let spec = store.field(body, Name::new("spec"));
    let replicas = spec.and_then(|spec| store.field(spec, Name::new("replicas")));
    match replicas.map(|replicas| store.get(store.folded(replicas))) {
        None | Some(Value::Absent | Value::Null) => Number::Others,
        Some(_) => Number::Program,
    }
}

/// Whether it decided how many copies of something run that is still there: both are called alike.
pub fn goes_first(gone: &LeftObject, left: &[LeftObject]) -> bool {
    let name = &gone.object.name;
    let is_called_alike = |other: &ObjectName| other.namespace == name.namespace && other.name == name.name;
    name.kind == SCALER
        && !left.iter().any(|other| {
            is_called_alike(&other.object.name)
                && matches!(other.object.name.kind.as_str(), "Deployment" | "StatefulSet")
        })
}

/// Puts the steps where they belong: before the objects of their cluster are applied.
pub fn prepare(steps: &mut Vec<Step>, taken_over: &[LeftObject], removals: &[Removal]) {
    let mut kept: Vec<&LeftObject> = taken_over.iter().collect();
    kept.sort();
    for left in kept.into_iter().rev() {
        if let Some(at) = applied_at(steps, &left.cluster.folder) {
            steps.insert(at, keep(left));
        }
    }
    for removal in removals.iter().filter(|removal| removal.first).rev() {
        let folder = removal.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let at = applied_at(steps, folder).unwrap_or(steps.len());
        if let Some(Step { run: Run::Command(apply), .. }) = steps.get_mut(at) {
            // What decided before owns the number still, and nobody gives it back.
            let option = "--force-conflicts".to_owned();
            if !apply.arguments.contains(&option) {
                let after = apply.arguments.iter().position(|argument| argument == "--server-side");
                apply.arguments.insert(after.map_or(0, |after| after + 1), option);
            }
        }
        steps.insert(at, removal.step.clone());
    }
}

fn applied_at(steps: &[Step], folder: &str) -> Option<usize> {
    steps.iter().position(|step| step.name.strip_suffix("/apply") == Some(folder))
}

/// The step that takes over the number that runs. Where the object is not there yet, nothing is done but for its namespace.
fn keep(left: &LeftObject) -> Step {
    let object = &left.object.name;
    let context = left.cluster.context.as_deref();
    let (group, version) = object.api_version.split_once('/').unwrap_or(("", &object.api_version));
    let kind = format!("{}.{version}.{group}", object.kind);
    let selected = format!("metadata.name={}", object.name);
    let template = format!("go-template={}", template(object));
    let namespace = object.namespace.as_deref().unwrap_or("default");
    let arguments = ["get", &kind, "--namespace", namespace, "--field-selector", &selected, "-o", &template];
    let apply = kubectl(context, &["apply", "--server-side", FIELD_MANAGER, "-f", "-"]);
    let note = "as many copies as run stay until what decides from now on has looked";
    Step {
        note: Some(note.to_owned()),
        ..Step::new(
            format!("{}/keep-{}", left.cluster.folder, object.name),
            Run::Command(apply.reading(kubectl(context, &arguments))),
        )
    }
}

/// What is there of the object as a manifest, behind its namespace: `kubectl apply` does not take nothing. One behind the other and in
/// no `List`: the server does not validate those, and `kubectl` then asks for the whole object.
fn template(object: &ObjectName) -> String {
    let namespace = object.namespace.as_deref().unwrap_or("default");
    let text = |text: &str| serde_json::Value::from(text).to_string();
    format!(
        "{{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{{\"name\":{0}}}}}\
         {{{{range .items}}}}{{\"apiVersion\":{1},\"kind\":{2},\"metadata\":{{\"name\":{3},\"namespace\":{0}}},\
         \"spec\":{{\"replicas\":{{{{.spec.replicas}}}}}}}}{{{{end}}}}",
        text(namespace),
        text(&object.api_version),
        text(&object.kind),
        text(&object.name),
    )
}
