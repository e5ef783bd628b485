//! Where infrac may write. The user names a folder and may reach it by links; below it nothing is followed that leads elsewhere, since
//! what lies there may come from somebody else: a folder `out` that was committed, a link in it, a list of paths.

use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use super::OutputError;

/// A folder that infrac writes into.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    named: PathBuf,
    below: PathBuf,
}

impl Place {
    /// `named` is the user's word and may be a link; no part of `below` may.
    pub fn new(named: impl Into<PathBuf>, below: impl Into<PathBuf>) -> Self {
        Self { named: named.into(), below: below.into() }
    }

    /// The folder, as it is shown and used.
    pub fn path(&self) -> PathBuf {
        self.named.join(&self.below)
    }

    /// That no link stands on the way to it.
    pub fn check(&self) -> Result<(), OutputError> {
        check_way(&self.named, &self.below.join("inside"))
    }

    /// Makes the folder where there is none.
    pub fn make(&self) -> Result<PathBuf, OutputError> {
        fs::create_dir_all(&self.named).map_err(|cause| OutputError::failed(&self.named, "be made", &cause))?;
        make_folders(&self.named, &self.below)?;
        Ok(self.path())
    }
}

/// Whether a path of a list, with `/`, leads to something below the folder that the list is about.
pub fn is_inside(path: &str) -> bool {
    !path.is_empty() && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}

/// That each folder between `root` and the last part of `path` is a folder or missing, and none is a link.
pub fn check_way(root: &Path, path: &Path) -> Result<(), OutputError> {
    let mut folder = root.to_owned();
    for part in path.parent().into_iter().flat_map(Path::components) {
        folder.push(part);
        match fs::symlink_metadata(&folder) {
            Ok(found) if found.is_symlink() => return Err(link(&folder)),
            Ok(_) => {}
            Err(cause) if is_missing(&cause) => return Ok(()),
            Err(cause) => return Err(OutputError::failed(&folder, "be read", &cause)),
        }
    }
    Ok(())
}

/// Makes each folder of `path` that is missing below `root`, and follows no link.
pub fn make_folders(root: &Path, path: &Path) -> Result<(), OutputError> {
    check_way(root, &path.join("inside"))?;
    let mut folder = root.to_owned();
    for part in path.components() {
        folder.push(part);
        match fs::create_dir(&folder) {
            Ok(()) => {}
            Err(cause) if cause.kind() == ErrorKind::AlreadyExists => {
                if !folder.is_dir() {
                    return Err(in_the_way(&folder));
                }
            }
            Err(cause) => return Err(OutputError::failed(&folder, "be made", &cause)),
        }
    }
    Ok(())
}

/// Removes the folders above `path` that hold nothing any more, up to `root`.
pub fn remove_empty_folders(root: &Path, path: &str) {
    let mut parent = Path::new(path).parent();
    while let Some(relative) = parent.filter(|relative| !relative.as_os_str().is_empty()) {
        if fs::remove_dir(root.join(relative)).is_err() {
            return;
        }
        parent = relative.parent();
    }
}

/// What is said of a link where infrac would write.
pub fn link(path: &Path) -> OutputError {
    OutputError {
        path: path.to_owned(),
        what: "a link stands where infrac writes".to_owned(),
        help: "remove the link, or build into the folder that it leads to with `--out`".to_owned(),
    }
}

/// What is said of a file where a folder or a file of infrac's is to be.
pub fn in_the_way(path: &Path) -> OutputError {
    OutputError {
        path: path.to_owned(),
        what: "a file that infrac did not write stands in the way".to_owned(),
        help: "move it away, or build into another folder with `--out`".to_owned(),
    }
}

/// That there is nothing, or nothing that could be.
pub fn is_missing(cause: &std::io::Error) -> bool {
    matches!(cause.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}
