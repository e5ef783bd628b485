//! `url("https://a.example/x").port` is `443`.

use value::{Fault, Store, Value, ValueId, scalars};

use crate::builtins::arguments::text;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "port",
    signature: "(self: url) -> int?",
    docs: "The port of a location, as it is written or usual for its scheme; absent when there is no usual one.",
    examples: &[(r#"url("https://a.example/x").port"#, "443"), (r#"url("s3://logs").port"#, "none")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let port = scalars::url(text(store, args, 0)?)?.port;
    Ok(port.map_or(Store::ABSENT, |port| store.add(Value::Int(port.into()))))
}
