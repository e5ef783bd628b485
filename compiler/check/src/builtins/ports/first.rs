//! `(443/tcp).first` is `443`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::port;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "first",
    signature: "(self: port) -> int",
    docs: "The first number of a port; 0 when its protocol has none.",
    examples: &[("(443/tcp).first", "443"), ("(8000-8100/udp).first", "8000")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let (first, _, _) = port(store, args, 0)?;
    Ok(store.add(Value::Int(first.into())))
}
