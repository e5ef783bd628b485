//! A program as a snapshot that answers questions: the one way in for the command line, tests, and later the editor.
//! What was answered once is kept: checking is done once, evaluation once for each environment and its params.

pub mod coverage;
pub mod cut;
pub mod describe;
pub mod diff;
pub mod environments;
pub mod lost;
pub mod picture;
pub mod reach;
pub mod waivers;
pub mod why;

mod accepted;
mod clash;
mod ends;
mod explain;
mod load;
mod state;

use std::sync::OnceLock;

use check::checked::{Checked, Said, SaidWhat};
use graph::{Complete, Graph};
use rustc_hash::FxHashSet;
use source::{Diagnostic, Diagnostics, Name, Severity, Sources, Stop, Stopped, World};

pub use explain::{explain, explain_word, explained_codes, explained_words};
pub use load::SKIPPED as FOLDERS_WITHOUT_PROGRAMS;
pub use load::unreadable;
use load::{Library, Loaded};

/// The text of a data file by its path.
type ReadFile = Box<dyn Fn(&str) -> Result<String, String> + Send + Sync>;

/// A program as it was read.
pub struct Program {
    loaded: Loaded,
    read: ReadFile,
    /// What is remembered of earlier builds.
    lock: lock::Lock,
    /// The day on which it is looked at, in days since 1970-01-01, when that matters.
    today: Option<i32>,
    checked: OnceLock<(Checked, Vec<Diagnostic>)>,
    evaluated: OnceLock<Vec<Diagnostic>>,
    /// How many native resources all environments have together, once they were evaluated.
    resources: OnceLock<usize>,
}

impl Program {
    /// Reads the program below `root` (empty: the world's own folder). What cannot be read is told by [`Program::check`].
    pub fn load(world: impl World + 'static, root: &str) -> Self {
        Self::load_after(world, root, cut::CutFiles::default())
    }

    /// The same after files were cut already, as [`Program::files`] gave them: what is unchanged is taken over.
    pub fn load_after(world: impl World + 'static, root: &str, kept: cut::CutFiles) -> Self {
        let library = Library { files: stdlib::files(), trees: stdlib::trees(), schemas: stdlib::schemas() };
        Self::from(world, root, &library, kept)
    }

    /// The project's files as they were cut, by their paths in it.
    pub fn files(&self) -> &cut::CutFiles {
        &self.loaded.files
    }

