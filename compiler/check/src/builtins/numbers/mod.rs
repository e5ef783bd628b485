//! Methods of numbers and ratios. Rounding is always said.

mod abs;
mod ceil;
mod decimal;
mod div;
mod exact;
mod floor;
mod percent;
mod prometheus;
mod prometheus_ratio;
mod round;
mod text;
mod to_ratio;

use bigdecimal::{BigDecimal, RoundingMode, ToPrimitive, Zero};
use value::{Fault, Store, Value, ValueId, number_text, scalars};

use super::BuiltIn;

pub(super) static ALL: &[&BuiltIn] = &[
    &div::BUILT_IN,
    &floor::BUILT_IN,
    &ceil::BUILT_IN,
    &round::BUILT_IN,
    &text::BUILT_IN,
    &exact::BUILT_IN,
    &prometheus::BUILT_IN,
    &prometheus_ratio::BUILT_IN,
    &decimal::BUILT_IN,
    &percent::BUILT_IN,
    &abs::BUILT_IN,
    &to_ratio::BUILT_IN,
];

/// What happens to a rest.
#[derive(Clone, Copy)]
pub(super) enum Rounding {
    /// There must be none.
    Exactly,
    Down,
    Up,
    Nearest,
}

/// How often a unit fits an amount of the same sort; both in the sort's smallest unit.
pub(super) fn in_units(
    store: &mut Store,
    args: &[ValueId],
    amount: i64,
    unit: i64,
    rounding: Rounding,
) -> Result<ValueId, Fault> {
    if unit <= 0 {
        return Err(Fault::new(
            "wrong_operands",
            "a unit is more than nothing",
            "write a unit such as `1GiB` or `1min`",
        ));
    }
    let (down, rest) = (amount.div_euclid(unit), amount.rem_euclid(unit));
    let count = match rounding {
        Rounding::Exactly if rest != 0 => {
            let shown = store.show_short(args.first().copied().unwrap_or(Store::ABSENT));
            // `.minutes` says its unit by its name: only durations do.
            let unit = match args.get(1) {
                Some(unit) => *unit,
                None => store.add(Value::Duration(unit)),
            };
            let unit = store.show_short(unit);
            return Err(Fault::new(
                "inexact",
                format!("`{shown}` is not a whole number of `{unit}`"),
                "give a whole number of it, or say how to round: `.floor(unit)`, `.ceil(unit)`, `.round(unit)`",
            ));
        }
        Rounding::Exactly | Rounding::Down => down,
        Rounding::Up => down + i64::from(rest != 0),
        // Without doubling the rest, which might not fit.
        Rounding::Nearest => down + i64::from(rest >= unit - rest),
    };
    Ok(store.add(Value::Int(count)))
}

/// A decimal without places as an int.
pub(super) fn whole(store: &mut Store, number: &BigDecimal) -> Result<ValueId, Fault> {
    let whole = number.to_i64().ok_or_else(|| {
        let text: String = number_text(number).chars().take(40).collect();
        Fault::new("overflow", format!("`{text}` does not fit an int of 64 bits"), "keep it a decimal: `.round(0)`")
    })?;
    Ok(store.add(Value::Int(whole)))
}

/// So many places as a decimal may have.
fn checked_places(places: i64) -> Result<i64, Fault> {
    if (0..=256).contains(&places) {
        Ok(places)
    } else {
        Err(Fault::new("out_of_range", format!("a number has no {places} places"), "places go from 0 to 256"))
    }
}

/// The quotient with so many places, halves away from zero.
fn rounded_quotient(store: &mut Store, number: &BigDecimal, by: &BigDecimal, places: i64) -> Result<ValueId, Fault> {
    let places = checked_places(places)?;
    if by.is_zero() {
        let text = format!("`{}` is divided by zero", number_text(number));
        return Err(Fault::new("division_by_zero", text, "decide before whether there is something to divide by"));
    }
    // Whole numbers of one scale; the quotient is cut one place further, and what was cut off beyond breaks no tie.
    let scale = number.as_bigint_and_scale().1.max(by.as_bigint_and_scale().1);
    let numerator = number.with_scale(scale + places + 1).into_bigint_and_scale().0;
    let denominator = by.with_scale(scale).into_bigint_and_scale().0;
    let quotient = BigDecimal::new(numerator / denominator, places + 1).with_scale_round(places, RoundingMode::HalfUp);
    let quotient = scalars::bounded(quotient)
        .ok_or_else(|| Fault::new("overflow", "this quotient has too many digits", "ask for fewer places"))?;
    Ok(store.add(Value::Decimal(quotient)))
}
