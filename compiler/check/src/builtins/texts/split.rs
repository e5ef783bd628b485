//! `"a,b,,c".split(",")` is `["a", "b", "", "c"]`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::text;
use crate::builtins::texts::pieces;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "split",
    signature: "(self: string, separator: string) -> [string]",
    docs: "The parts between separators.",
    examples: &[(r#""a,b,,c".split(",")"#, r#"["a", "b", "", "c"]"#), (r#""a".split(",")"#, r#"["a"]"#)],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let separator = text(store, args, 1)?.to_owned();
    if separator.is_empty() {
        return Err(Fault::new(
            "wrong_operands",
            "an empty text separates nothing",
            "say what stands between the parts",
        ));
    }
    let whole = text(store, args, 0)?.to_owned();
    pieces(store, whole.split(separator.as_str()))
}
