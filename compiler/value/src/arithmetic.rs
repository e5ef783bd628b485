//! Exact arithmetic on numbers and on what has a unit. [`result_dimension`] is the one table of what may be combined with
//! what: the checker types by it and [`calculate`] computes by it. Nothing is ever rounded: what is not exact is a fault that
//! says how to ask for a rounding.

use bigdecimal::num_bigint::BigInt;
use bigdecimal::{BigDecimal, ToPrimitive, Zero};

use crate::scalars::{MAX_DIGITS, bounded};
use crate::{Fault, Store, Value, ValueId};

/// An operator of arithmetic.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    /// `/`: exact, or a fault.
    Divide,
    /// `div`: towards minus infinity.
    IntegerDivide,
    /// `mod`: what `div` leaves, with the sign of the divisor.
    Modulo,
}

/// What a number counts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Dimension {
    Int,
    Decimal,
    Ratio,
    /// Bytes.
    Size,
    /// Nanoseconds.
    Duration,
    /// Days since 1970-01-01.
    Date,
}

const NANOSECONDS_OF_A_DAY: i64 = 86_400_000_000_000;

/// What an operator gives for these operands; nothing when it does not take them. A ratio beside a number counts as a decimal.
pub fn result_dimension(operator: Arithmetic, left: Dimension, right: Dimension) -> Option<Dimension> {
    use Arithmetic::{Add, Divide, IntegerDivide, Modulo, Multiply, Subtract};
    use Dimension::{Date, Decimal, Duration, Int, Ratio, Size};
    match (operator, left, right) {
        (Add | Subtract | Multiply | IntegerDivide | Modulo, Int, Int) => Some(Int),
        (Add | Subtract | Multiply, Ratio, Ratio) => Some(Ratio),
        (Add | Subtract | Multiply | Divide | Modulo, Int | Decimal | Ratio, Int | Decimal | Ratio) => Some(Decimal),
        (IntegerDivide, Int | Decimal | Ratio, Int | Decimal | Ratio) => Some(Int),
        (Add | Subtract | Modulo, Size, Size) => Some(Size),
        (Add | Subtract | Modulo, Duration, Duration) => Some(Duration),
        (Divide, Size, Size) | (Divide, Duration, Duration) => Some(Decimal),
        (IntegerDivide, Size, Size) | (IntegerDivide, Duration, Duration) => Some(Int),
        (Multiply | Divide | IntegerDivide, Size, Int | Decimal | Ratio) | (Multiply, Int | Decimal | Ratio, Size) => {
            Some(Size)
        }
        (Multiply | Divide | IntegerDivide, Duration, Int | Decimal | Ratio)
        | (Multiply, Int | Decimal | Ratio, Duration) => Some(Duration),
        (Add | Subtract, Date, Duration) | (Add, Duration, Date) => Some(Date),
        (Subtract, Date, Date) => Some(Duration),
        (
            Add | Subtract | Multiply | Divide | IntegerDivide | Modulo,
            Int | Decimal | Ratio | Size | Duration | Date,
            Int | Decimal | Ratio | Size | Duration | Date,
        ) => None,
    }
}

/// The value of `left operator right`. Both are known (references count as what they are folded to); an unknown one silently
/// makes the result unknown.
pub fn calculate(store: &mut Store, operator: Arithmetic, left: ValueId, right: ValueId) -> Result<ValueId, Fault> {
    let (left, right) = (store.folded(left), store.folded(right));
    for operand in [left, right] {
        if let Value::Unknown(_) = store.get(operand) {
            return Ok(operand);
        }
    }
    let value = match (store.get(left), store.get(right)) {
        (Value::Int(a), Value::Int(b)) if operator != Arithmetic::Divide => integers(operator, *a, *b),
        (a, b) => match (amount(a), amount(b)) {
            (Some(a), Some(b)) => {
                let dimension =
                    result_dimension(operator, a.0, b.0).ok_or_else(|| wrong_operands(store, operator, left, right))?;
                exactly(operator, a, b).and_then(|number| in_dimension(number, dimension))
            }
            (Some(_) | None, None) | (None, Some(_)) => return Err(wrong_operands(store, operator, left, right)),
        },
    };
    match value {
        Ok(value) => Ok(store.add(value)),
        Err(problem) => Err(problem.told(store, operator, left, right)),
    }
}

