//! `{ a = 1 }.has("a")` is `true`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "has",
    signature: "(self: {K: V}, key: K) -> bool",
    docs: "Whether the map has this key, as `key in map`.",
    examples: &[(r#"{ a = 1 }.has("a")"#, "true"), (r#"{ a = 1 }.has("b")"#, "false")],
    evaluate,
    later: Later::Shape,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let (map, key) = (args.first().copied().unwrap_or(Store::ABSENT), args.get(1).copied().unwrap_or(Store::ABSENT));
    let (map, key) = (store.folded(map), store.folded(key));
    let found = store.entry(map, key).is_some();
    Ok(store.add(Value::Bool(found)))
}
