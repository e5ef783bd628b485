//! `(0.250).exact` is `"0.25"`.

use value::{Fault, Store, ValueId, number_text};

use crate::builtins::arguments::number;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "exact",
    signature: "(self: decimal) -> string",
    docs: "All digits of the number as a text, without trailing zeros.",
    examples: &[("(0.250).exact", r#""0.25""#), ("(3.0).exact", r#""3""#)],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let text = number_text(&number(store, args, 0)?);
    Ok(store.text(text))
}
