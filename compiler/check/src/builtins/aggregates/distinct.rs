//! `distinct([1, 2, 1])` is `[1, 2]`.

use rustc_hash::FxHashSet;
use value::{Fault, Store, ValueId};

use crate::builtins::aggregates::whole;
use crate::builtins::arguments::elements;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "distinct",
    signature: "(list: [T]) -> [T]",
    docs: "Each element once, where it stands first. Later elements are the same when they are the same reference.",
    examples: &[("distinct([1, 2, 1])", "[1, 2]"), (r#"distinct(["a", "a"])"#, r#"["a"]"#)],
    evaluate,
    later: Later::Shape,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let mut seen = FxHashSet::default();
    let mut kept = Vec::new();
    for element in elements(store, args, 0)?.to_vec() {
        if seen.insert(whole(store, element)) {
            kept.push(element);
        }
    }
    Ok(store.list(kept))
}
