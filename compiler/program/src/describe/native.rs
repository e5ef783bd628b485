//! Native kinds, from the schemas of their makers: one level of fields at a time, and deeper ones by their path.

use check::input::{Input, NamedSchema};
use schema::{FieldType, Maker, Member, Role, Row, Schema};

use super::{Described, Field};

/// `terraform.aws_s3_bucket`, `kubernetes.deployment.spec.template`: one for each role that the name has. Else the names that are nearest.
pub fn describe_native(input: &Input, name: &str) -> Result<Vec<Described>, Vec<String>> {
    let mut found = Vec::new();
    for named in &input.schemas {
        let Some((kind, path)) = within(named, name) else { continue };
        for role in [Role::Resource, Role::Data] {
            let Some(native) = named.schema.kind(&kind, role) else { continue };
            let mut row = native.row();
            let mut known = true;
            for step in &path {
                match named.schema.member(row, step).and_then(|member| record_of(&named.schema, member.ty)) {
                    Some(below) => row = below,
                    None => known = false,
                }
            }
            if known {
                found.push(describe(named, name, role, row, path.is_empty()));
            }
        }
    }
    if found.is_empty() { Err(near(input, name)) } else { Ok(found) }
}

/// The kind's name in its schema, and the path that follows; none when the schema cannot have it.
fn within(named: &NamedSchema, name: &str) -> Option<(String, Vec<String>)> {
    let rest = name.strip_prefix(named.target.text())?.strip_prefix('.')?;
    let rest = match named.prefix.text() {
        prefix if !prefix.is_empty() && !named.has_provider() => rest.strip_prefix(prefix)?.strip_prefix('.')?,
        _ => rest,
    };
    let mut steps = rest.split('.').map(str::to_owned);
    Some((steps.next()?, steps.collect()))
}

fn describe(named: &NamedSchema, name: &str, role: Role, row: Row, whole: bool) -> Described {
    let Maker { target, source, version } = named.schema.maker();
    let from = match source.as_str() {
        "" => format!("{} {version}", with_capital(&target)),
        source if named.has_provider() => format!("the provider {source} {version}"),
        source => format!("the definitions {source} {version}"),
    };
    let what = match (whole, role) {
        (false, _) => format!("fields of {from}"),
        (true, Role::Data) => format!("read from what exists, with `read {name} NAME {{ … }}`, by {from}"),
        (true, Role::Resource | Role::Provider) => format!("a native kind of {from}"),
    };
    let mut described = Described { name: name.to_owned(), what, native: true, ..Described::default() };
    for member in named.schema.members(row) {
        let field = field(&named.schema, &member);
        if record_of(&named.schema, member.ty).is_some() && described.more.is_empty() {
            described.more.push(format!("what stands in a record: `infrac explain {name}.{}`", member.name));
        }
        if member.required || member.optional { described.fields.push(field) } else { described.outputs.push(field) }
    }
    described.fields.sort_by_key(|field| !field.required);
    described
}

/// As the name of a product is written.
fn with_capital(target: &str) -> String {
    let mut letters = target.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What its maker says of a field beside its type.
pub fn member_notes(member: &Member<'_>) -> Vec<&'static str> {
    let mut docs = Vec::new();
    if member.computed && member.optional {
        docs.push("decided by the provider when it is left out");
    }
    if member.sensitive {
        docs.push("secret");
    }
    if member.admits_secret {
        docs.push("may be secret");
    }
    if member.write_only {
        docs.push("never read back");
    }
    if member.deprecated {
        docs.push("its maker advises against it");
    }
    docs
}

fn field(schema: &Schema, member: &Member<'_>) -> Field {
    Field {
        name: member.name.to_owned(),
        ty: type_text(schema, member.ty),
        required: member.required,
        docs: member_notes(member).join(", "),
        ..Field::default()
    }
}

/// The fields of a record, or of the elements of a list or map of records.
fn record_of(schema: &Schema, ty: FieldType) -> Option<Row> {
    match ty {
        FieldType::Record(row) => Some(row),
        FieldType::List(of) | FieldType::Set(of) | FieldType::Map(of) => record_of(schema, schema.ty(of)),
        _ => None,
    }
}

/// What a user writes in a field of a native kind.
pub fn type_text(schema: &Schema, ty: FieldType) -> String {
    match ty {
        FieldType::List(of) | FieldType::Set(of) => format!("[{}]", type_text(schema, schema.ty(of))),
        FieldType::Map(of) => format!("{{string: {}}}", type_text(schema, schema.ty(of))),
        FieldType::Enum(values) => {
            schema.values(values).map(|value| format!("\"{value}\"")).collect::<Vec<_>>().join(" | ")
        }
        FieldType::Record(_) => "{ … }".to_owned(),
        FieldType::Quantity => "size, or a quantity".to_owned(),
        FieldType::Json => "string, or json".to_owned(),
        other => check::types::field_type_name(other).to_owned(),
    }
}

/// Names of native kinds and their fields that are spelt alike.
fn near(input: &Input, name: &str) -> Vec<String> {
    let mut near = Vec::new();
    for named in &input.schemas {
        let Some((kind, path)) = within(named, name) else { continue };
        let head = name.strip_suffix(&path.iter().map(|step| format!(".{step}")).collect::<String>()).unwrap_or(name);
        let Some(native) = [Role::Resource, Role::Data].into_iter().find_map(|role| named.schema.kind(&kind, role))
        else {
            let names: Vec<&str> =
                named.schema.kinds().filter(|kind| kind.role() != Role::Provider).map(|kind| kind.name()).collect();
            let front = head.strip_suffix(kind.as_str()).unwrap_or(head);
            near.extend(source::did_you_mean(&kind, names).map(|near| format!("{front}{near}")));
            continue;
        };
        let (mut row, mut walked) = (native.row(), head.to_owned());
        for step in &path {
            if let Some(below) = named.schema.member(row, step).and_then(|member| record_of(&named.schema, member.ty)) {
                row = below;
                walked = format!("{walked}.{step}");
                continue;
            }
            let records: Vec<&str> = named
                .schema
                .members(row)
                .filter(|member| record_of(&named.schema, member.ty).is_some())
                .map(|member| member.name)
                .collect();
            near.push(match source::did_you_mean(step, records) {
                Some(near) => format!("{walked}.{near}"),
                None => walked.clone(),
            });
            break;
        }
    }
    near.dedup();
    near
}
