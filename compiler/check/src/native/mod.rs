//! Native kinds: what a schema says of a field, and reading from native instances. `body.rs` checks bodies, `value.rs` follows
//! literals into the schema, `lower.rs` brings every other value to the vocabulary of the target.

mod body;
mod lower;
mod value;

use std::rc::Rc;

use schema::{FieldType, Member, Nesting, Row};
use source::{Name, Place};

use crate::checked::SchemaId;
use crate::checker::Checker;
use crate::code::{Code, CodeKind, Conversion, Scalar};
use crate::types::{SetTree, Shape, Stage, Ty};

/// A member of a schema, owned, so that the schema is not borrowed while code is elaborated.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub ty: FieldType,
    pub settable: bool,
    pub required: bool,
    pub sensitive: bool,
    /// Whether a secret may stand there.
    pub takes_secret: bool,
    pub nesting: Nesting,
    pub deprecated: bool,
}

/// Where a value is going: the schema, its type there, and whether a secret may stand there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target {
    pub schema: SchemaId,
    pub ty: FieldType,
    pub sensitive: bool,
}

impl Checker<'_> {
    pub(super) fn schema_of(&self, id: SchemaId) -> &schema::Schema {
        &self.input.schemas[id.0 as usize].schema
    }

    pub(super) fn target_name(&self, id: SchemaId) -> Name {
        self.input.schemas[id.0 as usize].target
    }

    pub(super) fn field(&self, schema: SchemaId, row: Row, name: Name) -> Option<Field> {
        self.schema_of(schema).member(row, name.text()).map(|member| owned(&member))
    }

    pub(super) fn field_names(&self, schema: SchemaId, row: Row) -> Vec<String> {
        self.schema_of(schema).members(row).map(|member| member.name.to_owned()).collect()
    }

    /// Reads a member of a native instance or of a block in one.
    #[expect(clippy::too_many_arguments, reason = "one read has as many sides")]
    pub(crate) fn native_member(
        &mut self,
        code: Code,
        schema: SchemaId,
        row: Row,
        name: Name,
        place: Place,
        set: Option<&SetTree>,
        what: &str,
        whole: bool,
    ) -> (Code, Ty) {
        let Some(field) = self.field(schema, row, name) else {
            let names = self.field_names(schema, row);
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let told = self.unknown_name(
                "unknown_field",
                place,
                &format!("{what} has no field `{name}`"),
                name.text(),
                &names,
                "it has",
            );
            return self.unknown(place, told);
        };
        let below = set.and_then(|set| set.field(name)).cloned();
        let mut ty = self.read_type(schema, field.ty, below.clone());
        let stage = if field.sensitive { Stage::Secret } else { crate::statements::stage_of(below.as_deref()) };
        if !matches!(*ty.shape, Shape::Row { .. }) {
            ty.stage = ty.stage.max(stage);
        }
        let secret = field.sensitive;
        let kind = if whole {
            CodeKind::NativeField { of: code, name, secret }
        } else {
            CodeKind::Field { of: code, name, secret }
        };
        let code = Code::new(place, kind);
        // Makers keep addresses as texts; the overlay says which of them are read as addresses.
        let code = match field.ty {
            FieldType::Ip => Code::new(place, CodeKind::Convert { how: Conversion::FromText(Scalar::Ip), code }),
            FieldType::Cidr => Code::new(place, CodeKind::Convert { how: Conversion::FromText(Scalar::Cidr), code }),
            _ => code,
        };
        // A block that stands once is a record to the user and a list or set to some makers.
        if matches!(field.nesting, Nesting::List | Nesting::Set) && matches!(field.ty, FieldType::Record(_)) {
            return (Code::new(place, CodeKind::FirstBlock(code)), ty);
        }
        (code, ty)
    }

    /// The type that a native field has when it is read.
    pub(super) fn read_type(&mut self, schema: SchemaId, ty: FieldType, set: Option<Rc<SetTree>>) -> Ty {
        match ty {
            FieldType::Ip => Ty::scalar(Scalar::Ip),
            FieldType::Cidr => Ty::scalar(Scalar::Cidr),
            FieldType::String
            | FieldType::Quantity
            | FieldType::Enum(_)
            | FieldType::DurationText
            | FieldType::Json => Ty::string(),
            FieldType::Number => Ty::scalar(Scalar::Decimal),
            FieldType::Int
            | FieldType::DurationMilliseconds
            | FieldType::DurationSeconds
            | FieldType::DurationMinutes
            | FieldType::DurationHours
            | FieldType::DurationDays
            | FieldType::SizeBytes
            | FieldType::SizeMebibytes
            | FieldType::SizeGibibytes => Ty::int(),
            FieldType::Bool => Ty::bool(),
            FieldType::Any | FieldType::IntOrString => Ty::new(Shape::Json),
            FieldType::List(of) | FieldType::Set(of) => {
                let of = self.schema_of(schema).ty(of);
                let element = set.as_deref().and_then(|set| set.element.clone());
                let stage = crate::statements::stage_of(element.as_deref().or(set.as_deref()));
                Ty::list(self.read_type(schema, of, element).lifted(stage))
            }
            FieldType::Map(of) => {
                let of = self.schema_of(schema).ty(of);
                let stage = crate::statements::stage_of(set.as_deref());
                Ty::map(Ty::string(), self.read_type(schema, of, None).lifted(stage))
            }
            FieldType::Record(row) => Ty::new(Shape::Row { schema, row, set }),
        }
    }
}

fn owned(member: &Member<'_>) -> Field {
    Field {
        ty: member.ty,
        settable: member.required || member.optional,
        required: member.required,
        sensitive: member.sensitive || member.write_only,
        takes_secret: member.takes_secret(),
        nesting: member.nesting,
        deprecated: member.deprecated,
    }
}

/// What a value of this type sets.
fn set_of(ty: &Ty) -> SetTree {
    match &*ty.shape {
        Shape::Record(record) => SetTree {
            stage: ty.stage,
            fields: record.fields.iter().map(|field| (field.name, Rc::new(set_of(&field.ty)))).collect(),
            element: None,
        },
        Shape::List(of) => SetTree::of_list(ty.stage, vec![Rc::new(set_of(of))]),
        Shape::Row { set: Some(set), .. } => set.as_ref().clone(),
        _ => SetTree { stage: ty.deep_stage(), ..SetTree::default() },
    }
}
