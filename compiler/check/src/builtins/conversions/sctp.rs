//! `sctp(8080)` is `8080/sctp`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::int;
use crate::builtins::conversions::port_of;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "sctp",
    signature: "(number: int) -> port",
    docs: "The port with this number and the protocol sctp.",
    examples: &[("sctp(8080)", "8080/sctp"), ("sctp(8000 + 1)", "8001/sctp")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let number = int(store, args, 0)?;
    port_of(store, number, number, "sctp")
}
