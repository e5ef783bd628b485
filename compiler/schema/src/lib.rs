//! Native kinds, typed from what their makers publish: Terraform providers, a Kubernetes release, custom resources.
//!
//! A maker's schema is packed once ([`pack`]) and then used in place: opening a file checks every offset in it and
//! converts nothing, and a look-up is a binary search over sorted words. Read `native.rs` for what a kind is,
//! `open.rs` for look-ups, `layout.rs` for the bytes.

mod native;
mod open;

mod check;
mod error;
mod layout;
mod paths;

pub mod pack;

pub use error::SchemaError;
pub use native::{FieldType, Kind, Maker, Member, Nesting, Role, Row, TypeId, ValuesId};
pub use open::Schema;
