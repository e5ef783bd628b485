//! `cidr("10.0.0.0/16")` is `10.0.0.0/16`.

use value::{Fault, Op, Store, ValueId, ops};

use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "cidr",
    signature: "(text: string) -> cidr",
    docs: "A text as a range of addresses. A later text is checked when it is known.",
    examples: &[(r#"cidr("10.0.0.0/16")"#, "10.0.0.0/16"), (r#"cidr("2001:db8::/32")"#, "2001:db8::/32")],
    evaluate,
    later: Later::Op(Op::ParseCidr),
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    ops::apply(store, Op::ParseCidr, args, None)
}
