//! The readers of schemas: lines that say kinds, definitions of custom resources, and packed files.

use std::collections::HashSet;
use std::path::Path;
use std::sync::LazyLock;

use schema::pack::{Overlay, pack_crds, pack_own};
use schema::{FieldType, Row, Schema};

use crate::changes::{Draws, changed, damaged};
use crate::round::fuzz;

fn file(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)).unwrap()
}

static OWN: LazyLock<String> = LazyLock::new(|| file("stdlib/schemas/files.schema"));
static DEFINITIONS: LazyLock<String> = LazyLock::new(|| file("compiler/schema/tests/crds/certificates.yaml"));
static PACKED: LazyLock<Vec<u8>> =
    LazyLock::new(|| pack_crds("certificates", "1.0", &DEFINITIONS, &Overlay::default()).unwrap().bytes);

/// What is packed opens, and says everything that can be asked.
fn opens(bytes: Vec<u8>) -> Result<bool, String> {
    let schema = Schema::open(bytes).map_err(|error| format!("what was packed does not open: {error}"))?;
    walk(&schema);
    Ok(true)
}

fn walk(schema: &Schema) {
    let mut seen = HashSet::new();
    let mut waiting: Vec<Row> = schema.kinds().map(|kind| kind.row()).collect();
    while let Some(row) = waiting.pop() {
        if !seen.insert(row) {
            continue;
        }
        for member in schema.members(row) {
            let mut ty = member.ty;
            while let FieldType::List(of) | FieldType::Set(of) | FieldType::Map(of) = ty {
                ty = schema.ty(of);
            }
            match ty {
                FieldType::Record(row) => waiting.push(row),
                FieldType::Enum(values) => {
                    assert!(schema.values(values).all(|value| value.len() <= schema.bytes().len()))
                }
                _ => {}
            }
        }
    }
}

#[test]
fn whatever_lines_of_kinds_say_is_packed_or_refused() {
    fuzz("own", 1_000, &|draws: &mut Draws| changed(draws, &OWN, &OWN).into_bytes(), &|input| {
        pack_own("a", &String::from_utf8_lossy(input)).map_or(Ok(false), |packed| opens(packed.bytes))
    });
}

#[test]
fn whatever_a_definition_says_is_packed_or_refused() {
    fuzz("definitions", 60, &|draws: &mut Draws| changed(draws, &DEFINITIONS, &OWN).into_bytes(), &|input| {
        let text = String::from_utf8_lossy(input);
        pack_crds("certificates", "1.0", &text, &Overlay::default()).map_or(Ok(false), |packed| opens(packed.bytes))
    });
}

#[test]
fn a_damaged_pack_is_refused_or_opens() {
    fuzz("packs", 2_000, &|draws: &mut Draws| damaged(draws, &PACKED), &|input| {
        let Ok(schema) = Schema::open(input.to_vec()) else { return Ok(false) };
        walk(&schema);
        Ok(true)
    });
}
