//! `(10.0.0.1).is_private` is `true`.

use std::net::IpAddr;

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::ip;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "is_private",
    signature: "(self: ip) -> bool",
    docs: "Whether the address is for private networks: RFC 1918, or `fc00::/7` by RFC 4193.",
    examples: &[("(10.0.0.1).is_private", "true"), ("(203.0.113.5).is_private", "false")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let private = match ip(store, args, 0)? {
        IpAddr::V4(address) => address.is_private(),
        IpAddr::V6(address) => address.is_unique_local(),
    };
    Ok(store.add(Value::Bool(private)))
}
