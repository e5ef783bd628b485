//! `sum([1, 2, 3])` is `6`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::aggregates::total;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "sum",
    signature: "(list: [int]) -> int",
    docs: "The sum of a list, exact; of an empty one it is zero.",
    examples: &[("sum([1, 2, 3])", "6"), ("sum([for n in [1, 2]: n * n])", "5")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    total(store, args.first().copied(), Value::Int(0))
}
