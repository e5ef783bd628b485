//! `(10.0.0.255).next` is `10.0.1.0`.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::{ip, optional_int};
use crate::builtins::cidrs::step;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "next",
    signature: "(self: ip, steps: int = 1) -> ip",
    docs: "The address so many steps further; backwards when they are negative.",
    examples: &[("(10.0.0.255).next", "10.0.1.0"), ("(10.0.0.5).next(-5)", "10.0.0.0")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let (address, steps) = (ip(store, args, 0)?, optional_int(store, args, 1, 1)?);
    let next = step(address, i128::from(steps)).ok_or_else(|| {
        Fault::new(
            "overflow",
            format!("there is no address {steps} steps from `{address}`"),
            "stay within the addresses of its version",
        )
    })?;
    Ok(store.add(Value::Ip(next)))
}
