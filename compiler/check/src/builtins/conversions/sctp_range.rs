//! `sctp(8000..8100)` is `8000-8100/sctp`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::{int, range};
use crate::builtins::conversions::port_of;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "sctp",
    signature: "(numbers: range<int>) -> port",
    docs: "The ports of a range, with the protocol sctp.",
    examples: &[("sctp(8000..8100)", "8000-8100/sctp"), ("sctp(1..2)", "1-2/sctp")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let (first, last) = range(store, args, 0)?;
    let (first, last) = (int(store, &[first], 0)?, int(store, &[last], 0)?);
    port_of(store, first, last, "sctp")
}
