//! Trees to elaborated code: names, types, stages. All mistakes of one run are told here, each once, where it was made.
//! Read `checked.rs` and `code.rs` for what comes out, `types.rs` for types, then the rest in the order of the modules.

pub mod checked;
pub mod code;
pub mod types;

pub mod builtins;
pub mod input;
pub mod language;

mod adjusts;
mod braces;
mod broken_lines;
mod checker;
mod declare;
mod environments;
mod foreign;
mod project;
mod said;
mod state;

mod annotation_places;
mod annotations;
mod functions;
mod implementations;
mod inputs;
mod kinds;
mod redeclared;
mod repeated;
mod rivals;
mod statements;
mod taken;
mod type_size;

mod access;
mod built_in_calls;
mod calls;
mod collections;
mod delegates;
mod endpoints;
mod expressions;
mod fit;
mod flows;
mod joins;
mod library_functions;
mod literals;
mod matching;
mod members;
mod narrowing;
mod native;
mod onces;
pub mod param_form;
mod paths;
mod patterns;
mod secrets;
mod signature;
mod spreads;
mod type_syntax;
mod unused;
mod warnings;

pub use annotation_places::ROLES;
pub use environments::TIERS;
pub use project::{check, check_until, unreadable};
pub use secrets::HOW_SECRETS_ARE_GIVEN;
pub use state::backends;
