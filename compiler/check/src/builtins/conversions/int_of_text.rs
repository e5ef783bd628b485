//! `int("42")` is `42`.

use value::{Fault, ScalarKind, Store, ValueId, parse_scalar};

use crate::builtins::arguments::text;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "int",
    signature: "(text: string) -> int",
    docs: "A text as a whole number.",
    examples: &[(r#"int("42")"#, "42"), (r#"int("-1_000")"#, "-1000")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let number = parse_scalar(ScalarKind::Int, text(store, args, 0)?)?;
    Ok(store.add(number))
}
