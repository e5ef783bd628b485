//! `[1, 2].last` is `2`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::elements;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "last",
    signature: "(self: [T]) -> T?",
    docs: "The last element; absent when there is none.",
    examples: &[("[1, 2].last", "2"), ("[].last", "none")],
    evaluate,
    later: Later::Shape,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    Ok(elements(store, args, 0)?.last().copied().unwrap_or(Store::ABSENT))
}
