//! `digest("abc")` is `"ba7816bf8f01cfea"`.

use value::{Fault, Store, ValueId, ops};

use crate::builtins::arguments::text;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "digest",
    signature: "(text: string) -> string",
    docs: "The first 16 hexadecimal digits of the SHA-256 of a text, to notice that it changed. What is secret needs `fingerprint`.",
    examples: &[(r#"digest("abc")"#, r#""ba7816bf8f01cfea""#), ("digest(json({ a = 1 }))", r#""015abd7f5cc57a2d""#)],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let digest = ops::digest(text(store, args, 0)?);
    Ok(store.text(digest))
}
