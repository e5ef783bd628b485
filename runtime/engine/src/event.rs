//! What happens while a plan is carried out, for whoever shows it.

use crate::plan::Step;
use crate::told::Told;

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Event<'a> {
    Started {
        step: &'a Step,
    },
    Ended {
        step: &'a Step,
        ending: Ending<'a>,
        /// Milliseconds.
        took: u64,
    },
    /// It does not begin, because of what another step came to; none: because the run is being stopped.
    Skipped {
        step: &'a Step,
        because: Option<&'a Step>,
    },
    /// The run was asked to stop: so many steps are finished first.
    Stopping {
        running: usize,
    },
}

/// How a step ended.
#[derive(Clone, Copy, Debug)]
pub enum Ending<'a> {
    Done,
    /// There was nothing to do any more.
    Nothing,
    /// Nothing was changed.
    Failed(&'a Told),
    /// Some of it was done.
    Partial(&'a Told),
    /// Nobody knows.
    Unknown(&'a str),
}
