//! `(4GiB).in(1MiB)` is `4096`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::size;
use crate::builtins::numbers::{Rounding, in_units};
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "in",
    signature: "(self: size, unit: size) -> int",
    docs: "How often a unit fits; it must do so without a rest.",
    examples: &[("(4GiB).in(1MiB)", "4096"), ("(10GB).in(1GB)", "10")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let (amount, unit) = (size(store, args, 0)?, size(store, args, 1)?);
    in_units(store, args, amount, unit, Rounding::Exactly)
}
