//! `text(42)` is `"42"`.

use value::{Fault, Op, Store, ValueId, ops};

use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "text",
    signature: "(value: T) -> string",
    docs: r#"The text of a value that has one form as a text: what `"${value}"` gives."#,
    examples: &[("text(42)", r#""42""#), ("text(10.0.0.1)", r#""10.0.0.1""#)],
    evaluate,
    later: Later::Op(Op::Text),
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    ops::apply(store, Op::Text, args, None)
}
