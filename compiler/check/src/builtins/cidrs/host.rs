//! `(10.0.0.0/24).host(5)` is `10.0.0.5`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::{cidr, int};
use crate::builtins::cidrs::step;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "host",
    signature: "(self: cidr, index: int) -> ip",
    docs: "The address at a position of the range, from 0; negative positions count from its end.",
    examples: &[("(10.0.0.0/24).host(5)", "10.0.0.5"), ("(10.0.0.0/24).host(-1)", "10.0.0.255")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let (range, index) = (cidr(store, args, 0)?, int(store, args, 1)?);
    let (start, steps) =
        if index < 0 { (range.broadcast(), i128::from(index) + 1) } else { (range.network(), i128::from(index)) };
    match step(start, steps).filter(|address| range.trunc().contains(address)) {
        Some(address) => Ok(store.add(Value::Ip(address))),
        None => Err(Fault::new(
            "out_of_range",
            format!("`{range}` has no address at {index}"),
            format!("it goes from `{}` to `{}`", range.network(), range.broadcast()),
        )),
    }
}
