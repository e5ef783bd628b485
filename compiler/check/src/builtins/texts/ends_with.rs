//! `"a.example".ends_with(".example")` is `true`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::text;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "ends_with",
    signature: "(self: string, suffix: string) -> bool",
    docs: "Whether the text ends with another.",
    examples: &[(r#""a.example".ends_with(".example")"#, "true"), (r#""a".ends_with("b")"#, "false")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let answer = text(store, args, 0)?.ends_with(text(store, args, 1)?);
    Ok(store.add(Value::Bool(answer)))
}
