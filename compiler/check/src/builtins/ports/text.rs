//! `(443/tcp).text` is `"443/tcp"`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::port;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "text",
    signature: "(self: port) -> string",
    docs: "The port as it is written.",
    examples: &[("(443/tcp).text", r#""443/tcp""#), ("tcp(1..2).text", r#""1-2/tcp""#)],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let (first, last, protocol) = port(store, args, 0)?;
    let text = match (first, last) {
        (0, _) => protocol.text().to_owned(),
        (first, last) if first == last => format!("{first}/{protocol}"),
        (first, last) => format!("{first}-{last}/{protocol}"),
    };
    Ok(store.text(text))
}
