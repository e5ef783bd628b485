//! `(2h).minutes` is `120`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::duration;
use crate::builtins::numbers::{Rounding, in_units};
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "minutes",
    signature: "(self: duration) -> int",
    docs: "The minutes of a duration; there must be no rest, else say `.floor(1min)` or `.ceil(1min)`.",
    examples: &[("(2h).minutes", "120"), ("(60s).minutes", "1")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let amount = duration(store, args, 0)?;
    in_units(store, args, amount, 60_000_000_000, Rounding::Exactly)
}
