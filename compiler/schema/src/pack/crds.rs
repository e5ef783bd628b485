//! Packs custom resources from the file of definitions that their maker ships.
//!
//! A file may hold other documents beside definitions (roles, deployments); they are passed over.

use serde_json::Value;

use super::kubernetes::{api_version, name_kinds, version_rank};
use super::structural::Reader;
use super::tree::{Field, NativeKind, Object, Scalar, Shape};
use super::{Overlay, Packed, write};
use crate::{Maker, Role, SchemaError};

/// Packs the custom resources of one YAML text. `pack` is the name under which a project pins it, `version` the version
/// that the project gives it. Of a resource with several served versions the newest stable one is taken.
pub fn pack_crds(pack: &str, version: &str, text: &str, overlay: &Overlay) -> Result<Packed, SchemaError> {
    let failed = |what: String| SchemaError::Document { place: pack.to_owned(), what };
    let documents: Vec<Value> = serde_saphyr::from_multiple(text).map_err(|error| {
        let said = first_line(error);
        // A reader has a budget, so that a small file cannot fill the memory.
        let is_large = said.to_lowercase().contains("budget");
        failed(if is_large { format!("it is too large: {said}") } else { format!("it is not YAML: {said}") })
    })?;
    let mut kinds = Vec::new();
    for document in &documents {
        for definition in definitions(document) {
            kinds.push(native_kind(definition)?);
        }
    }
    if kinds.is_empty() {
        return Err(failed("no `CustomResourceDefinition` is in it".to_owned()));
    }
    let mut kinds = name_kinds(kinds)?;
    let unmatched = overlay.clone().apply(&mut kinds);
    let maker = Maker { target: "kubernetes".to_owned(), source: pack.to_owned(), version: version.to_owned() };
    write::write(&maker, &kinds, unmatched)
}

/// The definitions of a document: itself, or the items of a list.
fn definitions(document: &Value) -> Vec<&Value> {
    match text(document, "kind") {
        Some("CustomResourceDefinition") => vec![document],
        Some("List" | "CustomResourceDefinitionList") => {
            let items = document.get("items").and_then(Value::as_array);
            items.into_iter().flatten().flat_map(definitions).collect()
        }
        _ => Vec::new(),
    }
}

/// The group and the kind of a definition; its name is still to be found.
fn native_kind(definition: &Value) -> Result<(String, NativeKind), SchemaError> {
    let name = definition.pointer("/metadata/name").and_then(Value::as_str).unwrap_or("definition");
    let failed = |what: &str| SchemaError::Document { place: name.to_owned(), what: what.to_owned() };
    if text(definition, "apiVersion") != Some("apiextensions.k8s.io/v1") {
        return Err(failed("only definitions of `apiextensions.k8s.io/v1` carry a schema that can be read"));
    }
    let at = |path: &str| definition.pointer(path).and_then(Value::as_str);
    let group = at("/spec/group").ok_or_else(|| failed("it has no `spec.group`"))?;
    let kind = at("/spec/names/kind").ok_or_else(|| failed("it has no `spec.names.kind`"))?;
    let plural = at("/spec/names/plural").ok_or_else(|| failed("it has no `spec.names.plural`"))?;
    let versions = definition.pointer("/spec/versions").and_then(Value::as_array);
    let served = versions.into_iter().flatten().filter(|version| version.get("served") != Some(&Value::Bool(false)));
    let newest = served.max_by_key(|version| version_rank(text(version, "name").unwrap_or_default()));
    let newest = newest.ok_or_else(|| failed("it serves no version"))?;
    let version = text(newest, "name").ok_or_else(|| failed("one of its versions has no name"))?;
    let schema = newest.pointer("/schema/openAPIV3Schema").ok_or_else(|| failed("its version has no schema"))?;

    let fields = Reader::for_custom_resource().kind_fields(schema).map_err(|what| failed(&what))?;
    let mut fields: Vec<Field> = fields.into_iter().filter(|field| field.name != "metadata").collect();
    fields.push(Field::optional("metadata", metadata()));
    let kind = NativeKind {
        name: String::new(),
        role: Role::Resource,
        deprecated: newest.get("deprecated") == Some(&Value::Bool(true)),
        fields,
        object: Some(Object {
            api_version: api_version(group, version),
            kind: kind.to_owned(),
            plural: plural.to_owned(),
            namespaced: at("/spec/scope") != Some("Cluster"),
        }),
    };
    Ok((group.to_owned(), kind))
}

/// What a user may say about any object: definitions leave it to the server, which knows it.
fn metadata() -> Shape {
    let string = || Shape::Scalar(Scalar::String);
    let bool = || Shape::Scalar(Scalar::Bool);
    let needed = |name: &str| Field { required: true, optional: false, ..Field::optional(name, string()) };
    let owner = Shape::Record(vec![
        needed("apiVersion"),
        Field::optional("blockOwnerDeletion", bool()),
        Field::optional("controller", bool()),
        needed("kind"),
        needed("name"),
        needed("uid"),
    ]);
    Shape::Record(vec![
        Field::optional("annotations", Shape::Map(Box::new(string()))),
        Field::optional("finalizers", Shape::Set(Box::new(string()))),
        Field::optional("generateName", string()),
        Field::optional("labels", Shape::Map(Box::new(string()))),
        Field::optional("name", string()),
        Field::optional("namespace", string()),
        Field::optional("ownerReferences", Shape::List { of: Box::new(owner), key: Some("uid".to_owned()) }),
    ])
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str()
}

fn first_line(error: impl std::fmt::Display) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}
