//! `(443/tcp).has_number` is `true`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::port;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "has_number",
    signature: "(self: port) -> bool",
    docs: "Whether its protocol has ports.",
    examples: &[("(443/tcp).has_number", "true"), (r#"proto("vrrp").has_number"#, "false")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let (first, _, _) = port(store, args, 0)?;
    Ok(store.add(Value::Bool(first != 0)))
}
