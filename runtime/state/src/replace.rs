//! Writing a file as a whole: it is there with all of its bytes, or not at all.

use std::io::ErrorKind;
use std::path::Path;

use crate::{Files, StateError};

/// How it failed to write something.
pub(crate) enum Failure {
    /// What counts was not touched: it can be tried again.
    Harmless(StateError),
    /// What is on the disk now is not known.
    Harmful(StateError),
}

impl Failure {
    pub(crate) fn error(self) -> StateError {
        match self {
            Failure::Harmless(error) | Failure::Harmful(error) => error,
        }
    }
}

/// Takes a file away where there is one.
pub(crate) fn remove(files: &dyn Files, path: &Path) -> Result<(), Failure> {
    match files.remove(path) {
        Err(cause) if cause.kind() != ErrorKind::NotFound => {
            Err(Failure::Harmless(StateError::io("remove", path, &cause)))
        }
        _ => Ok(()),
    }
}

/// Makes a file with these bytes, which are here to stay when its folder is synced.
pub(crate) fn write_new(files: &dyn Files, path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |cause: std::io::Error| StateError::io("write", path, &cause);
    let mut file = files.create(path).map_err(|cause| Failure::Harmless(failed(cause)))?;
    if let Err(cause) = file.append(bytes) {
        drop(file);
        // Its space may be needed; whether it can be taken away changes nothing.
        let _ = files.remove(path);
        return Err(Failure::Harmless(failed(cause)));
    }
    file.sync().map_err(|cause| Failure::Harmful(failed(cause)))
}

/// Puts a file in the place of the one of that name; here to stay when this returns, if it is to `stay`.
pub(crate) fn replace(files: &dyn Files, folder: &Path, name: &str, bytes: &[u8], stay: bool) -> Result<(), Failure> {
    let (new, path) = (folder.join(format!("{name}.new")), folder.join(name));
    let failed = |cause: std::io::Error| Failure::Harmful(StateError::io("write", &path, &cause));
    remove(files, &new)?;
    write_new(files, &new, bytes)?;
    files.rename(&new, &path).map_err(failed)?;
    if stay { files.sync_folder(folder).map_err(failed) } else { Ok(()) }
}
