//! The file system, so used that a file is there as a whole or not at all, and nothing is written through a link.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::Trouble;

/// A file as it was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Found {
    /// SHA-256 of its content, in hexadecimal digits.
    pub digest: String,
    /// Its permissions; none where the system has none.
    pub mode: Option<u32>,
}

/// A file to be written.
pub(super) struct New<'a> {
    pub path: &'a str,
    pub content: &'a [u8],
    pub mode: u32,
}

/// SHA-256 in hexadecimal digits.
pub(super) fn digest(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn failed(path: &str, what: &str, cause: &std::io::Error) -> Trouble {
    let help = match cause.kind() {
        ErrorKind::PermissionDenied => "give infrac the right to write there",
        ErrorKind::StorageFull => "make room there, and apply again",
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists => "something stands in its way: move that away",
        _ => "mend that, and apply again",
    };
    Trouble::new("cannot_write", format!("`{path}` cannot be {what}: {cause}"), help).at("path")
}

/// Refuses a way to a file that leads through a link: what it leads to is not below the folder.
pub(super) fn check_way(root: &Path, path: &str) -> Result<(), Trouble> {
    let mut at = root.to_owned();
    for step in path.split('/') {
        if matches!(step, "" | "." | "..") {
            let message = format!("`{path}` leads out of its folder");
            return Err(Trouble::new("wrong_file", message, "write a path below it: `conf/app.ini`").at("path"));
        }
        at.push(step);
        if fs::symlink_metadata(&at).is_ok_and(|found| found.is_symlink()) {
            let message = format!("`{path}` leads through a link, at `{step}`");
            return Err(Trouble::new("behind_link", message, "remove the link: files are written in their own folder")
                .at("path"));
        }
    }
    Ok(())
}

/// What stands at a path.
///
/// # Errors
/// What is there is no file, or cannot be read.
pub(super) fn look(root: &Path, path: &str) -> Result<Option<Found>, Trouble> {
    check_way(root, path)?;
    let full = root.join(path);
    let found = match fs::symlink_metadata(&full) {
        Ok(found) => found,
        Err(cause) if matches!(cause.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
        Err(cause) => return Err(failed(path, "looked at", &cause)),
    };
    if !found.is_file() {
        let help = "move it away, or give the file another path";
        return Err(Trouble::new("no_file", format!("what stands at `{path}` is no file"), help).at("path"));
    }
    let read = || -> std::io::Result<String> {
        let (mut file, mut hash, mut part) = (File::open(&full)?, Sha256::new(), vec![0; 1 << 16]);
        loop {
            match file.read(&mut part)? {
                0 => return Ok(hexadecimal(&hash.finalize())),
                length => hash.update(part.get(..length).unwrap_or_default()),
            }
        }
    };
    let digest = read().map_err(|cause| failed(path, "read", &cause))?;
    Ok(Some(Found { digest, mode: mode_of(&found) }))
}

/// Writes a file: `before` is what it must hold now, nothing: it must not be there. What is given back says how it is there, or that it
/// may not be there for long: the system would not say that it is kept.
///
/// # Errors
/// Somebody else wrote there, or it cannot be written; what was there is there still.
pub(super) fn put(
    root: &Path,
    file: &New<'_>,
    before: Option<&str>,
    temporary: &str,
) -> Result<Result<Found, String>, Trouble> {
    let wanted = digest(file.content);
    let there = look(root, file.path)?;
    let is_expected = match (&there, before) {
        (None, _) => true,
        (Some(found), before) => found.digest == wanted || Some(&*found.digest) == before,
    };
    if !is_expected {
        let message = format!("`{}` was written by somebody else", file.path);
        return Err(Trouble::new("changed_meanwhile", message, "look at it, and plan again").at("content"));
    }
    let full = root.join(file.path);
    let folder = full.parent().unwrap_or(root).to_owned();
    let write = || -> std::io::Result<Vec<PathBuf>> {
        let made = make_folders(&folder)?;
        let new = folder.join(temporary);
        let done = write_new(&new, file).and_then(|()| take_place(&new, &full, there.is_none()));
        if done.is_err() {
            // It did not take its place: nobody misses it.
            let _ = fs::remove_file(&new);
        }
        done.map(|()| made)
    };
    let made = write().map_err(|cause| failed(file.path, "written", &cause))?;
    // From here on it is there.
    if let Err(cause) = made.iter().chain([&folder]).try_for_each(|folder| sync_folder(folder)) {
        return Ok(Err(format!("`{}` is written, and its folder cannot be kept: {cause}", file.path)));
    }
    Ok(look(root, file.path)
        .map_err(|trouble| trouble.message)
        .and_then(|found| found.ok_or_else(|| format!("`{}` was taken away at once", file.path))))
}

/// Makes a folder and those above it; gives back the folders that have a new entry.
fn make_folders(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let here =
        |folder: &Path| if folder.as_os_str().is_empty() { Path::new(".").to_owned() } else { folder.to_owned() };
    let missing = folder.ancestors().take_while(|folder| !here(folder).exists());
    let grown = missing.filter_map(|folder| folder.parent()).map(here).collect();
    fs::create_dir_all(folder)?;
    Ok(grown)
}

fn write_new(new: &Path, file: &New<'_>) -> std::io::Result<()> {
    // What a run that was killed left there under this operation's name.
    let _ = fs::remove_file(new);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    restrict(&mut options);
    let mut out = options.open(new)?;
    out.write_all(file.content)?;
    set_mode(&out, file.mode)?;
    out.sync_all()
}

/// Puts the new file in its place. Where none was, none that came meanwhile is overwritten.
fn take_place(new: &Path, full: &Path, is_new: bool) -> std::io::Result<()> {
    if is_new {
        match fs::hard_link(new, full) {
            Ok(()) => return fs::remove_file(new),
            Err(cause) if cause.kind() == ErrorKind::AlreadyExists => return Err(cause),
            // Some file systems have no second names.
            Err(_) => {}
        }
    }
    fs::rename(new, full)
}

/// Deletes a file that holds what is expected, and the folders above it that are empty then.
///
/// # Errors
/// It holds something else, or cannot be deleted.
pub(super) fn delete(root: &Path, path: &str, expected: Option<&str>) -> Result<(), Trouble> {
    let Some(found) = look(root, path)? else { return Ok(()) };
    if Some(&*found.digest) != expected {
        let message = format!("`{path}` was changed by somebody else, and is kept");
        return Err(Trouble::new("changed_meanwhile", message, "delete it yourself, then `infrac state forget` it"));
    }
    let full = root.join(path);
    fs::remove_file(&full).map_err(|cause| failed(path, "deleted", &cause))?;
    let above = full.ancestors().skip(1).take_while(|folder| *folder != root && folder.starts_with(root));
    for folder in above {
        let _ = sync_folder(folder);
        if fs::remove_dir(folder).is_err() {
            return Ok(());
        }
    }
    let _ = sync_folder(root);
    Ok(())
}

/// Takes away what an operation that was killed left half written.
///
/// # Errors
/// It is there and cannot be deleted.
pub(super) fn remove_temporary(root: &Path, path: &str, temporary: &str) -> Result<(), Trouble> {
    check_way(root, path)?;
    let folder = root.join(path).parent().unwrap_or(root).to_owned();
    match fs::remove_file(folder.join(temporary)) {
        Err(cause) if !matches!(cause.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Err(failed(path, "tidied up beside", &cause))
        }
        _ => Ok(()),
    }
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn mode_of(found: &fs::Metadata) -> Option<u32> {
    Some(std::os::unix::fs::PermissionsExt::mode(&found.permissions()) & 0o7777)
}
#[cfg(not(unix))]
fn mode_of(_: &fs::Metadata) -> Option<u32> {
    None
}

/// Nobody else reads it before it has its own permissions.
#[cfg(unix)]
fn restrict(options: &mut OpenOptions) {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
}
#[cfg(not(unix))]
fn restrict(_: &mut OpenOptions) {}

#[cfg(unix)]
fn set_mode(file: &File, mode: u32) -> std::io::Result<()> {
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(mode))
}
#[cfg(not(unix))]
fn set_mode(_: &File, _: u32) -> std::io::Result<()> {
    Ok(())
}
