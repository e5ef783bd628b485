//! `ip(10.0.0.1)` is `10.0.0.1`.

use value::{Fault, Op, Store, ValueId, ops};

use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "ip",
    signature: "(value: ip) -> ip",
    docs: "What is an ip already: a schema may have typed it since the program was written.",
    examples: &[("ip(10.0.0.1)", "10.0.0.1"), ("ip((10.0.0.0/16).first)", "10.0.0.0")],
    evaluate,
    later: Later::Op(Op::ParseIp),
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    ops::apply(store, Op::ParseIp, args, None)
}
