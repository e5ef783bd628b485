//! `join(["a", "b"], "-")` is `"a-b"`.

use value::{Fault, Op, Store, ValueId, ops};

use crate::builtins::arguments::{elements, text};
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "join",
    signature: "(list: [T], separator: string) -> string",
    docs: "The texts of the elements with a separator between them. With a later element the result is later.",
    examples: &[
        (r#"join(["a", "b"], "-")"#, r#""a-b""#),
        (r#"join([10.0.0.1, 10.0.0.2], ", ")"#, r#""10.0.0.1, 10.0.0.2""#),
    ],
    evaluate,
    later: Later::Shape,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let separator = store.text(text(store, args, 1)?.to_owned());
    let elements = elements(store, args, 0)?.to_vec();
    let mut parts = Vec::with_capacity(elements.len() * 2);
    for (nth, element) in elements.into_iter().enumerate() {
        if nth > 0 {
            parts.push(separator);
        }
        parts.push(element);
    }
    ops::apply(store, Op::Text, &parts, None)
}
