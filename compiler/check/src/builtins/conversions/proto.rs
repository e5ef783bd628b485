//! `proto("vrrp")` is `proto("vrrp")`.

use value::{Fault, Store, ValueId, scalars};

use crate::builtins::arguments::text;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "proto",
    signature: "(name: string) -> port",
    docs: "A protocol that has no ports.",
    examples: &[(r#"proto("vrrp")"#, r#"proto("vrrp")"#), (r#"proto("icmp")"#, "icmp")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let protocol = scalars::protocol(text(store, args, 0)?)?;
    Ok(store.add(protocol))
}
