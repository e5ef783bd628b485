//! What the commands of the engine share: the program as a graph, the state of its environment, the key, the drivers, and what is given.

mod key;
mod program;
mod secrets;

use std::path::PathBuf;
use std::sync::Arc;

use engine::{Driver, Drivers, Told};
use graph::Complete;
use source::{Diagnostic, Sources};
use state::{Disk, Holder, Journal, Kek, Opened, Place, StateError, SystemClock, SystemEntropy, Tree, TreeStep, Wait};

use super::project::Folder;
use super::{Outcome, Teller};

pub use key::key;
pub use program::{Prepared, given, prepare, wanted};
pub use secrets::{Kept, secrets_of};

/// The environment whose things are meant.
#[derive(clap::Args, Debug)]
pub struct Whose {
    #[command(flatten)]
    pub folder: Folder,
    /// The environment; may be left out where there is only one.
    #[arg(long, value_name = "ENV")]
    pub env: Option<String>,
}

impl Whose {
    /// Where the state of an environment lies.
    pub fn place(&self, environment: &str) -> Place {
        Place::of(&self.folder.below(""), environment)
    }
    /// The drivers that there are here.
    pub fn drivers(&self, environment: &str) -> Drivers {
        let shown = format!("out/{environment}/files");
        let files: Arc<dyn Driver> = Arc::new(engine::files::Files::below(self.folder.below(&shown), shown));
        Drivers::of([files])
    }
    /// Reads a state, and writes nothing.
    pub fn read(&self, environment: &str, key: Option<&Kek>, teller: &Teller) -> Result<Opened, Outcome> {
        let opened = self.place(environment).read(&Disk, key).map_err(|error| refused(&error, teller))?;
        opened.said.iter().for_each(|said| teller.say(&format!("{said}\n")));
        Ok(opened)
    }
    /// Opens a state for writing: nobody else writes it meanwhile.
    pub fn write(&self, environment: &str, key: Kek, command: &str, teller: &Teller) -> Result<Journal, Outcome> {
        let holder = holder(command);
        let opened = self.place(environment).write(
            Arc::new(Disk),
            Some(key),
            &SystemClock,
            Box::new(SystemEntropy),
            &holder,
            Wait::No,
        );
        let journal = opened.map_err(|error| refused(&error, teller))?;
        journal.said().iter().for_each(|said| teller.say(&format!("{said}\n")));
        Ok(journal)
    }
    /// The file with the key of this project's states.
    pub fn key_file(&self) -> PathBuf {
        self.folder.below(".infrac").join("key")
    }
}

/// Who runs this.
pub fn holder(command: &str) -> Holder {
    let user = ["USER", "LOGNAME"].iter().find_map(|name| std::env::var(name).ok());
    let machine = rustix::system::uname().nodename().to_string_lossy().into_owned();
    Holder {
        user: user.unwrap_or_else(|| format!("user {}", rustix::process::getuid().as_raw())),
        machine,
        pid: std::process::id(),
        started: state::Clock::now(&SystemClock),
        run: None,
        command: command.to_owned(),
    }
}

/// Tells why a state is not opened or not written.
pub fn refused(error: &StateError, teller: &Teller) -> Outcome {
    let outcome = teller.fail(error.code(), error.to_string(), error.help());
    if matches!(error, StateError::Busy { .. }) { Outcome::Locked } else { outcome }
}

/// A failure of the engine as it is told, at the line of the program that it is about.
pub fn diagnostic(told: &Told, graph: Option<&Complete>) -> Diagnostic {
    let place = graph.and_then(|graph| {
        let address = told.address.as_deref()?;
        let resource = graph.resources.iter().find(|resource| graph.store.address_text(resource.address) == address)?;
        let path: Vec<value::Step> = told.path.iter().map(step_of).collect();
        Some(emit::place_for_user(graph, resource, &path))
    });
    if let Some(place) = place {
        return Diagnostic::error(told.code, place, told.message.clone()).help(told.help.clone());
    }
    // What left the program, and what is applied without it, is where it was said last.
    let at = told.place.as_ref().map(|place| format!("{place}: ")).unwrap_or_default();
    let message = match &told.address {
        Some(address) if !told.message.contains(address.as_str()) => format!("{at}{address}: {}", told.message),
        _ => format!("{at}{}", told.message),
    };
    let diagnostic = Diagnostic::placeless(told.code, message);
    diagnostic.help(told.help.clone())
}

fn step_of(step: &TreeStep) -> value::Step {
    match step {
        TreeStep::Key(key) => value::Step::Field(source::Name::new(key)),
        TreeStep::Index(at) => value::Step::Index(*at),
    }
}

/// Tells failures of the engine.
pub fn tell(all: &[Told], program: Option<&Prepared>, teller: &Teller) -> Outcome {
    let graph = program.map(|program| &program.graph);
    let diagnostics: Vec<Diagnostic> = all.iter().map(|told| diagnostic(told, graph)).collect();
    let none = Sources::default();
    teller.tell(&diagnostics, program.map_or(&none, |program| program.program.sources()))
}

/// Runs what waits for something.
pub fn wait_for<T>(work: impl Future<Output = T>) -> Result<T, std::io::Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(work))
}

/// Values that are given from outside, by name.
pub type Given = std::collections::BTreeMap<String, Tree>;
