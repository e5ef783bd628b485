//! `(443/tcp).protocol` is `"tcp"`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::port;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "protocol",
    signature: "(self: port) -> string",
    docs: "The protocol of a port, in small letters.",
    examples: &[("(443/tcp).protocol", r#""tcp""#), (r#"proto("vrrp").protocol"#, r#""vrrp""#)],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let (_, _, protocol) = port(store, args, 0)?;
    Ok(store.text(protocol.text()))
}
