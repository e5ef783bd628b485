//! What earlier builds hold that this program would lose, in all environments: one error for each thing, whatever the number of
//! resources that it is made of and of environments that it left.

use std::collections::{BTreeMap, BTreeSet};

use check::checked::{Said, SaidWhat};
use emit::{Emitted, HeldResource, Inventory, Settings, StateAt};
use graph::{Complete, Graph};
use lock::{Compared, Displaced, Lock, Now, Undermined};
use source::{Diagnostic, Name, Stop, Stopped, list_of};
use value::WrittenAddress;

use crate::Program;

/// One environment, held against what is remembered of it.
pub struct Looked {
    environment: Name,
    inventory: Inventory,
    pub compared: Compared,
    /// The address of the whole that left with each held resource.
    wholes: BTreeMap<String, String>,
    /// Of each statement of the source, whether something is known of what it is about.
    known: Vec<bool>,
}

impl Looked {
    /// Compares.
    pub fn at(program: &Program, lock: &Lock, graph: &Graph) -> Self {
        let inventory = emit::inventory(graph);
        let environment = graph.environment;
        let said = &program.checked().0.said;
        let now = Now { environment: environment.text(), inventory: &inventory, said };
        let compared = lock::compare(lock, &now);
        let left = compared.lost.iter().chain(&compared.guarded).map(|held| &held.address);
        let gone = compared.undermined.iter().filter(|undermined| undermined.change.is_none());
        let left: Vec<&String> = left.chain(gone.map(|undermined| &undermined.address)).collect();
        let there = if left.is_empty() { BTreeSet::new() } else { there(graph, lock) };
        let whole = |address: &&String| ((*address).clone(), outermost(address, &there));
        let wholes = left.iter().map(whole).collect();
        let known = said.iter().map(|said| match &said.what {
            SaidWhat::Forget { address, .. } | SaidWhat::Destroy { address, .. } => {
                said.holds_in(environment)
                    && (lock::knows(lock, Some(environment.text()), address) || stands(graph, address))
            }
            // Evaluation looks at these.
            SaidWhat::Moved { .. } | SaidWhat::Adopt { .. } => true,
        });
        let known = known.collect();
        Self { environment, inventory, compared, wholes, known }
    }

    /// How this environment is compared.
    pub fn now<'a>(&'a self, program: &'a Program) -> Now<'a> {
        Now { environment: self.environment.text(), inventory: &self.inventory, said: &program.checked().0.said }
    }

    /// What is remembered after a build.
    pub fn remember(&self, program: &Program, lock: &Lock, emitted: &Emitted) -> Lock {
        lock.remember(&self.compared, &self.now(program), emitted)
    }
}

fn stands(graph: &Graph, address: &WrittenAddress) -> bool {
    let instances = graph.instances.iter().map(|instance| instance.address);
    let all = instances.chain(graph.resources.iter().map(|resource| resource.address));
    all.into_iter().any(|own| graph.store.written(own).is_at_or_below(address))
}

