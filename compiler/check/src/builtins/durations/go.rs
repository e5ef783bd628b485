//! `(90min).go` is `"1h30m"`.

use value::{Fault, Store, ValueId, duration_text};

use crate::builtins::arguments::duration;
use crate::builtins::durations::split;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "go",
    signature: "(self: duration) -> string",
    docs: "The duration as Go and Kubernetes write it, largest unit first, hours at most: `36h`, `1h30m`.",
    examples: &[("(90min).go", r#""1h30m""#), ("(1d).go", r#""24h""#), ("(300ms).go", r#""300ms""#)],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let amount = duration(store, args, 0)?;
    let units = [
        ("h", 3_600_000_000_000),
        ("m", 60_000_000_000),
        ("s", 1_000_000_000),
        ("ms", 1_000_000),
        ("us", 1_000),
        ("ns", 1),
    ];
    let text = split(amount, &units).ok_or_else(|| {
        Fault::new(
            "inexact",
            format!("`{}` is below zero", duration_text(amount)),
            "a duration in a configuration is not negative",
        )
    })?;
    Ok(store.text(text))
}
