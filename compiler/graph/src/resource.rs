//! Native resources, and the instances of declared kinds that they were made for.

use std::sync::Arc;

use source::{Name, Place};
use value::{AddressId, ValueId};

use crate::{Edge, Life, OriginId, PhysicalName, ProviderId};

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
    /// The statement that made it, the same for all that a loop makes: `server on aws/vm`, `lan`.
    pub made_by: Arc<str>,
    /// Its position among those that stand below the same instance, as they are written. Nothing waits for it: what has to
    /// wait has an edge.
    pub seq: u32,
    /// The nearest instance of a declared kind above it.
    pub owner: Option<AddressId>,
    pub home: Home,
    pub kind: Arc<NativeKind>,
    /// `read`: it exists and is not ours.
    pub read: bool,
    pub provider: Option<ProviderId>,
    /// A Record in the target's vocabulary.
    pub body: ValueId,
    pub origin: OriginId,
    pub place: Place,
    /// What it waits for, by address and kind.
    pub edges: Vec<Edge>,
    pub life: Life,
    /// From the user's instance down to here.
    pub chosen: Arc<[Chosen]>,
    pub effects: Effects,
    /// The physical names in its body.
    pub names: Vec<PhysicalName>,
    pub waivers: Vec<Waiver>,
}

/// Where something stands.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Home {
    /// The text of the platform value: `aws(region = "eu-west-3")`.
    pub platform: Option<Arc<str>>,
    /// The instance that is the platform, or the host.
    pub host: Option<AddressId>,
}

/// What an instance above a resource became.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Chosen {
    pub kind: Name,
    pub implementation: Option<Name>,
    /// The package that the implementation comes from; none: the program itself.
    pub package: Option<Name>,
}

/// What a change of a resource may do beyond the resource, as the library says of its kind.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Effects {
    /// Deleting it loses what is kept there.
    pub stateful: bool,
    /// Others outside of the program see it: a public address, a name in the DNS.
    pub outside: bool,
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

/// A secret that is given from outside: a param of the program, whose value no compiler sees.
#[derive(Clone, Debug)]
pub struct Input {
    pub name: Name,
    /// What references to it name.
    pub address: AddressId,
    pub place: Place,
}

/// A check whose condition is known only later.
#[derive(Clone, Debug)]
pub struct Deferred {
    pub condition: ValueId,
    pub message: String,
    pub place: Place,
}
