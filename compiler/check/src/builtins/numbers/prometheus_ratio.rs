//! `(99.9%).prometheus` is `"0.999"`.

use value::{Fault, Store, ValueId, number_text};

use crate::builtins::arguments::number;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "prometheus",
    signature: "(self: ratio) -> string",
    docs: "The ratio as a decimal, as a query of Prometheus takes it.",
    examples: &[("(99.9%).prometheus", r#""0.999""#), ("(50%).prometheus", r#""0.5""#)],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let text = number_text(&number(store, args, 0)?);
    Ok(store.text(text))
}
