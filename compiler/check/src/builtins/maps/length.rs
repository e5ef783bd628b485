//! `{ a = 1, b = 2 }.length` is `2`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::entries;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "length",
    signature: "(self: {K: V}) -> int",
    docs: "How many entries the map has.",
    examples: &[("{ a = 1, b = 2 }.length", "2"), ("{ a = 1 }.length", "1")],
    evaluate,
    later: Later::Shape,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let count = entries(store, args, 0)?.len() as i64;
    Ok(store.add(Value::Int(count)))
}
