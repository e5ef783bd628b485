//! `(5min).prometheus` is `"5m"`.

use value::{Fault, Store, ValueId, duration_text};

use crate::builtins::arguments::duration;
use crate::builtins::durations::split;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "prometheus",
    signature: "(self: duration) -> string",
    docs: "The duration as Prometheus writes it, largest unit first: `1d12h`, `5m`; milliseconds are the smallest.",
    examples: &[("(5min).prometheus", r#""5m""#), ("(36h).prometheus", r#""1d12h""#), ("(0s).prometheus", r#""0s""#)],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let amount = duration(store, args, 0)?;
    let units = [
        ("d", 86_400_000_000_000),
        ("h", 3_600_000_000_000),
        ("m", 60_000_000_000),
        ("s", 1_000_000_000),
        ("ms", 1_000_000),
    ];
    let text = split(amount, &units).ok_or_else(|| {
        Fault::new(
            "inexact",
            format!("Prometheus has no form for `{}`", duration_text(amount)),
            "it takes whole milliseconds, not below zero",
        )
    })?;
    Ok(store.text(text))
}
