//! `(2.7).floor` is `2`.

use bigdecimal::RoundingMode;
use value::{Fault, Store, ValueId};

use crate::builtins::arguments::number;
use crate::builtins::numbers::whole;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "floor",
    signature: "(self: decimal) -> int",
    docs: "The largest whole number that is not above it.",
    examples: &[("(2.7).floor", "2"), ("(-2.7).floor", "-3")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let number = number(store, args, 0)?.with_scale_round(0, RoundingMode::Floor);
    whole(store, &number)
}
