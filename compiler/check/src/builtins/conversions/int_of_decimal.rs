//! `int(2.0)` is `2`.

use value::{Fault, Store, ValueId, number_text};

use crate::builtins::arguments::number;
use crate::builtins::numbers::whole;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "int",
    signature: "(number: decimal) -> int",
    docs: "A decimal without places as a whole number; one with places must be rounded.",
    examples: &[("int(2.0)", "2"), ("int(1.5 * 2)", "3")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let number = number(store, args, 0)?;
    if !number.is_integer() {
        let message = format!("`{}` is not a whole number", number_text(&number));
        return Err(Fault::new("inexact", message, "say how to round: `.floor`, `.ceil`, `.round(0)`"));
    }
    whole(store, &number)
}
