//! `[1, 2, 3].drop(2)` is `[3]`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::{count, elements};
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "drop",
    signature: "(self: [T], count: int) -> [T]",
    docs: "What is left without the first elements.",
    examples: &[("[1, 2, 3].drop(2)", "[3]"), ("[1].drop(5)", "[]")],
    evaluate,
    later: Later::Shape,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let count = count(store, args, 1)?;
    let left: Vec<ValueId> = elements(store, args, 0)?.iter().copied().skip(count).collect();
    Ok(store.list(left))
}
