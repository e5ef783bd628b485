//! The disk, as far as a state needs it: everything that is read or written goes through here, so that a test can fail any call.
//! What is promised is said of each call; only what is synced stays when the machine stops.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

/// A file system.
pub trait Files: Send + Sync {
    /// All bytes of a file.
    ///
    /// # Errors
    /// `NotFound` where there is none, and whatever the machine says.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    /// The names in a folder, sorted.
    ///
    /// # Errors
    /// `NotFound` where there is none, and whatever the machine says.
    fn list(&self, folder: &Path) -> io::Result<Vec<String>>;
    /// Makes a file that is not there, for this user only from its first byte on.
    ///
    /// # Errors
    /// `AlreadyExists` where there is one, and whatever the machine says.
    fn create(&self, path: &Path) -> io::Result<Box<dyn Handle>>;
    /// A file that is there, to be written.
    ///
    /// # Errors
    /// `NotFound` where there is none, and whatever the machine says.
    fn open(&self, path: &Path) -> io::Result<Box<dyn Handle>>;
    /// Gives a file another name, and takes away what had it. It stays after [`Files::sync_folder`] only.
    ///
    /// # Errors
    /// Whatever the machine says.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// # Errors
    /// `NotFound` where there is none, and whatever the machine says.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Makes a folder and those above it, for this user only. They are here to stay when this returns.
    ///
    /// # Errors
    /// Whatever the machine says.
    fn make_folder(&self, folder: &Path) -> io::Result<()>;
    /// The names in a folder are here to stay when this returns.
    ///
    /// # Errors
    /// Whatever the machine says: nothing is known of what was not synced before.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;
    /// Locks a file, which is made where it is missing, until what is returned is dropped. None: somebody else has it.
    ///
    /// # Errors
    /// Whatever the machine says.
    fn try_lock(&self, path: &Path) -> io::Result<Option<Box<dyn Lock>>>;
}

/// A file that is written.
pub trait Handle: Send + Sync {
    /// How long it is, in bytes.
    ///
    /// # Errors
    /// Whatever the machine says.
    fn length(&self) -> io::Result<u64>;
    /// Writes at its end.
    ///
    /// # Errors
    /// Whatever the machine says; some of it may have been written.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Writes over what stands at an offset.
    ///
    /// # Errors
    /// Whatever the machine says; some of it may have been written.
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()>;
    /// Cuts it to a length.
    ///
    /// # Errors
    /// Whatever the machine says.
    fn truncate(&mut self, length: u64) -> io::Result<()>;
    /// Makes it longer with zeros that take space. Setting the length alone would leave a hole: the disk could be full when it is
    /// written to. What is written over zeros later changes no length and no table of blocks either, so that a sync is one write.
    /// A file system that never writes in place (btrfs, ZFS) promises less.
    ///
    /// # Errors
    /// `StorageFull`, and whatever the machine says; some of the zeros may have been written.
    fn reserve(&mut self, length: u64) -> io::Result<()>;
    /// All that was written to it is here to stay when this returns.
    ///
    /// # Errors
    /// Whatever the machine says: nothing is known of what was not synced before, and a later sync that succeeds says nothing of it.
    fn sync(&mut self) -> io::Result<()>;
}

/// A lock that is held until it is dropped, or until its process ends, however it does.
pub trait Lock: Send + Sync {}

/// The machine's own.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

/// Zeros are written in pieces of this many bytes.
const PIECE: u64 = 64 * 1024;

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(unix)]
fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(not(unix))]
fn private_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().create(folder)
}

impl Files for Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }
    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let names = std::fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
        let mut names: Vec<String> = names.collect::<io::Result<_>>()?;
        names.sort();
        Ok(names)
    }
    fn create(&self, path: &Path) -> io::Result<Box<dyn Handle>> {
        let file = private(OpenOptions::new().write(true).create_new(true)).open(path)?;
        Ok(Box::new(OnDisk(file)))
    }
    fn open(&self, path: &Path) -> io::Result<Box<dyn Handle>> {
        Ok(Box::new(OnDisk(OpenOptions::new().write(true).open(path)?)))
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_file(path)
    }
    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        if folder.is_dir() || folder.as_os_str().is_empty() {
            return Ok(());
        }
        let above = folder.parent().unwrap_or(Path::new(""));
        self.make_folder(above)?;
        match private_folder(folder) {
            Err(cause) if cause.kind() != io::ErrorKind::AlreadyExists => return Err(cause),
            _ => {}
        }
        self.sync_folder(if above.as_os_str().is_empty() { Path::new(".") } else { above })
    }
    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        // Elsewhere a folder cannot be opened, and a rename is in the file system's own journal.
        if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
    }
    fn try_lock(&self, path: &Path) -> io::Result<Option<Box<dyn Lock>>> {
        let file = private(OpenOptions::new().write(true).create(true).truncate(false)).open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Box::new(LockedFile { _file: file }))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(cause)) => Err(cause),
        }
    }
}

struct OnDisk(File);

/// Closing it lets go of the lock.
struct LockedFile {
    _file: File,
}

impl Lock for LockedFile {}

impl Handle for OnDisk {
    fn length(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.seek(SeekFrom::End(0))?;
        self.0.write_all(bytes)
    }
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.0.seek(SeekFrom::Start(offset))?;
        self.0.write_all(bytes)
    }
    fn truncate(&mut self, length: u64) -> io::Result<()> {
        self.0.set_len(length)
    }
    fn reserve(&mut self, length: u64) -> io::Result<()> {
        let mut at = self.0.seek(SeekFrom::End(0))?;
        while at < length {
            let piece = PIECE.min(length - at);
            self.0.write_all(&vec![0; piece as usize])?;
            at += piece;
        }
        Ok(())
    }
    fn sync(&mut self) -> io::Result<()> {
        self.0.sync_data()
    }
}
