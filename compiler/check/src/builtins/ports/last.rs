//! `(443/tcp).last` is `443`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::port;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "last",
    signature: "(self: port) -> int",
    docs: "The last number of a port; 0 when its protocol has none.",
    examples: &[("(443/tcp).last", "443"), ("(8000-8100/udp).last", "8100")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let (_, last, _) = port(store, args, 0)?;
    Ok(store.add(Value::Int(last.into())))
}
