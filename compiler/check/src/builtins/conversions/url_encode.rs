//! `url_encode("p@ss w")` is `"p%40ss%20w"`.

use value::{Fault, Op, Store, ValueId, ops};

use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "url_encode",
    signature: "(text: string) -> string",
    docs: "A text as a part of a location: letters, digits and `-._~` stay, all else is percent-encoded.",
    examples: &[(r#"url_encode("p@ss w")"#, r#""p%40ss%20w""#), (r#"url_encode("a-b")"#, r#""a-b""#)],
    evaluate,
    later: Later::Op(Op::UrlEncode),
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    ops::apply(store, Op::UrlEncode, args, None)
}
