//! For every emitted line the places in the source that it was made of: what `why` of a line of the source looks through.

use std::ops::Range;

use emit::{Document, Line, Subject};
use rustc_hash::{FxHashMap, FxHashSet};
use source::{FileId, Name, Place, Sources};
use value::{AddressId, Value};

use super::known::Known;
use super::path::{self, Hop, hops};
use super::read::value_at;
use super::replay::{Deps, Replay, Traced};
use super::walk::{Read, Source, Walk};

/// The lines that an environment emits.
#[derive(Clone, Debug)]
pub struct Trace {
    pub environment: String,
    /// In the order of the files and of their lines.
    pub lines: Vec<TracedLine>,
}

/// A line of an emitted file, and what it was made of.
#[derive(Clone, Debug)]
pub struct TracedLine {
    pub file: String,
    /// From 1.
    pub line: usize,
    /// Without the blanks around it.
    pub text: String,
    /// `api.main`, `provider aws`, `output url`; empty for what every file of its sort has.
    pub subject: String,
    /// Below the subject: `spec.replicas`.
    pub path: String,
    /// The places, with the file and the bytes that they cover.
    parts: Vec<(FileId, Range<usize>, Bearing)>,
}

/// What a place in the source has to do with a line.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Bearing {
    /// The line is made of it.
    Value,
    /// It decides between what else the line could be.
    Decides,
    /// It decides whether the line's resource is there, and what it is called in the graph.
    There,
}

/// Which lines are asked for.
pub(crate) type Wanted<'w> = &'w (dyn Fn(&TracedLine) -> bool + Sync);

impl TracedLine {
    /// The places that it was made of: the file, the bytes that they cover, and what they have to do with it.
    pub fn parts(&self) -> &[(FileId, Range<usize>, Bearing)] {
        &self.parts
    }
    /// How a stretch of a source file (in bytes) bears on the line; none when it does not.
    pub fn bearing(&self, file: FileId, stretch: &Range<usize>) -> Option<Bearing> {
        let within = |(of, range, _): &&(FileId, Range<usize>, Bearing)| {
            *of == file && stretch.start <= range.start && range.end <= stretch.end
        };
        self.parts.iter().filter(within).map(|(_, _, bearing)| *bearing).min()
    }
}

/// The lines of an environment, with their places in the user's files; `of_library`: with those in the library instead.
/// Lines that are not wanted have no places.
pub(crate) fn trace(known: &Known<'_>, documents: &[Document], of_library: bool, wanted: Wanted<'_>) -> Trace {
    // Code is as deep as evaluation follows it.
    let lines = crate::on_large_stack(|| lines(known, documents, of_library, wanted)).unwrap_or_default();
    Trace { environment: known.graph.environment.text().to_owned(), lines }
}

fn lines(known: &Known<'_>, documents: &[Document], of_library: bool, wanted: Wanted<'_>) -> Vec<TracedLine> {
    let mut tracer = Tracer::new(known, of_library);
    let mut lines = Vec::new();
    for document in documents {
        for (at, (line, text)) in document.lines.iter().zip(document.text.lines()).enumerate() {
            let steps = hops(&document.paths.steps(line.path));
            let subject = tracer.subject(*line);
            let mut traced = TracedLine {
                file: document.path.clone(),
                line: at + 1,
                text: text.trim().to_owned(),
                subject,
                path: path::text(&steps),
                parts: Vec::new(),
            };
            if wanted(&traced) {
                traced.parts = tracer.parts(line.subject, &steps);
            }
            lines.push(traced);
        }
    }
    tracer.frames(documents, &mut lines, wanted);
    lines
}

/// File, bytes, and what they have to do with a line.
type Stretch = (FileId, Range<usize>, Bearing);

/// Finds the places of one line after the other.
pub(crate) struct Tracer<'k, 'a> {
    known: &'k Known<'a>,
    replay: Replay<'k, 'a>,
    /// What decides that a resource is there.
    there: FxHashMap<AddressId, Vec<Stretch>>,
}

impl<'k, 'a> Tracer<'k, 'a> {
    /// `of_library`: places in the library count, not those in the user's files.
    pub fn new(known: &'k Known<'a>, of_library: bool) -> Self {
        Self { known, replay: Replay::new(known, of_library), there: FxHashMap::default() }
    }

