//! Where a state lies: a folder with a head, and with the snapshot and the log that it names. Reading takes what is complete, locks
//! nothing and writes nothing; writing is for one run at a time.
//!
//! `head` is replaced as a whole; `snapshot-N` never changes; `log-N` grows; `lock` is locked and never removed; `holder` says by
//! whom.

use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::frame::{self, End, Fault, Tail};
use crate::head::{self, Head, Vouched};
use crate::journal::Journal;
use crate::keys::{Chance, Keys};
use crate::replace::{Failure, remove, replace, write_new};
use crate::{
    Clock, Entropy, FORMAT, Files, Holder, Kek, Lineage, Lock, OpenError, Sealer, State, StateError, SystemEntropy,
    snapshot,
};

/// The folder of one environment's state.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    folder: PathBuf,
}

/// What was read.
#[derive(Debug)]
pub struct Opened {
    pub state: State,
    /// None: nothing was ever written here.
    pub lineage: Option<Lineage>,
    pub generation: u64,
    /// How many times it was opened for writing.
    pub epoch: u64,
    /// How many records it has seen.
    pub seq: u64,
    /// Whether it has keys: then its secrets can be read with the right one only.
    pub has_keys: bool,
    /// With the key, where it has keys.
    pub sealer: Option<Sealer>,
    pub said: Vec<Said>,
}

/// What is no error, and has to be said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Said {
    /// An append did not come to its end, and nobody was told that it had. `seq` is the last record that is there.
    Torn { path: PathBuf, offset: u64, bytes: u64, seq: u64 },
}

impl fmt::Display for Said {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Said::Torn { path, offset, bytes, seq } = self;
        let path = path.display();
        write!(
            to,
            "{bytes} bytes at byte {offset} of `{path}` were never acknowledged and are dropped; it ends with record {seq}"
        )
    }
}

/// Whether to wait for another run to end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wait {
    No,
    /// Milliseconds since 1970-01-01, UTC.
    Until(u64),
}

/// How often a lock is tried while waiting, in milliseconds.
const TRIED: u64 = 50;
/// How often what looks damaged is read again without a lock: it may have been replaced meanwhile.
const READ_AGAIN: usize = 4;

/// What lies in a folder.
pub(crate) struct Found {
    pub(crate) head: Head,
    pub(crate) head_bytes: Vec<u8>,
    pub(crate) keys: Option<Keys>,
    pub(crate) state: State,
    pub(crate) end: End,
    pub(crate) log: Vec<u8>,
    pub(crate) tail: Tail,
    pub(crate) snapshot_bytes: u64,
}

impl Place {
    /// The state in this folder.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The state of an environment of a project: `.infrac/ENVIRONMENT/state` in its folder.
    pub fn of(project: &Path, environment: &str) -> Self {
        Self::new(project.join(".infrac").join(environment).join("state"))
    }

    /// Where it lies.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Reads it, while others may write. Nothing is written or locked. Without the key, what is sealed stays so.
    ///
    /// # Errors
    /// It is damaged, of a newer infrac, or sealed with another key; never a state that is not what was written.
    pub fn read(&self, files: &dyn Files, key: Option<&Kek>) -> Result<Opened, OpenError> {
        let mut result = self.find(files, key);
        for _ in 1..READ_AGAIN {
            match result {
                Err(StateError::Damaged { .. } | StateError::Missing { .. } | StateError::NoHead { .. }) => {
                    result = self.find(files, key);
                }
                _ => break,
            }
        }
        let chance = || Chance::new(Box::new(SystemEntropy));
        Ok(match result? {
            None => Opened {
                state: State::default(),
                lineage: None,
                generation: 0,
                epoch: 0,
                seq: 0,
                has_keys: false,
                sealer: None,
                said: Vec::new(),
            },
            Some(found) => Opened {
                lineage: Some(found.head.lineage),
                generation: found.head.generation,
                epoch: found.head.epoch,
                seq: found.end.seq,
                has_keys: found.head.keys.is_some(),
                said: self.said(&found).into_iter().collect(),
                sealer: found.keys.map(|keys| Sealer::new(found.head.lineage, keys, chance())),
                state: found.state,
            },
        })
    }

