//! `(2h).in(1min)` is `120`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::duration;
use crate::builtins::numbers::{Rounding, in_units};
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "in",
    signature: "(self: duration, unit: duration) -> int",
    docs: "How often a unit fits; it must do so without a rest.",
    examples: &[("(2h).in(1min)", "120"), ("(1w).in(1d)", "7")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let (amount, unit) = (duration(store, args, 0)?, duration(store, args, 1)?);
    in_units(store, args, amount, unit, Rounding::Exactly)
}
