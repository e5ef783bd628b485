//! Trees to elaborated code: names, types, stages. All mistakes of one run are told here, each once, where it was made.
//! Read `checked.rs` and `code.rs` for what comes out, `types.rs` for types, then the rest in the order of the modules.

pub mod checked;
pub mod code;
pub mod types;

pub mod builtins;
pub mod input;

mod checker;
mod declare;
mod foreign;
mod project;
mod environments;
mod state;
mod adjusts;

mod kinds;
mod implementations;
mod statements;
mod functions;

mod type_syntax;
mod signature;
mod expressions;
mod literals;
mod paths;
mod collections;
mod access;
mod calls;
mod matching;
mod members;
mod fit;
mod native;

pub use project::check;
