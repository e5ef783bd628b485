//! A plan: what will be done, in which order, why, and from which line of the program. It is whole: it can be shown and carried out
//! without the program that it was made from.

mod changes;
mod destroy;
mod file;
mod make;
mod node;
mod order;
mod stale;

use std::collections::BTreeMap;

use drivers::Planning;
use serde::{Deserialize, Serialize};
use state::{Action, Change, Condition, Edge, Life, Locator, Object, PlanId, RealmId, StepId, Tree, TreeStep, Uid};

pub use destroy::plan_destruction;
pub use file::{read_plan, save_plan};
pub use make::{Making, make_plan};
pub(crate) use make::{look_up, overlay, provider_of, thing};
pub(crate) use stale::digest;
pub use stale::stale;

/// The version of the saved form.
pub const FORMAT: u16 = 1;

/// What will be done.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Plan {
    pub format: u16,
    pub id: PlanId,
    /// The state that it was made for; none: there was none yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lineage: Option<String>,
    pub project: String,
    pub environment: String,
    /// Milliseconds since 1970-01-01.
    pub made_at: u64,
    /// The version of infrac that made it.
    pub engine: String,
    /// Everything goes, whatever the program says.
    #[serde(default, skip_serializing_if = "is_not")]
    pub destroys: bool,
    /// What is written down without touching anything.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// Results of the program that are others now.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub outputs: Outputs,
    /// What the things that `changes` names were called before.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub called: BTreeMap<Uid, String>,
    /// So that each comes after what it waits for.
    pub steps: Vec<Step>,
    /// What was changed behind infrac's back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drifted: Vec<crate::look::Drift>,
    /// Of each thing that was looked at for it, a digest of what was known then.
    pub touched: BTreeMap<Uid, String>,
    /// How many things are as they should be.
    pub unchanged: u32,
    /// What somebody froze, and what would have been done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<Held>,
    /// What the program says `forget` or `destroy` of, and nobody knows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub idle: Vec<String>,
    /// What no driver makes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<Left>,
    /// Operations of earlier runs that nobody knows the end of, each with its address and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unresolved: Vec<(String, String)>,
    /// The graph that it was made from, as it is saved; nothing for a destruction.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub graph: String,
    /// Where the program says what, as it is saved beside the graph.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub places: String,
    /// Secrets that were given from outside, sealed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub inputs: BTreeMap<String, Tree>,
}

/// Results by name: what they were, and what they are; nothing: there is none.
pub type Outputs = BTreeMap<String, (Option<Tree>, Option<Tree>)>;

/// One thing that will be done.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Step {
    pub id: StepId,
    pub after: Vec<StepId>,
    pub uid: Uid,
    pub address: String,
    pub driver: String,
    pub kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    pub action: Action,
    pub what: What,
    pub why: Vec<Why>,
    /// What is there now; its secrets are sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Object>,
    /// What is asked for, as far as it is known; its secrets are sealed.
    pub inputs: Tree,
    /// What it will be, as far as it is known; its secrets are sealed.
    pub planned: Tree,
    pub locator: Locator,
    pub life: Life,
    /// What it needs, for as long as it is there.
    pub edges: Vec<Edge>,
}

/// What a step is part of.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// It stands for itself.
    Alone,
    /// Half of a replacement; the other half is the step with this position.
    Replacement(StepId),
    /// It takes away what an earlier replacement left.
    Deposed,
}

/// Why something is done.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Why {
    pub path: Vec<TreeStep>,
    pub reason: Reason,
    /// Where the program says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

/// Why something is done.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Reason {
    /// The program says something new.
    Changed,
    /// What is there was changed from outside.
    Drifted,
    /// It cannot be changed in what there is.
    CannotChange,
    /// Something that it reads is known only later.
    KnownLater,
    /// It is in the program no more.
    Left,
    /// Something else has taken its place, and it could not go then.
    Replaced { id: String },
    /// Everything goes.
    Destroyed,
    /// It was there, and is not.
    Gone,
    /// An earlier operation did not end well.
    Unfinished { why: String },
    /// It stands in another place now.
    Elsewhere,
}

/// Something that is frozen.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Held {
    pub address: String,
    pub because: String,
    pub would: Vec<Action>,
}

/// Things that no driver makes, of one target.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Left {
    pub target: String,
    pub addresses: Vec<String>,
}

impl Plan {
    /// Whether an apply would change anything outside or in what is remembered.
    pub fn has_changes(&self) -> bool {
        !self.steps.is_empty() || !self.outputs.is_empty() || self.changes.iter().any(is_visible)
    }
    /// The things that are replaced, made, changed and destroyed.
    pub fn counts(&self) -> [usize; 4] {
        let count = |is_it: &dyn Fn(&Step) -> bool| self.steps.iter().filter(|step| is_it(step)).count();
        let alone = |action: Action| move |step: &Step| step.action == action && !step.is_replacement();
        [
            count(&|step| step.action == Action::Create && step.is_replacement()),
            count(&alone(Action::Create)),
            count(&alone(Action::Update)),
            count(&alone(Action::Delete)),
        ]
    }
    /// The steps about one thing.
    pub fn steps_of(&self, uid: Uid) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(move |step| step.uid == uid)
    }
    /// A step by its position.
    pub fn step(&self, id: StepId) -> Option<&Step> {
        self.steps.get(id.0 as usize)
    }
}

/// Whether a change is one that a user asked for: what waits on what is our own matter.
fn is_visible(change: &Change) -> bool {
    !matches!(change, Change::Edges { .. })
}

impl Step {
    /// Whether it makes what was there, and was seen to be gone.
    pub fn is_made_again(&self) -> bool {
        self.action == Action::Create
            && self.what == What::Alone
            && self.why.iter().any(|why| why.reason == Reason::Gone)
    }
    /// Whether it is half of a replacement.
    pub fn is_replacement(&self) -> bool {
        matches!(self.what, What::Replacement(_))
    }
}

fn is_not(truth: &bool) -> bool {
    !truth
}

/// What becomes of one thing.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Decision {
    pub uid: Uid,
    /// Where it is, or will be.
    pub realm: RealmId,
    pub planning: Planning,
    pub why: Vec<Why>,
    /// With its secrets open.
    pub prior: Option<Object>,
    pub inputs: Tree,
    pub planned: Tree,
    pub locator: Locator,
}

impl Decision {
    /// Whether it is left as it is.
    pub fn is_nothing(&self) -> bool {
        self.planning == Planning::Nothing
    }
    /// The id under which something new is made, where that is ours to choose.
    pub fn makes_under(&self) -> Option<&str> {
        match (&self.planning, &self.locator) {
            (Planning::Create | Planning::Replace(_), Locator::Chosen { id }) => Some(id),
            _ => None,
        }
    }
    /// Whether what is there has to go.
    pub fn replaces(&self) -> bool {
        matches!(self.planning, Planning::Replace(_))
    }
}

/// Why a thing cannot stay as it is, whatever its inputs are.
pub(crate) fn unfinished(condition: &Condition) -> Option<Reason> {
    match condition {
        Condition::Ok => None,
        Condition::Tainted { why } => Some(Reason::Unfinished { why: why.clone() }),
        Condition::Dirty { .. } => Some(Reason::Unfinished { why: "an earlier change of it failed".to_owned() }),
        Condition::Gone => Some(Reason::Gone),
    }
}
