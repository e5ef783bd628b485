//! The tree that every maker's document is read into before it is packed.

use crate::Nesting;
use crate::layout::tag;

/// A kind with all of its fields written out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NativeKind {
    pub(crate) name: String,
    pub(crate) role: crate::Role,
    pub(crate) deprecated: bool,
    pub(crate) fields: Vec<Field>,
    pub(crate) object: Option<Object>,
}

/// How a Kubernetes kind is called by its API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Object {
    pub(crate) api_version: String,
    pub(crate) kind: String,
    pub(crate) plural: String,
    pub(crate) namespaced: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) shape: Shape,
    pub(crate) required: bool,
    pub(crate) optional: bool,
    pub(crate) computed: bool,
    pub(crate) sensitive: bool,
    /// What stands there may be secret and need not.
    pub(crate) admits_secret: bool,
    pub(crate) write_only: bool,
    pub(crate) deprecated: bool,
    pub(crate) nesting: Nesting,
    pub(crate) min: u64,
    pub(crate) max: u64,
}

impl Field {
    /// A plain field that may be set.
    pub(crate) fn optional(name: impl Into<String>, shape: Shape) -> Self {
        Self {
            name: name.into(),
            shape,
            required: false,
            optional: true,
            computed: false,
            sensitive: false,
            admits_secret: false,
            write_only: false,
            deprecated: false,
            nesting: Nesting::Attribute,
            min: 0,
            max: 0,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shape {
    Scalar(Scalar),
    Enum(Vec<String>),
    List { of: Box<Shape>, key: Option<String> },
    Set(Box<Shape>),
    Map(Box<Shape>),
    Record(Vec<Field>),
}

impl Shape {
    pub(crate) const ANY: Self = Self::Scalar(Scalar::Any);

    pub(crate) fn list(of: Shape) -> Self {
        Self::List { of: Box::new(of), key: None }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scalar {
    String,
    Number,
    Int,
    Bool,
    Any,
    Quantity,
    IntOrString,
    Ip,
    Cidr,
    Json,
    DurationText,
    DurationMilliseconds,
    DurationSeconds,
    DurationMinutes,
    DurationHours,
    DurationDays,
    SizeBytes,
    SizeMebibytes,
    SizeGibibytes,
}

impl Scalar {
    pub(crate) fn tag(self) -> u32 {
        match self {
            Self::String => tag::STRING,
            Self::Number => tag::NUMBER,
            Self::Int => tag::INT,
            Self::Bool => tag::BOOL,
            Self::Any => tag::ANY,
            Self::Quantity => tag::QUANTITY,
            Self::IntOrString => tag::INT_OR_STRING,
            Self::Ip => tag::IP,
            Self::Cidr => tag::CIDR,
            Self::Json => tag::JSON,
            Self::DurationText => tag::DURATION_TEXT,
            Self::DurationMilliseconds => tag::DURATION_MILLISECONDS,
            Self::DurationSeconds => tag::DURATION_SECONDS,
            Self::DurationMinutes => tag::DURATION_MINUTES,
            Self::DurationHours => tag::DURATION_HOURS,
            Self::DurationDays => tag::DURATION_DAYS,
            Self::SizeBytes => tag::SIZE_BYTES,
            Self::SizeMebibytes => tag::SIZE_MEBIBYTES,
            Self::SizeGibibytes => tag::SIZE_GIBIBYTES,
        }
    }
}
