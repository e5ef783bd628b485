//! What is known of what was made: a journal of records, and the state that they add up to. Nothing that changes the outside begins
//! before its intent is here to stay, and nothing waits on it before its outcome is. Read `entry.rs` for what is kept of a thing,
//! `record.rs` for what a run says, `fold.rs` for what the records add up to, then `tree.rs` for values and what is sealed. How it is
//! kept: `place.rs` for where it lies, `journal.rs` for how it is written, `frame.rs` for what the disk holds.

mod checkpoint;
mod digest;
mod entry;
mod error;
mod files;
mod fits;
mod fold;
mod frame;
mod head;
mod holder;
mod ids;
mod journal;
mod keys;
mod place;
mod record;
mod replace;
mod reserve;
mod seal;
mod seams;
#[cfg(any(test, feature = "simulated"))]
mod simulated;
mod snapshot;
mod tree;

pub use digest::of as digest_of;
pub use entry::{Condition, Configuration, Edge, EdgeKind, Entry, Freeze, Life, MadeBy, Object, OnDestroy, Realm};
pub use error::{OpenError, StateError, WriteError};
pub use files::{Disk, Files, Handle, Lock};
pub use fold::{Open, RunSummary, State, Wrong};
pub use holder::Holder;
pub use ids::{ConfigId, Lineage, NotAnId, OpId, PlanId, RealmId, RunId, StepId, Uid};
pub use journal::Journal;
pub use keys::{GivenKey, Kek, KeySource};
pub use place::{Opened, Place, Said, Wait};
pub use record::{Action, By, Change, Command, End, Intent, Locator, Outcome, Read, Record, Result, Run};
pub use seal::Sealer;
pub use seams::{Clock, Entropy, SystemClock, SystemEntropy};
#[cfg(any(test, feature = "simulated"))]
pub use simulated::{Failing, Loss, Simulated};
pub use tree::{Sealed, Secret, Tree, TreeStep};

/// The version of the journal's records and of what they add up to.
pub const FORMAT: u16 = 1;
