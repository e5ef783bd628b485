//! `"web1".starts_with("web")` is `true`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::text;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "starts_with",
    signature: "(self: string, prefix: string) -> bool",
    docs: "Whether the text begins with another.",
    examples: &[(r#""web1".starts_with("web")"#, "true"), (r#""db1".starts_with("web")"#, "false")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let answer = text(store, args, 0)?.starts_with(text(store, args, 1)?);
    Ok(store.add(Value::Bool(answer)))
}
