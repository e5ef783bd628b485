//! `"".is_empty` is `true`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::text;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "is_empty",
    signature: "(self: string) -> bool",
    docs: "Whether the text has no characters.",
    examples: &[(r#""".is_empty"#, "true"), (r#""a".is_empty"#, "false")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let empty = text(store, args, 0)?.is_empty();
    Ok(store.add(Value::Bool(empty)))
}