/// `-x`: of numbers, sizes, durations and ratios.
pub fn negate(store: &mut Store, operand: ValueId) -> Result<ValueId, Fault> {
    let operand = store.folded(operand);
    let overflow = |store: &Store| {
        Fault::new(
            "overflow",
            format!("`-({})` does not fit 64 bits", store.show_short(operand)),
            "write a smaller number",
        )
    };
    let value = match store.get(operand) {
        Value::Unknown(_) => return Ok(operand),
        Value::Int(number) => Value::Int(number.checked_neg().ok_or_else(|| overflow(store))?),
        Value::Size(bytes) => Value::Size(bytes.checked_neg().ok_or_else(|| overflow(store))?),
        Value::Duration(nanoseconds) => Value::Duration(nanoseconds.checked_neg().ok_or_else(|| overflow(store))?),
        Value::Decimal(number) => Value::Decimal(-number.clone()),
        Value::Ratio(number) => Value::Ratio(-number.clone()),
        _ => {
            let message = format!("`-` does not take `{}`", store.show_short(operand));
            return Err(Fault::new("wrong_operands", message, "it takes a number, a ratio, a size or a duration"));
        }
    };
    Ok(store.add(value))
}

/// The value of a number in a dimension: whole where the dimension is, and within 64 bits. The number counts the dimension's
/// smallest unit.
pub(crate) fn in_dimension(number: BigDecimal, dimension: Dimension) -> Result<Value, Problem> {
    let whole = |number: &BigDecimal| {
        if number.is_integer() { number.to_i64().ok_or(Problem::Overflow) } else { Err(Problem::Inexact) }
    };
    match dimension {
        Dimension::Int => whole(&number).map(Value::Int),
        Dimension::Size => whole(&number).map(Value::Size),
        Dimension::Duration => whole(&number).map(Value::Duration),
        Dimension::Decimal => bounded(number).map(Value::Decimal).ok_or(Problem::TooManyDigits),
        Dimension::Ratio => bounded(number).map(Value::Ratio).ok_or(Problem::TooManyDigits),
        // Dates are computed in nanoseconds, as durations are.
        Dimension::Date => {
            let days = exact_quotient(&number, &BigDecimal::from(NANOSECONDS_OF_A_DAY))
                .filter(BigDecimal::is_integer)
                .ok_or(Problem::PartOfADay)?;
            let days = days.to_i32().ok_or(Problem::OutsideTheCalendar)?;
            // The years 1 to 9999, as dates are written.
            if (-719_162..=2_932_896).contains(&days) {
                Ok(Value::Date(days))
            } else {
                Err(Problem::OutsideTheCalendar)
            }
        }
    }
}

/// Why a calculation has no value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Problem {
    Overflow,
    Inexact,
    TooManyDigits,
    DivisionByZero,
    PartOfADay,
    OutsideTheCalendar,
}

impl Problem {
    fn told(self, store: &Store, operator: Arithmetic, left: ValueId, right: ValueId) -> Fault {
        let text = format!("{} {} {}", store.show_short(left), operator.text(), store.show_short(right));
        match self {
            Problem::Overflow => {
                Fault::new("overflow", format!("`{text}` does not fit 64 bits"), "use smaller numbers, or a decimal")
            }
            Problem::TooManyDigits => Fault::new(
                "overflow",
                format!("`{text}` has more than {MAX_DIGITS} digits"),
                "round on the way: `.round(places)`",
            ),
            Problem::DivisionByZero => Fault::new(
                "division_by_zero",
                format!("`{text}` divides by zero"),
                "decide before whether there is something to divide by",
            ),
            Problem::PartOfADay => Fault::new(
                "inexact",
                format!("`{text}` is not a whole day"),
                "a date takes durations of whole days: `30d`",
            ),
            Problem::OutsideTheCalendar => {
                Fault::new("overflow", format!("`{text}` is outside the years 1 to 9999"), "use a shorter duration")
            }
            Problem::Inexact => match (store.get(left), operator) {
                (Value::Size(_) | Value::Duration(_), _) | (_, Arithmetic::Multiply) => {
                    let smallest = if [left, right].iter().any(|id| matches!(store.get(*id), Value::Size(_))) {
                        "bytes"
                    } else {
                        "nanoseconds"
                    };
                    let help = match operator {
                        Arithmetic::Divide => "say `div` instead of `/` to leave out the rest",
                        _ => "multiply by a number that leaves whole units, or `.round(…)` it before",
                    };
                    Fault::new("inexact", format!("`{text}` is not a whole number of {smallest}"), help)
                }
                _ => Fault::new(
                    "inexact",
                    format!("`{text}` has no exact decimal"),
                    format!("say how to round: `.div({}, places = 2)`", store.show_short(right)),
                ),
            },
        }
    }
}

