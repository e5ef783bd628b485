//! `(2027-03-31).iso8601` is `"2027-03-31"`.

use value::{Fault, Store, ValueId, scalars};

use crate::builtins::arguments::date;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "iso8601",
    signature: "(self: date) -> string",
    docs: "The date as a text: year, month and day.",
    examples: &[("(2027-03-31).iso8601", r#""2027-03-31""#), ("(2027-12-31).plus(1d).iso8601", r#""2028-01-01""#)],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let text = scalars::date_text(date(store, args, 0)?);
    Ok(store.text(text))
}
