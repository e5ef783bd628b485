//! Writes a set of files into a folder: all of them or none. What an earlier build wrote and this one does not is removed; what
//! infrac did not write (a state, a lock file, a user's own file) stays. `.infrac-files` lists what is ours.
//!
//! New texts are first written in full beside the old ones (`.infrac-new`) and reach the disk there; only then the old files
//! step aside (`.infrac-old`) and the new ones take their places, by renames within one file system. A failure in between undoes the renames,
//! and so does the next build when this one was killed.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The list of what is ours, one path a line.
const OURS: &str = ".infrac-files";
const NEW: &str = ".infrac-new";
const OLD: &str = ".infrac-old";

/// A file to be written: a path with `/`, relative to the folder, and its text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NewFile<'a> {
    pub path: &'a str,
    pub text: &'a str,
}

/// What differs between the folder and a set of files; each list is sorted.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Changes {
    pub added: Vec<String>,
    pub changed: Vec<String>,
    pub removed: Vec<String>,
}

/// Why nothing was written.
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

/// What writing these files would change.
pub fn compare(folder: &Path, files: &[NewFile<'_>]) -> Result<Changes, OutputError> {
    let ours = ours(folder)?;
    let mut changes = Changes::default();
    for file in files {
        let path = folder.join(file.path);
        match fs::symlink_metadata(&path) {
            Err(cause) if matches!(cause.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => {
                changes.added.push(file.path.to_owned())
            }
            Err(cause) => return Err(failed(&path, "be read", &cause)),
            Ok(metadata) if metadata.is_dir() => {
                return Err(OutputError {
                    path,
                    what: "a folder stands where a file is to be written".to_owned(),
                    help: "move it away, or build into another folder with `--out`".to_owned(),
                });
            }
            Ok(_) => {
                // A link is replaced by a file and never written through.
                let same = fs::read(&path).map_err(|cause| failed(&path, "be read", &cause))? == file.text.as_bytes();
                if !same && !ours.contains(file.path) {
                    return Err(OutputError {
                        path,
                        what: "a file that infrac did not write stands in the way".to_owned(),
                        help: "move it away, or build into another folder with `--out`".to_owned(),
                    });
                }
                if !same {
                    changes.changed.push(file.path.to_owned());
                }
            }
        }
    }
    let wanted: BTreeSet<&str> = files.iter().map(|file| file.path).collect();
    changes.removed.extend(ours.into_iter().filter(|path| {
        !wanted.contains(path.as_str())
            && fs::symlink_metadata(folder.join(path)).is_ok_and(|metadata| !metadata.is_dir())
    }));
    changes.added.sort();
    changes.changed.sort();
    Ok(changes)
}

/// Writes the files as a set.
pub fn write(folder: &Path, files: &[NewFile<'_>]) -> Result<Changes, OutputError> {
    fs::create_dir_all(folder).map_err(|cause| failed(folder, "be made", &cause))?;
    let _lock = lock(folder)?;
    recover(folder)?;
    let changes = compare(folder, files)?;
    let listed: BTreeSet<&str> = files.iter().map(|file| file.path).collect();
    let listed: String = listed.iter().map(|path| format!("{path}\n")).collect();
    if changes.is_empty() && fs::read(folder.join(OURS)).is_ok_and(|before| before == listed.as_bytes()) {
        return Ok(changes);
    }
    let moved: BTreeSet<&str> = changes.added.iter().chain(&changes.changed).map(String::as_str).collect();
    let staged: Vec<NewFile<'_>> = files
        .iter()
        .copied()
        .filter(|file| moved.contains(file.path))
        .chain([NewFile { path: OURS, text: &listed }])
        .collect();
    let result = stage(folder, &staged).and_then(|()| swap(folder, &staged, &changes.removed));
    // Whatever happened, nothing of ours stays behind; a rename that was undone has emptied these already.
    let _ = fs::remove_dir_all(folder.join(NEW));
    if result.is_ok() {
        let _ = fs::remove_dir_all(folder.join(OLD));
        for path in &changes.removed {
            remove_empty_folders(folder, path);
        }
    }
    result.map(|()| changes)
}

/// The paths that an earlier build wrote. Anything in the list that leads out of the folder is passed over.
fn ours(folder: &Path) -> Result<BTreeSet<String>, OutputError> {
    let path = folder.join(OURS);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(text.lines().filter(|line| is_inside(line)).map(str::to_owned).collect()),
        Err(cause) if matches!(cause.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => {
            Ok(BTreeSet::new())
        }
        Err(cause) => Err(failed(&path, "be read", &cause)),
    }
}

fn is_inside(path: &str) -> bool {
    !path.is_empty() && Path::new(path).components().all(|part| matches!(part, std::path::Component::Normal(_)))
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

/// Puts back what a build that was killed had moved aside.
fn recover(folder: &Path) -> Result<(), OutputError> {
    let old = folder.join(OLD);
    if old.is_dir() {
        for path in files_below(&old, &old) {
            let to = folder.join(&path);
            fs::rename(old.join(&path), &to).map_err(|cause| failed(&to, "be put back", &cause))?;
        }
        fs::remove_dir_all(&old).map_err(|cause| failed(&old, "be removed", &cause))?;
    }
    let new = folder.join(NEW);
    if new.is_dir() {
        fs::remove_dir_all(&new).map_err(|cause| failed(&new, "be removed", &cause))?;
    }
    Ok(())
}

fn files_below(root: &Path, folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            found.extend(files_below(root, &path));
        } else if let Ok(relative) = path.strip_prefix(root) {
            found.push(relative.to_owned());
        }
    }
    found.sort();
    found
}

/// Writes the new texts in full, and waits until the disk has them.
fn stage(folder: &Path, files: &[NewFile<'_>]) -> Result<(), OutputError> {
    let new = folder.join(NEW);
    for file in files {
        let path = new.join(file.path);
        // The user knows the file by the place that it will have.
        let shown = folder.join(file.path);
        let write = || -> std::io::Result<()> {
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            let mut handle = File::create(&path)?;
            handle.write_all(file.text.as_bytes())?;
            handle.sync_all()
        };
        write().map_err(|cause| failed(&shown, "be written", &cause))?;
    }
    Ok(())
}

/// Moves the old files aside and the new ones into their places; undoes all of it when one rename fails.
fn swap(folder: &Path, files: &[NewFile<'_>], removed: &[String]) -> Result<(), OutputError> {
    let (new, old) = (folder.join(NEW), folder.join(OLD));
    let mut aside: Vec<&str> = Vec::new();
    let mut placed: Vec<&str> = Vec::new();
    let result = (|| {
        for path in files.iter().map(|file| file.path).chain(removed.iter().map(String::as_str)) {
            if fs::symlink_metadata(folder.join(path)).is_ok() {
                rename(&folder.join(path), &old.join(path))?;
                aside.push(path);
            }
        }
        for file in files {
            rename(&new.join(file.path), &folder.join(file.path))?;
            placed.push(file.path);
        }
        Ok(())
    })();
    if result.is_err() {
        for path in placed {
            let _ = fs::rename(folder.join(path), new.join(path));
        }
        for path in aside {
            let _ = fs::rename(old.join(path), folder.join(path));
        }
        let _ = fs::remove_dir_all(&old);
    }
    // Renames reach the disk with their folder; a system that cannot do this has done its best.
    if let Ok(handle) = File::open(folder) {
        let _ = handle.sync_all();
    }
    result
}

fn rename(from: &Path, to: &Path) -> Result<(), OutputError> {
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent).map_err(|cause| failed(parent, "be made", &cause))?;
    }
    fs::rename(from, to).map_err(|cause| failed(to, "be replaced", &cause))
}

/// Folders that held removed files only.
fn remove_empty_folders(folder: &Path, path: &str) {
    let mut parent = Path::new(path).parent();
    while let Some(relative) = parent.filter(|relative| !relative.as_os_str().is_empty()) {
        if fs::remove_dir(folder.join(relative)).is_err() {
            return;
        }
        parent = relative.parent();
    }
}

fn failed(path: &Path, verb: &str, cause: &std::io::Error) -> OutputError {
    let what = match cause.kind() {
        std::io::ErrorKind::StorageFull => format!("cannot {verb}: the disk is full"),
        std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
            format!("cannot {verb}: it is not allowed")
        }
        _ => format!("cannot {verb}: {cause}"),
    };
    let help = match cause.kind() {
        std::io::ErrorKind::StorageFull => "make room and build again; what stood there before is still there",
        std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
            "allow writing there, or build into another folder with `--out`; what stood there before is still there"
        }
        _ => "what stood there before is still there",
    };
    OutputError { path: path.to_owned(), what, help: help.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files<'a>(files: &'a [(&'a str, &'a str)]) -> Vec<NewFile<'a>> {
        files.iter().map(|(path, text)| NewFile { path, text }).collect()
    }
    fn listing(folder: &Path) -> Vec<(String, String)> {
        let text = |path: &PathBuf| fs::read_to_string(folder.join(path)).unwrap();
        files_below(folder, folder).iter().map(|path| (path.to_str().unwrap().to_owned(), text(path))).collect()
    }

    #[test]
    fn a_set_replaces_the_one_before_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("out/prod");
        let first = write(
            &root,
            &files(&[("terraform/main.tf.json", "one"), ("kubernetes/api.yaml", "a"), ("kubernetes/old/b.yaml", "b")]),
        )
        .unwrap();
        assert_eq!(first.added.len(), 3);
        fs::write(root.join("terraform/.terraform.lock.hcl"), "lock").unwrap();
        let wanted = [("terraform/main.tf.json", "two"), ("kubernetes/api.yaml", "a")];
        assert_eq!(
            compare(&root, &files(&wanted)).unwrap(),
            Changes {
                added: vec![],
                changed: vec!["terraform/main.tf.json".to_owned()],
                removed: vec!["kubernetes/old/b.yaml".to_owned()]
            }
        );
        write(&root, &files(&wanted)).unwrap();
        let shown: Vec<String> = listing(&root)
            .into_iter()
            .map(|(path, text)| format!("{path}: {}", text.trim().replace('\n', " ")))
            .collect();
        assert_eq!(
            shown,
            [
                ".infrac-files: kubernetes/api.yaml terraform/main.tf.json",
                "kubernetes/api.yaml: a",
                "terraform/.terraform.lock.hcl: lock",
                "terraform/main.tf.json: two"
            ]
        );
        assert!(!root.join("kubernetes/old").exists());
        assert!(write(&root, &files(&wanted)).unwrap().is_empty());
    }

    #[test]
    fn a_file_of_the_user_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("api.yaml"), "mine").unwrap();
        let error = write(folder.path(), &files(&[("api.yaml", "ours"), ("b.yaml", "b")])).unwrap_err();
        assert_eq!(error.what, "a file that infrac did not write stands in the way");
        assert_eq!(listing(folder.path()), [("api.yaml".to_owned(), "mine".to_owned())]);
    }

    #[test]
    fn a_failure_in_between_leaves_the_old_set() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &files(&[("a/x", "old"), ("b", "old")])).unwrap();
        let before = listing(folder.path());
        // `b` is a file, so nothing can be staged below it.
        let error = write(folder.path(), &files(&[("a/x", "new"), ("b", "new"), ("b/c", "new")])).unwrap_err();
        assert!(error.what.starts_with("cannot be written"), "{}", error.what);
        assert_eq!(listing(folder.path()), before);
    }

    #[test]
    fn a_build_that_was_killed_is_undone_by_the_next() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &files(&[("a", "one")])).unwrap();
        fs::create_dir(folder.path().join(OLD)).unwrap();
        fs::rename(folder.path().join("a"), folder.path().join(OLD).join("a")).unwrap();
        fs::create_dir(folder.path().join(NEW)).unwrap();
        fs::write(folder.path().join(NEW).join("a"), "ha").unwrap();
        assert_eq!(write(folder.path(), &files(&[("a", "two")])).unwrap().changed, ["a"]);
        assert_eq!(listing(folder.path()), [(OURS.to_owned(), "a\n".to_owned()), ("a".to_owned(), "two".to_owned())]);
    }

    #[test]
    fn a_list_that_leads_out_of_the_folder_removes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("out");
        fs::create_dir(&root).unwrap();
        fs::write(folder.path().join("precious"), "x").unwrap();
        fs::write(root.join(OURS), "../precious\n/etc/hostname\n").unwrap();
        assert!(write(&root, &files(&[("a", "a")])).unwrap().removed.is_empty());
        assert!(folder.path().join("precious").exists());
    }
}
