//! Methods of durations: the forms that a duration has elsewhere.

mod ceil;
mod days;
mod floor;
mod go;
mod hours;
mod in_units;
mod iso8601;
mod milliseconds;
mod minutes;
mod prometheus;
mod round;
mod seconds;

use super::BuiltIn;

pub(super) static ALL: &[&BuiltIn] = &[
    &milliseconds::BUILT_IN,
    &seconds::BUILT_IN,
    &minutes::BUILT_IN,
    &hours::BUILT_IN,
    &days::BUILT_IN,
    &in_units::BUILT_IN,
    &floor::BUILT_IN,
    &ceil::BUILT_IN,
    &round::BUILT_IN,
    &prometheus::BUILT_IN,
    &go::BUILT_IN,
    &iso8601::BUILT_IN,
];

/// An amount as counts of these units, largest first, those that are zero left out. Nothing when a rest is left or it is negative.
fn split(amount: i64, units: &[(&str, i64)]) -> Option<String> {
    if amount < 0 {
        return None;
    }
    let (mut rest, mut text) = (amount, String::new());
    for (name, factor) in units {
        let count = rest / factor;
        rest %= factor;
        if count > 0 {
            text.push_str(&format!("{count}{name}"));
        }
    }
    if amount == 0 {
        text.push_str("0s");
    }
    (rest == 0).then_some(text)
}
