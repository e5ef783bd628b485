//! `["a", "b"].contains("b")` is `true`.

use value::{Fault, Store, Value, ValueId, equal};

use crate::builtins::arguments::elements;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "contains",
    signature: "(self: [T], element: T) -> bool",
    docs: "Whether an element is in the list, as `element in list`.",
    examples: &[(r#"["a", "b"].contains("b")"#, "true"), ("[1, 2].contains(3)", "false")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    // Only elements: a list is not asked for its parts here.
    let element = args.get(1).copied().unwrap_or(Store::ABSENT);
    let mut found = false;
    for other in elements(store, args, 0)? {
        found |= equal(store, element, *other).unwrap_or(false);
    }
    Ok(store.add(Value::Bool(found)))
}
