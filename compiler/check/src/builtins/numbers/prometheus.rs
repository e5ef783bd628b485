//! `(0.001).prometheus` is `"0.001"`.

use value::{Fault, Store, ValueId, number_text};

use crate::builtins::arguments::number;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "prometheus",
    signature: "(self: decimal) -> string",
    docs: "All digits of the number as a text, as a query of Prometheus takes it.",
    examples: &[("(0.001).prometheus", r#""0.001""#), ("(1 - 99.9%).prometheus", r#""0.001""#)],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let text = number_text(&number(store, args, 0)?);
    Ok(store.text(text))
}
