//! `(2027-03-31).year` is `2027`.

use value::{Fault, Store, Value, ValueId, scalars};

use crate::builtins::arguments::date;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "year",
    signature: "(self: date) -> int",
    docs: "The year of a date.",
    examples: &[("(2027-03-31).year", "2027"), ("(1999-12-31).year", "1999")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let part = scalars::calendar(date(store, args, 0)?).year;
    Ok(store.add(Value::Int(part.into())))
}
