//! `count([for s in ["a", "bb", "c"] by s.length: s])` is `{ 1 => 2, 2 => 1 }`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::aggregates::groups;
use crate::builtins::arguments::pairs;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "count",
    signature: "(list: [by K: T]) -> {K: int}",
    docs: "How many elements each key has.",
    examples: &[
        (r#"count([for s in ["a", "bb", "c"] by s.length: s])"#, "{ 1 => 2, 2 => 1 }"),
        (r#"count([for z in ["b", "a", "b"] by z: z])"#, "{ a = 1, b = 2 }"),
    ],
    evaluate,
    later: Later::Shape,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let mut counts = Vec::new();
    let keyed = pairs(store, args, 0)?;
    for (key, elements) in groups(store, &keyed) {
        counts.push((key, store.add(Value::Int(elements.len() as i64))));
    }
    Ok(store.map(counts))
}
