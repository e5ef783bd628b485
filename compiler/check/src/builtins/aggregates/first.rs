//! `first(["a", "b"])` is `"a"`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::elements;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "first",
    signature: "(list: [T]) -> T?",
    docs: "The first element; absent when there is none.",
    examples: &[(r#"first(["a", "b"])"#, r#""a""#), ("first([])", "none")],
    evaluate,
    later: Later::Shape,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    Ok(elements(store, args, 0)?.first().copied().unwrap_or(Store::ABSENT))
}