/// The addresses of a program, and the names of its platforms.
fn there(graph: &Graph, lock: &Lock) -> BTreeSet<String> {
    let instances = graph.instances.iter().map(|instance| graph.store.address_text(instance.address));
    let used = graph.providers.iter().map(|provider| provider.alias.unwrap_or(provider.name).text().to_owned());
    // A platform that is called like its provider is listed by nearly every program: what it made once has left, not it.
    let usual = lock.of(graph.environment.text()).filter_map(|what| match what {
        lock::What::Platform(used) if used.alias.is_none() => Some(used.provider.clone()),
        _ => None,
    });
    instances.chain(used).chain(usual).collect()
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

/// A held resource of an environment, and the whole that it is a part of.
struct Part {
    environment: Name,
    whole: String,
    held: HeldResource,
    /// Where a `moved` of the source says that it went, without reaching it.
    missed: Option<String>,
}

/// What would be lost.
#[derive(Default)]
pub struct Lost {
    left: Vec<Part>,
    guarded: Vec<Part>,
    displaced: Vec<(Name, Displaced)>,
    /// What something held stands on, with the whole that it is a part of.
    undermined: Vec<(Name, String, Undermined)>,
    /// Where the state of an environment was, and where the program looks for it.
    states: Vec<(Name, StateAt, StateAt)>,
    /// Environments that have left, with what is held in them and nothing is said of.
    environments: Vec<(String, Vec<String>)>,
    /// Statements that are about nothing that anybody knows.
    unknown: Vec<Diagnostic>,
    /// What a target refuses in other environments.
    refused: Vec<Diagnostic>,
}

impl Lost {
    fn add(&mut self, looked: &Looked, said: &[Said]) {
        let part = |held: &HeldResource| Part {
            environment: looked.environment,
            whole: looked.wholes.get(&held.address).unwrap_or(&held.address).clone(),
            held: held.clone(),
            missed: said
                .iter()
                .filter(|said| said.holds_in(looked.environment))
                .find_map(|said| goes_to(&said.what, held)),
        };
        self.left.extend(looked.compared.lost.iter().map(part));
        self.guarded.extend(looked.compared.guarded.iter().map(part));
        self.undermined.extend(looked.compared.undermined.iter().map(|undermined| {
            let first = || outermost(&undermined.address, &BTreeSet::new());
            let whole = looked.wholes.get(&undermined.address).cloned().unwrap_or_else(first);
            (looked.environment, whole, undermined.clone())
        }));
        self.states
            .extend(looked.compared.state.iter().map(|(was, now)| (looked.environment, was.clone(), now.clone())));
        self.displaced
            .extend(looked.compared.displaced.iter().map(|displaced| (looked.environment, displaced.clone())));
    }

    /// The same of an environment, with what is known in it of each statement of the source.
    fn look(&mut self, looked: &Looked, said: &[Said], known: &mut [bool]) {
        self.add(looked, said);
        known.iter_mut().zip(&looked.known).for_each(|(all, one)| *all |= one);
    }

    /// Looks at the environments that have left; those of which nothing is held leave the lock as well.
    fn left(&mut self, before: &Lock, mut next: Lock, environments: &[Name], said: &[Said]) -> Lock {
        let has_left = |name: &&str| !environments.iter().any(|known| known.text() == *name);
        for environment in before.environments().into_iter().filter(has_left) {
            let held = lock::unspoken(before, environment, said);
            if held.is_empty() {
                next = next.without(environment);
            } else {
                let first = |held: &HeldResource| outermost(&held.address, &BTreeSet::new());
                self.environments.push((environment.to_owned(), held.into_iter().map(first).collect()));
            }
        }
        next
    }

    /// Adds the statements that are about nothing known in any environment.
    fn unknown(&mut self, said: &[Said], known: &[bool]) {
        let unknown = said.iter().zip(known).filter(|(_, known)| !**known);
        self.unknown.extend(unknown.filter_map(|(said, _)| {
            let message =
                format!("nothing is known of `{}`: it is neither in the program nor in `{}`", said.address(), lock::FILE);
            Some(Diagnostic::error("unknown_address", said.places?.address, message).help(
                "say it while it is in the program, build, then take it out: protected things and data are remembered without that",
            ))
        }));
    }

    /// The errors.
    pub fn told(&self) -> Vec<Diagnostic> {
        let mut told: Vec<Diagnostic> =
            wholes(&self.left).into_iter().map(|(whole, parts)| left(whole, &parts)).collect();
        told.extend(wholes(&self.guarded).into_iter().map(|(whole, parts)| guarded(whole, &parts)));
        told.extend(self.displaced());
        told.extend(self.undermined());
        told.extend(self.states.iter().map(|(environment, was, now)| state_moved(*environment, was, now)));
        told.extend(self.environments.iter().map(|(environment, held)| environment_left(environment, held)));
        told.extend(self.unknown.iter().cloned());
        told.extend(self.refused.iter().cloned());
        told
    }

    /// One error for each whole that left, and for each that is made once more.
    fn undermined(&self) -> Vec<Diagnostic> {
        let mut by_whole: BTreeMap<(&str, bool), Given<'_>> = BTreeMap::new();
        for (environment, whole, undermined) in &self.undermined {
            let change = undermined.change.as_ref().map(|change| (undermined.address.as_str(), change));
            let given = by_whole.entry((whole.as_str(), change.is_some())).or_default();
            given.references.insert(&undermined.reference);
            given.stands.insert(&undermined.held.address);
            given.environments.insert(environment.text());
            // Of the parts of a network the network itself: theirs follow from it.
            let length = |change: Option<Change<'_>>| change.map_or(usize::MAX, |(address, _)| address.len());
            if length(change) < length(given.change) {
                given.change = change;
            }
        }
        by_whole.into_iter().map(|((whole, _), given)| gave_way(whole, &given)).collect()
    }

    /// One error for each configuration and environment.
    fn displaced(&self) -> Vec<Diagnostic> {
        let mut by_place: BTreeMap<(&str, &str, &str, &str), Vec<&str>> = BTreeMap::new();
        for (environment, displaced) in &self.displaced {
            let place = (environment.text(), displaced.input, displaced.before.as_str(), displaced.now.as_str());
            by_place.entry(place).or_default().push(&displaced.held.address);
        }
        let told = by_place.into_iter().map(|((environment, input, before, now), held)| {
            let message = format!(
                "{} stand where `{input}` is `{before}` in `{environment}`, and the program says `{now}`",
                list_of(held.iter().copied())
            );
            Diagnostic::placeless("place_changed", message).help(
                "nothing moves by itself, and its maker would lose sight of them: put the place back; for a new one list another platform value and give what stands there names of its own",
            )
        });
        told.collect()
    }
}

/// A part of a ground, with its input that changed and the values before and now.
type Change<'a> = (&'a str, &'a (String, String, String));

/// A ground in an environment gave way: which of its resources, for whose sake that matters, what changed.
#[derive(Default)]
struct Given<'a> {
    references: BTreeSet<&'a str>,
    stands: BTreeSet<&'a str>,
    environments: BTreeSet<&'a str>,
    change: Option<Change<'a>>,
}

