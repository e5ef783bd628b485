//! `(90s).round(1min)` is `2`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::duration;
use crate::builtins::numbers::{Rounding, in_units};
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "round",
    signature: "(self: duration, unit: duration) -> int",
    docs: "How often a unit fits, rounded; halves up.",
    examples: &[("(90s).round(1min)", "2"), ("(80s).round(1min)", "1")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let (amount, unit) = (duration(store, args, 0)?, duration(store, args, 1)?);
    in_units(store, args, amount, unit, Rounding::Nearest)
}
