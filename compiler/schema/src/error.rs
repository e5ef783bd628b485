//! What can be wrong with a packed schema, or with the document that one is made from.

use std::fmt;

/// Why bytes are not a schema that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemaError {
    /// The file is something else altogether.
    NotASchema,
    /// The file was packed in a format that this infrac does not read.
    OtherFormat {
        /// The format's number in the file.
        found: u32,
    },
    /// The file is cut or damaged.
    Broken {
        /// What does not hold, in a few words.
        what: &'static str,
    },
    /// A maker's document cannot be packed.
    Document {
        /// Where in the document: a kind, a path, a file.
        place: String,
        /// What is wrong there.
        what: String,
    },
    /// A line of an overlay cannot be read.
    Overlay {
        /// The line's number, from 1.
        line: usize,
        /// What is wrong with it.
        what: String,
    },
}

impl SchemaError {
    /// What the user can do about it, as one line.
    pub fn help(&self) -> &'static str {
        match self {
            Self::NotASchema => "make one with `infrac schema add`",
            Self::OtherFormat { .. } | Self::Broken { .. } => "make the file again with `infrac schema add`",
            Self::Document { .. } => "give the document as its maker published it",
            Self::Overlay { .. } => "write lines of the form `kind.field = cidr`",
        }
    }
}

impl fmt::Display for SchemaError {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotASchema => write!(to, "this file is not a packed schema"),
            Self::OtherFormat { found } => {
                write!(to, "this schema is packed in format {found}, which is not read here")
            }
            Self::Broken { what } => write!(to, "the packed schema is damaged: {what}"),
            Self::Document { place, what } => write!(to, "cannot pack `{place}`: {what}"),
            Self::Overlay { line, what } => write!(to, "line {line} of the overlay: {what}"),
        }
    }
}

impl std::error::Error for SchemaError {}
