//! `"abc".length` is `3`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::text;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "length",
    signature: "(self: string) -> int",
    docs: "How many characters the text has.",
    examples: &[(r#""abc".length"#, "3"), (r#""é".length"#, "1")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let count = text(store, args, 0)?.chars().count() as i64;
    Ok(store.add(Value::Int(count)))
}
