//! A set of files changes as a whole: a build that is killed is as if it had not begun, or had ended.
//!
//! The new texts and a list of what is to be done are written in full into `.infrac-staged`. One rename makes that folder `.infrac-journal`:
//! before it nothing has changed, and the next build throws the staged texts away; after it the list is worked off, by this build or by
//! the next one. Working it off a second time changes nothing.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use super::place::{check_way, is_inside, is_missing, link, make_folders, remove_empty_folders};
use super::{NewFile, OutputError};

const STAGED: &str = ".infrac-staged";
const JOURNAL: &str = ".infrac-journal";
/// What is to be done, a line a step; the last line says that it is whole.
const LIST: &str = "list";
const END: &str = "end";
/// The new texts, each at its own path.
const TEXTS: &str = "files";
/// A file that is made and removed at once, to see that a folder can be written.
const PROBE: &str = ".infrac-probe";

/// Whether the path belongs to the journal itself.
pub fn is_own(path: &str) -> bool {
    [STAGED, JOURNAL, PROBE].iter().any(|own| Path::new(path).starts_with(own))
}

/// What a set of files is turned into the next one by.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Steps {
    pub placed: Vec<String>,
    pub removed: Vec<String>,
}

/// Writes the new texts beside the old ones, sees that each can take its place, and commits to it. What fails here changes nothing.
pub fn commit(folder: &Path, files: &[NewFile<'_>], removed: &[String]) -> Result<(), OutputError> {
    let steps = Steps { placed: files.iter().map(|file| file.path.to_owned()).collect(), removed: removed.to_owned() };
    let result = stage(folder, &steps, files).and_then(|()| {
        fs::rename(folder.join(STAGED), folder.join(JOURNAL))
            .map_err(|cause| OutputError::failed(&folder.join(JOURNAL), "be made", &cause))
    });
    match result {
        Ok(()) => to_disk(folder),
        // Whatever is wrong, the first reason is the one to tell.
        Err(_) => drop(discard(folder)),
    }
    result
}

/// Throws away what was staged, and ends what was committed to.
pub fn recover(folder: &Path) -> Result<(), OutputError> {
    discard(folder)?;
    finish(folder)
}

/// What is committed to and not yet done.
pub fn pending(folder: &Path) -> Result<Steps, OutputError> {
    Ok(if exists(&folder.join(JOURNAL))? { read(&folder.join(JOURNAL))?.unwrap_or_default() } else { Steps::default() })
}

/// Works off what is committed to.
pub fn finish(folder: &Path) -> Result<(), OutputError> {
    let journal = folder.join(JOURNAL);
    if !exists(&journal)? {
        return Ok(());
    }
    if let Some(steps) = read(&journal)? {
        work_off(folder, &journal, &steps).map_err(OutputError::half_written)?;
        let list = journal.join(LIST);
        fs::remove_file(&list).map_err(|cause| OutputError::failed(&list, "be removed", &cause).half_written())?;
    }
    // Nothing in it is needed any more; the next build would try again.
    let _ = fs::remove_dir_all(&journal);
    Ok(())
}

fn work_off(folder: &Path, journal: &Path, steps: &Steps) -> Result<(), OutputError> {
    let mut touched = BTreeSet::from([folder.to_owned()]);
    for path in &steps.removed {
        let at = folder.join(path);
        check_way(folder, Path::new(path))?;
        match fs::symlink_metadata(&at) {
            // A folder there holds new files already.
            Ok(found) if found.is_dir() => {}
            Ok(_) => fs::remove_file(&at).map_err(|cause| OutputError::failed(&at, "be removed", &cause))?,
            Err(cause) if is_missing(&cause) => {}
            Err(cause) => return Err(OutputError::failed(&at, "be removed", &cause)),
        }
        touched.extend(at.parent().map(Path::to_owned));
    }
    for path in &steps.placed {
        let (from, to) = (journal.join(TEXTS).join(path), folder.join(path));
        check_way(journal, &Path::new(TEXTS).join(path))?;
        match fs::symlink_metadata(&from) {
            Ok(found) if found.is_file() => {}
            Ok(_) => return Err(foreign(&from)),
            // It has taken its place before.
            Err(cause) if is_missing(&cause) => continue,
            Err(cause) => return Err(OutputError::failed(&from, "be read", &cause)),
        }
        if let Some(parent) = Path::new(path).parent() {
            make_folders(folder, parent)?;
        }
        fs::rename(&from, &to).map_err(|cause| OutputError::failed(&to, "be replaced", &cause))?;
        touched.extend(to.parent().map(Path::to_owned));
    }
    steps.removed.iter().for_each(|path| remove_empty_folders(folder, path));
    touched.iter().for_each(|folder| to_disk(folder));
    Ok(())
}

/// Throws away what was staged and never committed to, and what was made to see that folders can be written.
fn discard(folder: &Path) -> Result<(), OutputError> {
    let staged = folder.join(STAGED);
    if !exists(&staged)? {
        return Ok(());
    }
    // Of a list that is not whole nothing has been done.
    for path in read(&staged).ok().flatten().iter().flat_map(Steps::all) {
        if check_way(folder, Path::new(path)).is_ok() {
            let _ = fs::remove_file(folder.join(path).with_file_name(PROBE));
            remove_empty_folders(folder, path);
        }
    }
    fs::remove_dir_all(&staged).map_err(|cause| OutputError::failed(&staged, "be removed", &cause))
}

fn stage(folder: &Path, steps: &Steps, files: &[NewFile<'_>]) -> Result<(), OutputError> {
    let staged = folder.join(STAGED);
    fs::create_dir(&staged).map_err(|cause| OutputError::failed(&staged, "be made", &cause))?;
    write_new(&staged.join(LIST), &steps.text(), None)
        .map_err(|cause| OutputError::failed(&staged.join(LIST), "be written", &cause))?;
    let mut folders = BTreeSet::from([staged.clone()]);
    for file in files {
        let path = staged.join(TEXTS).join(file.path);
        let write = || -> std::io::Result<()> {
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            write_new(&path, file.text, file.mode)
        };
        // The user knows the file by the place that it will have.
        write().map_err(|cause| OutputError::failed(&folder.join(file.path), "be written", &cause))?;
        folders.extend(path.ancestors().skip(1).take_while(|above| above.starts_with(&staged)).map(Path::to_owned));
    }
    probe(folder, steps)?;
    folders.iter().for_each(|folder| to_disk(folder));
    Ok(())
}

/// Makes each folder that is to hold a file, and sees that a file can be made and removed in it.
fn probe(folder: &Path, steps: &Steps) -> Result<(), OutputError> {
    let removed: BTreeSet<&Path> = steps.removed.iter().map(Path::new).collect();
    let parents: BTreeSet<&Path> = steps
        .all()
        .filter_map(|path| Path::new(path).parent())
        // Where a file goes and a folder comes, the folder above is the one that changes.
        .map(|parent| parent.ancestors().find(|above| removed.contains(above)).and_then(Path::parent).unwrap_or(parent))
        .collect();
    for parent in parents {
        make_folders(folder, parent)?;
        let path = folder.join(parent).join(PROBE);
        let _ = fs::remove_file(&path);
        File::create_new(&path)
            .and_then(|_| fs::remove_file(&path))
            .map_err(|cause| OutputError::failed(&folder.join(parent), "be written", &cause))?;
    }
    Ok(())
}

impl Steps {
    fn all(&self) -> impl Iterator<Item = &str> {
        self.placed.iter().chain(&self.removed).map(String::as_str)
    }

    fn text(&self) -> String {
        let line = |word: &str, path: &String| format!("{word} {path}\n");
        let placed = self.placed.iter().map(|path| line("place", path));
        let removed = self.removed.iter().map(|path| line("remove", path));
        placed.chain(removed).chain([format!("{END}\n")]).collect()
    }

    /// Nothing where the text is not whole, or names anything that is not below the folder.
    fn read(text: &str) -> Option<Self> {
        let mut steps = Self::default();
        for line in text.strip_suffix(&format!("{END}\n"))?.lines() {
            let (word, path) = line.split_once(' ').filter(|(_, path)| is_inside(path) && !is_own(path))?;
            match word {
                "place" => steps.placed.push(path.to_owned()),
                "remove" => steps.removed.push(path.to_owned()),
                _ => return None,
            }
        }
        Some(steps)
    }
}

/// The steps of a journal; none where there is no list any more.
fn read(journal: &Path) -> Result<Option<Steps>, OutputError> {
    let list = journal.join(LIST);
    match fs::symlink_metadata(&list) {
        Ok(found) if found.is_file() => {}
        Ok(_) => return Err(foreign(&list)),
        Err(cause) if is_missing(&cause) => return Ok(None),
        Err(cause) => return Err(OutputError::failed(&list, "be read", &cause)),
    }
    let text = fs::read_to_string(&list).map_err(|cause| OutputError::failed(&list, "be read", &cause))?;
    Steps::read(&text).map(Some).ok_or_else(|| foreign(&list))
}

fn foreign(path: &Path) -> OutputError {
    OutputError {
        path: path.to_owned(),
        what: "infrac did not write this journal".to_owned(),
        help: "remove the folder that it lies in, and build again".to_owned(),
    }
}

/// Whether the folder of the journal is there.
fn exists(path: &Path) -> Result<bool, OutputError> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => Err(link(path)),
        Ok(found) if found.is_dir() => Ok(true),
        Ok(_) => Err(foreign(path)),
        Err(cause) if is_missing(&cause) => Ok(false),
        Err(cause) => Err(OutputError::failed(path, "be read", &cause)),
    }
}

/// A file that was not there, on the disk. Nobody else reads it before it has its mode.
fn write_new(path: &Path, text: &str, mode: Option<u32>) -> std::io::Result<()> {
    let mut file = File::create_new(path)?;
    set_mode(&file, mode)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(unix)]
fn set_mode(file: &File, mode: Option<u32>) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    mode.map_or(Ok(()), |mode| file.set_permissions(fs::Permissions::from_mode(mode)))
}

#[cfg(not(unix))]
fn set_mode(_: &File, _: Option<u32>) -> std::io::Result<()> {
    Ok(())
}

/// Names reach the disk with their folder; a system that cannot do this has done its best.
fn to_disk(folder: &Path) {
    if let Ok(handle) = File::open(folder) {
        let _ = handle.sync_all();
    }
}
