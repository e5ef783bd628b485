//! `sort_by([for s in ["ccc", "a", "bb"] by s.length: s])` is `["a", "bb", "ccc"]`.

use value::{Fault, Store, ValueId, compare};

use crate::builtins::arguments::pairs;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "sort_by",
    signature: "(list: [by K: T]) -> [T]",
    docs: "The elements in the order of their keys; those with equal keys stay in their order.",
    examples: &[
        (r#"sort_by([for s in ["ccc", "a", "bb"] by s.length: s])"#, r#"["a", "bb", "ccc"]"#),
        ("sort_by([for p in [{ n = 2 }, { n = 1 }] by p.n: p])", "[{ n = 1 }, { n = 2 }]"),
    ],
    evaluate,
    later: Later::Shape,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let mut pairs = pairs(store, args, 0)?;
    pairs.sort_by(|left, right| {
        compare(store, left.0, right.0).unwrap_or_else(|_| store.compare_content(left.0, right.0))
    });
    let sorted: Vec<ValueId> = pairs.into_iter().map(|(_, element)| element).collect();
    Ok(store.list(sorted))
}
