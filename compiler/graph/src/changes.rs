//! What becomes of things that exist already and are called otherwise, were made by others, or are let go of.

use std::sync::Arc;

use source::Name;
use value::AddressId;

/// What the program says of a thing that exists; it changes nothing of the thing itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Change {
    /// What stood at `from` stands at `to`, a native resource of the graph.
    Moved { from: AddressId, to: AddressId },
    /// The native resource at this address is the thing with this id, made by somebody else.
    Adopt { address: AddressId, id: Arc<str> },
    /// A native resource that the graph no longer has: its maker forgets it and leaves it where it is.
    Forget { target: Name, kind: Name, label: Arc<str>, address: Arc<str> },
}
