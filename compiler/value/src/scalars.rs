//! Text of a scalar to its value. The same rules read a literal of a program, a string where a checked scalar is expected,
//! and a field of a data file. One file per scalar in `scalars/`; every refusal says what a right text looks like.

mod address;
mod cron;
mod date;
mod image;
mod measure;
mod number;
mod port;
mod promql;
mod quantity;
mod url;
mod version;

pub use address::{cidr, ip};
pub use cron::cron;
pub use date::{Calendar, calendar, date, date_text, days};
pub use image::{Image, image};
pub use measure::{DURATION_UNITS, SIZE_UNITS, duration, measure, size};
pub use number::{MAX_DIGITS, bounded, decimal, integer, number, percent};
pub use port::{PROTOCOLS, port, protocol};
pub use promql::{promql, promql_result};
pub use quantity::quantity;
pub use url::{Url, url};
pub use version::{Version, version};

use crate::{Fault, Value};

/// What a text is to be read as.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum ScalarKind {
    /// `true` or `false`
    Bool,
    /// `42`, `1_000`
    Int,
    /// `0.25`; `3` as well.
    Decimal,
    /// A number literal: an int, or a decimal when it has a point.
    Number,
    /// `4GiB`
    Size,
    /// `5min`
    Duration,
    /// A measure literal: its unit says whether it is a size or a duration.
    Measure,
    /// `99.9%`
    Ratio,
    /// `10.0.0.1`, `2001:db8::1`
    Ip,
    /// `10.0.0.0/16`, `2001:db8::/32`
    Cidr,
    /// `443/tcp`, `8000-8100/udp`
    Port,
    /// `2027-03-31`
    Date,
    /// `registry.example.com/shop/api:1.4.2`
    Image,
    /// `https://example.com/path`
    Url,
    /// `1.34`, `16`, `2.1.0-rc.1`
    Version,
    /// `*/5 * * * *`
    Cron,
    /// A query of Prometheus: not empty, brackets and quotes in balance. What it asks for is not looked at here.
    Promql,
    /// Any text.
    Text,
}

/// Reads a text as a scalar. Checked strings (`image`, `url`, `version`, `cron`, `promql`) stay texts.
pub fn parse_scalar(kind: ScalarKind, text: &str) -> Result<Value, Fault> {
    // A hostile text costs nothing and its message stays short.
    if text.len() > LONGEST && !matches!(kind, ScalarKind::Text | ScalarKind::Promql) {
        return Err(Fault::new(
            "bad_scalar",
            format!("{} of {} bytes is too long", kind.with_article(), text.len()),
            kind.example(),
        ));
    }
    match kind {
        ScalarKind::Bool => match text {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            _ => Err(refuse(kind, text)),
        },
        ScalarKind::Int => integer(text).map(Value::Int),
        ScalarKind::Decimal => decimal(text).map(Value::Decimal),
        ScalarKind::Number => number(text),
        ScalarKind::Size => size(text).map(Value::Size),
        ScalarKind::Duration => duration(text).map(Value::Duration),
        ScalarKind::Measure => measure(text),
        ScalarKind::Ratio => percent(text).map(Value::Ratio),
        ScalarKind::Ip => ip(text).map(Value::Ip),
        ScalarKind::Cidr => cidr(text).map(Value::Cidr),
        ScalarKind::Port => port(text),
        ScalarKind::Date => date(text).map(Value::Date),
        ScalarKind::Image => image(text).map(|_| Value::Text(text.into())),
        ScalarKind::Url => url(text).map(|_| Value::Text(text.into())),
        ScalarKind::Version => version(text).map(|_| Value::Text(text.into())),
        ScalarKind::Cron => cron(text).map(|()| Value::Text(text.into())),
        ScalarKind::Promql => promql(text).map(|()| Value::Text(text.into())),
        ScalarKind::Text => Ok(Value::Text(text.into())),
    }
}

/// The same, without what nobody means: a range has no bits behind its prefix.
pub fn parse_exact(kind: ScalarKind, text: &str) -> Result<Value, Fault> {
    let value = parse_scalar(kind, text)?;
    match &value {
        Value::Cidr(range) if range.addr() != range.network() => Err(Fault::new(
            "bad_scalar",
            format!("`{text}` has bits behind its prefix"),
            format!("the range is `{}`; a single address is an `ip`", range.trunc()),
        )),
        _ => Ok(value),
    }
}

/// The longest text that can be a scalar: 1,024 digits with a separator after each, a sign, a point and a unit.
const LONGEST: usize = 4096;

