//! Client of the protocol that Terraform providers speak: starts a provider's binary and asks it for its schemas.
//!
//! A provider is a process that prints one line (`handshake.rs`) and then serves gRPC on a local socket
//! (`process.rs`). Versions 5 and 6 of the protocol differ in names and in one field (`wire.rs`); what comes back is
//! one plain shape for both (`convert.rs`), which `schema` packs.

mod error;
mod group;
mod handshake;
mod identity;
mod process;

mod convert;
mod wire;

mod ask;

pub use ask::{Limits, packed_schema, provider_schema};
pub use error::PluginError;
pub use identity::{ProviderIdentity, identity_of};
