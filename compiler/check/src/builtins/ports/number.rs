//! `(443/tcp).number` is `443`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::port;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "number",
    signature: "(self: port) -> int",
    docs: "The number of a port, where one is wanted: a range and a protocol without ports have none.",
    examples: &[("(443/tcp).number", "443"), ("(53/udp).number", "53")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let (first, last, _) = port(store, args, 0)?;
    if first == last && first != 0 {
        return Ok(store.add(Value::Int(first.into())));
    }
    let shown = args.first().map(|port| store.show_short(*port)).unwrap_or_default();
    Err(Fault::new("inexact", format!("`{shown}` is not one port"), "one number is wanted here: write `8080/tcp`"))
}
