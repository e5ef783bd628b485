//! `(1d).iso8601` is `"P1D"`.

use bigdecimal::BigDecimal;
use value::{Fault, Store, ValueId, duration_text, number_text};

use crate::builtins::arguments::duration;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "iso8601",
    signature: "(self: duration) -> string",
    docs: "The duration in the form of ISO 8601: `P1D`, `PT1H30M`.",
    examples: &[("(1d).iso8601", r#""P1D""#), ("(90min).iso8601", r#""PT1H30M""#), ("(1.5s).iso8601", r#""PT1.5S""#)],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let amount = duration(store, args, 0)?;
    if amount < 0 {
        return Err(Fault::new(
            "inexact",
            format!("`{}` is below zero", duration_text(amount)),
            "a duration in a configuration is not negative",
        ));
    }
    let (days, rest) = (amount / 86_400_000_000_000, amount % 86_400_000_000_000);
    let (hours, rest) = (rest / 3_600_000_000_000, rest % 3_600_000_000_000);
    let (minutes, rest) = (rest / 60_000_000_000, rest % 60_000_000_000);
    let mut text = String::from("P");
    if days > 0 {
        text.push_str(&format!("{days}D"));
    }
    if days == 0 || hours + minutes + rest > 0 {
        text.push('T');
    }
    if hours > 0 {
        text.push_str(&format!("{hours}H"));
    }
    if minutes > 0 {
        text.push_str(&format!("{minutes}M"));
    }
    if rest > 0 || amount == 0 {
        text.push_str(&format!("{}S", number_text(&BigDecimal::new(rest.into(), 9))));
    }
    Ok(store.text(text))
}
