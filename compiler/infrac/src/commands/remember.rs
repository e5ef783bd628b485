//! `infra.lock` as the commands use it: read before anything else, held against every environment, and written around what they write.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::PathBuf;

use emit::{Emitted, HeldResource, Inventory, Settings};
use graph::Graph;
use lock::{Compared, Lock, Now};
use program::Program;
use source::{Diagnostic, Name, list_of};
use value::WrittenAddress;

use super::project::Folder;
use super::{Outcome, Teller};
use crate::output::{OutputError, Place, write_one};

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
}

impl Remembered {
    /// Reads it; where there is none, nothing is remembered.
    pub fn read(folder: &Folder, teller: &Teller) -> Result<Self, Outcome> {
        let place = Place::new(folder.below(""), lock::FILE);
        let path = place.path();
        let text = match place.check().and_then(|()| read_text(&path)) {
            Ok(text) => text,
            Err(error) => return Err(cannot_write(error, teller)),
        };
        match lock::read(text.as_deref().unwrap_or_default()) {
            Ok(lock) => Ok(Self { place, text, lock }),
            Err(error) => {
                let message = format!("`{}`, line {}: {}", path.display(), error.line, error.what);
                Err(teller.fail("bad_lock", message, error.help))
            }
        }
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
        let _alone = self.alone();
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
        let put =
            |text: String| write_one(&path, &text).map_err(|cause| OutputError::failed(&path, "be written", &cause));
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

    /// Others that write it wait. Where folders cannot be locked, nothing is.
    fn alone(&self) -> Option<File> {
        let folder = self.place.path();
        let folder = folder.parent().filter(|folder| !folder.as_os_str().is_empty()).map_or(".".into(), PathBuf::from);
        let handle = File::open(folder).ok()?;
        handle.lock().ok()?;
        Some(handle)
    }
}

fn read_text(path: &PathBuf) -> Result<Option<String>, OutputError> {
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

/// One environment, held against what is remembered of it.
pub struct Looked {
    environment: Name,
    inventory: Inventory,
    pub compared: Compared,
    /// What is lost.
    pub lost: Vec<Left>,
}

impl Looked {
    /// Compares.
    pub fn at(program: &Program, lock: &Lock, graph: &Graph) -> Self {
        let inventory = emit::inventory(graph);
        let environment = graph.environment;
        let now = Now { environment: environment.text(), inventory: &inventory, said: &program.checked().0.said };
        let compared = lock::compare(lock, &now);
        let there = (!compared.lost.is_empty()).then(|| there(graph, lock)).unwrap_or_default();
        let left =
            |held: &HeldResource| Left { environment, address: outermost(&held.address, &there), held: held.clone() };
        let lost = compared.lost.iter().map(left).collect();
        Self { environment, inventory, compared, lost }
    }

    /// What is remembered after a build.
    pub fn remember(&self, program: &Program, lock: &Lock, emitted: &Emitted) -> Lock {
        let said = &program.checked().0.said;
        let now = Now { environment: self.environment.text(), inventory: &self.inventory, said };
        lock.remember(&self.compared, &now, emitted)
    }
}

/// The addresses of a program, and the names of its platforms.
fn there(graph: &Graph, lock: &Lock) -> BTreeSet<String> {
    let instances = graph.instances.iter().map(|instance| graph.store.address_text(instance.address));
    let platforms = lock.of(graph.environment.text()).filter_map(|what| match what {
        lock::What::Platform(used) => Some(used.alias.as_ref().unwrap_or(&used.provider).clone()),
        _ => None,
    });
    instances.chain(platforms).collect()
}

/// The address of the whole that left: what stands above it is there still.
fn outermost(address: &str, there: &BTreeSet<String>) -> String {
    let Ok(whole) = WrittenAddress::read(address) else { return address.to_owned() };
    let above = (1..=whole.steps.len()).map(|length| {
        let steps = whole.steps.iter().take(length).cloned().collect();
        WrittenAddress { steps }.to_string()
    });
    above.into_iter().find(|above| !there.contains(above)).unwrap_or_else(|| address.to_owned())
}

/// A resource that is held in an environment and has left the program, and the address of the whole that left with it.
pub struct Left {
    environment: Name,
    address: String,
    held: HeldResource,
}

/// What is held and has left the program.
#[derive(Default)]
pub struct Lost {
    pub left: Vec<Left>,
    /// Environments that have left, with what is held in them.
    environments: Vec<(String, Vec<String>)>,
}

impl Lost {
    /// One error for all that left as one, in whatever environments.
    pub fn told(&self) -> Vec<Diagnostic> {
        let mut by_address: BTreeMap<&str, Vec<&Left>> = BTreeMap::new();
        for left in &self.left {
            by_address.entry(&left.address).or_default().push(left);
        }
        let environments = self.environments.iter().map(|(environment, held)| {
            let held = list_of(held.iter().map(String::as_str));
            let message = format!("the environment `{environment}` has left the program, and {held} is held in it");
            Diagnostic::placeless("left_program", message)
                .help("put it back until what it holds is let go: with `forget` or `destroy`")
        });
        by_address.into_iter().map(|(address, left)| left_program(address, &left)).chain(environments).collect()
    }
}

fn left_program(address: &str, left: &[&Left]) -> Diagnostic {
    let references = list_of(left.iter().map(|left| left.held.reference.as_str()));
    let called = list_of(left.iter().flat_map(|left| left.held.names.values()).map(String::as_str));
    let called = if called.is_empty() { called } else { format!(", called {called}") };
    let environments = list_of(left.iter().map(|left| left.environment.text()));
    let message = format!("`{address}` ({references}{called}) is held in {environments} and has left the program");
    let address = address.replace('"', "\\\"");
    let guard = if left.iter().any(|left| left.held.guarded) { "; its maker refuses to delete it as well" } else { "" };
    Diagnostic::placeless("left_program", message).help(format!(
        "put it back, or say what becomes of it: `moved \"{address}\" to NEW`, `forget \"{address}\"` or `destroy \"{address}\" because \"…\"`{guard}"
    ))
}

/// The lock after all environments were looked at, but for those that `done` holds already; and what is lost in them. An environment
/// that does not evaluate keeps what is remembered of it: its mistakes are told by `infrac check`.
pub fn look_at_all(program: &Program, before: &Lock, mut next: Lock, done: &[Name]) -> (Lock, Lost) {
    let mut lost = Lost::default();
    for environment in program.environments().into_iter().filter(|environment| !done.contains(environment)) {
        let Ok((graph, _)) = program.evaluate(environment, &[]) else { continue };
        let mut looked = Looked::at(program, before, &graph);
        lost.left.append(&mut looked.lost);
        let settings =
            Settings { remains: looked.compared.remains.clone(), ..Settings::beside_project(environment.text()) };
        if let Ok(emitted) = emit::emit_with(&graph, &settings) {
            next = looked.remember(program, &next, &emitted);
        }
    }
    let known = program.environments();
    for environment in before.environments().into_iter().filter(|name| !known.iter().any(|known| known.text() == *name))
    {
        let held: Vec<String> = before.held(environment).map(|held| held.address.clone()).collect();
        if held.is_empty() {
            next = next.without(environment);
        } else {
            lost.environments.push((environment.to_owned(), held));
        }
    }
    (next, lost)
}
