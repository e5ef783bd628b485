//! Who writes: a note beside the lock, for whoever finds it locked. The lock is what counts; the note may be older than it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::RunId;

/// Who writes a state.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Holder {
    pub user: String,
    pub machine: String,
    pub pid: u32,
    /// Milliseconds since 1970-01-01, UTC.
    pub started: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<RunId>,
    /// What it was asked for: `infrac apply`. Never with what it was given: that may be secret.
    pub command: String,
}

impl fmt::Display for Holder {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Holder { user, machine, pid, command, .. } = self;
        write!(to, "{user} on {machine}: `{command}`, process {pid}")?;
        self.run.map_or(Ok(()), |run| write!(to, ", run {run}"))
    }
}
