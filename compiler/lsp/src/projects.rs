//! Which folders are projects: those with a `project` statement. Nobody names them in an editor, so they are looked for, within bounds,
//! and links are not followed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::documents::Documents;

/// So many folders of a workspace are looked at.
const MOST_FOLDERS: usize = 20_000;
/// So far below one another, and so far above a file.
const DEEPEST: usize = 32;
/// A larger file holds no `project`.
const LARGEST: u64 = 4 << 20;
/// So many folders below a file without a project belong to its program.
pub const MOST_OF_LOOSE: usize = 1_000;

/// The projects below these folders, and those above them and above the open documents.
pub fn find(folders: &[PathBuf], documents: &Documents) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut left = MOST_FOLDERS;
    for folder in folders {
        below(folder, documents, &mut left, &mut found);
        found.extend(above(folder, documents));
    }
    for path in documents.paths() {
        found.extend(path.parent().and_then(|folder| above(folder, documents)));
    }
    found
}

/// The nearest folder that is a project: this one or one above it.
pub fn above(folder: &Path, documents: &Documents) -> Option<PathBuf> {
    folder.ancestors().take(DEEPEST).find(|folder| is_project(folder, documents)).map(Path::to_owned)
}

/// Whether a file of the folder says `project`.
pub fn is_project(folder: &Path, documents: &Documents) -> bool {
    let is_own = |rest: &Path| rest.components().count() == 1;
    if documents.below(folder).any(|(rest, document)| is_own(rest) && document.is_project()) {
        return true;
    }
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let files = entries.filter(|entry| is_program(&entry.file_name().to_string_lossy()));
    files.map(|entry| entry.path()).any(|path| documents.at(&path).is_none() && says_project(&path))
}

/// Whether a file is one of a program, by its name.
pub fn is_program(name: &str) -> bool {
    name.ends_with(".infra") && !name.starts_with('.')
}

/// Whether nothing below a folder of this name is part of a program.
pub fn is_passed(name: &str) -> bool {
    name.starts_with('.') || program::FOLDERS_WITHOUT_PROGRAMS.contains(&name)
}

fn says_project(path: &Path) -> bool {
    let is_text = std::fs::metadata(path).is_ok_and(|found| found.is_file() && found.len() <= LARGEST);
    let text = is_text.then(|| std::fs::read_to_string(path).ok()).flatten().unwrap_or_default();
    text.contains("project") && syntax::items(&text).0.iter().any(|item| item.head.words.first() == Some(&"project"))
}

fn below(folder: &Path, documents: &Documents, left: &mut usize, found: &mut BTreeSet<PathBuf>) {
    let mut waiting = vec![(folder.to_owned(), 0)];
    while let Some((folder, depth)) = waiting.pop() {
        if *left == 0 {
            return;
        }
        *left -= 1;
        if is_project(&folder, documents) {
            found.insert(folder.clone());
        }
        let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten();
        let folders = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
        let folders = folders.filter(|entry| !is_passed(&entry.file_name().to_string_lossy()));
        if depth < DEEPEST {
            waiting.extend(folders.map(|entry| (entry.path(), depth + 1)));
        }
    }
}