    /// Opens it for writing: locks it, drops an append that did not come to its end, and begins an epoch. Where there is no state
    /// yet, its lineage is drawn, and its keys where there is a key to wrap them.
    ///
    /// # Errors
    /// As for reading; somebody else writes it; it cannot be written. With a wrong key not even a lock is taken.
    pub fn write(
        &self,
        files: Arc<dyn Files>,
        key: Option<Kek>,
        clock: &dyn Clock,
        entropy: Box<dyn Entropy>,
        holder: &Holder,
        wait: Wait,
    ) -> Result<Journal, OpenError> {
        if let (Some(kek), Some((head, _))) = (&key, self.find_head(&*files)?) {
            head.open(kek, &head::path(&self.folder))?;
        }
        let folder = &self.folder;
        files.make_folder(folder).map_err(|cause| StateError::io("make", folder, &cause))?;
        let lock = self.lock(&*files, clock, wait)?;
        let note = serde_json::to_vec(holder).map_err(|_| StateError::Unwritable { why: "no note" })?;
        // Who ends as it should takes its note away. That none can be written is no reason to stop: the lock is what counts.
        let note_path = folder.join("holder");
        let is_left = !matches!(files.read(&note_path), Err(cause) if cause.kind() == ErrorKind::NotFound);
        let _ = replace(&*files, folder, "holder", &note, false);
        let mut chance = Chance::new(entropy);
        let (mut found, is_left) = match self.find(&*files, key.as_ref())? {
            Some(found) => (found, is_left),
            None => (self.begin(&*files, key.as_ref(), &mut chance)?, false),
        };
        let said = self.said(&found).into_iter().collect();
        self.fence(&*files, key.as_ref(), &mut chance, &mut found)?;
        if is_left {
            // Who left it may be writing still: it was told that something is kept up to the moment when the head was replaced.
            let taken = || StateError::Taken { path: head::path(folder), epoch: found.head.epoch };
            let again = self.find(&*files, key.as_ref())?.filter(|again| again.head_bytes == found.head_bytes);
            found = again.ok_or_else(taken)?;
        }
        let mut journal = Journal::begin(files, folder.clone(), lock, key, chance, found, said)?;
        journal.mend(is_left)?;
        Ok(journal)
    }

    /// Begins an epoch: from here on no other run is told that something is kept.
    fn fence(
        &self,
        files: &dyn Files,
        key: Option<&Kek>,
        chance: &mut Chance,
        found: &mut Found,
    ) -> Result<(), StateError> {
        if let (Some(kek), None) = (key, &found.keys) {
            let keys = Keys::new(chance);
            found.head.keys = Some(keys.wrap(kek, found.head.lineage, chance)?);
            found.head.sign(kek)?;
            found.keys = Some(keys);
        }
        found.head.epoch += 1;
        found.head_bytes = found.head.bytes()?;
        replace(files, &self.folder, "head", &found.head_bytes, true).map_err(Failure::error)
    }

    fn lock(&self, files: &dyn Files, clock: &dyn Clock, wait: Wait) -> Result<Box<dyn Lock>, StateError> {
        let path = self.folder.join("lock");
        loop {
            match files.try_lock(&path) {
                Ok(Some(lock)) => return Ok(lock),
                Ok(None) if matches!(wait, Wait::Until(end) if clock.now() < end) => clock.pause(TRIED),
                Ok(None) => {
                    let note = files.read(&self.folder.join("holder")).ok();
                    let holder = note.and_then(|note| serde_json::from_slice(&note).ok());
                    return Err(StateError::Busy { holder });
                }
                Err(cause) => return Err(StateError::io("lock", &path, &cause)),
            }
        }
    }

    fn said(&self, found: &Found) -> Option<Said> {
        let path = head::log_path(&self.folder, found.head.generation);
        let Tail::Torn(bytes) = found.tail else { return None };
        Some(Said::Torn { path, offset: found.end.bytes, bytes, seq: found.end.seq })
    }

    fn find_head(&self, files: &dyn Files) -> Result<Option<(Head, Vec<u8>)>, StateError> {
        let path = head::path(&self.folder);
        match files.read(&path) {
            Ok(bytes) => Ok(Some((Head::read(&bytes, &path)?, bytes))),
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(StateError::io("read", &path, &cause)),
        }
    }

    /// What lies here; none: there is no state yet.
    fn find(&self, files: &dyn Files, key: Option<&Kek>) -> Result<Option<Found>, StateError> {
        let Some((head, head_bytes)) = self.find_head(files)? else {
            return self.is_fresh(files)?.then_some(None).ok_or(StateError::NoHead { path: self.folder.clone() });
        };
        let keys = key.map_or(Ok(None), |kek| head.open(kek, &head::path(&self.folder)))?;
        let path = head::snapshot_path(&self.folder, head.generation);
        let bytes = named_by_head(files, &path)?;
        let (mut state, seq) = snapshot::read(&bytes, &path, head.lineage, head.generation, &head.snapshot)?;
        let path = head::log_path(&self.folder, head.generation);
        let log = named_by_head(files, &path)?;
        let start = snapshot::read_log_start(&log, &path, head.lineage, head.generation, seq, &head.snapshot)?;
        let (end, tail) = read_log(&log, &path, &head, start, &mut state)?;
        let snapshot_bytes = bytes.len() as u64;
        Ok(Some(Found { head, head_bytes, keys, state, end, log, tail, snapshot_bytes }))
    }

