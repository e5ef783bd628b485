//! `[1, 2, 3].take(2)` is `[1, 2]`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::{count, elements};
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "take",
    signature: "(self: [T], count: int) -> [T]",
    docs: "The first elements, at most so many.",
    examples: &[("[1, 2, 3].take(2)", "[1, 2]"), ("[1].take(5)", "[1]")],
    evaluate,
    later: Later::Shape,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let count = count(store, args, 1)?;
    let taken: Vec<ValueId> = elements(store, args, 0)?.iter().copied().take(count).collect();
    Ok(store.list(taken))
}
