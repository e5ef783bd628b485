//! Sizes and durations: a number and a unit, exact in whole bytes and whole nanoseconds.

use bigdecimal::{BigDecimal, ToPrimitive};
use source::did_you_mean;

use super::{ScalarKind, decimal, refuse, shortened};
use crate::{Fault, Value};

/// Units of size and their bytes. A thousand has the small `k` of the metric system, 1,024 has the `i`.
pub const SIZE_UNITS: [(&str, i64); 11] = [
    ("B", 1),
    ("kB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
    ("PB", 1_000_000_000_000_000),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("TiB", 1 << 40),
    ("PiB", 1 << 50),
];

/// Units of duration and their nanoseconds. Months and years have no fixed length.
pub const DURATION_UNITS: [(&str, i64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("min", 60_000_000_000),
    ("h", 3_600_000_000_000),
    ("d", 86_400_000_000_000),
    ("w", 604_800_000_000_000),
];

/// What other tools and people write for a unit of ours.
const ALIASES: [(&str, &str); 30] = [
    ("b", "B"),
    ("byte", "B"),
    ("bytes", "B"),
    ("KB", "kB"),
    ("kb", "kB"),
    ("k", "kB"),
    ("K", "KiB"),
    ("Ki", "KiB"),
    ("M", "MiB"),
    ("Mi", "MiB"),
    ("mb", "MB"),
    ("G", "GiB"),
    ("Gi", "GiB"),
    ("gb", "GB"),
    ("T", "TiB"),
    ("Ti", "TiB"),
    ("tb", "TB"),
    ("µs", "us"),
    ("μs", "us"),
    ("m", "min"),
    ("mins", "min"),
    ("minute", "min"),
    ("minutes", "min"),
    ("sec", "s"),
    ("second", "s"),
    ("seconds", "s"),
    ("hour", "h"),
    ("hours", "h"),
    ("day", "d"),
    ("days", "d"),
];

/// `4GiB` or `5min`: the unit says which of the two.
pub fn measure(text: &str) -> Result<Value, Fault> {
    let (number, unit) = split(text).ok_or_else(|| refuse(ScalarKind::Measure, text))?;
    if let Some(bytes) = factor(&SIZE_UNITS, unit) {
        return whole(number, unit, bytes, "bytes", text).map(Value::Size);
    }
    if let Some(nanoseconds) = factor(&DURATION_UNITS, unit) {
        return whole(number, unit, nanoseconds, "nanoseconds", text).map(Value::Duration);
    }
    Err(unknown_unit(unit, SIZE_UNITS.iter().chain(&DURATION_UNITS).map(|(name, _)| *name)))
}

/// `512MiB`: whole bytes.
pub fn size(text: &str) -> Result<i64, Fault> {
    let (number, unit) = split(text).ok_or_else(|| refuse(ScalarKind::Size, text))?;
    match factor(&SIZE_UNITS, unit) {
        Some(bytes) => whole(number, unit, bytes, "bytes", text),
        None if factor(&DURATION_UNITS, unit).is_some() => Err(refuse(ScalarKind::Size, text)),
        None => Err(unknown_unit(unit, SIZE_UNITS.iter().map(|(name, _)| *name))),
    }
}

/// `300ms`: whole nanoseconds.
pub fn duration(text: &str) -> Result<i64, Fault> {
    let (number, unit) = split(text).ok_or_else(|| refuse(ScalarKind::Duration, text))?;
    match factor(&DURATION_UNITS, unit) {
        Some(nanoseconds) => whole(number, unit, nanoseconds, "nanoseconds", text),
        None if factor(&SIZE_UNITS, unit).is_some() => Err(refuse(ScalarKind::Duration, text)),
        None => Err(unknown_unit(unit, DURATION_UNITS.iter().map(|(name, _)| *name))),
    }
}

/// Number and unit; both must be there, with nothing between.
fn split(text: &str) -> Option<(&str, &str)> {
    let at = text.find(|letter: char| letter.is_alphabetic())?;
    let (number, unit) = text.split_at_checked(at)?;
    (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'_' | b'-')))
        .then_some((number, unit))
}

