//! `parse_json(json({ user = "api", port = 5432 }))` is `{ port = "5432", user = "api" }`.

use value::{Fault, Op, Store, ValueId, ops};

use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "parse_json",
    signature: "(text: string) -> {string: string}",
    docs: "An object of JSON as a map of texts; a member that is no text is given as compact JSON, its numbers in their shortest form, and `null` is left out.",
    examples: &[
        (r#"parse_json(json({ user = "api", port = 5432 }))"#, r#"{ port = "5432", user = "api" }"#),
        (r#"parse_json("{}")"#, "{}"),
    ],
    evaluate,
    later: Later::Op(Op::ParseJson),
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    ops::apply(store, Op::ParseJson, args, None)
}
