//! Methods of ranges.

mod first;
mod last;

use super::BuiltIn;

pub(super) static ALL: &[&BuiltIn] = &[&first::BUILT_IN, &last::BUILT_IN];
