//! `(10.0.0.0/16).network` is `10.0.0.0/16`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::cidr;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "network",
    signature: "(self: cidr) -> cidr",
    docs: "The range without host bits.",
    examples: &[("(10.0.0.0/16).network", "10.0.0.0/16"), ("(10.2.0.0/24).network", "10.2.0.0/24")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let network = cidr(store, args, 0)?.trunc();
    Ok(store.add(Value::Cidr(network)))
}
