//! Whether an answer is still wanted: whoever asked may have changed the question meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A token that long work looks at between its steps. Whoever holds another copy of it ends the work.
#[derive(Clone, Default, Debug)]
pub struct Stop(Arc<AtomicBool>);

/// The work was ended before it had an answer; what it had so far is of no use.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stopped;

impl Stop {
    /// Asks the work to end.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
    /// Whether it is to end.
    pub fn is_stopped(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
    /// An error when it is to end.
    ///
    /// # Errors
    /// [`Stopped`] once somebody has asked for it.
    pub fn look(&self) -> Result<(), Stopped> {
        if self.is_stopped() { Err(Stopped) } else { Ok(()) }
    }
}
