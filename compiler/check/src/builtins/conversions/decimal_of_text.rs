//! `decimal("0.25")` is `0.25`.

use value::{Fault, ScalarKind, Store, ValueId, parse_scalar};

use crate::builtins::arguments::text;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "decimal",
    signature: "(text: string) -> decimal",
    docs: "A text as a decimal.",
    examples: &[(r#"decimal("0.25")"#, "0.25"), (r#"decimal("3")"#, "3")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let number = parse_scalar(ScalarKind::Decimal, text(store, args, 0)?)?;
    Ok(store.add(number))
}