impl Arithmetic {
    /// The operator as it is written.
    pub fn text(self) -> &'static str {
        match self {
            Arithmetic::Add => "+",
            Arithmetic::Subtract => "-",
            Arithmetic::Multiply => "*",
            Arithmetic::Divide => "/",
            Arithmetic::IntegerDivide => "div",
            Arithmetic::Modulo => "mod",
        }
    }
}

impl Dimension {
    /// The type's name in the language.
    pub fn name(self) -> &'static str {
        match self {
            Dimension::Int => "int",
            Dimension::Decimal => "decimal",
            Dimension::Ratio => "ratio",
            Dimension::Size => "size",
            Dimension::Duration => "duration",
            Dimension::Date => "date",
        }
    }
}

fn integers(operator: Arithmetic, left: i64, right: i64) -> Result<Value, Problem> {
    let result = match operator {
        Arithmetic::Add => left.checked_add(right),
        Arithmetic::Subtract => left.checked_sub(right),
        Arithmetic::Multiply => left.checked_mul(right),
        Arithmetic::Divide | Arithmetic::IntegerDivide | Arithmetic::Modulo if right == 0 => {
            return Err(Problem::DivisionByZero);
        }
        Arithmetic::Divide | Arithmetic::IntegerDivide => floor_quotient(left, right),
        Arithmetic::Modulo => Some(floor_rest(left, right)),
    };
    result.map(Value::Int).ok_or(Problem::Overflow)
}

fn floor_quotient(left: i64, right: i64) -> Option<i64> {
    let quotient = left.checked_div(right)?;
    let rest = left.checked_rem(right)?;
    if rest != 0 && (rest < 0) != (right < 0) { quotient.checked_sub(1) } else { Some(quotient) }
}

fn floor_rest(left: i64, right: i64) -> i64 {
    // `MIN mod -1` is 0; the machine's remainder overflows.
    let rest = left.checked_rem(right).unwrap_or(0);
    if rest != 0 && (rest < 0) != (right < 0) { rest + right } else { rest }
}

/// Dimension and amount of a value, in the smallest unit; of a date in nanoseconds, so that it meets durations.
fn amount(value: &Value) -> Option<(Dimension, BigDecimal)> {
    match value {
        Value::Int(number) => Some((Dimension::Int, BigDecimal::from(*number))),
        Value::Decimal(number) => Some((Dimension::Decimal, number.clone())),
        Value::Ratio(number) => Some((Dimension::Ratio, number.clone())),
        Value::Size(bytes) => Some((Dimension::Size, BigDecimal::from(*bytes))),
        Value::Duration(nanoseconds) => Some((Dimension::Duration, BigDecimal::from(*nanoseconds))),
        Value::Date(days) => {
            Some((Dimension::Date, BigDecimal::from(i128::from(*days) * i128::from(NANOSECONDS_OF_A_DAY))))
        }
        _ => None,
    }
}

fn exactly(
    operator: Arithmetic,
    left: (Dimension, BigDecimal),
    right: (Dimension, BigDecimal),
) -> Result<BigDecimal, Problem> {
    let (keeps_whole, left, right) = (matches!(left.0, Dimension::Size | Dimension::Duration), left.1, right.1);
    match operator {
        Arithmetic::Add => Ok(left + right),
        Arithmetic::Subtract => Ok(left - right),
        Arithmetic::Multiply => Ok(left * right),
        Arithmetic::Divide | Arithmetic::IntegerDivide | Arithmetic::Modulo if right.is_zero() => {
            Err(Problem::DivisionByZero)
        }
        Arithmetic::Divide => exact_quotient(&left, &right).ok_or(Problem::Inexact),
        Arithmetic::IntegerDivide => Ok(BigDecimal::from(floor_of_quotient(&left, &right))),
        Arithmetic::Modulo => {
            let whole = BigDecimal::from(floor_of_quotient(&left, &right));
            let rest = left - whole * right;
            debug_assert!(!keeps_whole || rest.is_integer());
            Ok(rest)
        }
    }
}

