//! Types: a shape, a stage (known, later, secret) and whether the value may be absent. Stage sits on leaves; a collection has
//! a stage of its own, which says whether its length and keys are known.

use std::fmt::Write as _;
use std::rc::Rc;

use bigdecimal::BigDecimal;
use schema::{FieldType, Row};
use source::{Name, Told};
use value::Value;

use crate::checked::{KindId, PlatformId, SchemaId, StatementId};
use crate::code::Scalar;

/// When a value is known: to the compiler, only after something was applied, or never to anybody who looks.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Default)]
pub enum Stage {
    #[default]
    Known,
    Later,
    Secret,
}

impl Stage {
    /// What the language calls it.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Known => "known",
            Stage::Later => "later",
            Stage::Secret => "secret",
        }
    }
}

/// A type.
#[derive(Clone, PartialEq, Debug)]
pub struct Ty {
    pub shape: Rc<Shape>,
    pub stage: Stage,
    /// `T?`
    pub optional: bool,
    /// `secret T` takes secrets only; `later secret T` takes what is known as well.
    pub sealed: bool,
}

/// The shape of a type, without stage and presence.
#[derive(Clone, PartialEq, Debug)]
pub enum Shape {
    /// A mistake was told; fits everywhere.
    Unknown(Told),
    /// The type of `none`.
    None,
    /// The type of `null`.
    Null,
    Scalar(Scalar),
    Literal(Value),
    Union(Vec<Ty>),
    List(Ty),
    Map {
        key: Ty,
        value: Ty,
    },
    Record(Rc<RecordTy>),
    Tagged(Rc<TaggedTy>),
    Range(Ty),
    /// A reference to an instance of a declared kind; `platform` when it can stand on one platform only.
    Instance {
        kind: KindId,
        platform: Option<PlatformId>,
        statement: Option<StatementId>,
    },
    /// A reference to an instance of a native kind.
    Native(Rc<NativeTy>),
    /// A record of a native kind: the row of its schema, and what the instance itself sets there.
    Row {
        schema: SchemaId,
        row: Row,
        set: Option<Rc<SetTree>>,
    },
    Endpoint,
    Flow,
    /// Whatever may stand beside `->`.
    Ends,
    Platform(Option<PlatformId>),
    Environment,
    /// Any value: a JSON document.
    Json,
    /// The elements of `[for … by k: e]`.
    By(Ty, Ty),
    /// A type variable of a built-in's signature.
    Variable(char),
}

/// A record type.
#[derive(Clone, PartialEq, Debug)]
pub struct RecordTy {
    pub fields: Vec<FieldTy>,
}

/// A field of a record type.
#[derive(Clone, PartialEq, Debug)]
pub struct FieldTy {
    pub name: Name,
    pub ty: Ty,
    /// Given when the field is left out.
    pub default: Option<Rc<crate::code::Code>>,
}

impl PartialEq for crate::code::Code {
    fn eq(&self, other: &Self) -> bool {
        self.place == other.place
    }
}

/// A tagged union.
#[derive(Clone, PartialEq, Debug)]
pub struct TaggedTy {
    pub name: Name,
    pub cases: Vec<(Name, Vec<Ty>)>,
}

/// An instance of a native kind.
#[derive(Clone, PartialEq, Debug)]
pub struct NativeTy {
    pub schema: SchemaId,
    pub row: Row,
    /// As the user writes it: `terraform.aws_vpc`.
    pub shown: Name,
    /// What the statement sets, which reads back as it was set.
    pub statement: Option<StatementId>,
}

/// Which parts of a native body are set by the instance, and when they are known.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct SetTree {
    pub stage: Stage,
    pub fields: Vec<(Name, Rc<SetTree>)>,
    /// Of a list: what each of its elements sets.
    pub element: Option<Rc<SetTree>>,
}

impl SetTree {
    /// The part below a field.
    pub fn field(&self, name: Name) -> Option<&Rc<SetTree>> {
        self.fields.iter().find(|field| field.0 == name).map(|field| &field.1)
    }
}

