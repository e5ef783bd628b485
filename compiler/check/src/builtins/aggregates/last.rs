//! `last(["a", "b"])` is `"b"`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::elements;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "last",
    signature: "(list: [T]) -> T?",
    docs: "The last element; absent when there is none.",
    examples: &[(r#"last(["a", "b"])"#, r#""b""#), ("last([])", "none")],
    evaluate,
    later: Later::Shape,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    Ok(elements(store, args, 0)?.last().copied().unwrap_or(Store::ABSENT))
}
