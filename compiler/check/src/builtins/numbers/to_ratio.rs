//! `(0.999).ratio` is `99.9%`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::number;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "ratio",
    signature: "(self: decimal) -> ratio",
    docs: "The number as a ratio: a percent for each hundredth.",
    examples: &[("(0.999).ratio", "99.9%"), ("(1 - 0.25).ratio", "75%")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let number = number(store, args, 0)?;
    Ok(store.add(Value::Ratio(number)))
}
