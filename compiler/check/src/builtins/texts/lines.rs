//! `"a\nb\n".lines` is `["a", "b"]`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::text;
use crate::builtins::texts::pieces;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "lines",
    signature: "(self: string) -> [string]",
    docs: "The lines of a text, without their ends.",
    examples: &[(r#""a\nb\n".lines"#, r#"["a", "b"]"#), (r#""".lines"#, "[]")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let whole = text(store, args, 0)?.to_owned();
    pieces(store, whole.lines())
}
