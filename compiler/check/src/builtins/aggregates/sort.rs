//! `sort([3, 1, 2])` is `[1, 2, 3]`.

use value::{Fault, Store, ValueId, compare};

use crate::builtins::arguments::elements;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "sort",
    signature: "(list: [T]) -> [T]",
    docs: "The elements in their own order, as `<` has it.",
    examples: &[("sort([3, 1, 2])", "[1, 2, 3]"), (r#"sort(["b", "a"])"#, r#"["a", "b"]"#)],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let mut sorted = elements(store, args, 0)?.to_vec();
    // The order is total for what `<` takes; the first two that it does not take are the fault.
    for pair in sorted.windows(2) {
        if let [left, right] = pair {
            compare(store, *left, *right)?;
        }
    }
    sorted
        .sort_by(|left, right| compare(store, *left, *right).unwrap_or_else(|_| store.compare_content(*left, *right)));
    Ok(store.list(sorted))
}
