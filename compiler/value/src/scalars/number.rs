//! Whole numbers, decimals and percentages: exact, and bounded so that a hostile number costs nothing.

use bigdecimal::BigDecimal;
use bigdecimal::num_bigint::BigInt;

use super::{ScalarKind, refuse, refuse_because, shortened};
use crate::{Fault, Value};

/// The most digits, before and after the point together, that a number may have; `1e10000000 + 1` would cost seconds.
pub const MAX_DIGITS: u64 = 1024;

/// `42`, `-3`, `1_000`
pub fn integer(text: &str) -> Result<i64, Fault> {
    let written = Written::read(text).ok_or_else(|| refuse(ScalarKind::Int, text))?;
    if written.fraction.is_some() || written.exponent != 0 {
        return Err(refuse(ScalarKind::Int, text));
    }
    let mut number = 0i128;
    for digit in written.whole.bytes() {
        // 64 bits are left long before 128 are.
        number = number * 10 + i128::from(digit - b'0');
        if number > i128::from(i64::MAX) + 1 {
            return Err(too_large(text));
        }
    }
    i64::try_from(if written.negative { -number } else { number }).map_err(|_| too_large(text))
}

/// `0.25`, `-3`, `1_000.5`; data files may write `1e3`. No trailing zeros are kept.
pub fn decimal(text: &str) -> Result<BigDecimal, Fault> {
    let written = Written::read(text).ok_or_else(|| refuse(ScalarKind::Decimal, text))?;
    written.decimal().ok_or_else(|| too_many_digits(text))
}

/// A number literal: an int, or a decimal when it has a point.
pub fn number(text: &str) -> Result<Value, Fault> {
    if text.contains(['.', 'e', 'E']) { decimal(text).map(Value::Decimal) } else { integer(text).map(Value::Int) }
}

/// `99.9%` is 0.999.
pub fn percent(text: &str) -> Result<BigDecimal, Fault> {
    let digits =
        text.strip_suffix('%').ok_or_else(|| refuse_because(ScalarKind::Ratio, text, "it does not end in `%`"))?;
    let written = Written::read(digits).ok_or_else(|| refuse(ScalarKind::Ratio, text))?;
    let hundredfold = written.decimal().ok_or_else(|| too_many_digits(text))?;
    let (digits, scale) = hundredfold.into_bigint_and_scale();
    bounded(BigDecimal::new(digits, scale + 2)).ok_or_else(|| too_many_digits(text))
}

/// The number without trailing zeros, unless it has more than [`MAX_DIGITS`].
pub fn bounded(number: BigDecimal) -> Option<BigDecimal> {
    let number = number.normalized();
    let (_, scale) = number.as_bigint_and_scale();
    (number.digits() <= MAX_DIGITS && scale.unsigned_abs() <= MAX_DIGITS).then_some(number)
}

/// The parts of a number as it was written, separators removed.
struct Written {
    negative: bool,
    whole: String,
    fraction: Option<String>,
    exponent: i64,
}

impl Written {
    fn read(text: &str) -> Option<Self> {
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, read_exponent(exponent)?),
            None => (rest, 0),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((whole, fraction)) => (digits(whole)?, Some(digits(fraction)?)),
            None => (digits(mantissa)?, None),
        };
        Some(Self { negative, whole, fraction, exponent })
    }
    fn decimal(&self) -> Option<BigDecimal> {
        let fraction = self.fraction.as_deref().unwrap_or("");
        let all = format!("{}{}", self.whole.trim_start_matches('0'), fraction);
        if all.len() as u64 > MAX_DIGITS {
            return None;
        }
        let digits = if all.is_empty() { BigInt::from(0) } else { BigInt::parse_bytes(all.as_bytes(), 10)? };
        let digits = if self.negative { -digits } else { digits };
        bounded(BigDecimal::new(digits, fraction.len() as i64 - self.exponent))
    }
}

/// Digits with `_` between two of them.
fn digits(text: &str) -> Option<String> {
    let separated = !text.is_empty()
        && text.split('_').all(|group| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit()));
    separated.then(|| text.replace('_', ""))
}

/// An exponent of at most five digits; longer ones are beyond [`MAX_DIGITS`] anyway.
fn read_exponent(text: &str) -> Option<i64> {
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let digits = digits(text)?;
    let exponent = if digits.len() > 5 { i64::from(u16::MAX) } else { digits.parse().ok()? };
    Some(if negative { -exponent } else { exponent })
}

fn too_large(text: &str) -> Fault {
    Fault::new(
        "overflow",
        format!("`{}` does not fit an int of 64 bits", shortened(text)),
        format!("the largest is {}; write a decimal (`{}.0`) when it is not a count", i64::MAX, shortened(text)),
    )
}

fn too_many_digits(text: &str) -> Fault {
    Fault::new("overflow", format!("`{}` has more than {MAX_DIGITS} digits", shortened(text)), "write fewer digits")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_checked_at_64_bits() {
        assert_eq!(integer("1_000"), Ok(1000));
        assert_eq!(integer("-9223372036854775808"), Ok(i64::MIN));
        assert_eq!(integer("9223372036854775808").unwrap_err().code, "overflow");
        assert_eq!(integer(&"9".repeat(4000)).unwrap_err().code, "overflow");
        for wrong in ["", "-", "_1", "1_", "1__0", "0x10", "1.0", "1e3", " 1", "+1", "١"] {
            assert_eq!(integer(wrong).unwrap_err().code, "bad_scalar", "{wrong}");
        }
    }

    #[test]
    fn decimals_are_exact_and_bounded() {
        assert_eq!(decimal("0.25").unwrap().to_plain_string(), "0.25");
        assert_eq!(decimal("1_000.50").unwrap().to_plain_string(), "1000.5");
        assert_eq!(decimal("-0").unwrap().to_plain_string(), "0");
        assert_eq!(decimal("1e3").unwrap().to_plain_string(), "1000");
        assert_eq!(decimal("1.5e-3").unwrap().to_plain_string(), "0.0015");
        for hostile in ["1e10000000", "1e-99999999999999999999", "1e1025"] {
            assert_eq!(decimal(hostile).unwrap_err().code, "overflow", "{hostile}");
        }
        assert_eq!(decimal(&format!("0.{}", "1".repeat(1025))).unwrap_err().code, "overflow");
        for wrong in [".5", "5.", "1.2.3", "", "NaN", "inf", "1e", "1,5"] {
            assert_eq!(decimal(wrong).unwrap_err().code, "bad_scalar", "{wrong}");
        }
    }

    #[test]
    fn a_percentage_is_a_hundredth() {
        assert_eq!(percent("99.9%").unwrap().to_plain_string(), "0.999");
        assert_eq!(percent("100%").unwrap().to_plain_string(), "1");
        assert!(percent("99.9").is_err());
        assert!(percent("%").is_err());
    }
}
