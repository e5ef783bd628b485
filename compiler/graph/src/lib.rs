//! The contract between the compiler and what makes things of its results, emitters today and an engine later: nodes and what
//! they wait for, references, residuals, and where each value came from. It has never heard of syntax. Bodies are in the
//! target's vocabulary already; emitters and drivers know no unit. Read `nodes.rs` for what there is, `complete.rs` for what
//! holds of every graph that is handed on, `save/` and `read/` for the file.

mod changes;
mod complete;
mod life;
mod names;
mod nodes;
mod order;
mod origin;
mod pictures;
mod print;
mod provider;
mod read;
mod resource;
mod save;
mod targets;

pub use changes::{Change, Named};
pub use complete::{Complete, Incomplete};
pub use life::Life;
pub use names::{PhysicalName, text_at};
pub use nodes::{Edge, EdgeKind, Graph, Node, NodeId, data_edges, sort_edges};
pub use origin::{OriginId, OriginTree, Origins};
pub use pictures::{dot, mermaid};
pub use provider::{CredentialFrom, CredentialRef, IdentityRead, Provider, ProviderId};
pub use read::{ReadError, read};
pub use resource::{Chosen, Deferred, Effects, Home, Input, Instance, NativeKind, Output, Resource, Waiver};
pub use save::{save, save_places, saved_places};
pub use targets::{StatePlace, Targets};

/// The version of the saved form.
pub const FORMAT: u32 = 3;
