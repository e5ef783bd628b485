//! Prints generated `.infra` instances of native kinds: every kind of a pack (or those named), with all that is required. `tests/real/native.sh` builds them and hands them to the real tools.
//!
//!     cargo run -p schema --example instances -- PACK valid|unknown|wrong [KIND …]
//!
//! `unknown` adds a field that does not exist to each, `wrong` gives one field a list where none belongs; the line of the
//! mistake ends in `//~`.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command of its own")]

use std::fmt::Write as _;

use schema::{FieldType, Kind, Role, Row, Schema};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (Some(path), Some(mode)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: instances PACK valid|unknown|wrong [KIND …]");
        std::process::exit(64);
    };
    let wanted: Vec<String> = arguments.collect();
    let schema = match std::fs::read(&path)
        .map_err(|error| error.to_string())
        .and_then(|bytes| Schema::open(bytes).map_err(|error| error.to_string()))
    {
        Ok(schema) => schema,
        Err(error) => {
            eprintln!("{path}: {error}");
            std::process::exit(1);
        }
    };
    let target = schema.maker().target;
    println!("// Generated from {path}; do not edit.\n");
    for kind in schema.kinds().filter(|kind| kind.role() == Role::Resource) {
        if wanted.is_empty() || wanted.iter().any(|name| name == kind.name()) {
            print!("{}", instance(&schema, &target, kind, &mode));
        }
    }
}

fn instance(schema: &Schema, target: &str, kind: Kind<'_>, mode: &str) -> String {
    let mut text = format!("{target}.{} generated_{} {{\n", kind.name(), kind.name());
    body(schema, kind.row(), kind.name(), 1, &mut text, target == "kubernetes");
    match mode {
        "unknown" => text.push_str("  field_that_does_not_exist = 1 //~ unknown_field\n"),
        "wrong" => {
            let member = schema.members(kind.row()).find(|member| {
                !member.required
                    && member.optional
                    && !member.deprecated
                    && !member.block
                    && matches!(member.ty, FieldType::Bool | FieldType::Number | FieldType::String | FieldType::Int)
            });
            if let Some(member) = member {
                let _ = writeln!(text, "  {} = [[1], [2]] //~ type_mismatch", member.name);
            }
        }
        _ => {}
    }
    text.push_str("}\n");
    text
}

fn body(schema: &Schema, row: Row, path: &str, depth: usize, text: &mut String, kubernetes: bool) {
    let indent = "  ".repeat(depth);
    for member in schema.members(row) {
        let top = kubernetes && depth == 1 && member.name == "metadata";
        if top {
            let _ = writeln!(text, "{indent}metadata {{ name = \"generated-{}\" }}", path.replace('_', "-"));
            continue;
        }
        if !(member.required || member.block && member.min > 0) {
            continue;
        }
        let name = if member.name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_') {
            member.name.to_owned()
        } else {
            format!("{:?}", member.name)
        };
        let below = format!("{path}.{}", member.name);
        match member.ty {
            FieldType::Record(row) if member.block || kubernetes => {
                let _ = writeln!(text, "{indent}{name} {{");
                body(schema, row, &below, depth + 1, text, kubernetes);
                let _ = writeln!(text, "{indent}}}");
            }
            FieldType::List(of) | FieldType::Set(of) if member.block => {
                if let FieldType::Record(row) = schema.ty(of) {
                    for _ in 0..member.min.max(1) {
                        let _ = writeln!(text, "{indent}{name} {{");
                        body(schema, row, &below, depth + 1, text, kubernetes);
                        let _ = writeln!(text, "{indent}}}");
                    }
                }
            }
            ty => {
                let _ = writeln!(text, "{indent}{name} = {}", value(schema, ty, &below, member.name));
            }
        }
    }
}

fn value(schema: &Schema, ty: FieldType, path: &str, name: &str) -> String {
    match ty {
        FieldType::String => format!("{:?}", text_for(path, name)),
        FieldType::Number | FieldType::Int => "1".to_owned(),
        FieldType::Bool => "true".to_owned(),
        FieldType::Any => "\"generated\"".to_owned(),
        FieldType::Quantity => "1GiB".to_owned(),
        FieldType::IntOrString => "1".to_owned(),
        FieldType::List(of) | FieldType::Set(of) => format!("[{}]", value(schema, schema.ty(of), path, name)),
        FieldType::Map(of) => format!("{{ generated = {} }}", value(schema, schema.ty(of), path, name)),
        FieldType::Record(row) => {
            let fields: Vec<String> = schema
                .members(row)
                .filter(|member| member.required)
                .map(|member| {
                    format!(
                        "{} = {}",
                        member.name,
                        value(schema, member.ty, &format!("{path}.{}", member.name), member.name)
                    )
                })
                .collect();
            format!("{{ {} }}", fields.join(", "))
        }
        FieldType::Enum(values) => format!("{:?}", schema.values(values).next().unwrap_or("generated")),
        FieldType::Ip => "10.0.0.5".to_owned(),
        FieldType::Cidr => "10.0.0.0/24".to_owned(),
        FieldType::Json => "json({ Version = \"2012-10-17\" })".to_owned(),
        FieldType::DurationText => "30s".to_owned(),
        FieldType::DurationMilliseconds => "500ms".to_owned(),
        FieldType::DurationSeconds => "60s".to_owned(),
        FieldType::DurationMinutes => "5min".to_owned(),
        FieldType::DurationHours => "1h".to_owned(),
        FieldType::DurationDays => "1d".to_owned(),
        FieldType::SizeBytes | FieldType::SizeMebibytes | FieldType::SizeGibibytes => "1GiB".to_owned(),
    }
}

/// A text that most validators take for a field of this name.
fn text_for(path: &str, name: &str) -> String {
    let name = name.to_ascii_lowercase();
    let has = |part: &str| name.contains(part);
    if has("arn") || name == "role" && path.contains("flow") {
        "arn:aws:iam::123456789012:role/generated".to_owned()
    } else if has("policy") && !has("name") && !has("type") && !has("id") {
        r#"{"Version":"2012-10-17","Statement":[]}"#.to_owned()
    } else if has("email") {
        "generated@example.com".to_owned()
    } else if has("account") && has("id") || name == "owner" || has("aws_account") {
        "123456789012".to_owned()
    } else if has("availability_zone") {
        "eu-west-3a".to_owned()
    } else if has("region") {
        "eu-west-3".to_owned()
    } else if has("url") || has("uri") || has("endpoint") && !has("id") {
        "https://example.com/".to_owned()
    } else if has("domain") || has("zone_name") || has("hostname") {
        "example.com".to_owned()
    } else if has("protocol") {
        "tcp".to_owned()
    } else {
        "generated".to_owned()
    }
}
