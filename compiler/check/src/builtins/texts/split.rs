//! `"a,b,,c".split(",")` is `["a", "b", "", "c"]`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::text;
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
    let separator = text(store, args, 1)?;
    if separator.is_empty() {
        return Err(Fault::new("wrong_operands", "an empty text separates nothing", "say what stands between the parts"));
    }
    let parts: Vec<String> = text(store, args, 0)?.split(separator).map(str::to_owned).collect();
    let parts: Vec<ValueId> = parts.into_iter().map(|part| store.text(part)).collect();
    Ok(store.list(parts))
}
