//! What a run says, one record after the other. A record is never changed; what it means is in `fold.rs`.

use serde::{Deserialize, Serialize};

use crate::{Configuration, Entry, Freeze, Life, Object, OpId, PlanId, Realm, RunId, StepId, Tree, Uid};

/// One line of the journal.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "snake_case")]
pub enum Record {
    /// A run begins.
    Run(Run),
    Realm(Realm),
    Configuration(Configuration),
    /// An operation is about to begin: from here on the outside may have changed.
    Intent(Box<Intent>),
    /// An operation of several phases has come this far.
    Phase {
        op: OpId,
        at: u64,
        name: String,
        data: Tree,
    },
    /// What became of an operation.
    Outcome(Box<Outcome>),
    /// What a look showed; it closes no intent.
    Observed {
        uid: Uid,
        at: u64,
        read: Read,
    },
    Change(Change),
    /// These belong to this run until it ends.
    Claim {
        run: RunId,
        uids: Vec<Uid>,
    },
    /// A handler has to run on a host, or has run.
    Notify {
        handler: Uid,
        host: Uid,
        pending: bool,
    },
    /// A result of the program, as of this run.
    Output {
        name: String,
        value: Tree,
    },
    /// A run has ended.
    End(End),
}

/// The beginning of a run.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Run {
    pub run: RunId,
    pub command: Command,
    /// Milliseconds since 1970-01-01.
    pub at: u64,
    /// Who runs it: user and machine.
    pub by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<PlanId>,
    /// The print of the graph, in hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub graph: Option<String>,
    /// Only these were considered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<String>,
}

/// What a run is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    Apply,
    Destroy,
    Move,
    Forget,
    Freeze,
    Resolve,
    Import,
    Rekey,
}

/// What is about to be done to one thing.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Intent {
    pub op: OpId,
    pub run: RunId,
    /// Milliseconds since 1970-01-01.
    pub at: u64,
    pub step: StepId,
    pub action: Action,
    /// The thing as it will be known. Of one that there is already only place and life may differ.
    pub entry: Entry,
    /// The thing as it was: for an update what is changed, for a deletion what goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Object>,
    /// What is asked for, and what the driver said will come of it.
    pub inputs: Tree,
    pub planned: Tree,
    /// The object that it becomes: incarnation, configuration, realm and edges of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub becomes: Option<Object>,
    /// How it can be found again should nobody hear of it.
    pub locator: Locator,
}

/// What is done to a thing. A replacement is a deletion and a creation, in one order or the other.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    Create,
    Update,
    Delete,
}

/// How a thing that was being made can be found when nobody heard of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Locator {
    /// The name was ours to choose.
    Chosen { id: String },
    /// It carries the uid where its maker's own listing shows it.
    Marker { path: String },
    /// An id that its maker makes of what it was given.
    ImportId { id: String },
    /// It cannot be.
    None,
}

/// What became of an operation.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Outcome {
    pub op: OpId,
    /// Milliseconds since 1970-01-01.
    pub at: u64,
    pub result: Result,
    /// What there is now; none: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<Object>,
    pub by: By,
}

/// How an operation ended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Result {
    Done,
    /// Nothing was changed, and this shows it.
    Refused {
        proof: String,
    },
    /// Some of it was done.
    Partial {
        why: String,
    },
    /// Nobody knows.
    Unknown {
        why: String,
    },
}

/// Who says what became of an operation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum By {
    /// The driver, when the operation ended.
    Reply,
    /// A look afterwards, and what it showed.
    Look { evidence: String },
    /// Somebody.
    Person { who: String },
}

/// What a look at a thing shows.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Read {
    Present {
        attributes: Tree,
    },
    /// It is not there, and this shows it.
    Gone {
        proof: String,
    },
}

/// What is said about a thing without touching it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// The program says it elsewhere.
    Move {
        uid: Uid,
        to: String,
    },
    /// It is managed no more, and stays where it is.
    Forget {
        uid: Uid,
        because: String,
    },
    /// It existed outside, and is managed from now on.
    Adopt {
        entry: Box<Entry>,
    },
    /// How it lives, and where the program says it.
    Life {
        uid: Uid,
        life: Life,
        place: Option<String>,
    },
    /// What waits on what, where nothing else changed.
    Edges {
        uid: Uid,
        edges: Vec<crate::Edge>,
    },
    Freeze {
        uid: Uid,
        freeze: Freeze,
    },
    Thaw {
        uid: Uid,
    },
}

/// The end of a run.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct End {
    pub run: RunId,
    /// Milliseconds since 1970-01-01.
    pub at: u64,
    pub done: u32,
    pub failed: u32,
    pub unknown: u32,
}

impl Change {
    /// The thing that it is about.
    pub fn uid(&self) -> Uid {
        match self {
            Change::Adopt { entry } => entry.uid,
            Change::Move { uid, .. }
            | Change::Forget { uid, .. }
            | Change::Life { uid, .. }
            | Change::Edges { uid, .. }
            | Change::Freeze { uid, .. }
            | Change::Thaw { uid } => *uid,
        }
    }
}
