//! `max([for s in ["aaa", "b", "cc"] by s.length: s])` is `"aaa"`.

use value::{Fault, Store, ValueId, compare};

use crate::builtins::arguments::pairs;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "max",
    signature: "(list: [by K: T]) -> T?",
    docs: "The element with the largest key, the first of several; absent when the list is empty.",
    examples: &[
        (r#"max([for s in ["aaa", "b", "cc"] by s.length: s])"#, r#""aaa""#),
        ("max([for n, age in { ann = 3, bob = 7 } by age: n])", r#""bob""#),
    ],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let pairs = pairs(store, args, 0)?;
    let mut best: Option<(ValueId, ValueId)> = None;
    for (key, element) in pairs {
        let better = match best {
            Some((least, _)) => compare(store, key, least)?.is_gt(),
            None => true,
        };
        if better {
            best = Some((key, element));
        }
    }
    Ok(best.map_or(Store::ABSENT, |(_, element)| element))
}
