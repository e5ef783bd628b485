//! What an editor asks, one file a feature: a text and offsets in, plain data out. Nothing here knows a protocol, and all
//! offsets are bytes from the beginning of a file.

pub mod completion;
pub mod definition;
pub mod fixes;
pub mod folding;
pub mod formatting;
pub mod hover;
pub mod links;
pub mod outline;
pub mod resolve;
pub mod selection;
pub mod signature;
pub mod symbols;
pub mod tokens;

mod calls;
mod context;
mod key;
mod names;
mod own;
mod page;
mod places;
mod shape;
mod word;

use program::Program;
use program::cut::CutFile;

/// What a question is about.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The program as it was read last: its text of the file may be older.
    pub program: &'a Program,
    /// The file's path in the project, with `/`.
    pub path: &'a str,
    /// The file as it is now.
    pub file: &'a CutFile,
}