    /// Keeps of what a walk read in the user's files what this part of a resource was made of.
    pub fn keep(&mut self, address: AddressId, steps: &[Hop], walk: &mut Walk<'_, '_>) {
        let known = self.known;
        let Some(at) = known.graph.resources.iter().position(|resource| resource.address == address) else { return };
        let parts = self.parts(Subject::Resource(at as u32), steps);
        let is_part = |place: Place| {
            let overlaps = |file: FileId, range: &Range<usize>| {
                parts.iter().any(|(of, part, _)| *of == file && part.start < range.end && range.start < part.end)
            };
            stretch(known.sources, place).is_none_or(|(file, range)| overlaps(file, &range))
        };
        walk.reads.retain(|read| known.is_library(read.place) || is_part(read.place));
        self.add_flows(&parts, walk);
    }

    /// A flow that the line is made of is part of the answer even where only its ends were read.
    fn add_flows(&self, parts: &[Stretch], walk: &mut Walk<'_, '_>) {
        let known = self.known;
        for (_, place) in known.graph.flows.iter().copied() {
            let Some((file, range)) = stretch(known.sources, place) else { continue };
            let is_made = parts.iter().any(|(of, part, bearing)| {
                *of == file && *bearing == Bearing::Value && range.start <= part.start && part.end <= range.end
            });
            if !is_made || walk.reads.iter().any(|read| read.source == Source::Flow && read.place == place) {
                continue;
            }
            let around = walk.reads.iter().position(|read| {
                stretch(known.sources, read.place)
                    .is_some_and(|(of, outer)| of == file && outer.start <= range.start && range.end <= outer.end)
            });
            let (at, depth) = around
                .map_or((walk.reads.len(), 0), |at| (at + 1, walk.reads.get(at).map_or(0, |read| read.depth + 1)));
            walk.reads.insert(at, Read { source: Source::Flow, place, depth, flow: Some(place) });
        }
    }

    fn subject(&self, line: Line) -> String {
        let graph = self.known.graph;
        match line.subject {
            Subject::Resource(at) => graph
                .resources
                .get(at as usize)
                .map_or_else(String::new, |resource| graph.store.address_text(resource.address)),
            Subject::Provider(at) => {
                graph.providers.get(at as usize).map_or_else(String::new, |provider| match provider.alias {
                    Some(alias) => format!("provider {}.{alias}", provider.name),
                    None => format!("provider {}", provider.name),
                })
            }
            Subject::Output(at) => {
                graph.outputs.get(at as usize).map_or_else(String::new, |output| format!("output {}", output.name))
            }
            Subject::Input(at) => {
                graph.inputs.get(at as usize).map_or_else(String::new, |input| format!("param {}", input.name))
            }
            Subject::Deferred(at) => format!("check {at}"),
            Subject::Change(at) => format!("change {at}"),
            Subject::Frame | Subject::Left => String::new(),
        }
    }

    fn parts(&mut self, subject: Subject, steps: &[Hop]) -> Vec<Stretch> {
        let known = self.known;
        let mut parts = Vec::new();
        match subject {
            Subject::Resource(at) => {
                let Some(resource) = known.graph.resources.get(at as usize) else { return parts };
                let written_out =
                    emit::target::named(resource.kind.target.text()).is_some_and(|target| !target.takes_references());
                let deps = match value_at(known, resource.body, steps) {
                    Some(value) => {
                        let body = self.replay.body(resource.address);
                        self.part(&body, steps, is_composed(known, value))
                    }
                    None => self.beside(resource, steps),
                };
                add(known, &deps, written_out, &mut parts);
                if !self.there.contains_key(&resource.address) {
                    let mut there = Vec::new();
                    add(known, &self.replay.there(resource.address), true, &mut there);
                    self.there.insert(resource.address, there);
                }
                parts.extend(self.there.get(&resource.address).into_iter().flatten().cloned());
            }
            Subject::Provider(at) => {
                let Some(provider) = known.graph.providers.get(at as usize) else { return parts };
                let deps = match (value_at(known, provider.inputs, steps), steps) {
                    (Some(value), _) => match self.replay.provider(provider) {
                        Some(inputs) => self.part(&inputs, steps, is_composed(known, value)),
                        None => Deps::default(),
                    },
                    (None, [Hop::Name(name)]) if name.text() == "alias" => self.replay.aliases(provider),
                    (None, _) => Deps::default(),
                };
                // One configuration for each value of the platform.
                let deps = deps.and(&self.replay.aliases(provider).there());
                add(known, &deps, false, &mut parts);
            }
            Subject::Output(at) => {
                let Some(output) = known.graph.outputs.get(at as usize) else { return parts };
                let Some(code) = known.checked.outputs.iter().find(|code| code.place == output.place) else {
                    return parts;
                };
                let Some((Hop::Name(_), rest)) = steps.split_first() else { return parts };
                let composed = value_at(known, output.value, rest).is_none_or(|value| is_composed(known, value));
                let value = self.replay.loose(&code.code);
                let deps = self.part(&value, rest, composed);
                add(known, &deps, false, &mut parts);
            }
            Subject::Change(at) => {
                let place = known.graph.changes.get(at as usize).and_then(graph::Change::place);
                let deps = place.map_or_else(Deps::default, |place| self.replay.touch(place));
                add(known, &deps, true, &mut parts);
            }
            Subject::Frame | Subject::Left | Subject::Input(_) | Subject::Deferred(_) => {}
        }
        parts
    }

