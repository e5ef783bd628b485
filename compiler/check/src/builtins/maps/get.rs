//! `{ a = 1 }.get("a")` is `1`.

use value::{Fault, Store, ValueId};

use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "get",
    signature: "(self: {K: V}, key: K) -> V?",
    docs: "The value at a key; absent when there is none.",
    examples: &[(r#"{ a = 1 }.get("a")"#, "1"), (r#"{ a = 1 }.get("b")"#, "none")],
    evaluate,
    later: Later::Shape,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let (map, key) = (args.first().copied().unwrap_or(Store::ABSENT), args.get(1).copied().unwrap_or(Store::ABSENT));
    let (map, key) = (store.folded(map), store.folded(key));
    Ok(store.entry(map, key).unwrap_or(Store::ABSENT))
}
