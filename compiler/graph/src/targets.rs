//! What an environment says to one target only. Nothing else in the graph depends on it.

use source::{Name, Place};
use value::ValueId;

/// Settings of targets.
#[derive(Clone, Debug, Default)]
pub struct Targets {
    /// Where Terraform keeps its state; none: beside the project.
    pub state: Option<StatePlace>,
}

/// A backend of Terraform: `s3`, with its settings, each a Text or a Bool.
#[derive(Clone, Debug)]
pub struct StatePlace {
    pub backend: Name,
    pub settings: Vec<(Name, ValueId)>,
    pub place: Place,
}
