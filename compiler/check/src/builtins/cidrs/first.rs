//! `(10.0.0.0/16).first` is `10.0.0.0`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::cidr;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "first",
    signature: "(self: cidr) -> ip",
    docs: "The first address of the range: the network's own.",
    examples: &[("(10.0.0.0/16).first", "10.0.0.0"), ("(10.1.0.0/32).first", "10.1.0.0")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let first = cidr(store, args, 0)?.network();
    Ok(store.add(Value::Ip(first)))
}
