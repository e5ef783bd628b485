//! `(99.9%).percent` is `99.9`.

use bigdecimal::BigDecimal;
use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::number;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "percent",
    signature: "(self: ratio) -> decimal",
    docs: "The percents of a ratio as a number.",
    examples: &[("(99.9%).percent", "99.9"), ("(50%).percent", "50")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let percents = (number(store, args, 0)? * BigDecimal::from(100)).normalized();
    Ok(store.add(Value::Decimal(percents)))
}
