//! `sum(list: [by K: T]) -> {K: T}`

use value::{Fault, Store, ValueId};

use crate::builtins::aggregates::{groups, total, zero_of};
use crate::builtins::arguments::pairs;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "sum",
    signature: "(list: [by K: T]) -> {K: T}",
    docs: "The sums of the elements of each key.",
    examples: &[
        (
            r#"sum([for p in [{ team = "a", cpu = 2 }, { team = "b", cpu = 3 }, { team = "a", cpu = 5 }] by p.team: p.cpu])"#,
            "{ a = 7, b = 3 }",
        ),
        (r#"sum([for s in ["x", "yy"] by s.length: 1h])"#, "{ 1 => 1h, 2 => 1h }"),
    ],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let mut sums = Vec::new();
    let keyed = pairs(store, args, 0)?;
    for (key, elements) in groups(store, &keyed) {
        let zero = zero_of(store, &elements);
        let list = store.list(elements);
        sums.push((key, total(store, Some(list), zero)?));
    }
    Ok(store.map(sums))
}
