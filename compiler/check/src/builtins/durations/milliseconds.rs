//! `(1.5s).milliseconds` is `1500`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::duration;
use crate::builtins::numbers::{Rounding, in_units};
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "milliseconds",
    signature: "(self: duration) -> int",
    docs: "The milliseconds of a duration; there must be no rest, else say `.floor(1ms)` or `.ceil(1ms)`.",
    examples: &[("(1.5s).milliseconds", "1500"), ("(300ms).milliseconds", "300")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let amount = duration(store, args, 0)?;
    in_units(store, args, amount, 1_000_000, Rounding::Exactly)
}
