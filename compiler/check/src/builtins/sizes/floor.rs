//! `(10GB).floor(1GiB)` is `9`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::size;
use crate::builtins::numbers::{Rounding, in_units};
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "floor",
    signature: "(self: size, unit: size) -> int",
    docs: "How often a unit fits, the rest left out.",
    examples: &[("(10GB).floor(1GiB)", "9"), ("(1GiB).floor(1GiB)", "1")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let (amount, unit) = (size(store, args, 0)?, size(store, args, 1)?);
    in_units(store, args, amount, unit, Rounding::Down)
}
