//! `every([true, false])` is `false`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::{elements, flag};
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "every",
    signature: "(list: [bool]) -> bool",
    docs: "Whether all of them are true; of none it is true.",
    examples: &[("every([true, false])", "false"), ("every([for n in [1, 2]: n > 0])", "true")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let mut answer = true;
    for element in elements(store, args, 0)? {
        answer &= flag(store, &[*element], 0)?;
    }
    Ok(store.add(Value::Bool(answer)))
}
