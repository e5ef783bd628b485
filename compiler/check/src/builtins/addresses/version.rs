//! `(10.0.0.1).version` is `4`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::ip;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "version",
    signature: "(self: ip) -> int",
    docs: "4 or 6.",
    examples: &[("(10.0.0.1).version", "4"), (r#"ip("::1").version"#, "6")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let version = if ip(store, args, 0)?.is_ipv4() { 4 } else { 6 };
    Ok(store.add(Value::Int(version)))
}
