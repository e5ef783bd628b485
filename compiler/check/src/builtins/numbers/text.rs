//! `(0.5).text(2)` is `"0.50"`.

use bigdecimal::RoundingMode;
use value::{Fault, Store, ValueId};

use crate::builtins::arguments::{int, number};
use crate::builtins::numbers::checked_places;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "text",
    signature: "(self: decimal, places: int) -> string",
    docs: "The number as a text with exactly so many places; halves away from zero.",
    examples: &[("(0.5).text(2)", r#""0.50""#), ("(1.005).text(places = 2)", r#""1.01""#)],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let (number, places) = (number(store, args, 0)?, int(store, args, 1)?);
    let text = number.with_scale_round(checked_places(places)?, RoundingMode::HalfUp).to_plain_string();
    Ok(store.text(text))
}