/// The quotient when it has a finite decimal form: when its denominator has no other prime than 2 and 5.
pub(crate) fn exact_quotient(left: &BigDecimal, right: &BigDecimal) -> Option<BigDecimal> {
    let (numerator, numerator_scale) = left.as_bigint_and_scale();
    let (denominator, denominator_scale) = right.as_bigint_and_scale();
    let mut rest = denominator.clone().into_owned();
    let twos = rest.trailing_zeros()?;
    rest >>= twos;
    let (five, mut fives) = (BigInt::from(5), 0u64);
    while (&rest % &five).is_zero() {
        rest /= &five;
        fives += 1;
    }
    // Enough further digits to divide all twos and fives out.
    let more = twos.max(fives);
    let widened = numerator.as_ref() * BigInt::from(10).pow(u32::try_from(more).ok()?);
    let denominator = denominator.as_ref();
    (&widened % denominator)
        .is_zero()
        .then(|| BigDecimal::new(widened / denominator, numerator_scale - denominator_scale + more as i64))
}

/// The largest whole number that is not above the quotient.
pub(crate) fn floor_of_quotient(left: &BigDecimal, right: &BigDecimal) -> BigInt {
    let (numerator, denominator) = with_one_scale(left, right);
    let (quotient, rest) = (&numerator / &denominator, &numerator % &denominator);
    let negative = |number: &BigInt| number.sign() == bigdecimal::num_bigint::Sign::Minus;
    if !rest.is_zero() && negative(&rest) != negative(&denominator) { quotient - 1 } else { quotient }
}

/// Both numbers as counts of the same power of ten.
fn with_one_scale(left: &BigDecimal, right: &BigDecimal) -> (BigInt, BigInt) {
    let scale = left.as_bigint_and_scale().1.max(right.as_bigint_and_scale().1);
    (left.with_scale(scale).into_bigint_and_scale().0, right.with_scale(scale).into_bigint_and_scale().0)
}

