//! Values of the language: exact scalars with units, collections, references, residuals, and the store that shares them.
//! Read `value.rs` for what there is, `store.rs` for how it is kept, `ops/` for what may remain of a later value; then
//! `scalars` (text to value), `show` (value to text), `arithmetic`, `order`, `collections` and `walk`.

mod address;
mod arithmetic;
mod collections;
pub mod ops;
mod order;
mod per_value;
pub mod scalars;
mod show;
mod store;
mod value;
mod walk;
mod written;

pub use address::{Address, AddressId};
pub use arithmetic::{Arithmetic, Dimension, calculate, negate, result_dimension};
pub use collections::{LONGEST_TEXT, MOST_ELEMENTS, concatenate, contains, overlap, range, within};
pub use order::{compare, equal, equal_sets};
pub use per_value::PerValue;
pub use scalars::{ScalarKind, date_text, measure, number, parse_exact, parse_scalar, percent, quantity};
pub use show::{duration_text, number_text, quoted, size_text};
pub use store::Store;
pub use value::{Fault, Op, Step, Value, ValueId};
pub use walk::Holds;
pub use written::{NotAnAddress, WrittenAddress, WrittenStep};
