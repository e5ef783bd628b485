//! `(2..10).last` is `10`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::range;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "last",
    signature: "(self: range<T>) -> T",
    docs: "The largest value of a range.",
    examples: &[("(2..10).last", "10"), ("(0.25..1).last", "1")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    Ok(range(store, args, 0)?.1)
}
