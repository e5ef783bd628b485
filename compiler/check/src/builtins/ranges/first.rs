//! `(2..10).first` is `2`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::range;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "first",
    signature: "(self: range<T>) -> T",
    docs: "The smallest value of a range.",
    examples: &[("(2..10).first", "2"), ("(1GiB..4GiB).first", "1GiB")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    Ok(range(store, args, 0)?.0)
}
