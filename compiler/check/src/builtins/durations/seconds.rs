//! `(5min).seconds` is `300`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::duration;
use crate::builtins::numbers::{Rounding, in_units};
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "seconds",
    signature: "(self: duration) -> int",
    docs: "The seconds of a duration; there must be no rest, else say `.floor(1s)` or `.ceil(1s)`.",
    examples: &[("(5min).seconds", "300"), ("(1d).seconds", "86400")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let amount = duration(store, args, 0)?;
    in_units(store, args, amount, 1_000_000_000, Rounding::Exactly)
}
