//! `(4KiB).bytes` is `4096`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::size;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "bytes",
    signature: "(self: size) -> int",
    docs: "The bytes of a size.",
    examples: &[("(4KiB).bytes", "4096"), ("(1kB).bytes", "1000")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let bytes = size(store, args, 0)?;
    Ok(store.add(Value::Int(bytes)))
}
