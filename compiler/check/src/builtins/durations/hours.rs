//! `(2d).hours` is `48`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::duration;
use crate::builtins::numbers::{Rounding, in_units};
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "hours",
    signature: "(self: duration) -> int",
    docs: "The hours of a duration; there must be no rest, else say `.floor(1h)` or `.ceil(1h)`.",
    examples: &[("(2d).hours", "48"), ("(120min).hours", "2")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let amount = duration(store, args, 0)?;
    in_units(store, args, amount, 3_600_000_000_000, Rounding::Exactly)
}
