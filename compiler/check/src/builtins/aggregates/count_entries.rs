//! `count({ a = 1, b = 2 })` is `2`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::entries;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "count",
    signature: "(map: {K: V}) -> int",
    docs: "How many entries a map has.",
    examples: &[("count({ a = 1, b = 2 })", "2"), ("count({})", "0")],
    evaluate,
    later: Later::Shape,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let count = entries(store, args, 0)?.len() as i64;
    Ok(store.add(Value::Int(count)))
}
