//! `(0.5).div(3, places = 3)` is `0.167`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::{number, optional_int};
use crate::builtins::numbers::rounded_quotient;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "div",
    signature: "(self: decimal, by: decimal, places: int = 0) -> decimal",
    docs: "The quotient, rounded to so many places; halves away from zero.",
    examples: &[("(0.5).div(3, places = 3)", "0.167"), ("(2.5).div(1)", "3")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let (number, by, places) = (number(store, args, 0)?, number(store, args, 1)?, optional_int(store, args, 2, 0)?);
    rounded_quotient(store, &number, &by, places)
}
