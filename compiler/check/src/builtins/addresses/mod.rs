//! Methods of addresses (`ip`).

mod cidr;
mod is_private;
mod next;
mod version;

use super::BuiltIn;

pub(super) static ALL: &[&BuiltIn] = &[&cidr::BUILT_IN, &version::BUILT_IN, &is_private::BUILT_IN, &next::BUILT_IN];
