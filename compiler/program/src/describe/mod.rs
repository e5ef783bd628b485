//! What a kind, a platform or a native kind is: its fields, what they take and what they are for, read from its declaration or
//! from its maker's schema. Nothing is checked for it, so it answers in a program full of mistakes as well.

mod declared;
mod native;
mod text;

pub use declared::{Declared, declarations, describe_item, described_kinds, find};
pub use native::{describe_native, member_notes, type_text};
pub use text::{as_markdown, as_text};

/// Where a kind is implemented.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Implemented {
    /// `aws`
    pub platform: String,
    /// `std/server.infra:75`
    pub place: String,
    /// The outputs that it has there beside those of the kind.
    pub more: Vec<String>,
}

/// What a kind or a platform is.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Described {
    /// `server`, `terraform.aws_s3_bucket`, `kubernetes.deployment.spec`
    pub name: String,
    /// `a kind of the standard library`
    pub what: String,
    /// Whether it is its maker's.
    pub native: bool,
    /// What it is for, without its example.
    pub docs: String,
    /// A program that makes one.
    pub example: Option<String>,
    pub fields: Vec<Field>,
    /// What others may read of it.
    pub outputs: Vec<Field>,
    pub implemented: Vec<Implemented>,
    /// The types that its fields name, as they are declared.
    pub types: Vec<(String, String)>,
    /// What to ask next.
    pub more: Vec<String>,
    /// Its name where it is declared.
    pub place: Option<source::Place>,
}

/// A field or an output.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Field {
    pub name: String,
    /// As it is declared: `range<int>`.
    pub ty: String,
    pub default: Option<String>,
    /// Whether it has to be given.
    pub required: bool,
    pub docs: String,
    /// What its value must be, in words.
    pub rule: Option<String>,
    /// The kind that it comes from, where that is another.
    pub from: Option<String>,
    /// Its name where it is declared.
    pub place: Option<source::Place>,
}
