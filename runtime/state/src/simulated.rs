//! A disk in memory that fails where it is told to: the N-th call, once or from then on; when it is full; with a crash that loses what
//! was not synced, or parts of it. The same seed fails in the same way.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crash::{Chance, Change, Inode, Naming};

use crate::{Files, Handle, Lock};

mod crash;

pub use crash::Loss;

/// A disk in memory. Clones are the same disk.
#[derive(Clone, Default)]
pub struct Simulated(Arc<Mutex<Inner>>);

/// Which call fails, and how. Calls are counted from 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Failing {
    Once(u64, ErrorKind),
    From(u64, ErrorKind),
    /// The machine stops there; see [`Simulated::restarted`].
    Crash(u64, Loss),
}

#[derive(Default)]
struct Inner {
    names: BTreeMap<PathBuf, usize>,
    kept_names: BTreeMap<PathBuf, usize>,
    renames: Vec<Naming>,
    inodes: Vec<Inode>,
    folders: BTreeSet<PathBuf>,
    locked: BTreeMap<PathBuf, u64>,
    locks: u64,
    calls: u64,
    points: BTreeMap<&'static str, u64>,
    written: u64,
    failing: Option<Failing>,
    capacity: Option<u64>,
    is_read_only: bool,
    crashed: Option<Loss>,
    chance: Chance,
}

impl Simulated {
    /// An empty disk, whose failures differ by the seed.
    pub fn new(seed: u64) -> Self {
        let disk = Self::default();
        disk.inner().chance = Chance(seed);
        disk
    }
    /// From now on calls fail so; none: they do not. They are counted anew.
    pub fn fail(&self, failing: impl Into<Option<Failing>>) {
        let mut inner = self.inner();
        (inner.failing, inner.calls) = (failing.into(), 0);
    }
    /// How many bytes all files together may have.
    pub fn set_capacity(&self, bytes: impl Into<Option<u64>>) {
        self.inner().capacity = bytes.into();
    }
    /// Whether nothing may be written.
    pub fn set_read_only(&self, is_read_only: bool) {
        self.inner().is_read_only = is_read_only;
    }
    /// How many calls there were since the last [`Simulated::fail`].
    pub fn calls(&self) -> u64 {
        self.inner().calls
    }
    /// How often each call was made, from the beginning.
    pub fn points(&self) -> BTreeMap<&'static str, u64> {
        self.inner().points.clone()
    }
    /// How many bytes were written, from the beginning.
    pub fn written(&self) -> u64 {
        self.inner().written
    }
    /// How many bytes all files have.
    pub fn used(&self) -> u64 {
        self.inner().used()
    }
    /// Whether it stopped.
    pub fn has_crashed(&self) -> bool {
        self.inner().crashed.is_some()
    }
    /// All files with what is seen in them.
    pub fn contents(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let inner = self.inner();
        let seen = |inode: &usize| inner.inodes.get(*inode).map(|inode| inode.seen.clone()).unwrap_or_default();
        inner.names.iter().map(|(path, inode)| (path.clone(), seen(inode))).collect()
    }
    /// Puts a file there, synced; none: takes it away. Nothing is counted.
    pub fn put(&self, path: &Path, bytes: impl Into<Option<Vec<u8>>>) {
        let mut inner = self.inner();
        let Some(bytes) = bytes.into() else {
            inner.names.remove(path);
            inner.kept_names.remove(path);
            return;
        };
        let inode = inner.inodes.len();
        inner.inodes.push(Inode { seen: bytes.clone(), kept: bytes, changes: Vec::new() });
        inner.names.insert(path.to_owned(), inode);
        inner.kept_names.insert(path.to_owned(), inode);
    }
    /// Takes a lock away from whoever has it, as a file system without locks does.
    pub fn break_lock(&self, path: &Path) {
        self.inner().locked.remove(path);
    }
    /// A disk of its own with the same files, all synced.
    #[must_use]
    pub fn copy(&self) -> Simulated {
        let copy = Simulated::new(self.inner().chance.0);
        self.inner().folders.clone_into(&mut copy.inner().folders);
        self.contents().into_iter().for_each(|(path, bytes)| copy.put(&path, bytes));
        copy
    }
    /// The disk as it is found after the machine has stopped: where it stopped, or now and with this loss.
    #[must_use]
    pub fn restarted(&self, loss: Loss) -> Simulated {
        let mut inner = self.inner();
        let loss = inner.crashed.unwrap_or(loss);
        let mut names = inner.kept_names.clone();
        let renames = inner.renames.clone();
        inner.chance.lose_names(&renames, loss, &mut names);
        let left = Simulated::new(inner.chance.draw(u64::MAX));
        left.inner().folders.clone_from(&inner.folders);
        left.inner().capacity = inner.capacity;
        for (path, inode) in names {
            let inode = inner.inodes.get(inode).cloned().unwrap_or_default();
            left.put(&path, inner.chance.lose(inode, loss));
        }
        left
    }
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a call does once it was counted.
enum Go {
    On,
    /// It fails, or the machine stops, after about half of it was done.
    Half(io::Error),
}

