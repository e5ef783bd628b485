//! Names that a maker knows a thing by: what was made of an address, a limit and nothing else.

use std::sync::Arc;

use value::{AddressId, Step};

/// A physical name in the body of a resource. A name that was recorded earlier may be put in its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PhysicalName {
    /// Where it stands in the body; the text there is the name.
    pub path: Box<[Step]>,
    /// The instance, or what its group makes once, that it is the name of.
    pub of: AddressId,
    /// The name before it is cut to the limit.
    pub base: Arc<str>,
    /// The most characters that it may have.
    pub limit: u32,
    /// Without project and environment, in a room of its own.
    pub bare: bool,
}
