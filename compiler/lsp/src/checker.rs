//! The thread that checks: one program at a time, until the answer is not wanted any more. What the checker says comes first, what
//! evaluation says with it as soon as it is known.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender};
use program::Program;
use program::cut::CutFiles;
use source::{Diagnostic, Disk, Overlay, Stop, Stopped};

use crate::projects::MOST_OF_LOOSE;
use crate::told::{Told, View};

/// The stack is virtual memory: what is not used costs nothing.
const STACK: usize = 1 << 30;

/// A program as it is now.
#[derive(Clone)]
pub struct Snapshot {
    /// How the client wants the answer, with the project's folder.
    pub view: View,
    /// Nobody has said that the folder is a project.
    pub is_loose: bool,
    /// What is open, by the way from the folder.
    pub texts: BTreeMap<String, Arc<str>>,
    /// Files that were cut before.
    pub kept: CutFiles,
    /// The day, in days since 1970-01-01.
    pub today: i32,
}

impl Snapshot {
    /// Reads the program; or says what is wrong with what earlier builds left, in which case nothing else is told.
    pub fn load(&self) -> Result<Program, Box<(Program, Diagnostic)>> {
        let overlay = Overlay::new(Disk::new(&self.view.folder), self.texts.clone());
        let overlay = if self.is_loose { overlay.with_at_most(MOST_OF_LOOSE) } else { overlay };
        let program = Program::load_after(overlay, "", self.kept.clone()).on(self.today);
        match remembered(&self.view.folder) {
            Ok(lock) => Ok(program.remembering(lock)),
            Err(diagnostic) => Err(Box::new((program, *diagnostic))),
        }
    }
}

/// A program that is to be checked.
pub struct Job {
    pub snapshot: Snapshot,
    /// Which of its states this is.
    pub revision: u64,
    pub stop: Stop,
}

/// What came of it.
pub struct News {
    pub folder: PathBuf,
    pub revision: u64,
    pub found: Found,
}

/// How far it came.
pub enum Found {
    /// What the checker says.
    Checked(Arc<Told>),
    /// All there is to say, and whether evaluation said some of it.
    Settled(Arc<Told>, bool),
    /// It was not wanted any more.
    Stopped,
    /// A bug of ours.
    Died,
}

/// Begins the thread; it ends with the channel of jobs.
///
/// # Errors
/// When the system has no thread for it.
pub fn begin() -> std::io::Result<(Sender<Job>, Receiver<News>)> {
    let (to_checker, jobs) = crossbeam_channel::unbounded::<Job>();
    let (news, from_checker) = crossbeam_channel::unbounded();
    std::thread::Builder::new().name("checker".to_owned()).stack_size(STACK).spawn(move || {
        for job in jobs {
            let (folder, revision) = (job.snapshot.view.folder.clone(), job.revision);
            let tell = |found| news.send(News { folder: folder.clone(), revision, found });
            let found = catch_unwind(AssertUnwindSafe(|| {
                check(&job, &|told| {
                    let _ = tell(Found::Checked(told));
                })
            }));
            let found = match found {
                Ok(Ok((told, evaluated))) => Found::Settled(told, evaluated),
                Ok(Err(Stopped)) => Found::Stopped,
                Err(_panicked) => Found::Died,
            };
            if tell(found).is_err() {
                return;
            }
        }
    })?;
    Ok((to_checker, from_checker))
}

/// Checks; `first` is told what the checker says.
fn check(job: &Job, first: &dyn Fn(Arc<Told>)) -> Result<(Arc<Told>, bool), Stopped> {
    let view = &job.snapshot.view;
    job.stop.look()?;
    let program = match job.snapshot.load() {
        Ok(program) => Arc::new(program),
        Err(broken) => {
            let (program, diagnostic) = *broken;
            return Ok((Arc::new(Told::new(Arc::new(program), &[diagnostic], view.clone())), false));
        }
    };
    job.stop.look()?;
    let unevaluated = program.check_unevaluated(&job.stop)?;
    first(Arc::new(Told::new(Arc::clone(&program), &unevaluated, view.clone())));
    let told = program.check_with_lost(&job.stop)?;
    Ok((Arc::new(Told::new(program, &told, view.clone())), told != unevaluated))
}

/// What earlier builds left in the project's folder.
fn remembered(folder: &Path) -> Result<lock::Lock, Box<Diagnostic>> {
    let path = folder.join(lock::FILE);
    let unreadable = |what: String, help: &str| {
        Box::new(Diagnostic::placeless("cannot_write", format!("`{}`: {what}", lock::FILE)).help(help))
    };
    let text = match std::fs::symlink_metadata(&path) {
        Err(_) => String::new(),
        Ok(found) if found.is_symlink() => {
            return Err(unreadable(
                "a link stands where infrac writes".to_owned(),
                "remove the link, or build into the folder that it leads to with `--out`",
            ));
        }
        // A pipe would be waited for.
        Ok(found) if !found.is_file() => {
            return Err(unreadable("what stands there is no file".to_owned(), "remove it"));
        }
        Ok(_) => std::fs::read_to_string(&path)
            .map_err(|cause| unreadable(format!("cannot be read: {cause}"), "make it a file that you may read"))?,
    };
    lock::read(&text).map_err(|error| {
        let message = format!("`{}`, line {}: {}", lock::FILE, error.line, error.what);
        Box::new(Diagnostic::placeless("bad_lock", message).help(error.help))
    })
}
