//! The contract between the two halves: resources, references, residuals, edges and where each value came from.
//! It has never heard of syntax. Bodies are in the target's vocabulary already; emitters and drivers know no unit.

mod changes;
mod order;
mod origin;
mod pictures;
mod save;

use std::sync::Arc;

pub use changes::{Change, Named};
pub use origin::{OriginId, OriginTree, Origins};
pub use pictures::{dot, mermaid};
pub use save::{save, save_places, saved_places};
use source::{Name, Place};
use value::{AddressId, Store, ValueId};

/// The version of the saved form; unstable until the engine reads it.
pub const FORMAT: u32 = 1;

/// One environment of one program.
#[derive(Clone, Debug)]
pub struct Graph {
    pub project: Name,
    pub environment: Name,
    /// Where Terraform keeps its state; none: beside the project.
    pub state: Option<StatePlace>,
    pub store: Store,
    pub origins: Origins,
    /// Provider configurations, in the order of their names.
    pub providers: Vec<Provider>,
    /// Instances of declared kinds, in address order.
    pub instances: Vec<Instance>,
    /// Native resources, in address order.
    pub resources: Vec<Resource>,
    pub outputs: Vec<Output>,
    /// Checks on later values, for the plan to decide.
    pub deferred: Vec<Deferred>,
    /// Where the flow of each key is written, by key. Not saved: it is asked for beside the source.
    pub flows: Vec<(Name, Place)>,
    /// What `moved`, `adopt`, `forget` and `destroy` say; by address, statement after statement.
    pub changes: Vec<Change>,
    /// What had another address first, by address.
    pub named: Vec<Named>,
}

/// A backend of Terraform: `s3`, with its settings, each a Text or a Bool.
#[derive(Clone, Debug)]
pub struct StatePlace {
    pub backend: Name,
    pub settings: Vec<(Name, ValueId)>,
    pub place: Place,
}

/// Index into [`Graph::providers`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct ProviderId(pub u32);

/// A provider configuration: what a platform value configures.
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
    /// The platform that it comes from, and its inputs (a Record).
    pub platform: Name,
    pub platform_inputs: ValueId,
    /// The instance that is the platform: everything on this provider waits for it.
    pub hosted_on: Option<AddressId>,
    pub place: Place,
}

/// An instance of a declared kind: it is not emitted, its resources are.
#[derive(Clone, Debug)]
pub struct Instance {
    pub address: AddressId,
    pub kind: Name,
    /// The implementation that was chosen: `aws`, or its own name.
    pub implementation: Option<Name>,
    /// The text of the platform value it stands on: `aws(region = "eu-west-3")`.
    pub platform: Option<Arc<str>>,
    pub place: Place,
    /// The inputs that it has, defaults included: a Record.
    pub inputs: ValueId,
}

/// A native resource.
#[derive(Clone, Debug)]
pub struct Resource {
    pub address: AddressId,
    /// The nearest instance of a declared kind above it.
    pub owner: Option<AddressId>,
    pub kind: Arc<NativeKind>,
    /// `read`: it exists and is not ours.
    pub read: bool,
    pub provider: Option<ProviderId>,
    /// A Record in the target's vocabulary.
    pub body: ValueId,
    pub origin: OriginId,
    pub place: Place,
    pub edges: Vec<Edge>,
    pub life: Life,
    pub waivers: Vec<Waiver>,
}

/// A native kind.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct NativeKind {
    pub target: Name,
    /// `aws_vpc`, `deployment`
    pub name: Name,
    /// The provider's local name, for Terraform.
    pub provider: Name,
    /// For Kubernetes; empty elsewhere.
    pub api_version: Arc<str>,
    pub kind_name: Arc<str>,
    pub namespaced: bool,
    /// Whether its maker calls something secret that it decides or reads, whoever asks for it.
    pub secret: bool,
    /// Fields that are secret when they are set.
    pub secret_fields: Arc<[Name]>,
}

/// What one resource needs of another.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct Edge {
    pub to: AddressId,
    pub kind: EdgeKind,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum EdgeKind {
    /// A value of it is used.
    Data,
    /// `@after`
    Order,
    /// It runs on it.
    HostedOn,
    /// It is told when this one changed.
    Notifies,
}

/// What the annotations say about replacing and deleting.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Life {
    /// `@protect`
    pub protect: bool,
    /// `@replace(first = "create")`
    pub create_first: bool,
    /// `@ignore_drift(field, …)`
    pub ignore: Vec<Name>,
}

/// `@allow(CHECK, because = "…", until = …)` on the resource or above it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    pub check: Name,
    pub because: String,
    /// Days since 1970-01-01.
    pub until: Option<i32>,
    pub place: Place,
}

/// A typed, published result.
#[derive(Clone, Debug)]
pub struct Output {
    pub name: Name,
    pub value: ValueId,
    pub secret: bool,
    pub place: Place,
}

/// A check whose condition is known only later.
#[derive(Clone, Debug)]
pub struct Deferred {
    pub condition: ValueId,
    pub message: String,
    pub place: Place,
}
