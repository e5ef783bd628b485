//! `count(["a", "b"])` is `2`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::elements;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "count",
    signature: "(list: [T]) -> int",
    docs: "How many elements a list has.",
    examples: &[(r#"count(["a", "b"])"#, "2"), ("count([1, 2, 3])", "3")],
    evaluate,
    later: Later::Shape,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let count = elements(store, args, 0)?.len() as i64;
    Ok(store.add(Value::Int(count)))
}
