//! Opening a packed schema and looking things up in it, in place.
//!
//! `check.rs` has been over every offset before a [`Schema`] exists, so the readers below never meet a bad one;
//! where a reader still has to answer something for a word that is not there, it answers zero or an empty text.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use crate::layout::{self, Section, flag, kind, maker, nesting, tag};
use crate::{FieldType, Kind, Maker, Member, Nesting, Role, Row, SchemaError, TypeId, ValuesId, check};

/// A packed schema that was found sound. Cheap to clone.
#[derive(Clone)]
pub struct Schema {
    bytes: Bytes,
    sections: Sections,
}

#[derive(Clone)]
enum Bytes {
    Static(&'static [u8]),
    Shared(Arc<[u8]>),
}

impl Bytes {
    fn as_slice(&self) -> &[u8] {
        match self {
            Self::Static(bytes) => bytes,
            Self::Shared(bytes) => bytes,
        }
    }
}

/// Start (in bytes) and number of entries of each section.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sections(pub(crate) [(usize, usize); Section::COUNT]);

impl Sections {
    pub(crate) fn start(&self, section: Section) -> usize {
        self.0[section as usize].0
    }

    pub(crate) fn count(&self, section: Section) -> usize {
        self.0[section as usize].1
    }
}

impl Schema {
    /// Opens a packed schema. Every offset is checked here, once.
    pub fn open(bytes: impl Into<Cow<'static, [u8]>>) -> Result<Self, SchemaError> {
        let bytes = match bytes.into() {
            Cow::Borrowed(bytes) => Bytes::Static(bytes),
            Cow::Owned(bytes) => Bytes::Shared(bytes.into()),
        };
        let sections = check::check(bytes.as_slice())?;
        Ok(Self { bytes, sections })
    }

    /// The packed bytes: what was opened.
    pub fn bytes(&self) -> &[u8] {
        self.bytes.as_slice()
    }

    /// Who published it.
    pub fn maker(&self) -> Maker {
        let name = self.name(self.header(layout::HEADER_MAKER_NAME));
        let tag = self.header(layout::HEADER_MAKER);
        // A maker of one source says its target where others say their source.
        let (target, source) =
            maker::KNOWN.iter().find(|known| known.0 == tag).map_or((name, ""), |known| (known.1, name));
        let version = self.name(self.header(layout::HEADER_MAKER_VERSION));
        Maker { target: target.to_owned(), source: source.to_owned(), version: version.to_owned() }
    }

    /// The kind of this name in this role, the name as users write it after the dot: `aws_instance`, `deployment`.
    /// The provider's own configuration has the provider's name: `aws`.
    pub fn kind(&self, name: &str, role: Role) -> Option<Kind<'_>> {
        let wanted = (name.as_bytes(), role);
        let at = self.search(0, self.sections.count(Section::Kinds), |at| {
            let kind = Kind { schema: self, at };
            (self.name_bytes(kind.word(0)), kind.role()).cmp(&wanted)
        })?;
        Some(Kind { schema: self, at })
    }

