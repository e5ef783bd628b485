//! `group_by([for s in ["a", "bb", "c"] by s.length: s])` is `{ 1 => ["a", "c"], 2 => ["bb"] }`.

use value::{Fault, Store, ValueId};

use crate::builtins::aggregates::groups;
use crate::builtins::arguments::pairs;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "group_by",
    signature: "(list: [by K: T]) -> {K: [T]}",
    docs: "The elements of each key, in their order.",
    examples: &[
        (r#"group_by([for s in ["a", "bb", "c"] by s.length: s])"#, r#"{ 1 => ["a", "c"], 2 => ["bb"] }"#),
        (r#"group_by([for p in [{ t = "x", n = 1 }, { t = "x", n = 2 }] by p.t: p.n])"#, "{ x = [1, 2] }"),
    ],
    evaluate,
    later: Later::Shape,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let mut lists = Vec::new();
    let keyed = pairs(store, args, 0)?;
    for (key, elements) in groups(store, &keyed) {
        lists.push((key, store.list(elements)));
    }
    Ok(store.map(lists))
}
