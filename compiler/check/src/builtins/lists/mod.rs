//! Methods of lists.

mod contains;
mod drop;
mod first;
mod get;
mod is_empty;
mod last;
mod length;
mod take;

use super::BuiltIn;

pub(super) static ALL: &[&BuiltIn] = &[
    &length::BUILT_IN,
    &is_empty::BUILT_IN,
    &contains::BUILT_IN,
    &first::BUILT_IN,
    &last::BUILT_IN,
    &get::BUILT_IN,
    &take::BUILT_IN,
    &drop::BUILT_IN,
];
