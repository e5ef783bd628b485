//! `sum([1h, 30min])` is `90min`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::aggregates::total;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "sum",
    signature: "(list: [duration]) -> duration",
    docs: "The sum of a list, exact; of an empty one it is zero.",
    examples: &[("sum([1h, 30min])", "90min"), ("sum([1d])", "1d")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    total(store, args.first().copied(), Value::Duration(0))
}
