//! `zip(["a", "b"], [1, 2])` is `[{ left = "a", right = 1 }, { left = "b", right = 2 }]`.

use source::Name;
use value::{Fault, Store, ValueId};

use crate::builtins::arguments::elements;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "zip",
    signature: "(left: [A], right: [B]) -> [{ left: A, right: B }]",
    docs: "Pairs of the elements at one position; both lists have the same length.",
    examples: &[
        (r#"zip(["a", "b"], [1, 2])"#, r#"[{ left = "a", right = 1 }, { left = "b", right = 2 }]"#),
        ("zip([], [])", "[]"),
    ],
    evaluate,
    later: Later::Shape,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let (left, right) = (elements(store, args, 0)?.to_vec(), elements(store, args, 1)?.to_vec());
    if left.len() != right.len() {
        return Err(Fault::new(
            "different_lengths",
            format!("these lists have {} and {} elements", left.len(), right.len()),
            "`zip` pairs lists of one length; cut the longer one or fill up the shorter",
        ));
    }
    let (left_name, right_name) = (Name::new("left"), Name::new("right"));
    let mut pairs = Vec::with_capacity(left.len());
    for (first, second) in left.into_iter().zip(right) {
        pairs.push(store.record(vec![(left_name, first), (right_name, second)]));
    }
    Ok(store.list(pairs))
}
