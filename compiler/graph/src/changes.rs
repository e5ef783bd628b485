//! What is managed elsewhere or under another address until this is applied, or is no more: the statements `moved`, `adopt`,
//! `forget` and `destroy`, as they hold in this environment.

use source::Place;
use value::AddressId;

/// One change of what is managed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Change {
    /// A native resource was at `from`, and next at `to`; one for each hop, the oldest first.
    Moved {
        /// The resource as it is in the graph.
        resource: AddressId,
        from: AddressId,
        to: AddressId,
        /// None: it was recorded, and stands in the source no more.
        place: Option<Place>,
    },
    /// It exists outside, and is this resource of the graph from now on.
    Adopt { address: AddressId, id: String, place: Option<Place> },
    /// It leaves the graph and stays where it is.
    Forget { address: AddressId, place: Option<Place> },
    /// It may be deleted; while it is in the graph, nothing protects it.
    Destroy { address: AddressId, because: String, place: Option<Place> },
}

impl Change {
    /// The statement.
    pub fn place(&self) -> Option<Place> {
        match self {
            Self::Moved { place, .. }
            | Self::Adopt { place, .. }
            | Self::Forget { place, .. }
            | Self::Destroy { place, .. } => *place,
        }
    }
}

/// An instance, a group or a loop that had another address first: names and keys are made of that one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Named {
    pub address: AddressId,
    pub first: AddressId,
}
