//! Provider configurations: what a platform value configures.

use std::sync::Arc;

use source::{Name, Place};
use value::{AddressId, ValueId};

use crate::Edge;

/// Index into [`crate::Graph::providers`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct ProviderId(pub u32);

/// A provider configuration.
#[derive(Clone, Debug)]
pub struct Provider {
    /// `terraform`, `kubernetes`, …
    pub target: Name,
    /// `aws`
    pub name: Name,
    /// Set when there are several configurations of this provider.
    pub alias: Option<Name>,
    pub source: Arc<str>,
    pub version: Arc<str>,
    /// A Record in the provider's vocabulary.
    pub inputs: ValueId,
    /// Where it finds out who it is, never what proves it.
    pub credentials: Arc<[CredentialRef]>,
    /// What tells whose account or cluster it reaches.
    pub proof: Arc<[IdentityRead]>,
    /// The platform that it comes from, and its inputs (a Record).
    pub platform: Name,
    pub platform_inputs: ValueId,
    /// The instance that is the platform: everything on this provider waits for it.
    pub hosted_on: Option<AddressId>,
    /// What its inputs read, and the resources of the instance that is the platform.
    pub edges: Vec<Edge>,
    pub place: Place,
}

/// Where a provider finds credentials.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct CredentialRef {
    pub from: CredentialFrom,
    /// The name of the variable, the path of the file, or the name of the provider's input.
    pub name: Arc<str>,
}

/// What a credential reference names.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CredentialFrom {
    /// A variable of the environment.
    Variable,
    /// A file in the home of who runs it.
    File,
    /// An input of the provider or of its platform that chooses among several: a profile, a context.
    Input,
}

/// A read whose answer tells whose the account or the cluster is.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct IdentityRead {
    /// A native kind that is only read.
    pub kind: Name,
    pub field: Name,
}
