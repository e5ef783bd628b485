//! `(10GB).ceil(1GiB)` is `10`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::size;
use crate::builtins::numbers::{Rounding, in_units};
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "ceil",
    signature: "(self: size, unit: size) -> int",
    docs: "How many of a unit are needed.",
    examples: &[("(10GB).ceil(1GiB)", "10"), ("(1B).ceil(1KiB)", "1")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let (amount, unit) = (size(store, args, 0)?, size(store, args, 1)?);
    in_units(store, args, amount, unit, Rounding::Up)
}
