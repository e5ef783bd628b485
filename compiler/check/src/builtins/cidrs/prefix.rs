//! `(10.0.0.0/16).prefix` is `16`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::cidr;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "prefix",
    signature: "(self: cidr) -> int",
    docs: "How many bits all addresses of the range have in common.",
    examples: &[("(10.0.0.0/16).prefix", "16"), (r#"cidr("::/0").prefix"#, "0")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let prefix = cidr(store, args, 0)?.prefix_len();
    Ok(store.add(Value::Int(prefix.into())))
}
