//! `values({ b = 1, a = 2 })` is `[2, 1]`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::entries;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "values",
    signature: "(map: {K: V}) -> [V]",
    docs: "The values of a map, in the order of their keys.",
    examples: &[("values({ b = 1, a = 2 })", "[2, 1]"), ("values({})", "[]")],
    evaluate,
    later: Later::Shape,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let values: Vec<ValueId> = entries(store, args, 0)?.into_iter().map(|(_, value)| value).collect();
    Ok(store.list(values))
}
