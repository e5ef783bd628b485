//! `(48h).days` is `2`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::duration;
use crate::builtins::numbers::{Rounding, in_units};
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "days",
    signature: "(self: duration) -> int",
    docs: "The days of a duration; there must be no rest, else say `.floor(1d)` or `.ceil(1d)`.",
    examples: &[("(48h).days", "2"), ("(2w).days", "14")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let amount = duration(store, args, 0)?;
    in_units(store, args, amount, 86_400_000_000_000, Rounding::Exactly)
}
