//! Trees to elaborated code: names, types, stages. All mistakes of one run are told here, each once, where it was made.
//! Read `checked.rs` and `code.rs` for what comes out, `types.rs` for types, then the rest in the order of the modules.

pub mod builtins;
pub mod checked;
pub mod code;
