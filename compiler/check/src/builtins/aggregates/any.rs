//! `any([false, true])` is `true`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::{elements, flag};
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "any",
    signature: "(list: [bool]) -> bool",
    docs: "Whether one of them is true; of none it is false.",
    examples: &[("any([false, true])", "true"), ("any([])", "false")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let mut answer = false;
    for element in elements(store, args, 0)? {
        answer |= flag(store, &[*element], 0)?;
    }
    Ok(store.add(Value::Bool(answer)))
}
