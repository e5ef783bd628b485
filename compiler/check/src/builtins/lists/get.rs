//! `["a", "b"].get(1)` is `"b"`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::{elements, int};
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "get",
    signature: "(self: [T], index: int) -> T?",
    docs: "The element at a position from 0; absent when there is none.",
    examples: &[(r#"["a", "b"].get(1)"#, r#""b""#), (r#"["a"].get(7)"#, "none")],
    evaluate,
    later: Later::Shape,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let at = int(store, args, 1)?;
    let elements = elements(store, args, 0)?;
    Ok(usize::try_from(at).ok().and_then(|at| elements.get(at)).copied().unwrap_or(Store::ABSENT))
}
