//! `infra.lock` as the commands use it: read before anything else, held against every environment, and written around what they write.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use lock::Lock;

use super::project::Folder;
use super::{Outcome, Teller};
use crate::output::{OutputError, Place, Readers, write_one};

/// What a command may do with the lock.
#[derive(clap::Args, Debug, Clone, Copy)]
pub struct Locked {
    /// Fail when `infra.lock` is not up to date, and write nothing.
    #[arg(long)]
    pub locked: bool,
}

/// The lock as it was read.
pub struct Remembered {
    place: Place,
    text: Option<String>,
    pub lock: Lock,
    /// Held by who is going to write.
    alone: Option<File>,
}

impl Remembered {
    /// Reads it; where there is none, nothing is remembered.
    pub fn read(folder: &Folder, teller: &Teller) -> Result<Self, Outcome> {
        Self::read_at(Place::new(folder.below(""), lock::FILE), None, teller)
    }

    /// Reads it to write it: others that are going to write it wait until this one is gone, and read what it wrote.
    pub fn read_alone(folder: &Folder, teller: &Teller) -> Result<Self, Outcome> {
        let place = Place::new(folder.below(""), lock::FILE);
        let alone = alone(&place, || teller.say("waiting for another infrac that writes here\n"));
        Self::read_at(place, alone, teller)
    }

    fn read_at(place: Place, alone: Option<File>, teller: &Teller) -> Result<Self, Outcome> {
        let path = place.path();
        let text = match place.check().map_err(|error| about_the_file(error, &path)).and_then(|()| read_text(&path)) {
            Ok(text) => text,
            Err(error) => return Err(cannot_write(error, teller)),
        };
        match lock::read(text.as_deref().unwrap_or_default()) {
            Ok(lock) => Ok(Self { place, text, lock, alone }),
            Err(error) => {
                let message = format!("`{}`, line {}: {}", path.display(), error.line, error.what);
                Err(teller.fail("bad_lock", message, error.help))
            }
        }
    }

    /// Whether there is no file yet.
    pub fn is_missing(&self) -> bool {
        self.text.is_none()
    }

    /// Whether the file would be another one; none is made to hold nothing.
    pub fn changes(&self, next: &Lock) -> bool {
        match &self.text {
            Some(text) => *text != next.print(),
            None => !next.is_empty(),
        }
    }

    /// What `--locked` says of a lock that is not up to date.
    pub fn stale(&self, next: &Lock, teller: &Teller) -> Option<Outcome> {
        self.changes(next).then(|| {
            teller.fail(
                "lock_changed",
                format!("`{}` is not up to date", self.place.path().display()),
                "run `infrac lock` and commit the file",
            )
        })
    }

    /// Runs what writes the files: the lock knows more before, and less only after.
    pub fn write<T>(&self, next: &Lock, work: impl FnOnce() -> Result<T, OutputError>) -> Result<T, OutputError> {
        let path = self.place.path();
        let _alone = if self.alone.is_some() { None } else { alone(&self.place, || ()) };
        self.place.check()?;
        if read_text(&path)? != self.text {
            return Err(OutputError {
                path,
                what: "another infrac has changed it meanwhile".to_owned(),
                help: "run this again".to_owned(),
            });
        }
        // What a command that was killed left there.
        let _ = fs::remove_file(path.with_extension("lock.new"));
        let put = |text: String| {
            write_one(&path, &text, Readers::Anybody).map_err(|cause| OutputError::failed(&path, "be written", &cause))
        };
        let (grown, after) = (next.and(&self.lock).print(), next.print());
        let changes = self.changes(next);
        if changes && self.text.as_deref() != Some(&grown) {
            put(grown.clone())?;
        }
        let done = work()?;
        if changes && grown != after {
            put(after).map_err(OutputError::half_written)?;
        }
        Ok(done)
    }
}

/// Others that write it wait, for as long as what is given lives; `waiting` is called when this one does. Where folders cannot be
/// locked, nothing is.
fn alone(place: &Place, waiting: impl FnOnce()) -> Option<File> {
    let folder = place.path();
    let folder = folder.parent().filter(|folder| !folder.as_os_str().is_empty()).map_or(".".into(), PathBuf::from);
    let handle = File::open(folder).ok()?;
    if handle.try_lock().is_err() {
        waiting();
        handle.lock().ok()?;
    }
    Some(handle)
}

/// What to do when it is the file itself that is a link: it lies nowhere else.
fn about_the_file(error: OutputError, path: &Path) -> OutputError {
    match error.path == path {
        true => OutputError { help: "remove the link, and put the file itself there".to_owned(), ..error },
        false => error,
    }
}

fn read_text(path: &PathBuf) -> Result<Option<String>, OutputError> {
    // A pipe would be waited for.
    let found = fs::symlink_metadata(path);
    if found.as_ref().is_ok_and(fs::Metadata::is_symlink) {
        return Err(about_the_file(crate::output::link(path), path));
    }
    if found.is_ok_and(|found| !found.is_file()) {
        let what = "what stands there is no file".to_owned();
        let help = "move it away: infrac remembers in a file of this name what it made".to_owned();
        return Err(OutputError { path: path.clone(), what, help });
    }
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        // Whoever names a file for the project's folder is told so elsewhere.
        Err(cause) if matches!(cause.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(cause) => Err(OutputError::failed(path, "be read", &cause)),
    }
}

/// Tells why nothing was written.
pub fn cannot_write(error: OutputError, teller: &Teller) -> Outcome {
    teller.fail("cannot_write", format!("`{}`: {}", error.path.display(), error.what), error.help)
}
