//! Writes a set of files into a folder: all of them or none. What an earlier build wrote and this one does not is removed; what
//! infrac did not write (a state, a lock file, a user's own file) stays. `.infrac-files` lists what is ours.

mod journal;
mod one;
mod place;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

pub use one::{Readers, write_one};
pub use place::{Place, link};
use place::{check_way, in_the_way, is_inside, is_missing};

/// The list of what is ours, one path a line.
const OURS: &str = ".infrac-files";

/// A file to be written: a path with `/`, relative to the folder, and its text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NewFile<'a> {
    pub path: &'a str,
    pub text: &'a str,
    /// Who may read, write and run it, where files know that; none: what is usual.
    pub mode: Option<u32>,
}

impl<'a> NewFile<'a> {
    /// One that is as files usually are.
    pub fn new(path: &'a str, text: &'a str) -> Self {
        Self { path, text, mode: None }
    }
}

/// A set of files.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Files<'a> {
    pub written: &'a [NewFile<'a>],
    /// Paths of files that others write there: they are ours like the rest, and stay as long as they are named here.
    pub awaited: &'a [String],
}

/// What differs between the folder and a set of files; each list is sorted.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Changes {
    pub added: Vec<String>,
    pub changed: Vec<String>,
    pub removed: Vec<String>,
}

/// Why nothing was written, or not everything.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OutputError {
    pub path: PathBuf,
    pub what: String,
    pub help: String,
}

impl Changes {
    /// Whether the folder holds exactly these files.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }
}

/// A folder that this build alone writes into, after what an earlier one left half done was mended.
#[derive(Debug)]
pub struct Output {
    folder: PathBuf,
    _lock: Option<File>,
}

impl Output {
    /// Makes the folder where there is none, and keeps other builds out of it.
    pub fn begin(place: &Place) -> Result<Self, OutputError> {
        let folder = place.make()?;
        let lock = lock(&folder)?;
        journal::recover(&folder)?;
        Ok(Self { folder, _lock: lock })
    }

    /// Writes the files as a set.
    pub fn write(&self, files: &Files<'_>) -> Result<Changes, OutputError> {
        let folder = self.folder.as_path();
        let changes = differences(folder, files)?;
        let listed: BTreeSet<&str> = files.paths().collect();
        let listed: String = listed.iter().map(|path| format!("{path}\n")).collect();
        if changes.is_empty() && fs::read(folder.join(OURS)).is_ok_and(|before| before == listed.as_bytes()) {
            return Ok(changes);
        }
        let new: BTreeSet<&str> = changes.added.iter().chain(&changes.changed).map(String::as_str).collect();
        let new: Vec<NewFile<'_>> = files
            .written
            .iter()
            .copied()
            .filter(|file| new.contains(file.path))
            .chain([NewFile::new(OURS, &listed)])
            .collect();
        journal::commit(folder, &new, &changes.removed)?;
        journal::finish(folder)?;
        Ok(changes)
    }
}

/// What writing these files would change.
pub fn compare(place: &Place, files: &Files<'_>) -> Result<Changes, OutputError> {
    place.check()?;
    differences(&place.path(), files)
}

fn differences(folder: &Path, files: &Files<'_>) -> Result<Changes, OutputError> {
    let ours = ours(folder)?;
    let wanted: BTreeSet<&str> = files.paths().collect();
    let mut changes = Changes::default();
    for path in files.awaited {
        check_way(folder, Path::new(path))?;
        if fs::symlink_metadata(folder.join(path)).is_ok() && !ours.contains(path) {
            return Err(in_the_way(&folder.join(path)));
        }
    }
    for file in files.written {
        check_way(folder, Path::new(file.path))?;
        let path = folder.join(file.path);
        match fs::symlink_metadata(&path) {
            Err(cause) if is_missing(&cause) => {
                let above = file_above(folder, file.path);
                if let Some(above) = above.filter(|above| wanted.contains(*above) || !ours.contains(*above)) {
                    return Err(in_the_way(&folder.join(above)));
                }
                changes.added.push(file.path.to_owned());
            }
            Err(cause) => return Err(OutputError::failed(&path, "be read", &cause)),
            Ok(found) if found.is_dir() => {
                return Err(OutputError {
                    path,
                    what: "a folder stands where a file is to be written".to_owned(),
                    help: "move it away, or build into another folder with `--out`".to_owned(),
                });
            }
            Ok(found) => {
                // A link or a pipe is replaced by a file, and neither read nor written through.
                let same = found.is_file()
                    && has_mode(&found, file.mode)
                    && fs::read(&path).map_err(|cause| OutputError::failed(&path, "be read", &cause))?
                        == file.text.as_bytes();
                if !same && !ours.contains(file.path) {
                    return Err(in_the_way(&path));
                }
                if !same {
                    changes.changed.push(file.path.to_owned());
                }
            }
        }
    }
    for path in ours.into_iter().filter(|path| !wanted.contains(path.as_str())) {
        check_way(folder, Path::new(&path))?;
        let at = folder.join(&path);
        match fs::symlink_metadata(&at) {
            Ok(found) if found.is_dir() => {}
            Ok(_) => changes.removed.push(path),
            Err(cause) if is_missing(&cause) => {}
            Err(cause) => return Err(OutputError::failed(&at, "be read", &cause)),
        }
    }
    changes.added.sort();
    changes.changed.sort();
    Ok(changes)
}

