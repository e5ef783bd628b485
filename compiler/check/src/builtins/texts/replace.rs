//! `"a.b.c".replace(".", "-")` is `"a-b-c"`.

use value::{Fault, LONGEST_TEXT, Store, ValueId};

use crate::builtins::arguments::text;
use crate::builtins::texts::too_long;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "replace",
    signature: "(self: string, old: string, new: string) -> string",
    docs: "The text with every `old` replaced by `new`.",
    examples: &[(r#""a.b.c".replace(".", "-")"#, r#""a-b-c""#), (r#""abc".replace("x", "y")"#, r#""abc""#)],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let (whole, old, new) = (text(store, args, 0)?, text(store, args, 1)?, text(store, args, 2)?);
    if old.is_empty() {
        return Err(Fault::new("wrong_operands", "an empty text cannot be replaced", "say what is to be replaced"));
    }
    let length = whole.len() + whole.matches(old).count() * new.len();
    if length > LONGEST_TEXT {
        return Err(too_long());
    }
    let replaced = whole.replace(old, new);
    Ok(store.text(replaced))
}