fn gave_way(whole: &str, given: &Given<'_>) -> Diagnostic {
    let list = |all: &BTreeSet<&str>| list_of(all.iter().copied());
    let (references, stands, environments) = (list(&given.references), list(&given.stands), list(&given.environments));
    let address = whole.replace('"', "\\\"");
    let destroy = format!("`destroy \"{address}\" because \"…\"`");
    match given.change {
        None => Diagnostic::placeless(
            "left_program",
            format!("`{whole}` ({references}) has left the program, and {stands} is held and stands there in {environments}"),
        )
        .help(format!(
            "put it back, or say what becomes of it: `moved \"{address}\" to NEW` where it has another name; {destroy} where what stands there may be made once more"
        )),
        Some((part, (input, before, now))) => Diagnostic::placeless(
            "place_changed",
            format!("`{whole}` ({references}) would be made once more, since `{input}` of `{part}` was `{before}` and is `{now}`, and {stands} is held and stands there in {environments}"),
        )
        .help(format!(
            "put it back; a new one stands beside it under a name of its own; {destroy} where what stands there may be made once more"
        )),
    }
}

fn state_moved(environment: Name, was: &StateAt, now: &StateAt) -> Diagnostic {
    let message = format!("the state of `{environment}` lies at `{was}`, and the program says `{now}`");
    let told = Diagnostic::placeless("state_moved", message)
        .help("an empty state would make all of it once more: put the place back");
    told.help(StateAt::how_to_move(environment.text()))
}

fn wholes(parts: &[Part]) -> BTreeMap<&str, Vec<&Part>> {
    let mut by_whole: BTreeMap<&str, Vec<&Part>> = BTreeMap::new();
    for part in parts {
        by_whole.entry(&part.whole).or_default().push(part);
    }
    by_whole
}

/// Where a statement says that a held resource went.
fn goes_to(said: &SaidWhat, held: &HeldResource) -> Option<String> {
    let SaidWhat::Moved { from, to } = said else { return None };
    WrittenAddress::read(&held.address).ok()?.is_at_or_below(from).then(|| to.to_string())
}

/// `aws_s3_bucket.media_main`, called `shop-prod-media`, and the environments.
fn described(parts: &[&Part]) -> (String, String) {
    let references = list_of(parts.iter().map(|part| part.held.reference.as_str()));
    let called = list_of(parts.iter().flat_map(|part| part.held.names.values()).map(String::as_str));
    let called = if called.is_empty() { called } else { format!(", called {called}") };
    (format!("{references}{called}"), list_of(parts.iter().map(|part| part.environment.text())))
}