impl Inner {
    fn count(&mut self, point: &'static str, writes: bool) -> io::Result<Go> {
        let stopped = || io::Error::other("the machine has stopped");
        if self.crashed.is_some() {
            return Err(stopped());
        }
        self.calls += 1;
        *self.points.entry(point).or_default() += 1;
        if writes && self.is_read_only {
            return Err(ErrorKind::ReadOnlyFilesystem.into());
        }
        match self.failing {
            Some(Failing::Once(at, kind)) if at == self.calls => Ok(Go::Half(kind.into())),
            Some(Failing::From(at, kind)) if at <= self.calls => Ok(Go::Half(kind.into())),
            Some(Failing::Crash(at, loss)) if at == self.calls => {
                self.crashed = Some(loss);
                Ok(Go::Half(stopped()))
            }
            _ => Ok(Go::On),
        }
    }

    /// Counts a call that is done as a whole: where it fails nothing is done, but where the machine stops it may be.
    fn whole(
        &mut self,
        point: &'static str,
        writes: bool,
        act: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<()> {
        match self.count(point, writes)? {
            Go::On => act(self),
            Go::Half(cause) => {
                if self.crashed.is_some() && self.chance.draw(2) == 0 {
                    act(self)?;
                }
                Err(cause)
            }
        }
    }

    fn used(&self) -> u64 {
        self.names.values().filter_map(|inode| self.inodes.get(*inode)).map(|inode| inode.seen.len() as u64).sum()
    }

    fn inode(&mut self, inode: usize) -> io::Result<&mut Inode> {
        self.inodes.get_mut(inode).ok_or(ErrorKind::NotFound.into())
    }

    fn write(&mut self, point: &'static str, inode: usize, offset: usize, bytes: &[u8]) -> io::Result<()> {
        let go = self.count(point, true)?;
        let length = self.inode(inode)?.seen.len();
        let grows = (offset + bytes.len()).saturating_sub(length) as u64;
        let free = self.capacity.map_or(u64::MAX, |capacity| capacity.saturating_sub(self.used()));
        let missing = grows.saturating_sub(free) as usize;
        let (fits, result) = match go {
            Go::Half(cause) => (self.chance.draw(bytes.len() as u64 + 1) as usize, Err(cause)),
            Go::On if missing > 0 => (bytes.len() - missing, Err(ErrorKind::StorageFull.into())),
            Go::On => (bytes.len(), Ok(())),
        };
        let written = bytes.get(..fits.min(bytes.len() - missing)).unwrap_or_default();
        self.written += written.len() as u64;
        let change = Change::Write(offset, written.to_vec());
        let inode = self.inode(inode)?;
        if !written.is_empty() {
            change.apply(&mut inode.seen);
            inode.changes.push(change);
        }
        result
    }
}

impl Files for Simulated {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let mut inner = self.inner();
        if let Go::Half(cause) = inner.count("read", false)? {
            return Err(cause);
        }
        let inode = *inner.names.get(path).ok_or(ErrorKind::NotFound)?;
        Ok(inner.inode(inode)?.seen.clone())
    }
    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let mut inner = self.inner();
        if let Go::Half(cause) = inner.count("list", false)? {
            return Err(cause);
        }
        if !inner.folders.contains(folder) {
            return Err(ErrorKind::NotFound.into());
        }
        let inside = inner.names.keys().filter(|path| path.parent() == Some(folder));
        Ok(inside.filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned())).collect())
    }
    fn create(&self, path: &Path) -> io::Result<Box<dyn Handle>> {
        let mut inner = self.inner();
        let inode = inner.inodes.len();
        inner.whole("create", true, |inner| {
            if inner.names.contains_key(path) {
                return Err(ErrorKind::AlreadyExists.into());
            }
            inner.inodes.push(Inode::default());
            inner.names.insert(path.to_owned(), inode);
            inner.renames.push(Naming::Made(path.to_owned(), inode));
            Ok(())
        })?;
        Ok(Box::new(Written { disk: self.clone(), inode }))
    }
    fn open(&self, path: &Path) -> io::Result<Box<dyn Handle>> {
        let mut inner = self.inner();
        inner.whole("open", true, |_| Ok(()))?;
        let inode = *inner.names.get(path).ok_or(ErrorKind::NotFound)?;
        Ok(Box::new(Written { disk: self.clone(), inode }))
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.inner().whole("rename", true, |inner| {
            let inode = *inner.names.get(from).ok_or(ErrorKind::NotFound)?;
            let renamed = Naming::Renamed(from.to_owned(), to.to_owned(), inode);
            renamed.apply(&mut inner.names);
            inner.renames.push(renamed);
            Ok(())
        })
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        self.inner().whole("remove", true, |inner| {
            inner.names.remove(path).ok_or(ErrorKind::NotFound)?;
            inner.renames.push(Naming::Removed(path.to_owned()));
            Ok(())
        })
    }
    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        let mut inner = self.inner();
        let is_new = !inner.folders.contains(folder);
        inner.whole("make_folder", is_new, |inner| {
            inner.folders.extend(folder.ancestors().map(Path::to_owned));
            Ok(())
        })
    }
    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.inner().whole("sync_folder", true, |inner| {
            let (synced, left) =
                std::mem::take(&mut inner.renames).into_iter().partition(|renamed| renamed.is_in(folder));
            inner.renames = left;
            let synced: Vec<Naming> = synced;
            synced.iter().for_each(|renamed| renamed.apply(&mut inner.kept_names));
            Ok(())
        })
    }
    fn try_lock(&self, path: &Path) -> io::Result<Option<Box<dyn Lock>>> {
        let mut inner = self.inner();
        inner.whole("lock", true, |_| Ok(()))?;
        if inner.locked.contains_key(path) {
            return Ok(None);
        }
        if !inner.names.contains_key(path) {
            let inode = inner.inodes.len();
            inner.inodes.push(Inode::default());
            inner.names.insert(path.to_owned(), inode);
            inner.renames.push(Naming::Made(path.to_owned(), inode));
        }
        inner.locks += 1;
        let number = inner.locks;
        inner.locked.insert(path.to_owned(), number);
        Ok(Some(Box::new(Locked { disk: self.clone(), path: path.to_owned(), number })))
    }
}