fn factor(units: &[(&str, i64)], unit: &str) -> Option<i64> {
    units.iter().find(|(name, _)| *name == unit).map(|(_, factor)| *factor)
}

fn whole(number: &str, unit: &str, factor: i64, smallest: &str, text: &str) -> Result<i64, Fault> {
    let product = decimal(number)? * BigDecimal::from(factor);
    if !product.is_integer() {
        return Err(Fault::new(
            "inexact",
            format!("`{}` is not a whole number of {smallest}", shortened(text)),
            format!("write it in a smaller unit than `{unit}`, or with fewer digits"),
        ));
    }
    product.to_i64().ok_or_else(|| {
        Fault::new(
            "overflow",
            format!("`{}` is more {smallest} than fit 64 bits", shortened(text)),
            format!("the most is {} {smallest}", i64::MAX),
        )
    })
}

fn unknown_unit(unit: &str, known: impl Iterator<Item = &'static str> + Clone) -> Fault {
    let alias = ALIASES
        .iter()
        .find(|(alias, name)| *alias == unit && known.clone().any(|known| known == *name))
        .map(|(_, name)| *name);
    // One letter is as close to any other as to what was meant.
    let near = alias.or_else(|| if unit.len() > 1 { did_you_mean(unit, known.clone()) } else { None });
    let list = list_of_units(known);
    let help = match near {
        // What Kubernetes calls `250m`.
        Some("min") if unit == "m" => {
            format!("did you mean `min`? a thousandth is a decimal such as `0.25`; units are {list}")
        }
        Some(near) => format!("did you mean `{near}`? units are {list}"),
        None => format!("units are {list}"),
    };
    Fault::new("unknown_unit", format!("there is no unit `{}`", shortened(unit)), help)
}

/// All units in their own order: sorted by name they would read badly, and cut at twelve the last would be missing.
fn list_of_units(known: impl Iterator<Item = &'static str>) -> String {
    known.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_whole_bytes() {
        assert_eq!(measure("4GiB"), Ok(Value::Size(4 << 30)));
        assert_eq!(measure("10GB"), Ok(Value::Size(10_000_000_000)));
        assert_eq!(measure("1.5GiB"), Ok(Value::Size(3 << 29)));
        assert_eq!(measure("0B"), Ok(Value::Size(0)));
        assert_eq!(measure("0.3B").unwrap_err().code, "inexact");
        assert_eq!(measure("9999999PiB").unwrap_err().code, "overflow");
    }

    #[test]
    fn durations_are_whole_nanoseconds() {
        assert_eq!(measure("300ms"), Ok(Value::Duration(300_000_000)));
        assert_eq!(measure("0.5s"), Ok(Value::Duration(500_000_000)));
        assert_eq!(measure("1w"), Ok(Value::Duration(7 * 86_400_000_000_000)));
        assert_eq!(duration("4GiB").unwrap_err().message, "`4GiB` is not a duration");
        assert_eq!(size("5min").unwrap_err().message, "`5min` is not a size");
    }

    #[test]
    fn an_unknown_unit_lists_the_units() {
        let fault = measure("4Gi").unwrap_err();
        assert_eq!((fault.code, fault.message.as_str()), ("unknown_unit", "there is no unit `Gi`"));
        assert!(fault.help.starts_with("did you mean `GiB`? units are `B`, `kB`"), "{}", fault.help);
        assert!(measure("5m").unwrap_err().help.starts_with("did you mean `min`?"));
        assert!(size("5m").unwrap_err().help.starts_with("units are"));
        for wrong in ["GiB", "4", "4 GiB", "", "4GiB!", "-GiB"] {
            assert!(measure(wrong).is_err(), "{wrong}");
        }
    }
}
