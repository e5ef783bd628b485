//! `distinct([for s in ["a", "b", "cc"] by s.length: s])` is `["a", "cc"]`.

use value::{Fault, Store, ValueId};

use crate::builtins::aggregates::groups;
use crate::builtins::arguments::pairs;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "distinct",
    signature: "(list: [by K: T]) -> [T]",
    docs: "The first element of each key, in their order.",
    examples: &[
        (r#"distinct([for s in ["a", "b", "cc"] by s.length: s])"#, r#"["a", "cc"]"#),
        ("distinct([for n in [1, 2, 3, 4] by n mod 2: n])", "[1, 2]"),
    ],
    evaluate,
    later: Later::Shape,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let keyed = pairs(store, args, 0)?;
    let first: Vec<ValueId> =
        groups(store, &keyed).into_iter().filter_map(|(_, elements)| elements.first().copied()).collect();
    Ok(store.list(first))
}
