//! `(10.0.0.0/24).size` is `256`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::cidr;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "size",
    signature: "(self: cidr) -> int",
    docs: "How many addresses the range has.",
    examples: &[("(10.0.0.0/24).size", "256"), ("(10.0.0.1/32).size", "1")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let range = cidr(store, args, 0)?;
    let bits = range.max_prefix_len() - range.prefix_len();
    if bits > 62 {
        return Err(Fault::new(
            "overflow",
            format!("`{range}` has more addresses than fit an int"),
            "compare prefixes instead: `.prefix`",
        ));
    }
    Ok(store.add(Value::Int(1 << bits)))
}
