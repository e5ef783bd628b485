//! The only way to the outside: reading files and listing folders. The compiler itself does no IO; it is handed a [`World`].

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Why something could not be read; the text is fit for a user.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WorldError {
    pub path: String,
    pub cause: String,
}

/// Why something in a folder is no part of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord)]
pub enum LeftOut {
    /// A link to a folder: it could lead back, or out of the project.
    LinkedFolder,
    /// A name that is not UTF-8.
    Name,
}

/// No file of text is as large; one that pretends to be would fill the memory.
const LARGEST: u64 = 256 << 20;

/// The outside world as the compiler sees it. Paths use `/` and are relative to the project's folder.
pub trait World: Send + Sync {
    /// The bytes of a file.
    fn read(&self, path: &str) -> Result<Vec<u8>, WorldError>;
    /// Names in a folder, sorted; folders end with `/`. Linked folders are left out.
    fn list(&self, folder: &str) -> Result<Vec<String>, WorldError>;
    /// What `list` leaves out of a folder, with why, as it is called in messages; sorted.
    fn left_out(&self, _folder: &str) -> Vec<(String, LeftOut)> {
        Vec::new()
    }
    /// The way from a folder to a file or folder below it, behind all links. An error when one leads out of the folder.
    fn way_below(&self, _folder: &str, path: &str) -> Result<String, WorldError> {
        Ok(path.to_owned())
    }
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
    /// Whether something stands there, be it a link that leads nowhere.
    pub(crate) fn exists(&self, path: &str) -> bool {
        std::fs::symlink_metadata(self.root.join(path)).is_ok()
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
        if metadata.len() > LARGEST {
            let cause = format!("it has more than {} MiB", LARGEST >> 20);
            return Err(WorldError { path: path.to_owned(), cause });
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
    fn left_out(&self, folder: &str) -> Vec<(String, LeftOut)> {
        let entries = std::fs::read_dir(self.root.join(folder)).into_iter().flatten().flatten();
        let mut left_out: Vec<_> = entries.filter_map(|entry| left_out(&entry)).collect();
        left_out.sort();
        left_out
    }
    fn way_below(&self, folder: &str, path: &str) -> Result<String, WorldError> {
        let folder = self.root.join(folder);
        let real = |path: &Path| path.canonicalize();
        let found = real(&folder.join(path)).map_err(|cause| Self::error(path, &cause))?;
        let folder = real(&folder).map_err(|cause| Self::error(path, &cause))?;
        let way = found.strip_prefix(folder).ok().and_then(Path::to_str);
        let outside = || WorldError { path: path.to_owned(), cause: "it is a link out of the project".to_owned() };
        way.map(|way| way.replace('\\', "/")).ok_or_else(outside)
    }
}

/// Why an entry of a folder is left out, when it is one that a program could stand in.
fn left_out(entry: &std::fs::DirEntry) -> Option<(String, LeftOut)> {
    let name = entry.file_name();
    let shown = name.to_string_lossy().into_owned();
    let kind = entry.file_type().ok()?;
    let is_program = shown.to_lowercase().ends_with(".infra");
    if name.to_str().is_none() {
        return (kind.is_dir() || is_program).then_some((shown, LeftOut::Name));
    }
    let leads_to_folder = kind.is_symlink() && std::fs::metadata(entry.path()).is_ok_and(|target| target.is_dir());
    leads_to_folder.then_some((shown, LeftOut::LinkedFolder))
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
