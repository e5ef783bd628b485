//! `decimal(3)` is `3`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::number;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "decimal",
    signature: "(number: int) -> decimal",
    docs: "A whole number as a decimal.",
    examples: &[("decimal(3)", "3"), ("decimal(3) / 2", "1.5")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let number = number(store, args, 0)?.normalized();
    Ok(store.add(Value::Decimal(number)))
}
