//! The bytes of a packed schema: u32 words, little endian, in tables that refer to each other by number.
//!
//! A file is a header, then the sections in the order of [`Section`]. Names are sorted by their text and members by
//! their name, so that numbers sort as names do; rows list their members so, and kinds are sorted by name and role.
//! A type is made of types before it and a row of rows before it, so nothing in a file can be recursive. Identical
//! members and rows stand once.

/// The first bytes of every packed schema.
pub(crate) const MAGIC: [u8; 8] = *b"infraSCH";

/// The number of this format; another number is refused.
pub(crate) const FORMAT: u32 = 1;

/// Words of the header before the table of sections: magic (2), format, length in bytes, maker, two names.
pub(crate) const HEADER_WORDS: usize = 7;
pub(crate) const HEADER_FORMAT: usize = 2;
pub(crate) const HEADER_LENGTH: usize = 3;
pub(crate) const HEADER_MAKER: usize = 4;
pub(crate) const HEADER_MAKER_NAME: usize = 5;
pub(crate) const HEADER_MAKER_VERSION: usize = 6;

/// Each section has its first word and its number of entries in the header's table.
pub(crate) const SECTION_WORDS: usize = 2;

/// The word where the first section starts.
pub(crate) const FIRST_SECTION: usize = HEADER_WORDS + SECTION_WORDS * Section::COUNT;

/// The tables of a file, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    /// Where each name starts in the text; one entry more than there are names.
    Names,
    /// The text of all names, UTF-8, padded to a word. Counted in bytes.
    Text,
    /// Two words each: tag and key, argument.
    Types,
    /// Three words each: name, type, flags with least and most.
    Members,
    /// Where each row starts among the items; one entry more than there are rows.
    Rows,
    /// Members of rows.
    Items,
    /// Where each enumeration starts among the values; one entry more than there are enumerations.
    Enums,
    /// Names of enumerations.
    Values,
    /// Three words each: name, row, role with flags and object.
    Kinds,
    /// Four words each: `apiVersion`, `kind`, plural, 1 where it lives in a namespace.
    Objects,
}

impl Section {
    pub(crate) const COUNT: usize = 10;
    pub(crate) const ALL: [Self; Self::COUNT] = [
        Self::Names,
        Self::Text,
        Self::Types,
        Self::Members,
        Self::Rows,
        Self::Items,
        Self::Enums,
        Self::Values,
        Self::Kinds,
        Self::Objects,
    ];

    /// Words of one entry. The text is counted in bytes and answers 0.
    pub(crate) const fn width(self) -> usize {
        match self {
            Self::Text => 0,
            Self::Names | Self::Rows | Self::Items | Self::Enums | Self::Values => 1,
            Self::Types => 2,
            Self::Members | Self::Kinds => 3,
            Self::Objects => 4,
        }
    }

    /// Whether the section holds starts of entries elsewhere, with one entry more for the end.
    pub(crate) const fn is_index(self) -> bool {
        matches!(self, Self::Names | Self::Rows | Self::Enums)
    }
}

/// Tags of makers in the header.
pub(crate) mod maker {
    /// Tags that stand for a target, and name the source.
    pub(crate) const KNOWN: [(u32, &str); 3] = [(0, "terraform"), (1, "kubernetes"), (2, "kubernetes")];
    /// One that names its target and has no source.
    pub(crate) const OWN: u32 = 3;
}

/// Tags of types: the low byte of a type's first word. The bytes above it are the list key's name plus one.
pub(crate) mod tag {
    pub(crate) const STRING: u32 = 0;
    pub(crate) const NUMBER: u32 = 1;
    pub(crate) const INT: u32 = 2;
    pub(crate) const BOOL: u32 = 3;
    pub(crate) const ANY: u32 = 4;
    pub(crate) const QUANTITY: u32 = 5;
    pub(crate) const INT_OR_STRING: u32 = 6;
    pub(crate) const LIST: u32 = 7;
    pub(crate) const SET: u32 = 8;
    pub(crate) const MAP: u32 = 9;
    pub(crate) const RECORD: u32 = 10;
    pub(crate) const ENUM: u32 = 11;
    pub(crate) const IP: u32 = 12;
    pub(crate) const CIDR: u32 = 13;
    pub(crate) const JSON: u32 = 14;
    pub(crate) const DURATION_TEXT: u32 = 15;
    pub(crate) const DURATION_MILLISECONDS: u32 = 16;
    pub(crate) const DURATION_SECONDS: u32 = 17;
    pub(crate) const DURATION_MINUTES: u32 = 18;
    pub(crate) const DURATION_HOURS: u32 = 19;
    pub(crate) const DURATION_DAYS: u32 = 20;
    pub(crate) const SIZE_BYTES: u32 = 21;
    pub(crate) const SIZE_MEBIBYTES: u32 = 22;
    pub(crate) const SIZE_GIBIBYTES: u32 = 23;
    pub(crate) const LAST: u32 = SIZE_GIBIBYTES;

    pub(crate) const MASK: u32 = 0xff;
    pub(crate) const KEY_SHIFT: u32 = 8;
}

/// Bits of a member's third word (what is required and optional is written as null where it is not set): 9 of flags, 7 for the least, 16 for the most number of blocks.
pub(crate) mod flag {
    pub(crate) const REQUIRED: u32 = 1;
    pub(crate) const OPTIONAL: u32 = 1 << 1;
    pub(crate) const COMPUTED: u32 = 1 << 2;
    pub(crate) const SENSITIVE: u32 = 1 << 3;
    pub(crate) const WRITE_ONLY: u32 = 1 << 4;
    pub(crate) const DEPRECATED: u32 = 1 << 5;

    pub(crate) const NESTING_SHIFT: u32 = 6;
    pub(crate) const NESTING_MASK: u32 = 7;
    pub(crate) const MIN_SHIFT: u32 = 9;
    pub(crate) const MIN_MASK: u32 = 0x7f;
    pub(crate) const MAX_SHIFT: u32 = 16;
    pub(crate) const MAX_MASK: u32 = 0xffff;
}

/// Nestings of a member.
pub(crate) mod nesting {
    pub(crate) const ATTRIBUTE: u32 = 0;
    /// An attribute in which a secret may stand and need not.
    pub(crate) const ADMITTING: u32 = 5;
    pub(crate) const SINGLE: u32 = 1;
    pub(crate) const LIST: u32 = 2;
    pub(crate) const SET: u32 = 3;
    pub(crate) const MAP: u32 = 4;
}

/// Bits of a kind's third word: role, flags, and above them the object's number plus one.
pub(crate) mod kind {
    pub(crate) const ROLE_MASK: u32 = 3;
    pub(crate) const RESOURCE: u32 = 0;
    pub(crate) const DATA: u32 = 1;
    pub(crate) const PROVIDER: u32 = 2;
    pub(crate) const DEPRECATED: u32 = 1 << 2;
    pub(crate) const OBJECT_SHIFT: u32 = 8;
}
