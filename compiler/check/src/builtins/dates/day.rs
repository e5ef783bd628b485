//! `(2027-03-31).day` is `31`.

use value::{Fault, Store, Value, ValueId, scalars};

use crate::builtins::arguments::date;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "day",
    signature: "(self: date) -> int",
    docs: "The day of the month.",
    examples: &[("(2027-03-31).day", "31"), ("(2027-03-31).plus(1d).day", "1")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let part = scalars::calendar(date(store, args, 0)?).day;
    Ok(store.add(Value::Int(part.into())))
}
