//! `(90s).ceil(1min)` is `2`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::duration;
use crate::builtins::numbers::{Rounding, in_units};
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "ceil",
    signature: "(self: duration, unit: duration) -> int",
    docs: "How many of a unit are needed.",
    examples: &[("(90s).ceil(1min)", "2"), ("(1h).ceil(1min)", "60")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let (amount, unit) = (duration(store, args, 0)?, duration(store, args, 1)?);
    in_units(store, args, amount, unit, Rounding::Up)
}
