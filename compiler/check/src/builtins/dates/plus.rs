//! `(2027-03-31).plus(30d)` is `2027-04-30`.

use value::{Arithmetic, Fault, Store, ValueId, calculate};

use crate::builtins::arguments::wrong;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "plus",
    signature: "(self: date, duration: duration) -> date",
    docs: "The date so many whole days later.",
    examples: &[("(2027-03-31).plus(30d)", "2027-04-30"), ("(2024-02-28).plus(1d)", "2024-02-29")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    match args {
        [date, duration] => calculate(store, Arithmetic::Add, *date, *duration),
        _ => Err(wrong(store, args, 1, "duration")),
    }
}
