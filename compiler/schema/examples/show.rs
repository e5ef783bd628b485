//! Shows what a packed schema says, and how fast it says it.
//!
//! ```text
//! cargo run -p schema --example show -- aws.pack aws_instance
//! cargo run --release -p schema --example show -- aws.pack --time
//! ```

use std::error::Error;
use std::hint::black_box;
use std::io::Write;
use std::time::Instant;

use schema::{FieldType, Kind, Role, Row, Schema};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut out = std::io::stdout().lock();
    let (file, wanted) = match arguments.as_slice() {
        [file] => (file, None),
        [file, wanted] => (file, Some(wanted.as_str())),
        _ => return Err("usage: show FILE [KIND | --time]".into()),
    };
    let bytes = std::fs::read(file)?;
    if wanted == Some("--time") {
        return time(&mut out, bytes);
    }
    let schema = Schema::open(bytes)?;
    for kind in schema.kinds().filter(|kind| wanted.is_none_or(|wanted| wanted == kind.name())) {
        writeln!(out, "{} {:?} {}", kind.name(), kind.role(), kind.api_version())?;
        if wanted.is_some() {
            show(&mut out, &schema, kind.row(), 1)?;
        }
    }
    Ok(())
}

fn show(out: &mut impl Write, schema: &Schema, row: Row, depth: usize) -> std::io::Result<()> {
    for member in schema.members(row) {
        let stands = match (member.required, member.optional, member.computed) {
            (true, _, _) => "required",
            (_, true, true) => "optional, computed",
            (_, true, false) => "",
            (_, false, _) => "computed",
        };
        let block = if member.block { "block " } else { "" };
        let (ty, inner) = describe(schema, member.ty);
        writeln!(out, "{:indent$}{}: {block}{ty} {stands}", "", member.name, indent = depth * 2)?;
        if let Some(row) = inner {
            show(out, schema, row, depth + 1)?;
        }
    }
    Ok(())
}

fn describe(schema: &Schema, ty: FieldType) -> (String, Option<Row>) {
    let of = |what: &str, of| {
        let (inner, row) = describe(schema, schema.ty(of));
        (format!("{what} of {inner}"), row)
    };
    match ty {
        FieldType::List(id) => of("list", id),
        FieldType::Set(id) => of("set", id),
        FieldType::Map(id) => of("map", id),
        FieldType::Record(row) => ("record".to_owned(), Some(row)),
        FieldType::Enum(id) => (schema.values(id).collect::<Vec<_>>().join(" | "), None),
        other => (format!("{other:?}"), None),
    }
}

/// Opening, all kinds by name, and all members of all kinds by name.
fn time(out: &mut impl Write, bytes: Vec<u8>) -> Result<(), Box<dyn Error>> {
    const OPENINGS: u32 = 200;
    let bytes: &'static [u8] = Vec::leak(bytes);
    let started = Instant::now();
    for _ in 0..OPENINGS {
        black_box(Schema::open(bytes)?);
    }
    writeln!(out, "open: {:?}", started.elapsed() / OPENINGS)?;

    let schema = Schema::open(bytes)?;
    let kinds: Vec<Kind<'_>> = schema.kinds().collect();
    let wanted: Vec<(&str, Role)> = kinds.iter().map(|kind| (kind.name(), kind.role())).collect();
    let started = Instant::now();
    for (name, role) in &wanted {
        black_box(schema.kind(name, *role));
    }
    writeln!(out, "a kind: {:?}", started.elapsed() / wanted.len() as u32)?;

    let members = kinds.iter().flat_map(|kind| schema.members(kind.row()).map(|member| (kind.row(), member.name)));
    let wanted: Vec<(Row, &str)> = members.collect();
    let started = Instant::now();
    for (row, name) in &wanted {
        black_box(schema.member(*row, name));
    }
    writeln!(out, "a member: {:?} ({} of them)", started.elapsed() / wanted.len() as u32, wanted.len())?;
    Ok(())
}
