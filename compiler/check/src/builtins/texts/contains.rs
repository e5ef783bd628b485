//! `"a-b".contains("-")` is `true`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::text;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "contains",
    signature: "(self: string, part: string) -> bool",
    docs: "Whether another text is somewhere in this one.",
    examples: &[(r#""a-b".contains("-")"#, "true"), (r#""ab".contains("-")"#, "false")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let answer = text(store, args, 0)?.contains(text(store, args, 1)?);
    Ok(store.add(Value::Bool(answer)))
}
