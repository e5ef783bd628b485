//! `(10).div(3, places = 2)` is `3.33`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::{number, optional_int};
use crate::builtins::numbers::rounded_quotient;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "div",
    signature: "(self: decimal, by: decimal, places: int = 0) -> decimal",
    docs: "The quotient, rounded to so many places; halves away from zero.",
    examples: &[("(10).div(3, places = 2)", "3.33"), ("(0.5).div(3, 3)", "0.167"), ("(7).div(2)", "4")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let (number, by, places) = (number(store, args, 0)?, number(store, args, 1)?, optional_int(store, args, 2, 0)?);
    rounded_quotient(store, &number, &by, places)
}
