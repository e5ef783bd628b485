//! What the annotations say about replacing and deleting.

use value::Step;

/// How a resource is replaced, and what keeps it from being changed or deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Life {
    /// `@protect`
    pub protect: bool,
    /// `@replace(first = "create")`
    pub create_first: bool,
    /// `@ignore_drift(field, …)`: paths in the body, as the program names them. A block that may stand once is followed by
    /// [`Step::First`], for the makers to whom it is a list.
    pub ignore: Vec<Box<[Step]>>,
}
