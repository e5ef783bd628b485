//! `(10.0.0.0/16).version` is `4`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::cidr;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "version",
    signature: "(self: cidr) -> int",
    docs: "4 or 6.",
    examples: &[("(10.0.0.0/16).version", "4"), (r#"cidr("2001:db8::/32").version"#, "6")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let version = if cidr(store, args, 0)?.addr().is_ipv4() { 4 } else { 6 };
    Ok(store.add(Value::Int(version)))
}
