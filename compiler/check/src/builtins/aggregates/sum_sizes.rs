//! `sum([1GiB, 512MiB])` is `1536MiB`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::aggregates::total;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "sum",
    signature: "(list: [size]) -> size",
    docs: "The sum of a list, exact; of an empty one it is zero.",
    examples: &[("sum([1GiB, 512MiB])", "1536MiB"), ("sum([for s in [1GiB, 2GiB]: s * 2])", "6GiB")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    total(store, args.first().copied(), Value::Size(0))
}
