//! `{ a = 1 }.is_empty` is `false`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::entries;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "is_empty",
    signature: "(self: {K: V}) -> bool",
    docs: "Whether the map has no entries.",
    examples: &[("{ a = 1 }.is_empty", "false"), ("{}.is_empty", "true")],
    evaluate,
    later: Later::Shape,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let empty = entries(store, args, 0)?.is_empty();
    Ok(store.add(Value::Bool(empty)))
}
