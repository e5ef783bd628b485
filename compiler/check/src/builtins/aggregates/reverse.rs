//! `reverse([1, 2, 3])` is `[3, 2, 1]`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::elements;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "reverse",
    signature: "(list: [T]) -> [T]",
    docs: "The elements from the last to the first.",
    examples: &[("reverse([1, 2, 3])", "[3, 2, 1]"), ("reverse([])", "[]")],
    evaluate,
    later: Later::Shape,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let mut reversed = elements(store, args, 0)?.to_vec();
    reversed.reverse();
    Ok(store.list(reversed))
}
