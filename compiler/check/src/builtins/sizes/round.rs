//! `(1.5GiB).round(1GiB)` is `2`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::size;
use crate::builtins::numbers::{Rounding, in_units};
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "round",
    signature: "(self: size, unit: size) -> int",
    docs: "How often a unit fits, rounded; halves up.",
    examples: &[("(1.5GiB).round(1GiB)", "2"), ("(10GB).round(1GiB)", "9")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let (amount, unit) = (size(store, args, 0)?, size(store, args, 1)?);
    in_units(store, args, amount, unit, Rounding::Nearest)
}
