//! `count([true, false, true])` is `2`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::{elements, flag};
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "count",
    signature: "(list: [bool]) -> int",
    docs: "How many of them are true.",
    examples: &[("count([true, false, true])", "2"), ("count([for n in [1, 5, 9]: n > 3])", "2")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let mut count = 0;
    for element in elements(store, args, 0)? {
        count += i64::from(flag(store, &[*element], 0)?);
    }
    Ok(store.add(Value::Int(count)))
}
