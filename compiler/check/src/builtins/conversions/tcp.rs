//! `tcp(8080)` is `8080/tcp`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::int;
use crate::builtins::conversions::port_of;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "tcp",
    signature: "(number: int) -> port",
    docs: "The port with this number and the protocol tcp.",
    examples: &[("tcp(8080)", "8080/tcp"), ("tcp(8000 + 1)", "8001/tcp")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let number = int(store, args, 0)?;
    port_of(store, number, number, "tcp")
}