    /// The same over another library: its files and its packed schemas, each with its name, as in `stdlib`.
    pub fn load_with(
        world: impl World + 'static,
        root: &str,
        library: &[(&str, &str)],
        schemas: &[(&str, &'static [u8])],
    ) -> Self {
        Self::from(world, root, &Library { files: library, trees: &[], schemas }, cut::CutFiles::default())
    }

    fn from(world: impl World + 'static, root: &str, library: &Library<'_>, kept: cut::CutFiles) -> Self {
        let loaded = load::load(&world, root, library, kept);
        let base = loaded.root.clone();
        let read = move |path: &str| read_text(&world, &base, path);
        Self {
            loaded,
            read: Box::new(read),
            lock: lock::Lock::default(),
            today: None,
            checked: OnceLock::new(),
            evaluated: OnceLock::new(),
            resources: OnceLock::new(),
        }
    }

    /// The same program after earlier builds: what they called things is called so still.
    pub fn remembering(self, lock: lock::Lock) -> Self {
        Self { lock, ..self }
    }

    /// What earlier builds left for the evaluation of an environment.
    fn recorded(&self, environment: Name) -> eval::Recorded {
        let mut recorded = eval::Recorded::default();
        let now = &self.checked().0.said;
        for what in self.lock.said(environment.text()) {
            match what {
                _ if lock::gives_way(what, Some(environment.text()), now) => {}
                // Of what leaves, only the source may take the protection.
                SaidWhat::Forget { .. } | SaidWhat::Destroy { .. } => {}
                SaidWhat::Moved { .. } | SaidWhat::Adopt { .. } => {
                    recorded.said.push(Said { what: what.clone(), environment: Some(environment), places: None });
                }
            }
        }
        for held in self.lock.held(environment.text()) {
            recorded.names.extend(held.names.iter().map(|(of, name)| (of.clone(), name.clone())));
            recorded.stood.extend(value::WrittenAddress::read(&held.address));
        }
        recorded
    }

    /// What the files of `out/ENVIRONMENT` in the project's folder depend on, beside the graph.
    pub fn settings(&self, graph: &Graph) -> emit::Settings {
        let inventory = emit::inventory(graph);
        let environment = graph.environment.text();
        let now = lock::Now { environment, inventory: &inventory, said: &self.checked().0.said };
        let remains = lock::compare(&self.lock, &now).remains;
        emit::Settings { remains, ..emit::Settings::beside_project(environment) }
    }

    /// All files, to show places.
    pub fn sources(&self) -> &Sources {
        &self.loaded.sources
    }

    /// The program as text, item by item, with the schemas that it may use.
    pub fn input(&self) -> &check::input::Input {
        &self.loaded.input
    }

    /// What a kind, a platform or a native kind is; several where a native name has several roles. Else the names that are spelt alike.
    pub fn describe(&self, name: &str) -> Result<Vec<describe::Described>, Vec<String>> {
        let input = &self.loaded.input;
        match describe::describe_item(input, self.sources(), name) {
            Some(found) => Ok(vec![found]),
            None => describe::describe_native(input, name),
        }
    }

    /// The declared kinds and platforms that can be described: the project's own and the library's.
    pub fn kinds(&self) -> Vec<String> {
        describe::described_kinds(&self.loaded.input)
    }

    /// What the checker says without evaluating anything.
    pub fn checked(&self) -> (&Checked, &[Diagnostic]) {
        let (checked, told) = self.checked.get_or_init(|| {
            // Nobody else holds this token.
            self.checked_now(&Stop::default()).unwrap_or_else(|Stopped| (Checked::default(), vec![died()]))
        });
        (checked, told)
    }

    /// The same for as long as the answer is wanted; what was found until then is forgotten.
    ///
    /// # Errors
    /// When it is not wanted any more.
    pub fn checked_until(&self, stop: &Stop) -> Result<(&Checked, &[Diagnostic]), Stopped> {
        if self.checked.get().is_none() {
            let now = self.checked_now(stop)?;
            self.checked.get_or_init(|| now);
        }
        Ok(self.checked())
    }

    /// What of it is told before anything is evaluated.
    ///
    /// # Errors
    /// When it is not wanted any more.
    pub fn check_unevaluated(&self, stop: &Stop) -> Result<Vec<Diagnostic>, Stopped> {
        let (_, told) = self.checked_until(stop)?;
        Ok(self.without_accepted(once(told.to_vec()), false))
    }

    fn checked_now(&self, stop: &Stop) -> Result<(Checked, Vec<Diagnostic>), Stopped> {
        self.loaded.parse(STACK, stop);
        stop.look()?;
        // Expressions nest as deep as the parser allows; the checker follows them on a stack of its own.
        let (checked, mut told) = on_large_stack(|| check::check_until(&self.loaded.input, stop))
            .unwrap_or_else(|| Ok((Checked::default(), vec![died()])))?;
        let mut all = self.loaded.told.clone();
        all.append(&mut told);
        Ok((checked, all))
    }

    /// Every mistake of the program: those of the checker with those of values elsewhere, and, when there are none, those of
    /// evaluating and of emitting every environment.
    pub fn check(&self) -> &[Diagnostic] {
        self.evaluated.get_or_init(|| {
            // Nobody else holds this token.
            self.check_now(&Stop::default()).unwrap_or_else(|Stopped| vec![died()])
        })
    }

    /// The same for as long as the answer is wanted; what was found until then is forgotten.
    ///
    /// # Errors
    /// When it is not wanted any more.
    pub fn check_until(&self, stop: &Stop) -> Result<&[Diagnostic], Stopped> {
        if self.evaluated.get().is_none() {
            self.checked_until(stop)?;
            let now = self.check_now(stop)?;
            self.evaluated.get_or_init(|| now);
        }
        Ok(self.check())
    }

    fn check_now(&self, stop: &Stop) -> Result<Vec<Diagnostic>, Stopped> {
        let (graphs, mut diagnostics) = self.look(&[], stop);
        stop.look()?;
        if !graphs.is_empty() {
            let count = graphs.iter().flat_map(|(_, graph)| graph).map(|graph| graph.resources.len()).sum();
            let _ = self.resources.set(count);
        }
        if !diagnostics.has_errors() {
            // What only a target finds is a mistake as well.
            for graph in graphs.iter().filter_map(|(_, graph)| graph.as_ref()) {
                stop.look()?;
                diagnostics.append(emit::refused(graph, &self.settings(graph)));
            }
        }
        stop.look()?;
        Ok(self.without_accepted(once(diagnostics.into_list()), true))
    }

    /// The graphs of all environments with what is told of them; no graphs where the checker found mistakes. Of no use once it is
    /// asked to stop.
    fn look(&self, params: &[(Name, String)], stop: &Stop) -> (Vec<(Name, Option<Complete>)>, Diagnostics) {
        let (checked, told) = self.checked();
        let mut diagnostics = Diagnostics::default();
        diagnostics.append(told.to_vec());
        if diagnostics.has_errors() {
            eval::evaluate_values(checked, &*self.read, &mut diagnostics, stop);
            return (Vec::new(), diagnostics);
        }
        let graphs = self.graphs(params, &mut diagnostics, stop);
        (graphs, diagnostics)
    }

    /// All that `infrac check` tells: the mistakes and, where none is an error, what earlier builds hold and this program would lose.
    ///
    /// # Errors
    /// When the answer is not wanted any more.
    pub fn check_with_lost(&self, stop: &Stop) -> Result<Vec<Diagnostic>, Stopped> {
        let mut told = self.check_until(stop)?.to_vec();
        let is_remembered = !self.lock.is_empty() || !self.checked().0.said.is_empty();
        if is_remembered && !has_errors(&told) {
            told.extend(lost::told(self, &self.lock, stop)?);
        }
        Ok(told)
    }

    /// How many native resources all environments have together; none when a mistake stops their evaluation.
    pub fn resource_count(&self) -> Option<usize> {
        self.check();
        self.resources.get().copied()
    }

    /// The graphs of all environments, with what is told of each of them and of all of them together; of no use once it is asked to
    /// stop.
    fn graphs(
        &self,
        params: &[(Name, String)],
        diagnostics: &mut Diagnostics,
        stop: &Stop,
    ) -> Vec<(Name, Option<Complete>)> {
        let (checked, _) = self.checked();
        let recorded = checked.environments.iter().map(|of| (of.name, self.recorded(of.name))).collect();
        let graphs = eval::evaluate_all(checked, params, &recorded, &*self.read, diagnostics, stop);
        for (name, graph) in graphs.iter().take_while(|_| !stop.is_stopped()) {
            let flows = graph.iter().flat_map(|graph| self.flows_told(*name, graph)).collect();
            diagnostics.append(flows);
            if let Some(graph) = graph {
                diagnostics.append(self.unwatched(*name, params, stop));
                diagnostics.append(self.ended_instances(graph));
            }
        }
        diagnostics.append(state::shared(&graphs));
        let platforms = |name| {
            checked
                .environments
                .iter()
                .find(|environment| environment.name == name)
                .map(|environment| environment.on.place)
        };
        diagnostics.append(clash::shared(&graphs, &platforms));
        graphs
    }

    /// The graphs of all environments, with the warnings that belong to them; or all mistakes that [`Program::check`] tells, but for
    /// those that only a target finds.
    pub fn evaluate_all(&self, params: &[(String, String)]) -> Result<(Graphs, Vec<Diagnostic>), Vec<Diagnostic>> {
        let (graphs, diagnostics) = self.look(&named(params), &Stop::default());
        let told = self.without_accepted(once(diagnostics.into_list()), true);
        if has_errors(&told) {
            return Err(told);
        }
        Ok((graphs.into_iter().filter_map(|(name, graph)| Some((name, graph?))).collect(), told))
    }

    /// The names of the environments, in the order of the alphabet.
    pub fn environments(&self) -> Vec<Name> {
        let mut names: Vec<Name> = self.checked().0.environments.iter().map(|environment| environment.name).collect();
        names.sort_by_key(|name| name.text());
        names
    }

    /// The graph of an environment, with the warnings that belong to it; or all mistakes.
    pub fn evaluate(
        &self,
        environment: Name,
        params: &[(String, String)],
    ) -> Result<(Complete, Vec<Diagnostic>), Vec<Diagnostic>> {
        self.evaluate_until(environment, params, &Stop::default())
    }

    /// The same; of no use once it is asked to stop.
    pub(crate) fn evaluate_until(
        &self,
        environment: Name,
        params: &[(String, String)],
        stop: &Stop,
    ) -> Result<(Complete, Vec<Diagnostic>), Vec<Diagnostic>> {
        let (graph, mut told) = self.graph_until(environment, params, stop)?;
        told.extend(self.without_accepted(self.flows_told(environment, &graph), false));
        told.extend(self.without_accepted(self.unwatched(environment, &named(params), stop), false));
        told.extend(self.ended_instances(&graph));
        if has_errors(&told) { Err(told) } else { Ok((graph, told)) }
    }

    /// The same of a program whose flows may be stopped: to ask why.
    pub(crate) fn graph(
        &self,
        environment: Name,
        params: &[(String, String)],
    ) -> Result<(Complete, Vec<Diagnostic>), Vec<Diagnostic>> {
        self.graph_until(environment, params, &Stop::default())
    }

    fn graph_until(
        &self,
        environment: Name,
        params: &[(String, String)],
        stop: &Stop,
    ) -> Result<(Complete, Vec<Diagnostic>), Vec<Diagnostic>> {
        let (checked, told) = self.checked();
        let mut diagnostics = Diagnostics::default();
        diagnostics.append(told.to_vec());
        if diagnostics.has_errors() {
            return Err(diagnostics.into_list());
        }
        let options = eval::Options {
            environment,
            params: named(params),
            recorded: self.recorded(environment),
            stop: stop.clone(),
        };
        match eval::evaluate(checked, &options, &*self.read, &mut diagnostics) {
            Some(graph) if !diagnostics.has_errors() => {
                Ok((graph, self.without_accepted(once(diagnostics.into_list()), false)))
            }
            _ => Err(self.without_accepted(once(diagnostics.into_list()), false)),
        }
    }

    /// The files of an environment for other tools, with the warnings that belong to it; or all mistakes.
    pub fn build(
        &self,
        environment: Name,
        params: &[(String, String)],
        settings: &emit::Settings,
    ) -> Result<(emit::Emitted, Vec<Diagnostic>), Vec<Diagnostic>> {
        let (graph, warnings) = self.evaluate(environment, params)?;
        emit::emit_with(&graph, settings).map(|emitted| (emitted, warnings))
    }
}

/// The text of a file of the library, by its path: `std/network.infra`.
pub fn library_file(path: &str) -> Option<&'static str> {
    stdlib::files().iter().find(|(own, _)| *own == path).map(|(_, text)| *text)
}

/// Environments with their graphs.
pub type Graphs = Vec<(Name, Complete)>;

fn named(params: &[(String, String)]) -> Vec<(Name, String)> {
    params.iter().map(|(name, text)| (Name::new(name), text.clone())).collect()
}

/// What was found inside the library is told where the user's own files led there, when they are known to have.
fn at_home(mut diagnostic: Diagnostic) -> Diagnostic {
    let is_library = |label: &source::Label| label.place.item.is_of_library();
    if diagnostic.labels.first().is_some_and(is_library)
        && let Some(own) = diagnostic.labels.iter().position(|label| !is_library(label))
    {
        diagnostic.labels.swap(0, own);
    }
    diagnostic
}

/// A mistake that every environment makes is told once.
fn once(told: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut known = FxHashSet::default();
    let is_new = |diagnostic: &Diagnostic| match diagnostic.place() {
        Some(place) => known.insert((diagnostic.code, place)),
        None => true,
    };
    told.into_iter().map(at_home).filter(is_new).collect()
}

/// Whether one of them is an error.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// A text file of the project. Paths lead nowhere but below it, also through links, and not to what tools keep.
fn read_text(world: &dyn World, base: &str, path: &str) -> Result<String, String> {
    let path = within(path).ok_or("it lies outside the project")?;
    let readable = |path: &str| match emit::is_kept(path) {
        true => Err("it is kept by a tool and may hold secrets, which no program reads".to_owned()),
        false => Ok(()),
    };
    readable(&path)?;
    let way = world.way_below(base, &path).map_err(|error| error.cause)?;
    readable(&way)?;
    let full = if base.is_empty() { way } else { format!("{base}/{way}") };
    let bytes = world.read(&full).map_err(|error| error.cause)?;
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text, and a program holds no other bytes".to_owned())
}

/// A way from the project's folder without `..`; none when it leads out of it.
fn within(path: &str) -> Option<String> {
    let mut steps: Vec<&str> = Vec::new();
    for step in path.split('/') {
        match step {
            ".." => {
                steps.pop()?;
            }
            "." => {}
            _ => steps.push(step),
        }
    }
    (!path.starts_with('/')).then(|| steps.join("/"))
}

/// The stack is virtual memory: what is not used costs nothing.
const STACK: usize = 1 << 30;

fn on_large_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Option<T> {
    let work = std::sync::Mutex::new(Some(work));
    let run = || {
        let work = work.lock().ok()?.take();
        work.map(|work| work())
    };
    std::thread::scope(|scope| {
        let begun = |size: &usize| std::thread::Builder::new().stack_size(*size).spawn_scoped(scope, run).ok();
        // Where little of that may be had, less is asked for.
        [STACK, STACK / 4].iter().find_map(begun)?.join().ok()?
    })
}

fn died() -> Diagnostic {
    Diagnostic::placeless("internal", "checking the program stopped half way; this is a bug in infrac")
        .help("please send the program")
}