impl Ty {
    /// A known, present type of this shape.
    pub fn new(shape: Shape) -> Self {
        Self { shape: Rc::new(shape), stage: Stage::Known, optional: false, sealed: false }
    }
    pub fn scalar(scalar: Scalar) -> Self {
        Self::new(Shape::Scalar(scalar))
    }
    pub fn string() -> Self {
        Self::scalar(Scalar::String)
    }
    pub fn int() -> Self {
        Self::scalar(Scalar::Int)
    }
    pub fn bool() -> Self {
        Self::scalar(Scalar::Bool)
    }
    pub fn unknown(told: Told) -> Self {
        Self::new(Shape::Unknown(told))
    }
    pub fn list(of: Ty) -> Self {
        Self::new(Shape::List(of))
    }
    pub fn map(key: Ty, value: Ty) -> Self {
        Self::new(Shape::Map { key, value })
    }
    /// The same type at this stage, or at its own when that is later.
    #[must_use]
    pub fn at(mut self, stage: Stage) -> Self {
        self.stage = self.stage.max(stage);
        self
    }
    /// The same type, which takes secrets only or what is known as well.
    #[must_use]
    pub fn sealed(mut self, sealed: bool) -> Self {
        self.sealed = sealed;
        self
    }
    /// The same type, perhaps absent.
    #[must_use]
    pub fn maybe(mut self) -> Self {
        self.optional = true;
        self
    }
    /// The same type, surely present.
    #[must_use]
    pub fn present(mut self) -> Self {
        self.optional = false;
        self
    }
    pub fn is_unknown(&self) -> bool {
        matches!(*self.shape, Shape::Unknown(_))
    }
    /// The latest stage of it and of all its parts.
    pub fn deep_stage(&self) -> Stage {
        let inner = match &*self.shape {
            Shape::List(of) | Shape::Range(of) => of.deep_stage(),
            Shape::Map { key, value } | Shape::By(key, value) => key.deep_stage().max(value.deep_stage()),
            Shape::Record(record) => record.fields.iter().map(|field| field.ty.deep_stage()).max().unwrap_or_default(),
            Shape::Union(parts) => parts.iter().map(Ty::deep_stage).max().unwrap_or_default(),
            Shape::Tagged(tagged) => {
                tagged.cases.iter().flat_map(|case| &case.1).map(Ty::deep_stage).max().unwrap_or_default()
            }
            Shape::Row { set, .. } => set.as_ref().map_or(Stage::Later, |set| set.deep()),
            Shape::Unknown(_)
            | Shape::None
            | Shape::Null
            | Shape::Scalar(_)
            | Shape::Literal(_)
            | Shape::Instance { .. }
            | Shape::Native(_)
            | Shape::Endpoint
            | Shape::Flow
            | Shape::Ends
            | Shape::Platform(_)
            | Shape::Environment
            | Shape::Json
            | Shape::Variable(_) => Stage::Known,
        };
        self.stage.max(inner)
    }
    /// The same type with all its leaves at least at this stage.
    #[must_use]
    pub fn lifted(&self, stage: Stage) -> Ty {
        if stage == Stage::Known {
            return self.clone();
        }
        let shape = match &*self.shape {
            Shape::List(of) => Shape::List(of.lifted(stage)),
            Shape::Map { key, value } => Shape::Map { key: key.clone(), value: value.lifted(stage) },
            Shape::Record(record) => Shape::Record(Rc::new(RecordTy {
                fields: record
                    .fields
                    .iter()
                    .map(|field| FieldTy { ty: field.ty.lifted(stage), ..field.clone() })
                    .collect(),
            })),
            _ => {
                return Ty {
                    shape: self.shape.clone(),
                    stage: if self.is_reference() { self.stage } else { self.stage.max(stage) },
                    ..self.clone()
                };
            }
        };
        Ty { shape: Rc::new(shape), ..self.clone() }
    }
    /// The same type with the stages of what was found, part by part.
    #[must_use]
    pub fn staged_like(&self, found: &Ty) -> Ty {
        let shape = match (&*self.shape, &*found.shape) {
            (_, Shape::Unknown(_) | Shape::None) => return self.clone(),
            (Shape::List(of), Shape::List(given)) => Shape::List(of.staged_like(given)),
            (Shape::Range(of), Shape::Range(given)) => Shape::Range(of.staged_like(given)),
            (Shape::Map { key, value }, Shape::Map { value: given, .. }) => {
                Shape::Map { key: key.clone(), value: value.staged_like(given) }
            }
            (Shape::Map { key, value }, Shape::Record(given)) => {
                let value = given.fields.iter().fold(value.clone(), |value, field| value.staged_like(&field.ty));
                Shape::Map { key: key.clone(), value }
            }
            (Shape::Record(record), Shape::Record(given)) => {
                let staged = |field: &FieldTy| match given.fields.iter().find(|other| other.name == field.name) {
                    Some(other) => FieldTy { ty: field.ty.staged_like(&other.ty), ..field.clone() },
                    None => field.clone(),
                };
                Shape::Record(Rc::new(RecordTy { fields: record.fields.iter().map(staged).collect() }))
            }
            _ => return self.lifted(found.deep_stage()),
        };
        Ty { shape: Rc::new(shape), stage: self.stage.max(found.stage), ..self.clone() }
    }
    /// References to what exists are always known.
    pub fn is_reference(&self) -> bool {
        matches!(
            *self.shape,
            Shape::Instance { .. }
                | Shape::Native(_)
                | Shape::Endpoint
                | Shape::Flow
                | Shape::Platform(_)
                | Shape::Environment
        )
    }
    /// The kind when this is an instance of a declared kind.
    pub fn kind(&self) -> Option<KindId> {
        match &*self.shape {
            Shape::Instance { kind, .. } => Some(*kind),
            _ => None,
        }
    }
    /// The scalar that a literal type or a scalar is.
    pub fn as_scalar(&self) -> Option<Scalar> {
        match &*self.shape {
            Shape::Scalar(scalar) => Some(*scalar),
            Shape::Literal(value) => scalar_of(value),
            Shape::Union(parts) => {
                let mut scalars = parts.iter().map(Ty::as_scalar);
                let first = scalars.next()??;
                scalars.all(|scalar| scalar == Some(first)).then_some(first)
            }
            Shape::Environment => Some(Scalar::String),
            _ => None,
        }
    }
}

