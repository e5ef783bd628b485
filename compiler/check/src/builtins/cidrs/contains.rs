//! `(10.0.0.0/16).contains(10.0.3.4)` is `true`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::{cidr, ip};
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "contains",
    signature: "(self: cidr, address: ip) -> bool",
    docs: "Whether an address lies in the range, as `address in range`.",
    examples: &[("(10.0.0.0/16).contains(10.0.3.4)", "true"), ("(10.0.0.0/16).contains(10.1.0.0)", "false")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let answer = cidr(store, args, 0)?.trunc().contains(&ip(store, args, 1)?);
    Ok(store.add(Value::Bool(answer)))
}
