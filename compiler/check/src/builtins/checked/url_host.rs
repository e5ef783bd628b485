//! `url("https://a.example:8443/x").host` is `"a.example"`.

use value::{Fault, Store, ValueId, scalars};

use crate::builtins::arguments::text;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "host",
    signature: "(self: url) -> string",
    docs: "The host of a location.",
    examples: &[
        (r#"url("https://a.example:8443/x").host"#, r#""a.example""#),
        (r#"url("http://[::1]/").host"#, r#""::1""#),
    ],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let part = scalars::url(text(store, args, 0)?)?.host.to_owned();
    Ok(store.text(part))
}
