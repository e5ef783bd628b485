//! `sum([10%, 15%])` is `25%`.

use bigdecimal::BigDecimal;
use value::{Fault, Store, Value, ValueId};

use crate::builtins::aggregates::total;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "sum",
    signature: "(list: [ratio]) -> ratio",
    docs: "The sum of a list, exact; of an empty one it is zero.",
    examples: &[("sum([10%, 15%])", "25%"), ("sum([0.1%, 0.2%])", "0.3%")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    total(store, args.first().copied(), Value::Ratio(BigDecimal::from(0)))
}
