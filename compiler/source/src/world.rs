//! The only way to the outside: reading files and listing folders. The compiler itself does no IO; it is handed a [`World`].

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Why something could not be read; the text is fit for a user.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WorldError {
    pub path: String,
    pub cause: String,
}

/// The outside world as the compiler sees it. Paths use `/` and are relative to the project's folder.
pub trait World: Send + Sync {
    /// The bytes of a file.
    fn read(&self, path: &str) -> Result<Vec<u8>, WorldError>;
    /// Names in a folder, sorted; folders end with `/`. Links that lead out of reach or to themselves are left out.
    fn list(&self, folder: &str) -> Result<Vec<String>, WorldError>;
}

/// A folder on disk.
#[derive(Clone, Debug)]
pub struct Disk {
    root: PathBuf,
}

impl Disk {
    /// The world below this folder.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }
    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }
    fn error(path: &str, cause: &std::io::Error) -> WorldError {
        WorldError { path: path.to_owned(), cause: cause.to_string() }
    }
}

impl World for Disk {
    fn read(&self, path: &str) -> Result<Vec<u8>, WorldError> {
        let full = self.root.join(path);
        let metadata = std::fs::metadata(&full).map_err(|cause| Self::error(path, &cause))?;
        // A pipe would be waited for, and a device may have no end.
        if !metadata.is_file() {
            return Err(WorldError { path: path.to_owned(), cause: "it is not a file".to_owned() });
        }
        std::fs::read(full).map_err(|cause| Self::error(path, &cause))
    }
    fn list(&self, folder: &str) -> Result<Vec<String>, WorldError> {
        let path = self.root.join(folder);
        let entries = std::fs::read_dir(&path).map_err(|cause| Self::error(folder, &cause))?;
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|cause| Self::error(folder, &cause))?;
            let Ok(mut name) = entry.file_name().into_string() else { continue };
            // A link to a folder could lead back here: folders are followed only when they are folders themselves.
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() {
                name.push('/');
            } else if kind.is_symlink() && std::fs::metadata(entry.path()).is_ok_and(|target| target.is_dir()) {
                continue;
            }
            names.push(name);
        }
        names.sort();
        Ok(names)
    }
}

/// Files held in memory: tests, and an editor's unsaved text.
#[derive(Clone, Default, Debug)]
pub struct Memory {
    files: BTreeMap<String, Vec<u8>>,
}

impl Memory {
    /// A world with these files.
    pub fn new<P: Into<String>, T: Into<Vec<u8>>>(files: impl IntoIterator<Item = (P, T)>) -> Self {
        Self { files: files.into_iter().map(|(path, text)| (path.into(), text.into())).collect() }
    }
}

impl World for Memory {
    fn read(&self, path: &str) -> Result<Vec<u8>, WorldError> {
        let missing = || WorldError { path: path.to_owned(), cause: "no such file".to_owned() };
        self.files.get(path).cloned().ok_or_else(missing)
    }
    fn list(&self, folder: &str) -> Result<Vec<String>, WorldError> {
        let prefix = if folder.is_empty() || folder.ends_with('/') { folder.to_owned() } else { format!("{folder}/") };
        let mut names = Vec::new();
        for path in self.files.keys() {
            let Some(rest) = path.strip_prefix(&prefix) else { continue };
            let name = rest.split_once('/').map_or_else(|| rest.to_owned(), |(first, _)| format!("{first}/"));
            if names.last() != Some(&name) {
                names.push(name);
            }
        }
        names.sort();
        names.dedup();
        Ok(names)
    }
}