impl Files<'_> {
    fn paths(&self) -> impl Iterator<Item = &str> {
        self.written.iter().map(|file| file.path).chain(self.awaited.iter().map(String::as_str))
    }
}

/// Whether a file may be used by whom it is to be; always where files do not know that.
#[cfg(unix)]
fn has_mode(found: &fs::Metadata, mode: Option<u32>) -> bool {
    use std::os::unix::fs::PermissionsExt;
    mode.is_none_or(|mode| found.permissions().mode() & 0o777 == mode)
}

#[cfg(not(unix))]
fn has_mode(_: &fs::Metadata, _: Option<u32>) -> bool {
    true
}

/// The file that stands where a folder above this path is to be.
fn file_above<'a>(folder: &Path, path: &'a str) -> Option<&'a str> {
    path.match_indices('/')
        .filter_map(|(at, _)| path.get(..at))
        .find(|above| fs::symlink_metadata(folder.join(above)).is_ok_and(|found| !found.is_dir()))
}

/// The paths that an earlier build wrote, or is known to have begun to. What leads out of the folder is passed over.
fn ours(folder: &Path) -> Result<BTreeSet<String>, OutputError> {
    let path = folder.join(OURS);
    let begun = journal::pending(folder)?;
    let listed = match fs::symlink_metadata(&path) {
        Ok(found) if !found.is_file() => return Err(place::link(&path)),
        Ok(_) => fs::read_to_string(&path).map_err(|cause| OutputError::failed(&path, "be read", &cause))?,
        Err(cause) if is_missing(&cause) => String::new(),
        Err(cause) => return Err(OutputError::failed(&path, "be read", &cause)),
    };
    let listed = listed.lines().map(str::to_owned).chain(begun.placed).chain(begun.removed);
    Ok(listed.filter(|path| is_inside(path) && !journal::is_own(path) && path != OURS).collect())
}

/// One build at a time in a folder. Where folders cannot be locked, nothing is.
fn lock(folder: &Path) -> Result<Option<File>, OutputError> {
    let Ok(handle) = File::open(folder) else { return Ok(None) };
    match handle.try_lock() {
        Ok(()) => Ok(Some(handle)),
        Err(fs::TryLockError::WouldBlock) => Err(OutputError {
            path: folder.to_owned(),
            what: "another infrac is writing there".to_owned(),
            help: "wait for it to end and build again".to_owned(),
        }),
        Err(fs::TryLockError::Error(_)) => Ok(None),
    }
}

impl OutputError {
    /// What the disk says.
    pub fn failed(path: &Path, verb: &str, cause: &std::io::Error) -> Self {
        let what = match cause.kind() {
            ErrorKind::StorageFull => format!("cannot {verb}: the disk is full"),
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => format!("cannot {verb}: it is not allowed"),
            _ => format!("cannot {verb}: {cause}"),
        };
        let help = match cause.kind() {
            ErrorKind::StorageFull => "make room and build again; what stood there before is still there",
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                "allow writing there, or build into another folder with `--out`; what stood there before is still there"
            }
            _ => "what stood there before is still there",
        };
        Self { path: path.to_owned(), what, help: help.to_owned() }
    }

    /// After the set was committed to, it is ended and never undone.
    pub fn half_written(self) -> Self {
        let what = format!("the files are half written: {}", self.what);
        Self { what, help: "mend that and build again, which ends it".to_owned(), ..self }
    }
}

#[cfg(test)]
mod tests;
