//! `(8000-8100/tcp).is_range` is `true`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::port;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "is_range",
    signature: "(self: port) -> bool",
    docs: "Whether it stands for more than one number.",
    examples: &[("(8000-8100/tcp).is_range", "true"), ("(443/tcp).is_range", "false")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let (first, last, _) = port(store, args, 0)?;
    Ok(store.add(Value::Bool(first != last)))
}
