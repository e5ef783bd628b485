//! Where Terraform keeps its state: beside the project, or in the backend that the environment names. What the environment leaves out is
//! chosen so that no two environments share a place, that it is encrypted, and that two people cannot write at once.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use graph::{Graph, StatePlace};
use value::Value;

use crate::Settings;
use crate::terraform::expression::escape;
use crate::writer::{Entry, Node};

const FILE: &str = "terraform.tfstate";

/// The state's file where the environment names no backend, seen from the folder of the root.
pub fn beside_project(settings: &Settings) -> String {
    settings.kept.from_artefact(FILE)
}

/// Where the state is, for people.
pub fn shown(graph: &Graph, settings: &Settings) -> String {
    match &graph.targets.state {
        Some(state) => state_text(graph, state),
        None => std::path::Path::new(&settings.kept.shown).join(FILE).display().to_string(),
    }
}

/// The `backend` block.
pub fn backend<'g>(graph: &'g Graph, local: &str) -> Node<'g> {
    let Some(state) = &graph.targets.state else {
        return Node::map([("local", Node::map([("path", Node::text(local.to_owned()))]))]);
    };
    let mut entries: Vec<Entry<'g>> =
        settings(graph, state).into_iter().map(|(name, value)| (Cow::Owned(name), value)).collect();
    entries.sort_by(|left, right| left.0.cmp(&right.0));
    Node::map([(state.backend.text(), Node::Map(entries))])
}

/// The state's place on one line: `s3(bucket = "shop-state", key = "shop/prod/terraform.tfstate", …)`. Equal texts are one place.
pub fn state_text(graph: &Graph, state: &StatePlace) -> String {
    let said: Vec<String> = settings(graph, state)
        .into_iter()
        .filter_map(|(name, value)| match value {
            Node::Text(text) => Some(format!("{name} = \"{text}\"")),
            _ => None,
        })
        .collect();
    format!("{}({})", state.backend, said.join(", "))
}

/// Where a state is: its backend, and those of its settings that say where.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct StateAt {
    /// `s3`
    pub backend: String,
    /// By name.
    pub settings: BTreeMap<String, String>,
}

/// The settings of all backends that say where; the others say how it is reached and kept.
const WHERE: [&str; 16] = [
    "address",
    "bucket",
    "conn_str",
    "container_name",
    "endpoint",
    "hostname",
    "key",
    "name",
    "namespace",
    "organization",
    "path",
    "prefix",
    "region",
    "schema_name",
    "secret_suffix",
    "storage_account_name",
];

impl StateAt {
    /// The state of a graph; none where Terraform has nothing to do.
    pub fn of(graph: &Graph) -> Option<Self> {
        if !graph.resources.iter().any(|resource| resource.kind.target.text() == crate::terraform::NAME) {
            return None;
        }
        let Some(state) = &graph.targets.state else {
            return Some(Self { backend: "local".to_owned(), settings: BTreeMap::new() });
        };
        let settings = settings(graph, state).into_iter().filter_map(|(name, value)| match value {
            Node::Text(text) if WHERE.contains(&name.as_str()) => Some((name, text.into_owned())),
            _ => None,
        });
        Some(Self { backend: state.backend.text().to_owned(), settings: settings.collect() })
    }

    /// What is to be done with a state that is to lie elsewhere.
    pub fn how_to_move(environment: &str) -> String {
        let terraform = format!("terraform -chdir=out/{environment}/terraform init");
        format!(
            "to move it, run `{terraform}` as it was built last, then `infrac lock --state-moved {environment}`, build, and `{terraform} -migrate-state`"
        )
    }
}

impl fmt::Display for StateAt {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let settings: Vec<String> = self.settings.iter().map(|(name, value)| format!("{name} = \"{value}\"")).collect();
        write!(out, "{}({})", self.backend, settings.join(", "))
    }
}

/// What is written and what is chosen, by name.
fn settings<'g>(graph: &'g Graph, state: &StatePlace) -> Vec<(String, Node<'g>)> {
    let mut all: Vec<(String, Node<'g>)> = state
        .settings
        .iter()
        .filter_map(|(name, value)| match graph.store.get(*value) {
            Value::Text(text) => Some((name.text().to_owned(), Node::Text(escape(text)))),
            Value::Bool(truth) => Some((name.text().to_owned(), Node::Bool(*truth))),
            _ => None,
        })
        .collect();
    let folder = format!("{}/{}", graph.project, graph.environment);
    let chosen: Vec<(&str, Node<'g>)> = match state.backend.text() {
        "s3" => {
            let mut chosen =
                vec![("key", Node::text(format!("{folder}/terraform.tfstate"))), ("encrypt", Node::Bool(true))];
            if !all.iter().any(|(name, _)| name == "dynamodb_table") {
                chosen.push(("use_lockfile", Node::Bool(true)));
            }
            chosen
        }
        "gcs" => vec![("prefix", Node::text(folder))],
        "azurerm" => vec![("key", Node::text(format!("{folder}/terraform.tfstate")))],
        _ => Vec::new(),
    };
    for (name, value) in chosen {
        if !all.iter().any(|(known, _)| known == name) {
            all.push((name.to_owned(), value));
        }
    }
    all.sort_by(|left, right| left.0.cmp(&right.0));
    all
}

/// Whether a file of the project is one that Terraform keeps: a state, a copy of one, or what lies in the folders of both. Disks that
/// fold case find it under any spelling.
pub fn is_kept(path: &str) -> bool {
    let path = path.to_lowercase();
    path.split('/').any(|part| matches!(part, ".infrac" | ".terraform") || part.contains(".tfstate"))
}
