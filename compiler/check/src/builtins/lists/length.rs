//! `["a", "b"].length` is `2`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::elements;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "length",
    signature: "(self: [T]) -> int",
    docs: "How many elements the list has.",
    examples: &[(r#"["a", "b"].length"#, "2"), ("[].length", "0")],
    evaluate,
    later: Later::Shape,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let count = elements(store, args, 0)?.len() as i64;
    Ok(store.add(Value::Int(count)))
}
