//! Kinds are read from the documents of a cluster whatever their order.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use schema::pack::{Document, Overlay, pack_openapi};
use schema::{FieldType, Role, Schema};

/// A document with one kind `Lamp` of a group and version; its `spec` has one field of this schema.
fn document(group: &str, version: &str, field: &str) -> String {
    let path = format!("/apis/{group}/{version}/namespaces/{{namespace}}/lamps");
    format!(
        r##"{{"paths": {{
          "{path}": {{"post": {{
            "x-kubernetes-group-version-kind": {{"group": "{group}", "version": "{version}", "kind": "Lamp"}},
            "requestBody": {{"content": {{"*/*": {{"schema": {{"$ref": "#/components/schemas/Lamp"}}}}}}}}
          }}}},
          "{path}/{{name}}": {{"put": {{}}}},
          "{path}/{{name}}/status": {{"put": {{}}}}
        }}, "components": {{"schemas": {{
          "Lamp": {{"type": "object", "properties": {{
            "apiVersion": {{"type": "string"}}, "kind": {{"type": "string"}},
            "spec": {{"allOf": [{{"$ref": "#/components/schemas/LampSpec"}}]}},
            "status": {{"type": "object", "properties": {{"on": {{"type": "boolean"}}}}}}
          }}, "required": ["spec"]}},
          "LampSpec": {{"type": "object", "properties": {{"{version}": {field}}}}}
        }}}}}}"##
    )
}

fn pack(documents: &[String]) -> Schema {
    let documents: Vec<Document<'_>> =
        documents.iter().map(|text| Document { name: "lamps.json", text: text.as_bytes() }).collect();
    Schema::open(pack_openapi("1.0", &documents, &Overlay::default()).unwrap().bytes).unwrap()
}

fn field(schema: &Schema, kind: &str, name: &str) -> FieldType {
    let kind = schema.kind(kind, Role::Resource).unwrap();
    let FieldType::Record(spec) = schema.member(kind.row(), "spec").unwrap().ty else { panic!("a record") };
    schema.member(spec, name).unwrap().ty
}

#[test]
fn the_newest_stable_version_of_a_kind_is_taken_in_any_order() {
    let string = r#"{"type": "string"}"#;
    let mut documents: Vec<String> =
        ["v1beta1", "v1", "v2alpha1"].iter().map(|version| document("home.example", version, string)).collect();
    let first = pack(&documents);
    let lamp = first.kind("lamp", Role::Resource).unwrap();
    assert_eq!((lamp.api_version(), lamp.plural(), lamp.namespaced()), ("home.example/v1", "lamps", true));
    documents.reverse();
    assert_eq!(first.bytes(), pack(&documents).bytes());
}

#[test]
fn a_kind_that_two_groups_have_is_named_by_its_group() {
    let documents = [
        document("street.example", "v1", r#"{"type": "string"}"#),
        document("home.example", "v1", r#"{"type": "integer"}"#),
    ];
    let schema = pack(&documents);
    assert_eq!(field(&schema, "lamp", "v1"), FieldType::Int);
    assert_eq!(field(&schema, "street_lamp", "v1"), FieldType::String);
}

#[test]
fn a_schema_that_contains_itself_is_any_value() {
    let itself = r##"{"$ref": "#/components/schemas/LampSpec"}"##;
    let schema = pack(&[document("home.example", "v1", itself)]);
    assert_eq!(field(&schema, "lamp", "v1"), FieldType::Any);
}

#[test]
fn what_describes_no_kind_is_told() {
    let told = |text: &str| {
        let documents = [Document { name: "api.json", text: text.as_bytes() }];
        pack_openapi("1.0", &documents, &Overlay::default()).unwrap_err().to_string()
    };
    assert_eq!(told(r#"{"paths": {}}"#), "cannot pack `openapi`: no kind is described there");
    assert_eq!(told("{}"), "cannot pack `api.json`: it has no `paths`");
    assert!(told("{").starts_with("cannot pack `api.json`: it is not JSON"));
}
