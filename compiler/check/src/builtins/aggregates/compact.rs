//! `compact([1, none, 2])` is `[1, 2]`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::elements;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "compact",
    signature: "(list: [T?]) -> [T]",
    docs: "The elements that are present.",
    examples: &[("compact([1, none, 2])", "[1, 2]"), (r#"compact(["a"])"#, r#"["a"]"#)],
    evaluate,
    later: Later::Shape,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let present: Vec<ValueId> =
        elements(store, args, 0)?.iter().copied().filter(|element| store.folded(*element) != Store::ABSENT).collect();
    Ok(store.list(present))
}
