//! `version("1.34").at_least("1.9")` is `true`.

use value::{Fault, Store, Value, ValueId, scalars};

use crate::builtins::arguments::text;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "at_least",
    signature: "(self: version, other: version) -> bool",
    docs: "Whether a version is another or comes after it, in the order of Semantic Versioning.",
    examples: &[
        (r#"version("1.34").at_least("1.9")"#, "true"),
        (r#"version("2.0.0-rc.1").at_least("2.0.0")"#, "false"),
    ],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let (left, right) = (scalars::version(text(store, args, 0)?)?, scalars::version(text(store, args, 1)?)?);
    let answer = left.order(&right).is_ge();
    Ok(store.add(Value::Bool(answer)))
}
