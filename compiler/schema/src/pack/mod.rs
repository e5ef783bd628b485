//! Makes packed schemas: bytes in, bytes out. Descriptions are their makers' prose and are left behind.
//!
//! Each maker's document becomes a tree of kinds (`tree.rs`), the overlay refines its leaves (`overlay.rs`), and
//! one writer shares what is identical (`write.rs`).

pub mod terraform;

mod crds;
mod openapi;

mod kubernetes;
mod own;
mod structural;

mod overlay;
mod tree;
mod write;

pub use crds::pack_crds;
pub use openapi::{Document, pack_openapi};
pub use overlay::Overlay;
pub use own::pack_own;
pub use terraform::pack_terraform;

/// A schema that was packed, with what is worth telling about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// The file's content, as [`crate::Schema::open`] takes it.
    pub bytes: Vec<u8>,
    /// Kinds, counted in each of their roles.
    pub kinds: usize,
    /// Rows before sharing: kinds, blocks and records.
    pub blocks: usize,
    /// Rows that differ.
    pub rows: usize,
    /// Members that differ.
    pub members: usize,
    /// Lines of the overlay that refined nothing, from 1: a misspelling, or another version of the schema.
    pub unmatched: Vec<usize>,
}
