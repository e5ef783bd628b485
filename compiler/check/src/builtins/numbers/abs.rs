//! `abs(-3)` is `3`.

use bigdecimal::Signed;
use value::{Fault, Store, Value, ValueId, negate};

use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "abs",
    signature: "(value: T) -> T",
    docs: "A number, ratio, size or duration without its sign.",
    examples: &[("abs(-3)", "3"), ("abs(1h - 3h)", "2h")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let value = store.folded(args.first().copied().unwrap_or(Store::ABSENT));
    let negative = match store.get(value) {
        Value::Int(number) | Value::Size(number) | Value::Duration(number) => *number < 0,
        Value::Decimal(number) | Value::Ratio(number) => number.is_negative(),
        // Refuses what has no sign.
        _ => true,
    };
    if negative { negate(store, value) } else { Ok(value) }
}
