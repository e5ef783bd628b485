//! `enumerate(["a", "b"])` is `[{ index = 0, value = "a" }, { index = 1, value = "b" }]`.

use source::Name;
use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::elements;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "enumerate",
    signature: "(list: [T]) -> [{ index: int, value: T }]",
    docs: "The elements with their positions, from 0.",
    examples: &[
        (r#"enumerate(["a", "b"])"#, r#"[{ index = 0, value = "a" }, { index = 1, value = "b" }]"#),
        ("enumerate([])", "[]"),
    ],
    evaluate,
    later: Later::Shape,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let (index_name, value_name) = (Name::new("index"), Name::new("value"));
    let elements = elements(store, args, 0)?.to_vec();
    let mut numbered = Vec::with_capacity(elements.len());
    for (at, element) in elements.into_iter().enumerate() {
        let index = store.add(Value::Int(at as i64));
        numbered.push(store.record(vec![(index_name, index), (value_name, element)]));
    }
    Ok(store.list(numbered))
}