    /// Whether no record was ever written here. A run that was killed while it made the first files may have left some.
    fn is_fresh(&self, files: &dyn Files) -> Result<bool, StateError> {
        let names = match files.list(&self.folder) {
            Ok(names) => names,
            Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(true),
            Err(cause) => return Err(StateError::io("read", &self.folder, &cause)),
        };
        if names.iter().filter_map(|name| generation(name)).any(|generation| generation > 1) {
            return Ok(false);
        }
        if !names.iter().any(|name| name == "log-1") {
            return Ok(true);
        }
        let path = head::log_path(&self.folder, 1);
        let log = files.read(&path).map_err(|cause| StateError::io("read", &path, &cause))?;
        Ok(log.iter().skip_while(|byte| **byte != b'\n').skip(1).all(|byte| *byte == 0))
    }

    /// Makes the files of a new state.
    fn begin(&self, files: &dyn Files, key: Option<&Kek>, chance: &mut Chance) -> Result<Found, StateError> {
        let folder = &self.folder;
        let lineage = Lineage::new(chance);
        let keys = key.map(|_| Keys::new(chance));
        let state = State::default();
        let snapshot = snapshot::write(&state, lineage, 1, 0)?;
        let (log, end) = snapshot::log_start(lineage, 1, 0, 0, &snapshot.sum);
        for (path, bytes) in [(head::snapshot_path(folder, 1), &snapshot.bytes), (head::log_path(folder, 1), &log)] {
            remove(files, &path).map_err(Failure::error)?;
            write_new(files, &path, bytes).map_err(Failure::error)?;
        }
        files.sync_folder(folder).map_err(|cause| StateError::io("keep", folder, &cause))?;
        let wrapped = key.zip(keys.as_ref()).map(|(kek, keys)| keys.wrap(kek, lineage, chance)).transpose()?;
        let mut head = Head {
            format: FORMAT,
            must_understand: 0,
            lineage,
            generation: 1,
            epoch: 0,
            snapshot: snapshot.sum,
            log: Vouched::of(&end),
            keys: wrapped,
            mac: None,
        };
        key.map_or(Ok(()), |kek| head.sign(kek))?;
        let snapshot_bytes = snapshot.bytes.len() as u64;
        // The head is written when the first epoch begins: until then there is no state.
        Ok(Found { head, head_bytes: Vec::new(), keys, state, end, log, tail: Tail::Clean, snapshot_bytes })
    }
}

/// The generation of a snapshot or a log, by its name.
pub(crate) fn generation(name: &str) -> Option<u64> {
    name.strip_prefix("snapshot-").or_else(|| name.strip_prefix("log-"))?.parse().ok()
}

fn named_by_head(files: &dyn Files, path: &Path) -> Result<Vec<u8>, StateError> {
    files.read(path).map_err(|cause| match cause.kind() {
        ErrorKind::NotFound => StateError::Missing { path: path.to_owned() },
        _ => StateError::io("read", path, &cause),
    })
}

/// Adds what the log says to the state of its snapshot.
fn read_log(log: &[u8], path: &Path, head: &Head, start: End, state: &mut State) -> Result<(End, Tail), StateError> {
    let damaged = |offset, seq, what| StateError::Damaged { path: path.to_owned(), offset, seq: Some(seq), what };
    let failed = |fault| match fault {
        Fault::Damaged { offset, seq, what } => damaged(offset, seq, what),
        Fault::Wrong { seq, why } => StateError::Wrong { seq, why },
    };
    let add = &mut |record: &crate::Record, _: &End| state.add(record).map_err(|wrong| wrong.0);
    let vouched = log.get(..head.log.bytes as usize);
    let vouched = vouched.ok_or(damaged(log.len() as u64, head.log.seq, "it ends before what the head vouches for"))?;
    let (end, tail) = frame::scan(vouched, start, add).map_err(failed)?;
    if tail != Tail::Clean || !head.log.is_at(end.bytes, end.seq, &end.chain) {
        return Err(damaged(end.bytes, end.seq + 1, "it does not hold what the head vouches for"));
    }
    let (end, tail) = frame::scan(log, end, add).map_err(failed)?;
    if end.epoch > head.epoch {
        return Err(damaged(end.bytes, end.seq, "it was written to by a run that the head does not know"));
    }
    Ok((end, tail))
}
