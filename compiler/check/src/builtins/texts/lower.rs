//! `"Paris".lower` is `"paris"`.

use value::{Fault, Op, Store, ValueId, ops};

use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "lower",
    signature: "(self: string) -> string",
    docs: "The text in small letters.",
    examples: &[(r#""Paris".lower"#, r#""paris""#), (r#""A1".lower"#, r#""a1""#)],
    evaluate,
    later: Later::Op(Op::Lower),
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    ops::apply(store, Op::Lower, args, None)
}
