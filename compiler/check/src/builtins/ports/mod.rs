//! Methods of ports.

mod first;
mod has_number;
mod is_range;
mod last;
mod number;
mod protocol;
mod text;

use super::BuiltIn;

pub(super) static ALL: &[&BuiltIn] = &[
    &first::BUILT_IN,
    &last::BUILT_IN,
    &number::BUILT_IN,
    &protocol::BUILT_IN,
    &is_range::BUILT_IN,
    &has_number::BUILT_IN,
    &text::BUILT_IN,
];
