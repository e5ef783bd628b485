//! Methods of sizes: the forms that a size has elsewhere.

mod bytes;
mod ceil;
mod floor;
mod in_units;
mod kubernetes;
mod round;

use super::BuiltIn;

pub(super) static ALL: &[&BuiltIn] = &[
    &bytes::BUILT_IN,
    &in_units::BUILT_IN,
    &floor::BUILT_IN,
    &ceil::BUILT_IN,
    &round::BUILT_IN,
    &kubernetes::BUILT_IN,
];
