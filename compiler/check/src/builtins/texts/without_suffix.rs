//! `"a.example.".without_suffix(".")` is `"a.example"`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::text;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "without_suffix",
    signature: "(self: string, suffix: string) -> string",
    docs: "The text without what it ends with, if it does.",
    examples: &[(r#""a.example.".without_suffix(".")"#, r#""a.example""#), (r#""a".without_suffix(".")"#, r#""a""#)],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let (whole, suffix) = (text(store, args, 0)?, text(store, args, 1)?);
    let rest = whole.strip_suffix(suffix).unwrap_or(whole).to_owned();
    Ok(store.text(rest))
}
