//! `keys({ b = 1, a = 2 })` is `["a", "b"]`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::entries;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "keys",
    signature: "(map: {K: V}) -> [K]",
    docs: "The keys of a map, in their order.",
    examples: &[("keys({ b = 1, a = 2 })", r#"["a", "b"]"#), ("keys({})", "[]")],
    evaluate,
    later: Later::Shape,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let keys: Vec<ValueId> = entries(store, args, 0)?.into_iter().map(|(key, _)| key).collect();
    Ok(store.list(keys))
}
