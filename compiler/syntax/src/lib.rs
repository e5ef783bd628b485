//! Text to trees: a file is cut into items, one item becomes a tree, a tree is printed again in the one true layout.
//! Parsing is pure, total and never fails: what is wrong stands in the tree as a hole or a bad node, and in its errors.

mod brackets;
mod build;
pub mod errors;
mod foreign;
mod format;
pub mod items;
mod number;
pub mod pack;
mod parse;
mod scan;
pub mod text;
pub mod tree;

pub use format::format;
pub use items::{FileError, ItemText, items};
pub use parse::{parse, parse_expression};
pub use tree::{Children, Instead, Kind, Node, NodeId, SyntaxError, Tree, Trivia, TriviaKind, flag};