impl SetTree {
    /// The latest stage in it.
    pub fn deep(&self) -> Stage {
        let parts = self.fields.iter().map(|field| &field.1).chain(&self.element);
        parts.map(|part| part.deep()).max().unwrap_or_default().max(self.stage)
    }

    /// What a list sets: `stage` is when its length is known, `elements` what each part of it sets.
    pub fn of_list(stage: Stage, elements: Vec<Rc<SetTree>>) -> Self {
        let element = elements.into_iter().reduce(|left, right| Rc::new(left.in_both(&right)));
        Self { stage, fields: Vec::new(), element }
    }

    /// What two blocks both set.
    fn in_both(&self, other: &SetTree) -> Self {
        let fields = self.fields.iter().filter_map(|(name, set)| {
            let also = other.field(*name)?;
            Some((*name, Rc::new(set.in_both(also))))
        });
        let element = self.element.as_ref().zip(other.element.as_ref());
        Self {
            stage: self.stage.max(other.stage),
            fields: fields.collect(),
            element: element.map(|(left, right)| Rc::new(left.in_both(right))),
        }
    }
}

/// The scalar type of a scalar value.
pub fn scalar_of(value: &Value) -> Option<Scalar> {
    Some(match value {
        Value::Bool(_) => Scalar::Bool,
        Value::Int(_) => Scalar::Int,
        Value::Decimal(_) => Scalar::Decimal,
        Value::Ratio(_) => Scalar::Ratio,
        Value::Text(_) => Scalar::String,
        Value::Size(_) => Scalar::Size,
        Value::Duration(_) => Scalar::Duration,
        Value::Ip(_) => Scalar::Ip,
        Value::Cidr(_) => Scalar::Cidr,
        Value::Port { .. } => Scalar::Port,
        Value::Date(_) => Scalar::Date,
        Value::Absent
        | Value::Null
        | Value::Unknown(_)
        | Value::List(_)
        | Value::Record(_)
        | Value::Map(_)
        | Value::Tagged { .. }
        | Value::Range(..)
        | Value::Instance(_)
        | Value::Endpoint(..)
        | Value::Flow { .. }
        | Value::Platform { .. }
        | Value::Ref { .. }
        | Value::Op { .. } => return None,
    })
}

impl Scalar {
    /// What the language calls it.
    pub fn name(self) -> &'static str {
        match self {
            Scalar::Bool => "bool",
            Scalar::Int => "int",
            Scalar::Decimal => "decimal",
            Scalar::String => "string",
            Scalar::Image => "image",
            Scalar::Url => "url",
            Scalar::Version => "version",
            Scalar::Cron => "cron",
            Scalar::Promql => "promql",
            Scalar::Duration => "duration",
            Scalar::Size => "size",
            Scalar::Ratio => "ratio",
            Scalar::Ip => "ip",
            Scalar::Cidr => "cidr",
            Scalar::Port => "port",
            Scalar::Date => "date",
        }
    }
    /// All scalars, in the order of the reference.
    pub const ALL: [Scalar; 16] = [
        Scalar::Bool,
        Scalar::Int,
        Scalar::Decimal,
        Scalar::String,
        Scalar::Image,
        Scalar::Url,
        Scalar::Version,
        Scalar::Cron,
        Scalar::Promql,
        Scalar::Duration,
        Scalar::Size,
        Scalar::Ratio,
        Scalar::Ip,
        Scalar::Cidr,
        Scalar::Port,
        Scalar::Date,
    ];
    /// The scalar with this name.
    pub fn named(name: &str) -> Option<Scalar> {
        Self::ALL.into_iter().find(|scalar| scalar.name() == name)
    }
    /// Kept as a text in the store.
    pub fn is_text(self) -> bool {
        matches!(self, Scalar::String | Scalar::Image | Scalar::Url | Scalar::Version | Scalar::Cron | Scalar::Promql)
    }
}

