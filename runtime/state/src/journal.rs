//! The journal of a state that is being written. What it says it has kept is kept: an append returns when its records would survive
//! the machine, and after anything that leaves that open it writes nothing more.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use crate::frame::{self, End, Tail};
use crate::head::{self, Head, Vouched};
use crate::keys::{Chance, Keys};
use crate::place::Found;
use crate::replace::{Failure, replace};
use crate::{
    Files, Handle, Kek, Lineage, Lock, OpId, OpenError, Record, Said, Sealer, State, StateError, WriteError, fits,
    reserve,
};

/// A state that this run writes.
pub struct Journal {
    pub(crate) files: Arc<dyn Files>,
    pub(crate) folder: PathBuf,
    pub(crate) key: Option<Kek>,
    sealer: Option<Arc<Sealer>>,
    chance: Chance,
    pub(crate) head: Head,
    pub(crate) head_bytes: Vec<u8>,
    pub(crate) log: Box<dyn Handle>,
    pub(crate) end: End,
    /// How long the log's file is: zeros from its end on.
    pub(crate) reserved: u64,
    /// What each operation that is open may need yet, in bytes.
    pub(crate) owed: BTreeMap<OpId, u64>,
    pub(crate) state: State,
    /// At which length of the log the next snapshot is due, in bytes.
    pub(crate) due: u64,
    broken: Option<String>,
    unsure: Unsure,
    said: Vec<Said>,
    /// The last to go.
    _lock: Box<dyn Lock>,
}

/// The log as it was found, until it is mended.
#[derive(Default)]
struct Unsure {
    bytes: Vec<u8>,
    tail: Tail,
}

impl fmt::Debug for Journal {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "(journal of {}, record {})", self.head.lineage, self.end.seq)
    }
}

impl Journal {
    /// The journal of what was found, not mended yet.
    pub(crate) fn begin(
        files: Arc<dyn Files>,
        folder: PathBuf,
        lock: Box<dyn Lock>,
        key: Option<Kek>,
        chance: Chance,
        found: Found,
        said: Vec<Said>,
    ) -> Result<Self, OpenError> {
        let path = head::log_path(&folder, found.head.generation);
        let log = files.open(&path).map_err(|cause| StateError::io("open", &path, &cause))?;
        let sealer = found.keys.map(|keys| Arc::new(Sealer::new(found.head.lineage, keys, chance.clone())));
        let owed = found.state.open.iter().map(|(op, open)| (*op, reserve::of_intent(&open.intent))).collect();
        let journal = Self {
            files,
            folder,
            key,
            sealer,
            chance,
            log,
            end: found.end,
            reserved: found.log.len() as u64,
            owed,
            state: found.state,
            due: due(found.snapshot_bytes),
            broken: None,
            said,
            head_bytes: found.head_bytes,
            head: found.head,
            unsure: Unsure { bytes: found.log, tail: found.tail },
            _lock: lock,
        };
        Ok(journal)
    }

    /// Makes sure of what is there: a torn append is wiped out; and what no head vouches for is written again, since it may be in the
    /// machine's memory only, after a sync that failed and will not be tried again. Where the run before did not end as it should,
    /// another log is begun: should it be alive, and not have noticed yet, it writes into the old one.
    pub(crate) fn mend(&mut self, is_left: bool) -> Result<(), StateError> {
        let path = self.log_path();
        let failed = |cause| StateError::io("write", &path, &cause);
        let Unsure { bytes, tail } = std::mem::take(&mut self.unsure);
        let since = bytes.get(self.head.log.bytes as usize..self.end.bytes as usize).unwrap_or_default();
        if let Tail::Torn(torn) = tail {
            self.log.write_at(self.end.bytes, &vec![0; torn as usize]).map_err(failed)?;
        }
        if !since.is_empty() {
            self.log.write_at(self.head.log.bytes, since).map_err(failed)?;
        }
        if tail != Tail::Clean || !since.is_empty() {
            self.log.sync().map_err(failed)?;
        }
        if is_left && let Err(error) = self.checkpoint() {
            // Without space or the key it goes on where it is.
            self.is_whole().map_err(|_| error)?;
        }
        self.vouch()
    }

    /// Lets the head vouch for all that is there.
    fn vouch(&mut self) -> Result<(), StateError> {
        let vouched = Vouched::of(&self.end);
        if vouched == self.head.log { Ok(()) } else { self.put_head(Head { log: vouched, ..self.head.clone() }) }
    }

    /// All that is known.
    pub fn state(&self) -> &State {
        &self.state
    }
    /// Which state it is.
    pub fn lineage(&self) -> Lineage {
        self.head.lineage
    }
    /// How many records it has seen.
    pub fn seq(&self) -> u64 {
        self.end.seq
    }
    /// How many times it was opened for writing.
    pub fn epoch(&self) -> u64 {
        self.head.epoch
    }
    /// How many snapshots were made of it.
    pub fn generation(&self) -> u64 {
        self.head.generation
    }
    /// What seals and opens its secrets: with the key only.
    pub fn sealer(&self) -> Option<Arc<Sealer>> {
        self.sealer.clone()
    }
    /// What was found when it was opened and has to be said.
    pub fn said(&self) -> &[Said] {
        &self.said
    }

