//! `(99.9%).decimal` is `0.999`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::number;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "decimal",
    signature: "(self: ratio) -> decimal",
    docs: "The ratio as a number: a hundredth for each percent.",
    examples: &[("(99.9%).decimal", "0.999"), ("(150%).decimal", "1.5")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let number = number(store, args, 0)?;
    Ok(store.add(Value::Decimal(number)))
}
