//! `(2.1).ceil` is `3`.

use bigdecimal::RoundingMode;
use value::{Fault, Store, ValueId};

use crate::builtins::arguments::number;
use crate::builtins::numbers::whole;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "ceil",
    signature: "(self: decimal) -> int",
    docs: "The smallest whole number that is not below it.",
    examples: &[("(2.1).ceil", "3"), ("(-2.1).ceil", "-2")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let number = number(store, args, 0)?.with_scale_round(0, RoundingMode::Ceiling);
    whole(store, &number)
}
