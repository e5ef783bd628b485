//! `(10.0.0.5).cidr` is `10.0.0.5/32`.

use value::{Fault, Op, Store, ValueId, ops};

use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "cidr",
    signature: "(self: ip) -> cidr",
    docs: "The range that holds this address alone.",
    examples: &[("(10.0.0.5).cidr", "10.0.0.5/32"), (r#"ip("2001:db8::1").cidr"#, "2001:db8::1/128")],
    evaluate,
    later: Later::Op(Op::HostCidr),
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    ops::apply(store, Op::HostCidr, args, None)
}
