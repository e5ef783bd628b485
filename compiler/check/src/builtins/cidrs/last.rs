//! `(10.0.0.0/16).last` is `10.0.255.255`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::cidr;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "last",
    signature: "(self: cidr) -> ip",
    docs: "The last address of the range; in version 4 its broadcast.",
    examples: &[("(10.0.0.0/16).last", "10.0.255.255"), ("(10.1.0.0/32).last", "10.1.0.0")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let last = cidr(store, args, 0)?.broadcast();
    Ok(store.add(Value::Ip(last)))
}
