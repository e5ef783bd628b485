//! What is kept of each thing that is managed, of the places where things are, and of how they are reached.

use serde::{Deserialize, Serialize};

use crate::{ConfigId, OpId, RealmId, Sealed, Tree, TreeStep, Uid};

/// One thing that is managed.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Entry {
    pub uid: Uid,
    /// Where the program says it: `front["a"].vm`.
    pub address: String,
    /// The target whose driver makes it: `files`, `kubernetes`, `terraform`.
    pub driver: String,
    /// Its kind in the driver's vocabulary: `file`, `aws_vpc`.
    pub kind: String,
    /// Where the program said it when it was last applied: `main.infra:3:1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    pub life: Life,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<Object>,
    /// What was replaced and is still there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deposed: Vec<Object>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frozen: Option<Freeze>,
}

/// How it lives, as the program said when it was last applied.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Life {
    /// It is not destroyed and not replaced.
    #[serde(default, skip_serializing_if = "is_not")]
    pub protect: bool,
    /// Its successor is made before it goes.
    #[serde(default, skip_serializing_if = "is_not")]
    pub create_first: bool,
    /// What it holds is lost with it.
    #[serde(default, skip_serializing_if = "is_not")]
    pub stateful: bool,
    #[serde(default, skip_serializing_if = "OnDestroy::is_delete")]
    pub on_destroy: OnDestroy,
    /// Changes of these from outside are let be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignore: Vec<Vec<TreeStep>>,
}

/// What becomes of a thing that leaves.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnDestroy {
    #[default]
    Delete,
    /// It stays where it is, and is managed no more.
    Forget,
}

/// Nobody changes it until somebody lifts this, or until it ends.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Freeze {
    pub because: String,
    /// The last day on which it holds: days since 1970-01-01.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<i32>,
    pub by: String,
}

/// One physical thing.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Object {
    /// The first has 1, its replacement 2.
    pub incarnation: u32,
    pub config: ConfigId,
    pub realm: RealmId,
    /// What its maker knows it by: an import id, group/version/kind/namespace/name and uid, a path.
    pub native_id: String,
    /// Names in its body that were chosen when it was made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<(String, String)>,
    /// What it waited for when it was made, and so what has to stay until it is gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edges: Vec<Edge>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_by: Option<MadeBy>,
    #[serde(default)]
    pub schema_version: u64,
    /// What its maker says it is.
    pub attributes: Tree,
    /// What its maker wants back with it, byte for byte.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub private: Option<Sealed>,
    /// The inputs of the last operation that succeeded.
    pub applied: Tree,
    pub condition: Condition,
}

/// How a thing is, apart from its values.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Condition {
    Ok,
    /// It was made and is not whole: it is replaced.
    Tainted {
        why: String,
    },
    /// A change of it failed: it may hold what was before, what should have been, or some of both.
    Dirty {
        op: OpId,
        inputs: Tree,
    },
    /// It was not found where it should be.
    Gone,
}

/// What a thing needs of another.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Edge {
    pub to: Uid,
    pub kind: EdgeKind,
}

/// Why it needs it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EdgeKind {
    Data,
    Order,
    HostedOn,
    Notifies,
}

/// The program that made it: a provider, with what was checked of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MadeBy {
    pub source: String,
    pub version: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
    pub protocol: u16,
}

/// A configuration of a driver. Credentials are named, never kept.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Configuration {
    pub id: ConfigId,
    pub driver: String,
    /// `provider aws.dublin`; empty where the driver has but one.
    pub name: String,
    pub inputs: Tree,
    pub realm: RealmId,
}

/// A place where things are, and what proves that one is there.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Realm {
    pub id: RealmId,
    pub driver: String,
    pub proof: Vec<(String, String)>,
}

fn is_not(truth: &bool) -> bool {
    !truth
}

impl OnDestroy {
    fn is_delete(&self) -> bool {
        *self == OnDestroy::Delete
    }
}

impl Entry {
    /// All that physically exists of it.
    pub fn objects(&self) -> impl Iterator<Item = &Object> {
        self.current.iter().chain(&self.deposed)
    }
}
