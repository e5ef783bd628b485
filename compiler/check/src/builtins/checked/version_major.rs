//! `version("1.34.2").major` is `1`.

use value::{Fault, Store, Value, ValueId, scalars};

use crate::builtins::arguments::text;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "major",
    signature: "(self: version) -> int",
    docs: "The first number of a version.",
    examples: &[(r#"version("1.34.2").major"#, "1"), (r#"version("16").major"#, "16")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let number = scalars::version(text(store, args, 0)?)?.numbers.first().copied().unwrap_or(0);
    Ok(store.add(Value::Int(number as i64)))
}
