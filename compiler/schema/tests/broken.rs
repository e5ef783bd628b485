//! A packed file is input: cut or damaged it is an error or still a schema, and nothing ever panics or runs on.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::HashSet;

use schema::pack::{Overlay, pack_crds};
use schema::{FieldType, Row, Schema, SchemaError};

const HEADER_LENGTH_AT: usize = 12;

fn small() -> Vec<u8> {
    let text = include_str!("crds/certificates.yaml");
    pack_crds("certificates", "1.0", text, &Overlay::default()).unwrap().bytes
}

/// Asks everything that can be asked.
fn walk(schema: &Schema) {
    let mut seen = HashSet::new();
    schema.maker();
    for kind in schema.kinds() {
        let words = (kind.name(), kind.role(), kind.api_version(), kind.kind_name(), kind.plural());
        let _ = (schema.kind(words.0, words.1), kind.namespaced(), kind.deprecated());
        walk_row(schema, kind.row(), &mut seen);
    }
}

fn walk_row(schema: &Schema, row: Row, seen: &mut HashSet<Row>) {
    if !seen.insert(row) {
        return;
    }
    for member in schema.members(row) {
        assert!(member.name.len() <= schema.bytes().len());
        schema.member(row, member.name);
        walk_type(schema, member.ty, seen);
    }
}

fn walk_type(schema: &Schema, ty: FieldType, seen: &mut HashSet<Row>) {
    match ty {
        FieldType::List(of) | FieldType::Set(of) | FieldType::Map(of) => walk_type(schema, schema.ty(of), seen),
        FieldType::Record(row) => walk_row(schema, row, seen),
        FieldType::Enum(values) => assert!(schema.values(values).all(|value| value.len() <= schema.bytes().len())),
        _ => {}
    }
}

#[test]
fn a_sound_file_opens() {
    walk(&Schema::open(small()).unwrap());
}

#[test]
fn every_cut_is_an_error() {
    let whole = small();
    for length in 0..whole.len() {
        let mut cut = whole[..length].to_vec();
        assert!(Schema::open(cut.clone()).is_err(), "cut at {length}");
        // A cut file that states its own length is told apart by its sections.
        if let Some(stated) = cut.get_mut(HEADER_LENGTH_AT..HEADER_LENGTH_AT + 4) {
            stated.copy_from_slice(&(length as u32).to_le_bytes());
        }
        assert!(Schema::open(cut).is_err(), "cut at {length} with its length put right");
    }
}

#[test]
fn damage_is_an_error_or_harmless() {
    let whole = small();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut opened = 0;
    for _ in 0..30_000 {
        let mut damaged = whole.clone();
        for _ in 0..=random.below(3) {
            let at = random.below(damaged.len());
            damaged[at] = match random.below(3) {
                0 => damaged[at] ^ (1 << random.below(8)),
                1 => 0xff,
                _ => random.below(256) as u8,
            };
        }
        if let Ok(schema) = Schema::open(damaged) {
            opened += 1;
            walk(&schema);
        }
    }
    assert!(opened > 0, "some damage should go unnoticed: a letter of a name, a flag");
}

#[test]
fn every_word_replaced_by_extremes_is_an_error_or_harmless() {
    let whole = small();
    for at in (0..whole.len()).step_by(4) {
        for value in [0, 1, 0x7fff_ffff, 0xffff_ffff, (whole.len() / 4) as u32] {
            let mut damaged = whole.clone();
            damaged[at..at + 4].copy_from_slice(&value.to_le_bytes());
            if let Ok(schema) = Schema::open(damaged) {
                walk(&schema);
            }
        }
    }
}

#[test]
fn random_bytes_are_not_a_schema() {
    let mut random = Random(7);
    for length in 0..200 {
        let bytes: Vec<u8> = (0..length).map(|_| random.below(256) as u8).collect();
        assert_eq!(Schema::open(bytes).unwrap_err(), SchemaError::NotASchema);
    }
    let error = Schema::open(&b"a text file\n"[..]).unwrap_err();
    assert_eq!(error.to_string(), "this file is not a packed schema");
    assert_eq!(error.help(), "make one with `infrac schema add`");
}

#[test]
fn another_format_is_named() {
    let mut other = small();
    other[8] = 9;
    let error = Schema::open(other).unwrap_err();
    assert_eq!(error.to_string(), "this schema is packed in format 9, which is not read here");
}

/// The same numbers in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}
