//! The next snapshot: all of the state in one file, and an empty log that goes on from it. The head decides which pair counts, so
//! that at each moment there is a whole one.

use crate::head::{self, Head, Vouched};
use crate::journal::{Journal, due};
use crate::place::generation;
use crate::replace::{Failure, remove, write_new};
use crate::{StateError, WriteError, reserve, snapshot};

/// How many generations stay, the one that counts among them.
const KEPT: u64 = 3;

impl Journal {
    /// Whether the log has outgrown its snapshot, so that writing one costs no more than what was written since the last.
    pub fn is_due(&self) -> bool {
        self.end.bytes > self.due
    }

    /// Makes the next snapshot and begins the next log. An append does it when it is due.
    ///
    /// # Errors
    /// `Full`: the journal goes on with the snapshot that it has. `NoKey`: only the key can vouch for a snapshot of a state that has
    /// keys. After any other, nothing more is written in this run.
    pub fn checkpoint(&mut self) -> Result<(), WriteError> {
        self.is_whole()?;
        if self.head.keys.is_some() && self.key.is_none() {
            return Err(StateError::NoKey { to: "make a snapshot" });
        }
        self.is_ours()?;
        let next = self.head.generation + 1;
        let snapshot = snapshot::write(&self.state, self.head.lineage, next, self.end.seq)?;
        let made = self.make_files(next, &snapshot).and_then(|(log, end, reserved)| {
            let log_is = Vouched::of(&end);
            let mut head = Head { generation: next, snapshot: snapshot.sum.clone(), log: log_is, ..self.head.clone() };
            self.key.as_ref().map_or(Ok(()), |kek| head.sign(kek)).map_err(Failure::Harmless)?;
            Ok((log, end, reserved, self.replace_head(head)?))
        });
        if let Err(Failure::Harmless(_)) = made {
            // Half of it is nothing, and takes space.
            let _ = self.files.remove(&head::snapshot_path(&self.folder, next));
            let _ = self.files.remove(&head::log_path(&self.folder, next));
        }
        let (log, end, reserved, head) = self.settle(made)?;
        (self.head, self.head_bytes) = head;
        (self.log, self.end, self.reserved) = (log, end, reserved);
        self.due = due(snapshot.bytes.len() as u64);
        self.clean();
        Ok(())
    }

    fn make_files(
        &self,
        next: u64,
        snapshot: &snapshot::Snapshot,
    ) -> Result<(Box<dyn crate::Handle>, crate::frame::End, u64), Failure> {
        let files = &*self.files;
        let path = head::snapshot_path(&self.folder, next);
        remove(files, &path)?;
        write_new(files, &path, &snapshot.bytes)?;
        let path = head::log_path(&self.folder, next);
        let failed = |cause: std::io::Error| StateError::io("write", &path, &cause);
        let harmless = |cause| Failure::Harmless(failed(cause));
        remove(files, &path)?;
        let (line, end) = snapshot::log_start(self.head.lineage, next, self.end.seq, self.head.epoch, &snapshot.sum);
        let mut log = files.create(&path).map_err(harmless)?;
        log.append(&line).map_err(harmless)?;
        let reserved = reserve::of_log(end.bytes, self.owed.values().sum());
        log.reserve(reserved).map_err(harmless)?;
        log.sync().map_err(|cause| Failure::Harmful(failed(cause)))?;
        files.sync_folder(&self.folder).map_err(|cause| Failure::Harmful(failed(cause)))?;
        Ok((log, end, reserved))
    }

    /// Removes what is older than the generations that stay. Where that fails it stays, and the next snapshot tries again.
    fn clean(&self) {
        let names = self.files.list(&self.folder).unwrap_or_default();
        let is_old = |name: &&String| generation(name).is_some_and(|number| number + KEPT <= self.head.generation);
        for name in names.iter().filter(is_old) {
            let _ = self.files.remove(&self.folder.join(name));
        }
    }

    /// Makes the next snapshot where it is due. The records that made it so are kept already: where it fails, the log goes on growing,
    /// or the next append says why it cannot.
    pub(crate) fn checkpoint_if_due(&mut self) {
        if self.is_due() && self.checkpoint().is_err() {
            self.due = self.end.bytes * 2;
        }
    }
}
