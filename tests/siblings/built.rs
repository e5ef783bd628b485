//! What a program is built to, by the names that others know it by: addresses, Terraform labels, objects of clusters, files.

use std::collections::{BTreeMap, BTreeSet};

use program::Program;
use serde_json::Value;

/// One environment of it.
#[derive(Debug, Default)]
pub struct Built {
    /// Of instances and of native resources.
    pub addresses: BTreeSet<String>,
    pub flows: BTreeSet<String>,
    /// Native resources of Terraform by address: what Terraform calls them, and the body.
    pub terraform: BTreeMap<String, (String, Value)>,
    /// The rest of main.tf.json, by its blocks: providers, outputs, locals.
    pub blocks: BTreeMap<String, Value>,
    /// Objects by file and identity.
    pub objects: BTreeMap<String, Value>,
    /// The instances that watch the whole program: whatever goes may go from their texts.
    pub watchers: BTreeSet<String>,
    /// All files but those of the graph, as they are written.
    pub files: BTreeMap<String, String>,
}

/// Every environment by name, or the mistakes as text with the places where they are.
pub fn build(files: &[(String, String)]) -> Result<BTreeMap<String, Built>, Refused> {
    let program = tests::program(files);
    let told = program.checked().1;
    if program::has_errors(told) {
        return Err(Refused::of(told, &program));
    }
    program.environments().into_iter().map(|name| Ok((name.text().to_owned(), environment(&program, name)?))).collect()
}

/// Why a program is not built.
#[derive(Debug)]
pub struct Refused {
    pub text: String,
    /// File and one-based line of each mistake.
    pub places: Vec<(String, usize)>,
}

impl Refused {
    fn of(told: &[source::Diagnostic], program: &Program) -> Self {
        let errors: Vec<_> = told.iter().filter(|told| told.severity == source::Severity::Error).cloned().collect();
        let at = |told: &source::Diagnostic| tests::where_told(told, program.sources());
        let places = errors.iter().map(at).map(|at| (at.file, at.line as usize)).collect();
        Self { text: tests::render(&errors, program.sources()), places }
    }
}

fn environment(program: &Program, name: source::Name) -> Result<Built, Refused> {
    let (graph, _) = program.evaluate(name, &[]).map_err(|told| Refused::of(&told, program))?;
    let settings = emit::Settings::beside_project(name.text());
    let emitted = emit::emit_with(&graph, &settings).map_err(|told| Refused::of(&told, program))?;
    let mut built = Built::default();
    built.addresses.extend(graph.instances.iter().map(|instance| graph.store.address_text(instance.address)));
    built.addresses.extend(graph.resources.iter().map(|resource| graph.store.address_text(resource.address)));
    let watches = |instance: &&graph::Instance| instance.kind.text() == "monitoring";
    let watchers = graph.instances.iter().filter(watches);
    built.watchers.extend(watchers.map(|instance| graph.store.address_text(instance.address)));
    built.flows.extend(graph.flows.iter().map(|(key, _)| key.text().to_owned()));
    for document in &emitted.documents {
        built.files.insert(document.path.clone(), document.text.clone());
        if document.path.starts_with("terraform/") {
            read_terraform(&mut built, serde_json::from_str(&document.text).unwrap());
        } else if document.path.starts_with("kubernetes/") {
            let objects: Vec<Value> = serde_saphyr::from_multiple(&document.text).unwrap();
            for object in objects {
                let word = |path: &str| object.pointer(path).and_then(Value::as_str).unwrap_or("-").to_owned();
                let name = ["/apiVersion", "/kind", "/metadata/namespace", "/metadata/name"].map(word).join(" ");
                let twice = built.objects.insert(format!("{} {name}", document.path), object);
                assert!(twice.is_none(), "two objects are called {} {name}", document.path);
            }
        }
    }
    place_addresses(&mut built, &graph);
    Ok(built)
}

fn read_terraform(built: &mut Built, document: Value) {
    let Value::Object(blocks) = document else { panic!("main.tf.json is no object") };
    built.blocks.extend(blocks);
}

/// Moves the resources from their blocks to their addresses.
fn place_addresses(built: &mut Built, graph: &graph::Graph) {
    for (resource, label) in graph.resources.iter().zip(emit::labels(graph)) {
        let Some(label) = label.map(|label| label.reference()) else { continue };
        let (block, path) = label.strip_prefix("data.").map_or(("resource", &*label), |path| ("data", path));
        let (kind, name) = path.split_once('.').unwrap();
        let taken = built.blocks.get_mut(block).and_then(|block| block.get_mut(kind));
        let body = taken.and_then(Value::as_object_mut).and_then(|of_kind| of_kind.shift_remove(name));
        let body = body.unwrap_or_else(|| panic!("{label} is not written"));
        built.terraform.insert(graph.store.address_text(resource.address), (label, body));
    }
    for block in ["resource", "data"] {
        let Some(Value::Object(kinds)) = built.blocks.remove(block) else { continue };
        for (kind, left) in kinds {
            // The key of fingerprints belongs to no resource.
            if left.get("infrac_fingerprint_key").is_some() && left.as_object().is_some_and(|left| left.len() == 1) {
                continue;
            }
            assert!(left.as_object().is_some_and(serde_json::Map::is_empty), "nobody's: {block} {kind} {left}");
        }
    }
}
