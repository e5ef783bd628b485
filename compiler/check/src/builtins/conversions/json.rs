//! `json({ b = [1, true], a = "x" })` is `"{\"a\":\"x\",\"b\":[1,true]}"`.

use value::{Fault, Op, Store, ValueId, ops};

use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "json",
    signature: "(value: json) -> string",
    docs: "A value as compact JSON with sorted members. Sizes, durations, ratios and ports must say their form.",
    examples: &[
        (r#"json({ b = [1, true], a = "x" })"#, r#""{\"a\":\"x\",\"b\":[1,true]}""#),
        ("json([10.0.0.1, true])", r#""[\"10.0.0.1\",true]""#),
    ],
    evaluate,
    later: Later::Op(Op::Json),
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    ops::apply(store, Op::Json, args, None)
}
