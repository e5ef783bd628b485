//! A file of definitions becomes kinds that are typed as built-in ones are.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use schema::pack::{Overlay, pack_crds};
use schema::{FieldType, Maker, Member, Role, Row, Schema};

const CERTIFICATES: &str = include_str!("crds/certificates.yaml");

fn packed(overlay: &str) -> Schema {
    let packed = pack_crds("certificates", "1.0", CERTIFICATES, &Overlay::parse(overlay).unwrap()).unwrap();
    Schema::open(packed.bytes).unwrap()
}

fn at<'a>(schema: &'a Schema, row: Row, path: &str) -> Member<'a> {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let member = schema.member(row, first).unwrap_or_else(|| panic!("no member {first}"));
    match rest {
        Some(rest) => {
            let mut ty = member.ty;
            while let FieldType::List(of) | FieldType::Set(of) | FieldType::Map(of) = ty {
                ty = schema.ty(of);
            }
            let FieldType::Record(row) = ty else { panic!("{first} is no record") };
            at(schema, row, rest)
        }
        None => member,
    }
}

fn told(text: &str) -> String {
    pack_crds("certificates", "1.0", text, &Overlay::default()).unwrap_err().to_string()
}

#[test]
fn each_definition_is_a_kind_in_its_newest_stable_version() {
    let schema = packed("");
    assert_eq!(
        schema.maker(),
        Maker { target: "kubernetes".to_owned(), source: "certificates".to_owned(), version: "1.0".to_owned() }
    );
    let names: Vec<&str> = schema.kinds().map(|kind| kind.name()).collect();
    assert_eq!(names, ["certificate", "cluster_issuer"]);
    let certificate = schema.kind("certificate", Role::Resource).unwrap();
    assert_eq!(certificate.api_version(), "pki.example.com/v1");
    assert_eq!((certificate.kind_name(), certificate.plural()), ("Certificate", "certificates"));
    assert!(certificate.namespaced());
    assert!(!schema.kind("cluster_issuer", Role::Resource).unwrap().namespaced());
}

#[test]
fn fields_are_typed_as_the_definition_says() {
    let schema = packed("");
    let certificate = schema.kind("certificate", Role::Resource).unwrap().row();
    let at = |path: &str| at(&schema, certificate, path);
    assert_eq!(schema.member(certificate, "kind"), None);
    assert!(at("spec").required && at("spec.secretName").required && at("spec.issuerRef.name").required);
    assert!(at("spec.duration").optional);
    assert_eq!(at("spec.renewBeforePercentage").ty, FieldType::Int);
    assert_eq!(at("spec.isCA").ty, FieldType::Bool);
    assert_eq!(at("spec.port").ty, FieldType::IntOrString);
    assert_eq!(at("spec.memory").ty, FieldType::Quantity);
    assert_eq!(at("spec.config").ty, FieldType::Any);
    assert_eq!(at("spec.keystores.create").ty, FieldType::Bool);
    assert_eq!(at("spec.additionalOutputFormats").list_key, Some("type"));
    assert!(matches!(at("spec.dnsNames").ty, FieldType::Set(_)));
    let FieldType::Enum(values) = at("spec.privateKey.algorithm").ty else { panic!("an enumeration") };
    assert_eq!(schema.values(values).collect::<Vec<_>>(), ["RSA", "ECDSA", "Ed25519"]);
    let FieldType::Record(empty) = at("spec.selfSigned").ty else { panic!("a record") };
    assert_eq!(schema.members(empty).count(), 0);
    assert!(at("status").computed && !at("status").optional);
}

#[test]
fn metadata_is_typed_though_definitions_leave_it_open() {
    let schema = packed("");
    for kind in schema.kinds() {
        assert!(matches!(at(&schema, kind.row(), "metadata.labels").ty, FieldType::Map(_)));
        assert_eq!(at(&schema, kind.row(), "metadata.name").ty, FieldType::String);
        assert!(at(&schema, kind.row(), "metadata.ownerReferences.uid").required);
    }
}

#[test]
fn an_overlay_refines_fields() {
    let schema = packed("certificate.spec.duration = duration\n");
    let certificate = schema.kind("certificate", Role::Resource).unwrap().row();
    assert_eq!(at(&schema, certificate, "spec.duration").ty, FieldType::DurationText);
}

#[test]
fn a_line_of_the_overlay_that_refines_nothing_is_told() {
    let overlay = Overlay::parse("certificate.spec.duration = duration\n**.duraton = duration\n").unwrap();
    assert_eq!(pack_crds("certificates", "1.0", CERTIFICATES, &overlay).unwrap().unmatched, [2]);
}

#[test]
fn a_definition_that_is_there_twice_is_told() {
    let twice = format!("{CERTIFICATES}---\n{CERTIFICATES}");
    assert_eq!(told(&twice), "cannot pack `pki.example.com`: `Certificate` is described twice");
}

#[test]
fn a_kind_that_two_groups_have_is_named_by_its_group() {
    let text = format!("{CERTIFICATES}---\n{}", CERTIFICATES.replace("pki.example.com", "tls.example.com"));
    let packed = pack_crds("certificates", "1.0", &text, &Overlay::default()).unwrap();
    let schema = Schema::open(packed.bytes).unwrap();
    let names: Vec<&str> = schema.kinds().map(|kind| kind.name()).collect();
    assert_eq!(names, ["certificate", "cluster_issuer", "tls_certificate", "tls_cluster_issuer"]);
    let second = schema.kind("tls_certificate", Role::Resource).unwrap();
    assert_eq!(second.api_version(), "tls.example.com/v1");
}

#[test]
fn the_same_file_gives_the_same_bytes() {
    let pack = || pack_crds("certificates", "1.0", CERTIFICATES, &Overlay::default()).unwrap();
    assert_eq!(pack(), pack());
}

#[test]
fn what_is_no_file_of_definitions_is_told() {
    assert_eq!(told(""), "cannot pack `certificates`: no `CustomResourceDefinition` is in it");
    assert_eq!(told("a: [1, 2\n").split(':').take(2).collect::<String>(), "cannot pack `certificates` it is not YAML");
    assert_eq!(
        told("kind: CustomResourceDefinition\napiVersion: apiextensions.k8s.io/v1beta1\nmetadata: {name: a.b}\n"),
        "cannot pack `a.b`: only definitions of `apiextensions.k8s.io/v1` carry a schema that can be read"
    );
    assert_eq!(
        told("kind: CustomResourceDefinition\napiVersion: apiextensions.k8s.io/v1\nspec: {group: b}\n"),
        "cannot pack `definition`: it has no `spec.names.kind`"
    );
}

#[test]
fn every_cut_of_the_file_ends_in_a_schema_or_an_error() {
    for (length, _) in CERTIFICATES.char_indices().step_by(7) {
        let _ = pack_crds("certificates", "1.0", &CERTIFICATES[..length], &Overlay::default());
    }
}

#[test]
fn deep_nesting_ends() {
    let deep = format!(
        "kind: CustomResourceDefinition\napiVersion: apiextensions.k8s.io/v1\nspec: {}{}\n",
        "{a: ".repeat(100_000),
        "}".repeat(100_000)
    );
    assert!(told(&deep).starts_with("cannot pack"));
}
