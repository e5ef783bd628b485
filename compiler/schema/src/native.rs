//! What a native kind is made of: kinds, rows of members, and the types of fields.
//!
//! Everything here is a small copy of words in a packed file; rows and types are ids that only mean something
//! to the [`Schema`] that they came from.

use crate::Schema;

/// Who published a schema, and in which version.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Maker {
    /// The word that its kinds begin with: the tool that they are written for.
    pub target: String,
    /// What they come from, where the target has several sources: the address of a provider without a host, `hashicorp/aws`, or the
    /// name under which a project pins a file of definitions. Empty: the target itself.
    pub source: String,
    /// The version of the source.
    pub version: String,
}

impl Maker {
    /// What stands between the target and the kind where the target has several sources: `aws`. Empty: nothing.
    pub fn prefix(&self) -> &str {
        self.source.rsplit('/').next().unwrap_or_default()
    }
}

/// What a kind is used for. One name may have several roles: `aws_vpc` is a resource and a data source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Something that is created, changed and deleted.
    Resource,
    /// Something that exists already and is only read.
    Data,
    /// The configuration of the provider itself.
    Provider,
}

/// A set of members, shared by all kinds and blocks that have exactly these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Row(pub(crate) u32);

/// The type of the elements of a list, a set or a map. [`Schema::ty`] tells what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub(crate) u32);

/// The values of an enumeration. [`Schema::values`] lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ValuesId(pub(crate) u32);

/// The type of a field, as its maker published it and the overlay refined it.
///
/// The overlay scalars say how the value is spelt on the maker's side: `DurationSeconds` is a number of seconds
/// there, `DurationText` a text such as `30s`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FieldType {
    /// Text.
    String,
    /// A number, whole or not: Terraform does not tell the two apart.
    Number,
    /// A whole number.
    Int,
    /// True or false.
    Bool,
    /// Any value: a `json` leaf, a dynamic type, a part whose fields the maker left open, or a recursion.
    Any,
    /// A Kubernetes quantity: `500m`, `4Gi`.
    Quantity,
    /// A whole number or a text: a port by number or by name, `25%`.
    IntOrString,
    /// A list of elements of one type.
    List(TypeId),
    /// A set of elements of one type: no order, no element twice.
    Set(TypeId),
    /// A map from text to values of one type.
    Map(TypeId),
    /// A record: an object, or a block that may stand once.
    Record(Row),
    /// One of some texts.
    Enum(ValuesId),
    /// A text that is an IP address.
    Ip,
    /// A text that is a range of addresses.
    Cidr,
    /// A text that is a JSON document.
    Json,
    /// A text such as `300ms` or `1h30m0s`.
    DurationText,
    /// A number of milliseconds.
    DurationMilliseconds,
    /// A number of seconds.
    DurationSeconds,
    /// A number of minutes.
    DurationMinutes,
    /// A number of hours.
    DurationHours,
    /// A number of days.
    DurationDays,
    /// A number of bytes.
    SizeBytes,
    /// A number of mebibytes (2^20 bytes).
    SizeMebibytes,
    /// A number of gibibytes (2^30 bytes).
    SizeGibibytes,
}

/// How a member stands in its maker's own documents; what a user writes is told by its [`FieldType`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Nesting {
    /// An attribute (Terraform) or a plain field (Kubernetes).
    Attribute,
    /// A block that is an object when it is read.
    Single,
    /// A block that is a list when it is read, even where it may stand only once (then its type is a record).
    List,
    /// A block that is a set when it is read, even where it may stand only once (then its type is a record).
    Set,
    /// A block with one label, a map when it is read.
    Map,
}

/// A field of a kind or of a block.
///
/// A field can be set when it is `required` or `optional`, never both; one that is only `computed` is the provider's to decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member<'a> {
    /// The maker's own name of it.
    pub name: &'a str,
    /// What may stand there.
    pub ty: FieldType,
    /// It has to be set.
    pub required: bool,
    /// It may be set.
    pub optional: bool,
    /// It stands in what is written, as null where it is not set: objects are whole there.
    pub nullable: bool,
    /// The provider decides it where it is not set.
    pub computed: bool,
    /// The maker calls it sensitive: it must not be shown.
    pub sensitive: bool,
    /// What stands there may be secret and need not.
    pub admits_secret: bool,
    /// It is a nested block, not an attribute.
    pub block: bool,
    /// How the block stands with the maker; `Attribute` where `block` is false.
    pub nesting: Nesting,
    /// The least number of blocks.
    pub min: u32,
    /// The largest number of blocks; 0 is no limit.
    pub max: u32,
    /// It can be set and never be read back.
    pub write_only: bool,
    /// Its maker advises against it.
    pub deprecated: bool,
    /// The field by which elements of this list are told apart (Kubernetes: the first merge key).
    pub list_key: Option<&'a str>,
}

impl Member<'_> {
    /// Whether a secret may stand there.
    pub fn takes_secret(&self) -> bool {
        self.sensitive || self.write_only || self.admits_secret
    }
}

/// A native kind in one of its roles.
#[derive(Debug, Clone, Copy)]
pub struct Kind<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) at: u32,
}