fn wrong_operands(store: &Store, operator: Arithmetic, left: ValueId, right: ValueId) -> Fault {
    if store.is_later(left) || store.is_later(right) {
        let later = if store.is_later(left) { left } else { right };
        return Fault::new(
            "later_value",
            format!("`{}` does not calculate with `{}`", operator.text(), store.show_short(later)),
            "calculate with values that are known before anything is applied",
        );
    }
    let help = match operator {
        Arithmetic::Add | Arithmetic::Subtract => {
            "numbers go with numbers, sizes with sizes, durations with durations and dates; texts and lists are joined with `++`"
        }
        Arithmetic::Multiply => "numbers go with numbers, sizes and durations",
        Arithmetic::Divide | Arithmetic::IntegerDivide => {
            "sizes and durations are divided by their own sort or by a number"
        }
        Arithmetic::Modulo => "numbers go with numbers, sizes with sizes, durations with durations",
    };
    Fault::new(
        "wrong_operands",
        format!("`{}` does not take `{}` and `{}`", operator.text(), store.show_short(left), store.show_short(right)),
        help,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ScalarKind, parse_scalar};

    fn run(expression: &str) -> Result<String, Fault> {
        let mut store = Store::default();
        let [left, operator, right] = expression.split(' ').collect::<Vec<_>>()[..] else { panic!("{expression}") };
        let operator = [
            Arithmetic::Add,
            Arithmetic::Subtract,
            Arithmetic::Multiply,
            Arithmetic::Divide,
            Arithmetic::IntegerDivide,
            Arithmetic::Modulo,
        ]
        .into_iter()
        .find(|known| known.text() == operator)
        .unwrap();
        let mut read = |text: &str| {
            let kinds =
                [ScalarKind::Number, ScalarKind::Measure, ScalarKind::Ratio, ScalarKind::Date, ScalarKind::Text];
            let value = kinds.into_iter().find_map(|kind| parse_scalar(kind, text).ok()).unwrap();
            store.add(value)
        };
        let (left, right) = (read(left), read(right));
        calculate(&mut store, operator, left, right).map(|id| store.show(id))
    }

    #[test]
    fn numbers_are_exact() {
        for (expression, expected) in [
            ("1 - 99.9%", "0.001"),
            ("0.1 + 0.2", "0.3"),
            ("10 / 4", "2.5"),
            ("10 / 2", "5"),
            ("1 / 3200", "0.0003125"),
            ("1.5 / 0.0025", "600"),
            ("7 div 2", "3"),
            ("-7 div 2", "-4"),
            ("-7 mod 2", "1"),
            ("7 mod -2", "-1"),
            ("7.5 div 2", "3"),
            ("7.5 mod 2", "1.5"),
            ("-7.5 mod 2", "0.5"),
            ("99.9% + 0.05%", "99.95%"),
            ("50% * 50%", "25%"),
            ("200 * 50%", "100"),
        ] {
            assert_eq!(run(expression).unwrap(), expected, "{expression}");
        }
        assert_eq!(
            run("10 / 3").unwrap_err(),
            Fault::new("inexact", "`10 / 3` has no exact decimal", "say how to round: `.div(3, places = 2)`")
        );
        assert_eq!(run("10 / 0").unwrap_err().code, "division_by_zero");
        assert_eq!(run("10 mod 0").unwrap_err().code, "division_by_zero");
        assert_eq!(run("1.5 div 0").unwrap_err().code, "division_by_zero");
        assert_eq!(run("9223372036854775807 + 1").unwrap_err().code, "overflow");
        assert_eq!(run("-9223372036854775808 div -1").unwrap_err().code, "overflow");
        assert_eq!(run("-9223372036854775808 mod -1").unwrap(), "0");
    }

    #[test]
    fn units_are_kept_apart() {
        for (expression, expected) in [
            ("1GiB + 512MiB", "1536MiB"),
            ("4GiB * 3", "12GiB"),
            ("3 * 4GiB", "12GiB"),
            ("4GiB * 50%", "2GiB"),
            ("1GiB / 256MiB", "4"),
            ("1GiB / 4", "256MiB"),
            ("10GB div 3", "3333333333B"),
            ("10GB div 3GB", "3"),
            ("10GB mod 3GB", "1GB"),
            ("5min * 3", "15min"),
            ("1h * 0.5", "30min"),
            ("1d / 1h", "24"),
            ("1d + 12h", "36h"),
            ("2027-03-31 + 1d", "2027-04-01"),
            ("2027-03-31 - 31d", "2027-02-28"),
            ("2027-03-31 - 2027-03-01", "30d"),
        ] {
            assert_eq!(run(expression).unwrap(), expected, "{expression}");
        }
        assert_eq!(run("10GB / 3").unwrap_err().message, "`10GB / 3` is not a whole number of bytes");
        assert_eq!(run("1GiB / 3GiB").unwrap_err().code, "inexact");
        assert_eq!(run("1ns * 0.5").unwrap_err().message, "`1ns * 0.5` is not a whole number of nanoseconds");
        assert_eq!(run("2027-03-31 + 1h").unwrap_err().message, "`2027-03-31 + 1h` is not a whole day");
        assert_eq!(run("9999-12-31 + 1d").unwrap_err().code, "overflow");
        assert_eq!(run("4GiB + 1").unwrap_err().message, "`+` does not take `4GiB` and `1`");
        assert_eq!(run("4GiB + 1h").unwrap_err().code, "wrong_operands");
        assert_eq!(run("abc + 1").unwrap_err().code, "wrong_operands");
        assert_eq!(run("8000PiB * 8000").unwrap_err().code, "overflow");
    }

    #[test]
    fn repeated_squaring_ends_at_the_bound() {
        let mut store = Store::default();
        let mut number = store.add(parse_scalar(ScalarKind::Decimal, "1.0000000001").unwrap());
        let fault = loop {
            match calculate(&mut store, Arithmetic::Multiply, number, number) {
                Ok(square) => number = square,
                Err(fault) => break fault,
            }
        };
        assert_eq!(fault.code, "overflow");
        assert!(fault.message.len() < 400, "{}", fault.message);
    }
}
