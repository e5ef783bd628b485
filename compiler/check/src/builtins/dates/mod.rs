//! Methods of dates.

mod day;
mod iso8601;
mod month;
mod plus;
mod year;

use super::BuiltIn;

pub(super) static ALL: &[&BuiltIn] =
    &[&year::BUILT_IN, &month::BUILT_IN, &day::BUILT_IN, &iso8601::BUILT_IN, &plus::BUILT_IN];
