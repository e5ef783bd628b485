//! Checked code to a graph, for one environment. Everything is a cell (`cells.rs`) that is computed when it is asked for, once:
//! the expansion of a statement, an input, an output, a `let`. There is no order to plan; a circle is found where it closes.
//! Read `evaluate.rs` for the whole, `run.rs` for expressions, `expand.rs` for statements, `platforms.rs` for where things stand.

mod adjust;
mod annotations;
mod assemble;
mod blame;
mod blocks;
mod budget;
mod cells;
mod checks;
mod convert;
mod delegates;
mod effects;
mod evaluate;
mod expand;
mod facts;
mod fields;
mod flow_keys;
mod flows;
mod frame;
mod groups;
mod headers;
mod in_clear;
mod inputs;
mod layers;
mod lengths;
mod limits;
mod listed;
mod literals;
mod lookup;
mod moves;
mod named_alone;
mod names;
mod natives;
mod operators;
mod outs;
mod params;
mod patterns;
mod platforms;
mod providers;
mod query;
mod relations;
mod residual;
mod run;
mod sealed;
mod standing;
mod template;
mod values;
mod without_flow;

pub use convert::converted;
pub use evaluate::{Options, evaluate, evaluate_all};
pub use flow_keys::{flow_key, stands_for_parent};
pub use layers::layers;
pub use listed::own_name;
pub use moves::Recorded;
pub use values::evaluate_values;
