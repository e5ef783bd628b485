//! `[].is_empty` is `true`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::elements;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "is_empty",
    signature: "(self: [T]) -> bool",
    docs: "Whether the list has no elements.",
    examples: &[("[].is_empty", "true"), ("[1].is_empty", "false")],
    evaluate,
    later: Later::Shape,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let empty = elements(store, args, 0)?.is_empty();
    Ok(store.add(Value::Bool(empty)))
}
