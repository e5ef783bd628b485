//! `(10.0.0.0/20).mask` is `255.255.240.0`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::cidr;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "mask",
    signature: "(self: cidr) -> ip",
    docs: "The range's mask, as older tools write it.",
    examples: &[("(10.0.0.0/20).mask", "255.255.240.0"), ("(10.0.0.0/8).mask", "255.0.0.0")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let mask = cidr(store, args, 0)?.netmask();
    Ok(store.add(Value::Ip(mask)))
}
