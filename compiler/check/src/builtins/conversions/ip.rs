//! `ip("10.0.0.1")` is `10.0.0.1`.

use value::{Fault, Op, Store, ValueId, ops};

use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "ip",
    signature: "(text: string) -> ip",
    docs: "A text as an address. A later text is checked when it is known.",
    examples: &[(r#"ip("10.0.0.1")"#, "10.0.0.1"), (r#"ip("2001:db8::1")"#, "2001:db8::1")],
    evaluate,
    later: Later::Op(Op::ParseIp),
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    ops::apply(store, Op::ParseIp, args, None)
}
