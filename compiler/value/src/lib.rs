//! Values of the language: exact scalars with units, collections, references, residuals, and the store that shares them.
//! Read `value.rs` for what there is, `store.rs` for how it is kept, `ops/` for what may remain of a later value.

mod address;
mod store;
mod value;

pub use address::{Address, AddressId};
pub use store::Store;
pub use value::{Fault, Op, Step, Value, ValueId};
