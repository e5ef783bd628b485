//! `(10.0.0.0/16).address` is `10.0.0.0`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::cidr;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "address",
    signature: "(self: cidr) -> ip",
    docs: "The address that a range is written with, its first.",
    examples: &[("(10.0.0.0/16).address", "10.0.0.0"), ("(10.2.0.0/24).address", "10.2.0.0")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let address = cidr(store, args, 0)?.addr();
    Ok(store.add(Value::Ip(address)))
}