/// How a type is shown in a message. `kind` gives the names of kinds and platforms.
pub fn show(ty: &Ty, kind: &dyn Fn(KindId) -> Name, platform: &dyn Fn(PlatformId) -> Name) -> String {
    let mut text = match ty.stage {
        Stage::Known => String::new(),
        Stage::Later => "later ".to_owned(),
        Stage::Secret => "secret ".to_owned(),
    };
    match &*ty.shape {
        Shape::Unknown(_) => text.push_str("unknown"),
        Shape::None => text.push_str("none"),
        Shape::Null => text.push_str("null"),
        Shape::Scalar(scalar) => text.push_str(scalar.name()),
        Shape::Literal(value) => match value {
            Value::Text(literal) => {
                let _ = write!(text, "\"{literal}\"");
            }
            Value::Int(number) => {
                let _ = write!(text, "{number}");
            }
            Value::Bool(truth) => {
                let _ = write!(text, "{truth}");
            }
            Value::Decimal(number) => text.push_str(&value::number_text(number)),
            Value::Ratio(number) => {
                let _ = write!(text, "{}%", value::number_text(&(number * BigDecimal::from(100))));
            }
            Value::Size(bytes) => text.push_str(&value::size_text(*bytes)),
            Value::Duration(nanoseconds) => text.push_str(&value::duration_text(*nanoseconds)),
            Value::Ip(address) => {
                let _ = write!(text, "{address}");
            }
            Value::Cidr(range) => {
                let _ = write!(text, "{range}");
            }
            other => {
                let _ = write!(text, "one {}", scalar_of(other).map_or("value", Scalar::name));
            }
        },
        Shape::Union(parts) => {
            let parts: Vec<String> = parts.iter().map(|part| show(part, kind, platform)).collect();
            text.push_str(&parts.join(" | "));
        }
        Shape::List(of) => {
            let _ = write!(text, "[{}]", show(of, kind, platform));
        }
        Shape::Map { key, value } => {
            let _ = write!(text, "{{{}: {}}}", show(key, kind, platform), show(value, kind, platform));
        }
        Shape::Record(record) => {
            let fields: Vec<String> = record
                .fields
                .iter()
                .take(6)
                .map(|field| {
                    format!(
                        "{}: {}{}",
                        field.name,
                        show(&field.ty, kind, platform),
                        if field.default.is_some() { " = …" } else { "" }
                    )
                })
                .collect();
            let _ = write!(text, "{{ {}{} }}", fields.join(", "), if record.fields.len() > 6 { ", …" } else { "" });
        }
        Shape::Tagged(tagged) => text.push_str(tagged.name.text()),
        Shape::Range(of) => {
            let _ = write!(text, "range<{}>", show(of, kind, platform));
        }
        Shape::Instance { kind: id, .. } => text.push_str(kind(*id).text()),
        Shape::Native(native) => text.push_str(native.shown.text()),
        Shape::Row { .. } => text.push_str("record of a native kind"),
        Shape::Endpoint => text.push_str("endpoint"),
        Shape::Flow => text.push_str("flow"),
        Shape::Ends => text.push_str("ends"),
        Shape::Platform(Some(id)) => {
            let _ = write!(text, "platform {}", platform(*id));
        }
        Shape::Platform(None) => text.push_str("platform"),
        Shape::Environment => text.push_str("environment"),
        Shape::Json => text.push_str("json"),
        Shape::By(key, value) => {
            let _ = write!(text, "by {}: {}", show(key, kind, platform), show(value, kind, platform));
        }
        Shape::Variable(letter) => text.push(*letter),
    }
    if ty.optional {
        if matches!(&*ty.shape, Shape::Union(_)) {
            return format!("({text})?");
        }
        text.push('?');
    }
    text
}

/// `an int`, `a string`.
pub fn with_article(text: &str) -> String {
    let article = if text.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {text}")
}

/// What a native field is called in a message.
pub fn field_type_name(field: FieldType) -> &'static str {
    match field {
        FieldType::String => "string",
        FieldType::Number => "number",
        FieldType::Int => "int",
        FieldType::Bool => "bool",
        FieldType::Any | FieldType::Json => "json",
        FieldType::Quantity => "quantity",
        FieldType::IntOrString => "int or string",
        FieldType::List(_) => "list",
        FieldType::Set(_) => "set",
        FieldType::Map(_) => "map",
        FieldType::Record(_) => "record",
        FieldType::Enum(_) => "one of its values",
        FieldType::Ip => "ip",
        FieldType::Cidr => "cidr",
        FieldType::DurationText
        | FieldType::DurationMilliseconds
        | FieldType::DurationSeconds
        | FieldType::DurationMinutes
        | FieldType::DurationHours
        | FieldType::DurationDays => "duration",
        FieldType::SizeBytes | FieldType::SizeMebibytes | FieldType::SizeGibibytes => "size",
    }
}
