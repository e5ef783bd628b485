//! `sum([0.5, 0.25])` is `0.75`.

use bigdecimal::BigDecimal;
use value::{Fault, Store, Value, ValueId};

use crate::builtins::aggregates::total;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "sum",
    signature: "(list: [decimal]) -> decimal",
    docs: "The sum of a list, exact; of an empty one it is zero.",
    examples: &[("sum([0.5, 0.25])", "0.75"), ("sum([0.5])", "0.5")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    total(store, args.first().copied(), Value::Decimal(BigDecimal::from(0)))
}