struct Locked {
    disk: Simulated,
    path: PathBuf,
    number: u64,
}

impl Lock for Locked {}

impl Drop for Locked {
    fn drop(&mut self) {
        let mut inner = self.disk.inner();
        if inner.locked.get(&self.path) == Some(&self.number) {
            inner.locked.remove(&self.path);
        }
    }
}

struct Written {
    disk: Simulated,
    inode: usize,
}

impl Handle for Written {
    fn length(&self) -> io::Result<u64> {
        Ok(self.disk.inner().inode(self.inode)?.seen.len() as u64)
    }
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let offset = self.length()? as usize;
        self.disk.inner().write("append", self.inode, offset, bytes)
    }
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.disk.inner().write("write_at", self.inode, offset as usize, bytes)
    }
    fn truncate(&mut self, length: u64) -> io::Result<()> {
        self.disk.inner().whole("truncate", true, |inner| {
            let inode = inner.inode(self.inode)?;
            inode.seen.resize(length as usize, 0);
            inode.changes.push(Change::Cut(length as usize));
            Ok(())
        })
    }
    fn reserve(&mut self, length: u64) -> io::Result<()> {
        let at = self.length()?;
        let zeros = vec![0; length.saturating_sub(at) as usize];
        self.disk.inner().write("reserve", self.inode, at as usize, &zeros)
    }
    fn sync(&mut self) -> io::Result<()> {
        let mut inner = self.disk.inner();
        let go = inner.count("sync", true)?;
        let crashed = inner.crashed.is_some();
        let inode = inner.inode(self.inode)?;
        match go {
            Go::On => {
                let changes = std::mem::take(&mut inode.changes);
                changes.iter().for_each(|change| change.apply(&mut inode.kept));
                Ok(())
            }
            Go::Half(cause) => {
                // As Linux does: what could not be written counts as written, is still seen, and no later sync tries again.
                if !crashed {
                    inode.changes.clear();
                }
                Err(cause)
            }
        }
    }
}
