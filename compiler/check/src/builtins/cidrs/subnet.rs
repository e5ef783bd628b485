//! `(10.0.0.0/16).subnet(8, 3)` is `10.0.3.0/24`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::{cidr, int};
use crate::builtins::cidrs::nth_part;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "subnet",
    signature: "(self: cidr, bits: int, index: int) -> cidr",
    docs: "The range at a position, from 0, when this one is divided into 2 to the power of `bits` equal ones.",
    examples: &[("(10.0.0.0/16).subnet(8, 3)", "10.0.3.0/24"), ("(10.0.0.0/16).subnet(1, 1)", "10.0.128.0/17")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let (range, bits, index) = (cidr(store, args, 0)?, int(store, args, 1)?, int(store, args, 2)?);
    let room = range.max_prefix_len() - range.prefix_len();
    let bits = u8::try_from(bits).ok().filter(|bits| *bits <= room).ok_or_else(|| {
        Fault::new(
            "out_of_range",
            format!("`{range}` cannot be divided by {bits} more bits"),
            format!("it has {room} bits left"),
        )
    })?;
    // More than 2 to the power of 63 parts cannot be counted by an int.
    let parts = 1i128 << bits.min(64);
    if index < 0 || i128::from(index) >= parts {
        let help = format!("positions go from 0 to {}", parts - 1);
        return Err(Fault::new(
            "out_of_range",
            format!("`{range}` divided by {bits} more bits has no part {index}"),
            help,
        ));
    }
    let part = nth_part(&range, bits, index as u128).ok_or_else(|| {
        Fault::new("out_of_range", format!("`{range}` has no part {index}"), "use a smaller position")
    })?;
    Ok(store.add(Value::Cidr(part)))
}
