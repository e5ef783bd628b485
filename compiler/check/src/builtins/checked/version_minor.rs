//! `version("1.34.2").minor` is `34`.

use value::{Fault, Store, Value, ValueId, scalars};

use crate::builtins::arguments::text;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "minor",
    signature: "(self: version) -> int",
    docs: "The second number of a version; 0 when it has none.",
    examples: &[(r#"version("1.34.2").minor"#, "34"), (r#"version("16").minor"#, "0")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let number = scalars::version(text(store, args, 0)?)?.numbers.get(1).copied().unwrap_or(0);
    Ok(store.add(Value::Int(number as i64)))
}