    /// A line of the frame is there for what it holds: the head of a sort of resources, an entry of a list of files.
    fn frames(&mut self, documents: &[Document], lines: &mut [TracedLine], wanted: Wanted<'_>) {
        let mut there: FxHashMap<u32, Vec<Stretch>> = FxHashMap::default();
        let mut first = 0;
        for document in documents {
            let depth = |text: &str| text.len() - text.trim_start().len();
            let texts: Vec<&str> = document.text.lines().collect();
            for (at, line) in document.lines.iter().enumerate() {
                let Some(traced) =
                    lines.get_mut(first + at).filter(|traced| line.subject == Subject::Frame && wanted(traced))
                else {
                    continue;
                };
                let text = texts.get(at).copied().unwrap_or_default();
                let held: Vec<u32> = match text.trim().strip_prefix("- ") {
                    Some(file) => {
                        let folder = document.path.rsplit_once('/').map_or("", |(folder, _)| folder);
                        let path = format!("{folder}/{file}");
                        documents
                            .iter()
                            .filter(|other| other.path == path)
                            .flat_map(|other| resources(&other.lines))
                            .collect()
                    }
                    None if text.trim_end().ends_with(['{', '[']) => {
                        let inside = texts.iter().skip(at + 1).take_while(|other| depth(other) > depth(text)).count();
                        resources(document.lines.get(at + 1..at + 1 + inside).unwrap_or_default())
                    }
                    None => {
                        let inside = texts.iter().take(at).rev().take_while(|other| depth(other) > depth(text)).count();
                        resources(document.lines.get(at - inside..at).unwrap_or_default())
                    }
                };
                let mut parts: FxHashSet<Stretch> = FxHashSet::default();
                for resource in held {
                    let known = self.known;
                    let replay = &mut self.replay;
                    let of = there.entry(resource).or_insert_with(|| {
                        let mut parts = Vec::new();
                        if let Some(resource) = known.graph.resources.get(resource as usize) {
                            add(known, &replay.there(resource.address), true, &mut parts);
                        }
                        parts
                    });
                    parts.extend(of.iter().cloned());
                }
                traced.parts = parts.into_iter().collect();
            }
            first += document.lines.len();
        }
    }

    /// What a part of a value was made of; of what is put together, why it is there.
    fn part(&self, whole: &Traced, steps: &[Hop], composed: bool) -> Deps {
        let at = self.replay.part(whole, steps);
        if composed { at.deps.there() } else { at.all() }
    }

    /// A line of a resource that is no part of its body: of annotations, or of the platform that it stands on.
    fn beside(&mut self, resource: &graph::Resource, steps: &[Hop]) -> Deps {
        let named = |at: usize| match steps.get(at) {
            Some(Hop::Name(name)) => Some(name.text()),
            Some(Hop::At(_) | Hop::Any) | None => None,
        };
        let waives = |place: Place| resource.waivers.iter().any(|waiver| waiver.place == place);
        match (named(0), steps.get(1), named(1), named(2)) {
            (Some("//"), Some(Hop::At(at)), ..) => {
                let place = resource.waivers.get(*at as usize).map(|waiver| waiver.place);
                self.replay.annotations(resource.address, &|found, _| Some(found) == place)
            }
            (Some("//"), ..) => self.replay.annotations(resource.address, &|found, _| waives(found)).there(),
            (Some("metadata"), _, Some("annotations"), Some(name))
                if name.starts_with("checkov.io/") || name.starts_with("kube-score/") =>
            {
                let nth = name
                    .strip_prefix("checkov.io/skip")
                    .and_then(|nth| nth.parse::<usize>().ok())
                    .and_then(|nth| nth.checked_sub(1));
                let checkov: Vec<Place> = resource
                    .waivers
                    .iter()
                    .filter(|waiver| waiver.check.text().starts_with("CKV"))
                    .map(|waiver| waiver.place)
                    .collect();
                let place = nth.and_then(|nth| checkov.get(nth).copied());
                self.replay.annotations(resource.address, &|found, _| {
                    place.map_or_else(|| waives(found), |place| place == found)
                })
            }
            (Some("depends_on"), ..) => self.replay.annotations(resource.address, &|_, name| name.text() == "after"),
            (Some("notify"), ask, ..) => {
                let told = self.replay.annotations(resource.address, &|_, name| name.text() == "notify");
                if ask.is_none() { told.there() } else { told }
            }
            (Some("lifecycle"), _, word, _) => {
                let governs = |name: &str| match word {
                    Some("prevent_destroy") => name == "protect",
                    Some("create_before_destroy") => name == "replace",
                    Some("ignore_changes") => name == "ignore_drift",
                    Some(_) | None => !matches!(name, "allow" | "after"),
                };
                self.replay.annotations(resource.address, &|_, name| governs(name.text()))
            }
            (Some("provider"), None, ..) => {
                match resource.provider.and_then(|id| self.known.graph.providers.get(id.0 as usize)) {
                    Some(provider) => self.replay.aliases(provider),
                    None => Deps::default(),
                }
            }
            _ => Deps::default(),
        }
    }
}

