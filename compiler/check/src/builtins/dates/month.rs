//! `(2027-03-31).month` is `3`.

use value::{Fault, Store, Value, ValueId, scalars};

use crate::builtins::arguments::date;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "month",
    signature: "(self: date) -> int",
    docs: "The month of a date, from 1 to 12.",
    examples: &[("(2027-03-31).month", "3"), ("(1999-12-31).month", "12")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let part = scalars::calendar(date(store, args, 0)?).month;
    Ok(store.add(Value::Int(part.into())))
}
