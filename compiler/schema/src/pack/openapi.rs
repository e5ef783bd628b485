//! Packs the kinds of a Kubernetes release from its OpenAPI v3 documents, one for each group and version.
//!
//! A kind is what can be created by a path and replaced by its name below it; reviews, bindings and lists are none.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::kubernetes::{api_version, name_kinds, version_rank};
use super::structural::Reader;
use super::tree::{NativeKind, Object};
use super::{Overlay, Packed, write};
use crate::{Maker, Role, SchemaError};

/// One OpenAPI document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Document<'a> {
    /// What the document is called in messages: its file name.
    pub name: &'a str,
    /// Its JSON text.
    pub text: &'a [u8],
}

/// Packs the kinds of a Kubernetes release. Of a kind with several versions the newest stable one is taken.
pub fn pack_openapi(version: &str, documents: &[Document<'_>], overlay: &Overlay) -> Result<Packed, SchemaError> {
    // By group and kind, so that neither the order of files nor their names matter.
    let mut found: BTreeMap<(String, String), Found> = BTreeMap::new();
    for document in documents {
        let failed = |what: String| SchemaError::Document { place: document.name.to_owned(), what };
        let json: Value =
            serde_json::from_slice(document.text).map_err(|error| failed(format!("it is not JSON: {error}")))?;
        for kind in kinds_of(&json).map_err(failed)? {
            let key = (kind.group.clone(), kind.object.kind.clone());
            let older = found.get(&key).is_some_and(|known| known.rank() >= kind.rank());
            if !older {
                found.insert(key, kind);
            }
        }
    }
    if found.is_empty() {
        let what = "no kind is described there".to_owned();
        return Err(SchemaError::Document { place: "openapi".to_owned(), what });
    }
    let found = found.into_iter().map(|((group, _), found)| (group, found.native_kind())).collect();
    let mut kinds = name_kinds(found)?;
    let unmatched = overlay.clone().apply(&mut kinds);
    let (target, source) = ("kubernetes".to_owned(), String::new());
    write::write(&Maker { target, source, version: version.to_owned() }, &kinds, unmatched)
}

struct Found {
    group: String,
    version: String,
    object: Object,
    fields: Vec<super::tree::Field>,
}

impl Found {
    fn native_kind(self) -> NativeKind {
        NativeKind {
            name: String::new(),
            role: Role::Resource,
            deprecated: false,
            fields: self.fields,
            object: Some(self.object),
        }
    }

    fn rank(&self) -> (u32, u64, u64) {
        version_rank(&self.version)
    }
}

fn kinds_of(document: &Value) -> Result<Vec<Found>, String> {
    let Some(paths) = document.get("paths").and_then(Value::as_object) else {
        return Err("it has no `paths`".to_owned());
    };
    let none = Map::new();
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object).unwrap_or(&none);
    let mut found = Vec::new();
    for (path, item) in paths {
        let Some((namespaced, plural)) = collection(path) else {
            continue;
        };
        let replaced = paths.get(&format!("{path}/{{name}}")).is_some_and(|item| item.get("put").is_some());
        let Some(post) = item.get("post").filter(|_| replaced) else {
            continue;
        };
        let Some(kind) = post.get("x-kubernetes-group-version-kind") else {
            continue;
        };
        let part = |name: &str| kind.get(name).and_then(Value::as_str).map(str::to_owned);
        let (Some(group), Some(version), Some(kind)) = (part("group"), part("version"), part("kind")) else {
            continue;
        };
        let Some(schema) = body_schema(post) else {
            continue;
        };
        let fields = Reader::for_document(schemas).kind_fields(schema)?;
        let api_version = api_version(&group, &version);
        let object = Object { api_version, kind, plural: plural.to_owned(), namespaced };
        found.push(Found { group, version, object, fields });
    }
    Ok(found)
}

/// Whether objects of a collection's path live in a namespace, and the collection's name; none for other paths.
fn collection(path: &str) -> Option<(bool, &str)> {
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let rest = match parts.as_slice() {
        ["api", _version, rest @ ..] => rest,
        ["apis", _group, _version, rest @ ..] => rest,
        _ => return None,
    };
    match rest {
        [plural] => Some((false, plural)),
        ["namespaces", "{namespace}", plural] => Some((true, plural)),
        _ => None,
    }
}

fn body_schema(post: &Value) -> Option<&Value> {
    post.pointer("/requestBody/content")?.as_object()?.values().next()?.get("schema")
}