    /// All kinds, by name, then by role.
    pub fn kinds(&self) -> impl Iterator<Item = Kind<'_>> {
        (0..self.sections.count(Section::Kinds) as u32).map(|at| Kind { schema: self, at })
    }

    /// The members of a row, by name.
    pub fn members(&self, row: Row) -> impl Iterator<Item = Member<'_>> {
        let (start, end) = self.span(Section::Rows, row.0);
        (start..end).map(|at| self.member_at(self.entry(Section::Items, at, 0)))
    }

    /// The member of this name.
    pub fn member(&self, row: Row, name: &str) -> Option<Member<'_>> {
        let (start, end) = self.span(Section::Rows, row.0);
        let at = self.search(start as usize, end as usize, |at| {
            let member = self.entry(Section::Items, at, 0);
            self.name_bytes(self.entry(Section::Members, member, 0)).cmp(name.as_bytes())
        })?;
        Some(self.member_at(self.entry(Section::Items, at, 0)))
    }

    /// What a type is.
    pub fn ty(&self, id: TypeId) -> FieldType {
        let argument = self.entry(Section::Types, id.0, 1);
        match self.entry(Section::Types, id.0, 0) & tag::MASK {
            tag::STRING => FieldType::String,
            tag::NUMBER => FieldType::Number,
            tag::INT => FieldType::Int,
            tag::BOOL => FieldType::Bool,
            tag::QUANTITY => FieldType::Quantity,
            tag::INT_OR_STRING => FieldType::IntOrString,
            tag::LIST => FieldType::List(TypeId(argument)),
            tag::SET => FieldType::Set(TypeId(argument)),
            tag::MAP => FieldType::Map(TypeId(argument)),
            tag::RECORD => FieldType::Record(Row(argument)),
            tag::ENUM => FieldType::Enum(ValuesId(argument)),
            tag::IP => FieldType::Ip,
            tag::CIDR => FieldType::Cidr,
            tag::JSON => FieldType::Json,
            tag::DURATION_TEXT => FieldType::DurationText,
            tag::DURATION_MILLISECONDS => FieldType::DurationMilliseconds,
            tag::DURATION_SECONDS => FieldType::DurationSeconds,
            tag::DURATION_MINUTES => FieldType::DurationMinutes,
            tag::DURATION_HOURS => FieldType::DurationHours,
            tag::DURATION_DAYS => FieldType::DurationDays,
            tag::SIZE_BYTES => FieldType::SizeBytes,
            tag::SIZE_MEBIBYTES => FieldType::SizeMebibytes,
            tag::SIZE_GIBIBYTES => FieldType::SizeGibibytes,
            _ => FieldType::Any,
        }
    }

    /// The values of an enumeration, in the maker's order.
    pub fn values(&self, id: ValuesId) -> impl Iterator<Item = &str> {
        let (start, end) = self.span(Section::Enums, id.0);
        (start..end).map(|at| self.name(self.entry(Section::Values, at, 0)))
    }

    fn member_at(&self, member: u32) -> Member<'_> {
        let ty = self.entry(Section::Members, member, 1);
        let word = self.entry(Section::Members, member, 2);
        let is = |flag: u32| word & flag != 0;
        let nesting = match (word >> flag::NESTING_SHIFT) & flag::NESTING_MASK {
            nesting::SINGLE => Nesting::Single,
            nesting::LIST => Nesting::List,
            nesting::SET => Nesting::Set,
            nesting::MAP => Nesting::Map,
            _ => Nesting::Attribute,
        };
        let key = self.entry(Section::Types, ty, 0) >> tag::KEY_SHIFT;
        let (required, optional) = (is(flag::REQUIRED), is(flag::OPTIONAL));
        Member {
            name: self.name(self.entry(Section::Members, member, 0)),
            ty: self.ty(TypeId(ty)),
            required: required && !optional,
            optional,
            nullable: required && optional,
            computed: is(flag::COMPUTED),
            sensitive: is(flag::SENSITIVE),
            admits_secret: (word >> flag::NESTING_SHIFT) & flag::NESTING_MASK == nesting::ADMITTING,
            block: nesting != Nesting::Attribute,
            nesting,
            min: (word >> flag::MIN_SHIFT) & flag::MIN_MASK,
            max: (word >> flag::MAX_SHIFT) & flag::MAX_MASK,
            write_only: is(flag::WRITE_ONLY),
            deprecated: is(flag::DEPRECATED),
            list_key: key.checked_sub(1).map(|name| self.name(name)),
        }
    }

    fn header(&self, at: usize) -> u32 {
        word(self.bytes(), at * 4)
    }

    /// Word `part` of an entry.
    fn entry(&self, section: Section, at: u32, part: usize) -> u32 {
        word(self.bytes(), self.sections.start(section) + (at as usize * section.width() + part) * 4)
    }

    fn span(&self, index: Section, at: u32) -> (u32, u32) {
        (self.entry(index, at, 0), self.entry(index, at + 1, 0))
    }

    fn name_bytes(&self, name: u32) -> &[u8] {
        let (start, end) = self.span(Section::Names, name);
        let text = self.sections.start(Section::Text);
        self.bytes().get(text + start as usize..text + end as usize).unwrap_or_default()
    }

    fn name(&self, name: u32) -> &str {
        std::str::from_utf8(self.name_bytes(name)).unwrap_or_default()
    }

    fn search(&self, mut low: usize, mut high: usize, order: impl Fn(u32) -> Ordering) -> Option<u32> {
        while low < high {
            let middle = low + (high - low) / 2;
            match order(middle as u32) {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                Ordering::Equal => return Some(middle as u32),
            }
        }
        None
    }
}

impl std::fmt::Debug for Schema {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.debug_struct("Schema").field("maker", &self.maker()).finish_non_exhaustive()
    }
}

impl<'a> Kind<'a> {
    /// The name as users write it: `aws_instance`, `network_policy`.
    pub fn name(&self) -> &'a str {
        self.schema.name(self.word(0))
    }

    /// What it is used for.
    pub fn role(&self) -> Role {
        match self.word(2) & kind::ROLE_MASK {
            kind::DATA => Role::Data,
            kind::PROVIDER => Role::Provider,
            _ => Role::Resource,
        }
    }

    /// Its members.
    pub fn row(&self) -> Row {
        Row(self.word(1))
    }

    /// Its maker advises against it.
    pub fn deprecated(&self) -> bool {
        self.word(2) & kind::DEPRECATED != 0
    }

    /// Kubernetes: what stands under `apiVersion`, `apps/v1`. Empty for Terraform, as are the two below.
    pub fn api_version(&self) -> &'a str {
        self.object_name(0)
    }

    /// Kubernetes: what stands under `kind`, `NetworkPolicy`.
    pub fn kind_name(&self) -> &'a str {
        self.object_name(1)
    }

    /// Kubernetes: the name in paths, `networkpolicies`.
    pub fn plural(&self) -> &'a str {
        self.object_name(2)
    }

    /// Kubernetes: its objects live in a namespace.
    pub fn namespaced(&self) -> bool {
        self.object().is_some_and(|object| self.schema.entry(Section::Objects, object, 3) != 0)
    }

    fn word(&self, part: usize) -> u32 {
        self.schema.entry(Section::Kinds, self.at, part)
    }

    fn object(&self) -> Option<u32> {
        (self.word(2) >> kind::OBJECT_SHIFT).checked_sub(1)
    }

    fn object_name(&self, part: usize) -> &'a str {
        match self.object() {
            Some(object) => self.schema.name(self.schema.entry(Section::Objects, object, part)),
            None => "",
        }
    }
}

/// The word at a byte offset; 0 past the end.
pub(crate) fn word(bytes: &[u8], at: usize) -> u32 {
    match bytes.get(at..at + 4) {
        Some(&[a, b, c, d]) => u32::from_le_bytes([a, b, c, d]),
        _ => 0,
    }
}