    /// Keeps some records, all of them or none, and adds them to the state. When it returns they would survive the machine. Where they
    /// begin operations, there is space for the outcomes as well.
    ///
    /// # Errors
    /// `Full`: nothing was written, and outcomes of what is open are still taken, on their own. `Wrong`, `OpenSecret`, `Unwritable`:
    /// nothing was written. After `Taken` and `Broken` nothing more is, in this run; whether these records are kept shows when the
    /// state is opened again.
    pub fn append(&mut self, records: &[Record]) -> Result<(), WriteError> {
        self.is_whole()?;
        if records.is_empty() {
            return Ok(());
        }
        fits::check(&self.state, self.end.seq, records)?;
        let (frame, after) = frame::encode(&self.end, self.head.epoch, records)?;
        self.is_ours()?;
        let new: Vec<(OpId, u64)> = records.iter().filter_map(reserve::of_record).collect();
        let owed: u64 = self.owed.values().sum::<u64>() + new.iter().map(|(_, bytes)| bytes).sum::<u64>();
        self.make_room(after.bytes, owed, records.iter().all(reserve::may_use_it))?;
        let path = self.log_path();
        let written = self.log.write_at(self.end.bytes, &frame).and_then(|()| self.log.sync());
        self.settle(written.map_err(|cause| Failure::Harmful(StateError::io("write", &path, &cause))))?;
        // Who took over while this was written has not read it.
        let is_ours = self.is_ours();
        self.settle(is_ours.map_err(Failure::Harmful))?;
        self.end = after;
        self.owed.extend(new);
        self.add(records)?;
        self.checkpoint_if_due();
        Ok(())
    }

    fn add(&mut self, records: &[Record]) -> Result<(), StateError> {
        for record in records {
            let added = self.state.add(record);
            let seq = self.end.seq;
            self.settle(added.map_err(|wrong| Failure::Harmful(StateError::Wrong { seq, why: wrong.0 })))?;
        }
        let open = &self.state.open;
        self.owed.retain(|op, _| open.contains_key(op));
        Ok(())
    }

    /// Changes the key from outside. Only the wrapping of the state's own keys is written anew; the old key opens nothing any more,
    /// but for copies of the head that were made before. A state without keys gets some.
    ///
    /// # Errors
    /// The old key was not given, or the head cannot be written.
    pub fn rekey(&mut self, new: Kek) -> Result<(), WriteError> {
        self.is_whole()?;
        self.is_ours()?;
        if self.head.keys.is_some() && self.sealer.is_none() {
            return Err(StateError::NoKey { to: "change it" });
        }
        let sealer = self.sealer.clone().unwrap_or_else(|| {
            Arc::new(Sealer::new(self.head.lineage, Keys::new(&mut self.chance), self.chance.clone()))
        });
        let mut head = self.head.clone();
        head.keys = Some(sealer.keys.wrap(&new, head.lineage, &mut self.chance)?);
        head.log = Vouched::of(&self.end);
        head.sign(&new)?;
        self.put_head(head)?;
        (self.key, self.sealer) = (Some(new), Some(sealer));
        Ok(())
    }

    /// Ends it: the head vouches for all that was kept, so that nothing of it can be lost unnoticed. Dropping it instead loses nothing.
    ///
    /// # Errors
    /// Something failed in this run, or does now.
    pub fn close(mut self) -> Result<(), WriteError> {
        self.is_whole()?;
        self.is_ours()?;
        self.vouch()?;
        // A note that stays says who it was, and that nothing is locked.
        let _ = self.files.remove(&self.folder.join("holder"));
        Ok(())
    }

    pub(crate) fn log_path(&self) -> PathBuf {
        head::log_path(&self.folder, self.head.generation)
    }

    pub(crate) fn is_whole(&self) -> Result<(), StateError> {
        self.broken.clone().map_or(Ok(()), |why| Err(StateError::Broken { why }))
    }

    /// Whether the head is the one that this run wrote: who takes over begins with writing another.
    pub(crate) fn is_ours(&mut self) -> Result<(), StateError> {
        let path = head::path(&self.folder);
        let found = match self.files.read(&path) {
            Ok(found) => found,
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(cause) => return Err(StateError::io("read", &path, &cause)),
        };
        if found == self.head_bytes {
            return Ok(());
        }
        let taken = StateError::Taken { path, epoch: self.head.epoch };
        self.settle(Err(Failure::Harmful(taken)))
    }

    /// After what leaves open what is on the disk, nothing more is written.
    pub(crate) fn settle<T>(&mut self, result: Result<T, Failure>) -> Result<T, StateError> {
        result.map_err(|failure| match failure {
            Failure::Harmless(error) => error,
            Failure::Harmful(error) => {
                self.broken = Some(error.to_string());
                error
            }
        })
    }

    fn put_head(&mut self, head: Head) -> Result<(), StateError> {
        let put = self.replace_head(head);
        (self.head, self.head_bytes) = self.settle(put)?;
        Ok(())
    }

    pub(crate) fn replace_head(&self, head: Head) -> Result<(Head, Vec<u8>), Failure> {
        let bytes = head.bytes().map_err(Failure::Harmless)?;
        replace(&*self.files, &self.folder, "head", &bytes, true)?;
        Ok((head, bytes))
    }
}

/// At which length of a log its snapshot is outgrown, in bytes.
pub(crate) fn due(snapshot_bytes: u64) -> u64 {
    snapshot_bytes.max(1 << 20)
}
