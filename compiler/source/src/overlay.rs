//! An editor's texts over the disk: what is open there is read as it stands there, saved or not.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::{Disk, LeftOut, World, WorldError};

/// A folder on disk with texts that take the place of files, or are files that were never saved.
#[derive(Debug)]
pub struct Overlay {
    disk: Disk,
    /// By their paths from the folder.
    texts: BTreeMap<String, Arc<str>>,
    /// How many folders may still be listed.
    folders: AtomicUsize,
}

impl Overlay {
    /// The folder with these texts, by their paths from it with `/`; those above it begin with `../`.
    pub fn new(disk: Disk, texts: BTreeMap<String, Arc<str>>) -> Self {
        Self { disk, texts, folders: AtomicUsize::new(usize::MAX) }
    }
    /// The same that lists so many folders and no more: for a folder of which nobody has said that it is a project.
    #[must_use]
    pub fn with_at_most(self, folders: usize) -> Self {
        Self { folders: AtomicUsize::new(folders), ..self }
    }
    /// The folder on disk.
    pub fn disk(&self) -> &Disk {
        &self.disk
    }

    /// The texts below a folder, as the rest of their paths.
    fn below<'a>(&'a self, folder: &str) -> impl Iterator<Item = &'a str> {
        let prefix = match folder {
            "" => String::new(),
            _ if folder.ends_with('/') => folder.to_owned(),
            _ => format!("{folder}/"),
        };
        let first = self.texts.range(prefix.clone()..);
        let below = first.map_while(move |(path, _)| path.strip_prefix(&prefix));
        below.filter(|rest| !rest.starts_with("../"))
    }
}

impl World for Overlay {
    fn read(&self, path: &str) -> Result<Vec<u8>, WorldError> {
        match self.texts.get(path) {
            Some(text) => Ok(text.as_bytes().to_vec()),
            None => self.disk.read(path),
        }
    }
    fn list(&self, folder: &str) -> Result<Vec<String>, WorldError> {
        let take = |left: usize| left.checked_sub(1);
        if self.folders.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_err() {
            return Ok(Vec::new());
        }
        let mut own: Vec<String> = self
            .below(folder)
            .map(|rest| rest.split_once('/').map_or_else(|| rest.to_owned(), |(first, _)| format!("{first}/")))
            .collect();
        own.dedup();
        let mut names = match self.disk.list(folder) {
            Ok(names) => names,
            // A folder of files that were never saved.
            Err(_) if !own.is_empty() && !self.disk.exists(folder) => Vec::new(),
            Err(error) => return Err(error),
        };
        names.append(&mut own);
        names.sort();
        names.dedup();
        Ok(names)
    }
    fn left_out(&self, folder: &str) -> Vec<(String, LeftOut)> {
        self.disk.left_out(folder)
    }
    fn way_below(&self, folder: &str, path: &str) -> Result<String, WorldError> {
        let whole = if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") };
        let is_open = self.texts.contains_key(&whole);
        match self.disk.way_below(folder, path) {
            Ok(_) if is_open => Ok(path.to_owned()),
            Err(_) if is_open && !self.disk.exists(&whole) => Ok(path.to_owned()),
            found => found,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_texts_stand_over_the_disk() {
        let disk = Disk::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"));
        let texts = [
            ("lib.rs", "changed"),
            ("new/a.infra", "a"),
            ("new/b/c.infra", "c"),
            ("z.infra", "z"),
            ("../up.infra", "up"),
        ];
        let texts = texts.map(|(path, text)| (path.to_owned(), Arc::from(text)));
        let world = Overlay::new(disk, BTreeMap::from(texts));
        assert_eq!(world.read("lib.rs").unwrap(), b"changed");
        assert!(world.read("stop.rs").unwrap().starts_with(b"//!"));
        assert_eq!(world.list("new").unwrap(), ["a.infra", "b/"]);
        let top = world.list("").unwrap();
        for name in ["lib.rs", "new/", "stop.rs", "z.infra"] {
            assert_eq!(top.iter().filter(|entry| *entry == name).count(), 1, "{name}");
        }
        assert!(!top.iter().any(|entry| entry.starts_with("..")), "{top:?}");
        assert!(world.list("..").unwrap().contains(&"up.infra".to_owned()));
        assert_eq!(world.read("../up.infra").unwrap(), b"up");
        assert!(world.list("gone").is_err());
        assert_eq!(world.way_below("", "new/a.infra").unwrap(), "new/a.infra");
        assert!(world.way_below("", "gone.infra").is_err());
    }

    #[test]
    fn folders_that_nobody_named_are_not_walked_for_ever() {
        let world = Overlay::new(Disk::new(env!("CARGO_MANIFEST_DIR")), BTreeMap::new()).with_at_most(1);
        assert!(!world.list("").unwrap().is_empty());
        assert!(world.list("src").unwrap().is_empty());
    }
}
