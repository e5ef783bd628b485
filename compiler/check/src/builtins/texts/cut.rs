//! `"abcdef".cut(3)` is `"abc"`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::{count, text};
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "cut",
    signature: "(self: string, count: int) -> string",
    docs: "The first characters, at most so many.",
    examples: &[(r#""abcdef".cut(3)"#, r#""abc""#), (r#""ab".cut(3)"#, r#""ab""#)],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let count = count(store, args, 1)?;
    let cut: String = text(store, args, 0)?.chars().take(count).collect();
    Ok(store.text(cut))
}