impl ScalarKind {
    /// The type's name in the language.
    pub fn name(self) -> &'static str {
        match self {
            ScalarKind::Bool => "bool",
            ScalarKind::Int => "int",
            ScalarKind::Decimal => "decimal",
            ScalarKind::Number => "number",
            ScalarKind::Size => "size",
            ScalarKind::Duration => "duration",
            ScalarKind::Measure => "measure",
            ScalarKind::Ratio => "ratio",
            ScalarKind::Ip => "ip",
            ScalarKind::Cidr => "cidr",
            ScalarKind::Port => "port",
            ScalarKind::Date => "date",
            ScalarKind::Image => "image",
            ScalarKind::Url => "url",
            ScalarKind::Version => "version",
            ScalarKind::Cron => "cron",
            ScalarKind::Promql => "promql",
            ScalarKind::Text => "string",
        }
    }
    fn with_article(self) -> String {
        let name = self.name();
        let article = if name.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
        format!("{article} {name}")
    }
    fn example(self) -> &'static str {
        match self {
            ScalarKind::Bool => "write `true` or `false`",
            ScalarKind::Int => "write whole digits: `42`, `1_000`",
            ScalarKind::Decimal | ScalarKind::Number => "write digits with at most one point: `0.25`, `1_000`",
            ScalarKind::Size => "write a number and a unit without a blank: `512MiB`, `4GiB`",
            ScalarKind::Duration => "write a number and a unit without a blank: `300ms`, `5min`, `30d`",
            ScalarKind::Measure => "write a number and a unit without a blank: `4GiB`, `5min`",
            ScalarKind::Ratio => "write a percentage: `99.9%`",
            ScalarKind::Ip => "write an address: `10.0.0.1`, or `\"2001:db8::1\"` as text",
            ScalarKind::Cidr => "write an address and a prefix: `10.0.0.0/16`, or `\"2001:db8::/32\"` as text",
            ScalarKind::Port => "write a number or a range and a protocol: `443/tcp`, `8000-8100/udp`",
            ScalarKind::Date => "write year, month and day: `2027-03-31`",
            ScalarKind::Image => "write `registry/name:tag` or `registry/name@sha256:…`",
            ScalarKind::Url => "write scheme, host and path: `https://example.com/path`",
            ScalarKind::Version => "write numbers separated by points: `1.34`, `2.1.0-rc.1`",
            ScalarKind::Cron => "write minute, hour, day, month and weekday: `30 3 * * 1-5`",
            ScalarKind::Promql => "write a query: `up{job=\"api\"} == 0`",
            ScalarKind::Text => "write a text",
        }
    }
}

/// The refusal of a text that is no such scalar.
pub(crate) fn refuse(kind: ScalarKind, text: &str) -> Fault {
    Fault::new("bad_scalar", format!("`{}` is not {}", shortened(text), kind.with_article()), kind.example())
}

/// The refusal with its reason, instead of the example.
pub(crate) fn refuse_because(kind: ScalarKind, text: &str, why: impl std::fmt::Display) -> Fault {
    Fault::new("bad_scalar", format!("`{}` is not {}: {why}", shortened(text), kind.with_article()), kind.example())
}

/// A text as it stands in a message: one line, at most 60 characters.
pub(crate) fn shortened(text: &str) -> String {
    let mut short: String =
        text.chars().take(60).map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    if text.chars().nth(60).is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [ScalarKind; 18] = [
        ScalarKind::Bool,
        ScalarKind::Int,
        ScalarKind::Decimal,
        ScalarKind::Number,
        ScalarKind::Size,
        ScalarKind::Duration,
        ScalarKind::Measure,
        ScalarKind::Ratio,
        ScalarKind::Ip,
        ScalarKind::Cidr,
        ScalarKind::Port,
        ScalarKind::Date,
        ScalarKind::Image,
        ScalarKind::Url,
        ScalarKind::Version,
        ScalarKind::Cron,
        ScalarKind::Promql,
        ScalarKind::Text,
    ];

    #[test]
    fn any_text_is_read_or_refused() {
        let pieces = [
            "1",
            "0",
            "9999999999",
            "-",
            ".",
            "..",
            "_",
            "e",
            "%",
            "/",
            ":",
            "@",
            "::",
            "GiB",
            "min",
            "tcp",
            "é",
            "\u{0}",
            " ",
            "{",
            "\"",
            "*",
            ",",
            "a",
            "v",
            "sha256:",
            "://",
            "[",
            "]",
        ];
        let mut state = 1u64;
        for _ in 0..20_000 {
            let mut text = String::new();
            for _ in 0..=(state >> 60) {
                // Knuth's constants: a fixed sequence, the same on every machine.
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push_str(pieces[(state >> 33) as usize % pieces.len()]);
            }
            for kind in KINDS {
                match parse_scalar(kind, &text) {
                    Ok(_) => {}
                    Err(fault) => assert!(
                        !fault.help.is_empty() && fault.message.len() < 400 && !fault.message.contains('\n'),
                        "{fault:?}"
                    ),
                }
            }
        }
    }

    #[test]
    fn a_literal_is_shown_as_it_was_read() {
        let literals = [
            (ScalarKind::Number, "42"),
            (ScalarKind::Number, "0.25"),
            (ScalarKind::Measure, "4GiB"),
            (ScalarKind::Measure, "300ms"),
            (ScalarKind::Ratio, "99.95%"),
            (ScalarKind::Ip, "10.0.0.1"),
            (ScalarKind::Cidr, "10.0.0.0/16"),
            (ScalarKind::Port, "8000-8100/udp"),
            (ScalarKind::Date, "2027-03-31"),
        ];
        for (kind, text) in literals {
            let mut store = crate::Store::default();
            let id = store.add(parse_scalar(kind, text).unwrap());
            assert_eq!(store.show(id), text);
        }
    }

    #[test]
    fn a_hostile_text_costs_nothing() {
        let long = "9".repeat(10_000_000);
        for kind in KINDS.into_iter().filter(|kind| !matches!(kind, ScalarKind::Text | ScalarKind::Promql)) {
            assert!(parse_scalar(kind, &long).unwrap_err().message.len() < 200);
        }
    }
}
