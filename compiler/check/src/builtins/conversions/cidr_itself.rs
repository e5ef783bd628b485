//! `cidr(10.0.0.0/16)` is `10.0.0.0/16`.

use value::{Fault, Op, Store, ValueId, ops};

use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "cidr",
    signature: "(value: cidr) -> cidr",
    docs: "What is a cidr already: a schema may have typed it since the program was written.",
    examples: &[("cidr(10.0.0.0/16)", "10.0.0.0/16"), ("cidr((10.0.0.1).cidr)", "10.0.0.1/32")],
    evaluate,
    later: Later::Op(Op::ParseCidr),
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    ops::apply(store, Op::ParseCidr, args, None)
}
