//! The print of a graph: equal for two programs that make the same, whatever their comments, files and order of statements are.

use sha2::{Digest, Sha256};

use crate::Graph;

impl Graph {
    /// SHA-256 of what the graph holds. Places are no part of it, nor is the order of statements: where something has to wait there
    /// is an edge.
    pub fn print(&self) -> [u8; 32] {
        Sha256::digest(crate::save::text(self, false).as_bytes()).into()
    }
}
