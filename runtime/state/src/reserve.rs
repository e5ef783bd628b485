//! Space for outcomes: before an operation begins, the log takes the space that its end may need. So a full disk refuses to begin
//! something, and never to keep what became of it.

use std::io::{self, Write};

use crate::journal::Journal;
use crate::{Intent, OpId, Record, StateError};

/// The log takes space in pieces of this many bytes, so that few appends have to take some.
const PIECE: u64 = 64 * 1024;
/// What a driver may know at the end besides what was asked for, in bytes.
const AT_LEAST: u64 = 16 * 1024;
/// For the end of the run, in bytes.
const END: u64 = 1024;

struct Count(u64);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What the outcome of an operation may need, in bytes: it holds the thing as it is then, and that is about what was asked for and
/// what was there. Where an outcome is larger, it takes what is free, and else what other operations have not used yet.
pub(crate) fn of_intent(intent: &Intent) -> u64 {
    let mut count = Count(0);
    // It was serialised before, or is about to be: what cannot be is refused there.
    let _ = serde_json::to_writer(&mut count, intent);
    2 * count.0 + AT_LEAST
}

pub(crate) fn of_record(record: &Record) -> Option<(OpId, u64)> {
    match record {
        Record::Intent(intent) => Some((intent.op, of_intent(intent))),
        _ => None,
    }
}

/// Whether a record tells what became of something: it may use what was reserved.
pub(crate) fn may_use_it(record: &Record) -> bool {
    matches!(record, Record::Outcome(_) | Record::End(_))
}

impl Journal {
    /// Takes space up to `until`, and for what is owed beyond it. What tells an outcome is not held up by what is owed.
    pub(crate) fn make_room(&mut self, until: u64, owed: u64, is_outcome: bool) -> Result<(), StateError> {
        let all = until + owed + END;
        let needed = if is_outcome { until } else { all };
        if self.reserved >= needed {
            return Ok(());
        }
        let generous = all.next_multiple_of(PIECE);
        let mut taken = self.log.reserve(generous).map(|()| generous);
        if taken.as_ref().is_err_and(|cause| is_full(cause.kind())) {
            // What came of the first attempt takes space as well.
            taken = self.log.truncate(self.reserved).and_then(|()| self.log.reserve(needed)).map(|()| needed);
        }
        if let Ok(length) = taken {
            self.reserved = length;
            return Ok(());
        }
        // Zeros behind the end are nothing; they only should not stay when the disk is full.
        let _ = self.log.truncate(self.reserved);
        let path = self.log_path();
        taken.map(drop).map_err(|cause| StateError::io("take space for", &path, &cause))
    }
}

pub(crate) fn is_full(kind: io::ErrorKind) -> bool {
    matches!(kind, io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// How long a log is to be that stands at `end` and owes so much, in bytes.
pub(crate) fn of_log(end: u64, owed: u64) -> u64 {
    if owed == 0 { end } else { end + owed + END }
}
