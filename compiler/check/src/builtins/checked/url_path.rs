//! `url("https://a.example/x/y?z").path` is `"/x/y"`.

use value::{Fault, Store, ValueId, scalars};

use crate::builtins::arguments::text;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "path",
    signature: "(self: url) -> string",
    docs: "The path of a location, from its first `/`.",
    examples: &[
        (r#"url("https://a.example/x/y?z").path"#, r#""/x/y""#),
        (r#"url("https://a.example").path"#, r#""/""#),
    ],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let part = scalars::url(text(store, args, 0)?)?.path.to_owned();
    Ok(store.text(part))
}
