//! `url("https://a.example/x").scheme` is `"https"`.

use value::{Fault, Store, ValueId, scalars};

use crate::builtins::arguments::text;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "scheme",
    signature: "(self: url) -> string",
    docs: "The scheme of a location.",
    examples: &[(r#"url("https://a.example/x").scheme"#, r#""https""#), (r#"url("s3://logs").scheme"#, r#""s3""#)],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let part = scalars::url(text(store, args, 0)?)?.scheme.to_owned();
    Ok(store.text(part))
}
