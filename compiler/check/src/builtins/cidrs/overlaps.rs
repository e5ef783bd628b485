//! `(10.0.0.0/8).overlaps(10.1.0.0/16)` is `true`.

use value::{Fault, Store, Value, ValueId, overlap};

use crate::builtins::arguments::cidr;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "overlaps",
    signature: "(self: cidr, other: cidr) -> bool",
    docs: "Whether two ranges have an address in common.",
    examples: &[("(10.0.0.0/8).overlaps(10.1.0.0/16)", "true"), ("(10.0.0.0/16).overlaps(10.1.0.0/16)", "false")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let answer = overlap(&cidr(store, args, 0)?, &cidr(store, args, 1)?);
    Ok(store.add(Value::Bool(answer)))
}
