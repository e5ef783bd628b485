//! `"Tcp".upper` is `"TCP"`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::text;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "upper",
    signature: "(self: string) -> string",
    docs: "The text in capital letters.",
    examples: &[(r#""Tcp".upper"#, r#""TCP""#), (r#""é".upper"#, r#""É""#)],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let upper = text(store, args, 0)?.to_uppercase();
    Ok(store.text(upper))
}
