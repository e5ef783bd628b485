//! `"v1.2".without_prefix("v")` is `"1.2"`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::text;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "without_prefix",
    signature: "(self: string, prefix: string) -> string",
    docs: "The text without what it begins with, if it does.",
    examples: &[(r#""v1.2".without_prefix("v")"#, r#""1.2""#), (r#""1.2".without_prefix("v")"#, r#""1.2""#)],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let (whole, prefix) = (text(store, args, 0)?, text(store, args, 1)?);
    let rest = whole.strip_prefix(prefix).unwrap_or(whole).to_owned();
    Ok(store.text(rest))
}
