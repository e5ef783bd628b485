//! `"  a b ".trim` is `"a b"`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::text;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "trim",
    signature: "(self: string) -> string",
    docs: "The text without blanks and line ends around it.",
    examples: &[(r#""  a b ".trim"#, r#""a b""#), (r#""x\n".trim"#, r#""x""#)],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let trimmed = text(store, args, 0)?.trim().to_owned();
    Ok(store.text(trimmed))
}
