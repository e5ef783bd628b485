//! Methods of maps.

mod get;
mod has;
mod is_empty;
mod length;

use super::BuiltIn;

pub(super) static ALL: &[&BuiltIn] = &[&get::BUILT_IN, &has::BUILT_IN, &length::BUILT_IN, &is_empty::BUILT_IN];