fn left(whole: &str, parts: &[&Part]) -> Diagnostic {
    let (described, environments) = described(parts);
    let message = format!("`{whole}` ({described}) is held in {environments} and has left the program");
    let address = whole.replace('"', "\\\"");
    let help = format!(
        "put it back, or say what becomes of it: `moved \"{address}\" to NEW`, `forget \"{address}\"` or `destroy \"{address}\" because \"…\"`"
    );
    let mut told = Diagnostic::placeless("left_program", message).help(help);
    if let Some(to) = parts.iter().find_map(|part| part.missed.as_ref()) {
        told = told.help(format!(
            "`moved … to {to}` does not reach it: what is at `{to}` is of another kind, or was there before"
        ));
    }
    match parts.iter().any(|part| part.held.guarded) {
        true => told.help("its maker refuses to delete it: `destroy` comes first, while it is still in the program"),
        false => told,
    }
}

fn guarded(whole: &str, parts: &[&Part]) -> Diagnostic {
    let (described, environments) = described(parts);
    let message =
        format!("`{whole}` ({described}) is to be destroyed in {environments}, and its maker still refuses that");
    Diagnostic::placeless("still_guarded", message)
        .help("put it back beside its `destroy`, build and apply: that lifts the protection; then take it out")
}

fn environment_left(environment: &str, held: &[String]) -> Diagnostic {
    let held = list_of(held.iter().map(String::as_str));
    let message = format!("the environment `{environment}` has left the program, and there is held in it: {held}");
    Diagnostic::placeless("left_program", message).help(format!(
        "put it back and say `destroy \"ADDRESS\" because \"…\" in {environment}` or `forget \"ADDRESS\" in {environment}` of each; build, apply, then take it out"
    ))
}

/// The lock after all environments were looked at, and what is lost in them. One that does not evaluate keeps what is remembered of
/// it: its mistakes are told by `infrac check`.
pub fn look_at_all(program: &Program, before: &Lock, next: Lock) -> (Lock, Lost) {
    let evaluated = |name| Some((name, program.evaluate(name, &[]).ok()?.0));
    let graphs: Vec<(Name, Complete)> = program.environments().into_iter().filter_map(evaluated).collect();
    let (next, lost) = look_at(program, before, next, &graphs, None);
    (next, Lost { refused: Vec::new(), ..lost })
}

/// What is lost in any environment, for as long as the answer is wanted.
pub(crate) fn told(program: &Program, before: &Lock, stop: &Stop) -> Result<Vec<Diagnostic>, Stopped> {
    let said = &program.checked().0.said;
    let environments = program.environments();
    let mut lost = Lost::default();
    let mut known = vec![false; said.len()];
    let mut evaluated = true;
    for environment in &environments {
        stop.look()?;
        match program.evaluate_until(*environment, &[], stop) {
            Ok((graph, _)) => lost.look(&Looked::at(program, before, &graph), said, &mut known),
            Err(_) => evaluated = false,
        }
    }
    stop.look()?;
    let _ = lost.left(before, Lock::default(), &environments, said);
    if evaluated {
        lost.unknown(said, &known);
    }
    Ok(lost.told())
}

/// The same of these environments; `done`: one that `next` holds already.
pub fn look_at(
    program: &Program,
    before: &Lock,
    mut next: Lock,
    graphs: &[(Name, Complete)],
    done: Option<&Looked>,
) -> (Lock, Lost) {
    let said = &program.checked().0.said;
    let mut lost = Lost::default();
    let mut known = vec![false; said.len()];
    done.into_iter().for_each(|looked| lost.look(looked, said, &mut known));
    let environments = program.environments();
    let evaluated = graphs.len() + usize::from(done.is_some()) == environments.len();
    for (environment, graph) in graphs {
        let looked = Looked::at(program, before, graph);
        lost.look(&looked, said, &mut known);
        let settings =
            Settings { remains: looked.compared.remains.clone(), ..Settings::beside_project(environment.text()) };
        match emit::emit_with(graph, &settings) {
            Ok(emitted) => next = looked.remember(program, &next, &emitted),
            Err(refused) => lost.refused.extend(refused),
        }
    }
    let next = lost.left(before, next, &environments, said);
    if evaluated {
        lost.unknown(said, &known);
    }
    (next, lost)
}