/// The resources that lines belong to, each once.
fn resources(lines: &[Line]) -> Vec<u32> {
    let mut all: Vec<u32> = lines
        .iter()
        .filter_map(|line| match line.subject {
            Subject::Resource(at) => Some(at),
            Subject::Frame
            | Subject::Left
            | Subject::Provider(_)
            | Subject::Output(_)
            | Subject::Input(_)
            | Subject::Deferred(_)
            | Subject::Change(_) => None,
        })
        .collect();
    all.dedup();
    all.sort_unstable();
    all.dedup();
    all
}

/// Whether a value stands for its parts, each on lines of its own.
fn is_composed(known: &Known<'_>, value: value::ValueId) -> bool {
    match known.graph.store.get(value) {
        Value::Record(fields) => !fields.is_empty(),
        Value::Map(entries) => !entries.is_empty(),
        Value::List(elements) => !elements.is_empty(),
        _ => false,
    }
}

/// Adds the user's own places.
fn add(known: &Known<'_>, deps: &Deps, written_out: bool, parts: &mut Vec<Stretch>) {
    let mut seen: FxHashSet<(Place, Bearing)> = FxHashSet::default();
    deps.each(written_out, |place, bearing| {
        if seen.insert((place, bearing)) {
            parts.extend(stretch(known.sources, place).map(|(file, range)| (file, range, bearing)));
        }
    });
}

/// File and bytes of a place.
pub(super) fn stretch(sources: &Sources, place: Place) -> Option<(FileId, Range<usize>)> {
    sources.absolute(place).map(|(file, range)| (file.id, range))
}

/// The name in front of a value and of its `=`, when there is one: `LOG` of `LOG = "info"`.
pub(super) fn name_before(text: &str, value: usize) -> Option<Range<usize>> {
    let before = text.get(..value)?.trim_end();
    let before = match before.strip_suffix('=') {
        Some(rest) if rest.ends_with(['=', '<', '>', '!']) => return None,
        Some(rest) => rest.strip_suffix('?').unwrap_or(rest).trim_end(),
        None if text.get(value..)?.starts_with('{') => before,
        None => return None,
    };
    let start = match before.strip_suffix('"') {
        Some(inside) => inside.rfind('"')?,
        None => {
            before.trim_end_matches(|letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.')).len()
        }
    };
    (start < before.len()).then_some(start..before.len())
}

/// The word after `NAME =` in an item: what it says of itself without code, such as the tier of an environment.
pub(super) fn word_after(sources: &Sources, item: Place, name: Name) -> Option<(FileId, Range<usize>)> {
    let (file, range) = sources.absolute(item)?;
    let mut at = range.start;
    let mut depth = 0_i32;
    while let Some(line) = file.text.get(at..).and_then(|rest| rest.split_inclusive('\n').next()) {
        let code = line.split("//").next().unwrap_or_default();
        for (found, _) in code.match_indices(name.text()) {
            let free = |letter: Option<char>| letter.is_none_or(|letter| !letter.is_alphanumeric() && letter != '_');
            let after = code.get(found + name.text().len()..).unwrap_or_default();
            let value = after.trim_start().strip_prefix('=').map(str::trim_start);
            if let (Some(value), true) =
                (value, free(code.get(..found).and_then(|before| before.chars().last())) && free(after.chars().next()))
            {
                let start = at + code.len() - value.len();
                let length = value
                    .find(|letter: char| !letter.is_alphanumeric() && !matches!(letter, '_' | '-' | '.'))
                    .unwrap_or(value.len());
                return Some((file.id, start..start + length));
            }
        }
        depth += code.matches(['{', '(', '[']).count() as i32 - code.matches(['}', ')', ']']).count() as i32;
        at += line.len();
        if depth <= 0 && code.contains('}') || line.is_empty() {
            return None;
        }
    }
    None
}
