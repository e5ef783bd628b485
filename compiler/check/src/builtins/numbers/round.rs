//! `(2.345).round(2)` is `2.35`.

use bigdecimal::RoundingMode;
use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::{number, optional_int};
use crate::builtins::numbers::checked_places;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "round",
    signature: "(self: decimal, places: int = 0) -> decimal",
    docs: "The number rounded to so many places; halves away from zero.",
    examples: &[("(2.345).round(2)", "2.35"), ("(2.5).round", "3")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let (number, places) = (number(store, args, 0)?, optional_int(store, args, 1, 0)?);
    let number = number.with_scale_round(checked_places(places)?, RoundingMode::HalfUp).normalized();
    Ok(store.add(Value::Decimal(number)))
}
