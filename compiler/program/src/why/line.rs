//! Why an emitted line, a part of a native resource or an input of an instance is what it is.

use check::checked::Fields;
use check::code::{Code, CodeKind, Conversion, MapPart, RecordPart};
use emit::{Document, Subject};
use source::{Name, Place};
use value::{AddressId, Value};

use super::flows::keep_flows_of_line;
use super::known::{How, Known, This, below};
use super::path::{self, Hop, hops};
use super::read::{ReadAt, SHOWN, line_text, read_at, reads_of, value_at};
use super::spot::Spot;
use super::standing::Standing;
use super::trace::Tracer;
use super::walk::{Context, Walk};

/// What stands at a line or an address, and all that decided it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    pub environment: String,
    /// `kubernetes.deployment api.main, spec.replicas`
    pub title: String,
    pub value: Option<String>,
    /// The emitted lines that it stands on.
    pub emitted: Vec<Emitted>,
    /// Where it is written, in the library or the user's files.
    pub written: ReadAt,
    /// Where a text or a number of it is written, when that is elsewhere.
    pub spelt: Vec<ReadAt>,
    /// What it was made for, nearest first; the last one stands in the user's own files.
    pub owners: Vec<Owner>,
    /// What its value was made of.
    pub reads: Vec<ReadAt>,
    /// What decides that the resource is there at all.
    pub exists: Vec<ReadAt>,
    /// What was there before an `adjust` took its place.
    pub overruled: Vec<ReadAt>,
    /// Of a whole instance or resource that was asked for by its address.
    pub standing: Standing,
}

/// A line of an emitted file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Emitted {
    /// Relative to the folder of the environment: `kubernetes/api.yaml`.
    pub file: String,
    pub line: usize,
    pub text: String,
}

/// An instance for which something was made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Owner {
    pub address: String,
    pub kind: String,
    pub at: Spot,
    /// The implementation that it got: its name, and where it begins.
    pub implementation: Option<(String, Spot)>,
}

/// Why a line (from 1) of one of the documents is there; none when it has no such line.
pub(crate) fn of_line(
    known: &Known<'_>,
    tracer: &mut Tracer<'_, '_>,
    documents: &[Document],
    document: &Document,
    line: usize,
) -> Option<Answer> {
    let subject = document.lines.get(line.checked_sub(1)?)?;
    let steps = document.paths.steps(subject.path);
    let emitted = Emitted {
        file: document.path.clone(),
        line,
        text: document.text.lines().nth(line - 1).unwrap_or_default().trim().to_owned(),
    };
    let mut answer = match subject.subject {
        Subject::Resource(at) => {
            let resource = known.graph.resources.get(at as usize)?;
            of_resource(known, tracer, resource.address, &hops(&steps))?
        }
        Subject::Provider(at) => of_provider(known, known.graph.providers.get(at as usize)?, &hops(&steps)),
        Subject::Output(at) => of_output(known, known.graph.outputs.get(at as usize)?),
        Subject::Input(at) => of_param(known, known.graph.inputs.get(at as usize)?),
        Subject::Deferred(at) => of_deferred(known, known.graph.deferred.get(at as usize)?),
        Subject::Change(at) => of_change(known, known.graph.changes.get(at as usize)?)?,
        Subject::Left => of_left(known)?,
        Subject::Frame => framed(known, document, line)
            .or_else(|| listed(known, documents, document, &emitted.text))
            .or_else(|| of_frame(known))?,
    };
    answer.emitted = vec![emitted];
    Some(answer)
}

/// Why a part of what a provider is given is what it is.
pub(crate) fn of_provider(known: &Known<'_>, provider: &graph::Provider, path: &[Hop]) -> Answer {
    let mut walk = Walk::new(known, None);
    let platform = known.checked.platforms.iter().find(|platform| platform.name == provider.platform);
    let code = platform.and_then(|platform| platform.providers.iter().find(|code| code.place == provider.place));
    if let (Some(code), false) = (code, path.is_empty()) {
        walk.code(&code.body, &Context::new(This::Platform), path);
    }
    let name = if provider.name.text().is_empty() { String::new() } else { format!(".{}", provider.name) };
    let title = format!("provider {}{name}{}", provider.target, dotted(path));
    let place = code.and_then(|code| place_in(&code.body, path)).unwrap_or(provider.place);
    plain(known, title, place, &walk)
}

/// Why an output is what it is.
pub(crate) fn of_output(known: &Known<'_>, output: &graph::Output) -> Answer {
    let mut walk = Walk::new(known, None);
    if let Some(code) = known.checked.outputs.iter().find(|code| code.place == output.place) {
        walk.code(&code.code, &Context::new(This::Root), &[]);
    }
    plain(known, format!("output {}", output.name), output.place, &walk)
}

/// Why something is asked for when it is applied.
pub(crate) fn of_param(known: &Known<'_>, input: &graph::Input) -> Answer {
    plain(known, format!("the secret `{}`, given when it is applied", input.name), input.place, &Walk::new(known, None))
}

pub(crate) fn of_deferred(known: &Known<'_>, deferred: &graph::Deferred) -> Answer {
    plain(known, "a check that is made when its values are known".to_owned(), deferred.place, &Walk::new(known, None))
}

/// Why something is said of an address: what was recorded stands in no file and is told at what it is about.
pub(crate) fn of_change(known: &Known<'_>, change: &graph::Change) -> Option<Answer> {
    let text = |address: AddressId| known.graph.store.address_text(address);
    let (title, about) = match change {
        graph::Change::Moved { resource, from, to, .. } => {
            (format!("`{}` was `{}`", text(*to), text(*from)), Some(*resource))
        }
        graph::Change::Adopt { address, id, .. } => {
            (format!("`{}` is `{id}`, made before", text(*address)), Some(*address))
        }
        graph::Change::Forget { address, .. } => (format!("`{}` is left where it is", text(*address)), None),
        graph::Change::Destroy { address, .. } => (format!("`{}` may be deleted", text(*address)), None),
    };
    let place = change.place().or_else(|| about.and_then(|about| known.resource(about)).map(|found| found.place))?;
    let mut answer = plain(known, title, place, &Walk::new(known, None));
    answer.owners = about.map_or_else(Vec::new, |about| owners(known, about));
    Some(answer)
}

/// What the program has no more; none in a program without a `project`.
fn of_left(known: &Known<'_>) -> Option<Answer> {
    let said = known.graph.changes.iter().find_map(|change| match change {
        graph::Change::Forget { .. } => change.place(),
        _ => None,
    });
    let place = said.or_else(|| known.checked.project.as_ref().map(|project| project.place))?;
    let title = "of what has left the program and may still be there: infra.lock remembers it".to_owned();
    Some(plain(known, title, place, &Walk::new(known, None)))
}

/// What has no cause of its own; none in a program without a `project`.
pub(crate) fn of_frame(known: &Known<'_>) -> Option<Answer> {
    let place = known.checked.project.as_ref().map(|project| project.place)?;
    Some(plain(known, "a line that every file of this sort has".to_owned(), place, &Walk::new(known, None)))
}

/// What only tells a place.
pub(crate) fn of_place(known: &Known<'_>, place: Place) -> Answer {
    plain(known, "the place of a part of a resource".to_owned(), place, &Walk::new(known, None))
}

/// What several nodes have in common stands once.
pub(crate) fn of_shared(known: &Known<'_>) -> Option<Answer> {
    let place = known.checked.project.as_ref().map(|project| project.place)?;
    Some(plain(known, "what several lines of the file have in common".to_owned(), place, &Walk::new(known, None)))
}

/// A line around resources is there for them: the head of a sort of resources, or its end. None when it holds none.
fn framed(known: &Known<'_>, document: &Document, line: usize) -> Option<Answer> {
    let texts: Vec<&str> = document.text.lines().collect();
    let depth = |text: &str| text.len() - text.trim_start().len();
    let own = texts.get(line - 1)?;
    let deeper = |text: &&&str| depth(text) > depth(own);
    let inside = match own.trim_end().ends_with(['{', '[']) {
        true => line..line + texts.iter().skip(line).take_while(deeper).count(),
        false => line - 1 - texts.iter().take(line - 1).rev().take_while(deeper).count()..line - 1,
    };
    around(known, document.lines.get(inside)?)
}

/// A line that lists another file is there for what stands in it.
fn listed(known: &Known<'_>, documents: &[Document], list: &Document, text: &str) -> Option<Answer> {
    let folder = list.path.strip_suffix("kustomization.yaml")?;
    let name = text.strip_prefix("- ")?;
    let file = documents.iter().find(|document| document.path.strip_prefix(folder) == Some(name))?;
    around(known, &file.lines)
}

/// What some lines are there for: the resources that they hold.
fn around(known: &Known<'_>, lines: &[emit::Line]) -> Option<Answer> {
    let mut held: Vec<&graph::Resource> = Vec::new();
    for line in lines {
        if let Subject::Resource(at) = line.subject
            && let Some(resource) = known.graph.resources.get(at as usize)
            && !held.iter().any(|other| other.address == resource.address)
        {
            held.push(resource);
        }
    }
    let first = held.first()?;
    let names: Vec<String> =
        held.iter().map(|resource| format!("`{}`", known.graph.store.address_text(resource.address))).collect();
    let title = match names.as_slice() {
        [only] => format!("around {only}"),
        [first, ..] => format!("around {} resources, the first of them {first}", names.len()),
        [] => return None,
    };
    let mut answer = plain(known, title, first.place, &Walk::new(known, None));
    answer.owners = owners(known, first.address);
    Some(answer)
}

/// Why a part of a native resource is what it is.
pub(crate) fn of_resource(
    known: &Known<'_>,
    tracer: &mut Tracer<'_, '_>,
    address: AddressId,
    path: &[Hop],
) -> Option<Answer> {
    let resource = known.resource(address)?;
    let store = &known.graph.store;
    let found = value_at(known, resource.body, path);
    // A record stands for its fields, each of which has its own reasons.
    let whole = found.is_none_or(|value| is_whole(known, value));
    let mut walk = Walk::new(known, Some(address));
    if !whole || matches!(path.last(), Some(Hop::At(_))) {
        walk.body(address, path);
        keep_flows_of_line(known, address, path, &mut walk);
        tracer.keep(address, path, &mut walk);
    }
    let code = known.statement(address).and_then(|statement| match &statement.fields {
        Fields::Native(code) => Some(code),
        Fields::Inputs(_) => None,
    });
    let changed = known
        .changes(address)
        .into_iter()
        .find(|change| below(path, &change.path).is_some() && change.path.len() <= path.len());
    let place = origin(known, resource.origin, path).unwrap_or(resource.place);
    let place = changed.map_or(place, |change| change.place);
    let kind = format!("{}.{}", resource.kind.target, resource.kind.name);
    let title = format!(
        "{kind} {}{}",
        store.address_text(address),
        if path.is_empty() { String::new() } else { format!(", {}", path::text(path)) }
    );
    let mut header = Walk::new(known, Some(address));
    header.header(address);
    keep_flows_of_line(known, address, &[], &mut header);
    tracer.keep(address, &[], &mut header);
    let mut answer = plain(known, title, place, &walk);
    answer.value = found.filter(|_| !path.is_empty() && !whole).map(|value| store.show_within(value, SHOWN));
    answer.exists = reads_of(known, &header)
        .into_iter()
        .filter(|read| !answer.reads.iter().any(|other| other.at == read.at && other.what == read.what))
        .collect();
    answer.owners = owners(known, address);
    if let (Some(_), Some(lost)) = (changed, code.and_then(|code| place_in(code, path))) {
        answer.overruled.push(at_place(known, lost, "the implementation".to_owned()));
    }
    Some(answer)
}

/// Why an instance is there.
pub(crate) fn of_instance(known: &Known<'_>, instance: &graph::Instance) -> Answer {
    let mut header = Walk::new(known, Some(instance.address));
    header.header(instance.address);
    let mut answer = plain(
        known,
        format!("{} {}", instance.kind, known.graph.store.address_text(instance.address)),
        instance.place,
        &Walk::new(known, None),
    );
    answer.exists = reads_of(known, &header);
    answer.owners = owners(known, instance.address);
    answer
}

/// Why an input of an instance is what it is.
pub(crate) fn of_input(known: &Known<'_>, address: AddressId, name: Name, path: &[Hop]) -> Option<Answer> {
    let kind = known.kind(address)?;
    let input = kind.inputs.iter().find(|input| input.name == name)?;
    let mut walk = Walk::new(known, Some(address));
    walk.input(address, name, path);
    let first = walk.reads.first().map(|read| read_at(known, read));
    let title = format!("{}, a field of {}", super::read::input_text(known, address, name, path), kind.name);
    let mut answer = plain(known, title, walk.reads.first().map_or(input.place, |read| read.place), &walk);
    if let Some(first) = first {
        answer.written.what = match first.how.as_str() {
            "" => "set".to_owned(),
            how => how.to_owned(),
        };
        answer.reads.retain(|read| read.depth > 0);
    }
    let value = known.input_value(address, name).and_then(|value| value_at(known, value, path));
    answer.value = value.map(|value| known.graph.store.show_within(value, SHOWN));
    answer.owners = owners(known, address);
    let settings = known.settings(address, name, path);
    if settings.iter().any(|setting| setting.how == How::Adjusted) {
        let lost = known.statement(address).and_then(|statement| match &statement.fields {
            Fields::Inputs(parts) => parts.iter().find_map(|part| match part {
                check::checked::InputPart::Field { name: field, code, .. }
                | check::checked::InputPart::Element { field, code }
                    if *field == name =>
                {
                    Some(code.place)
                }
                check::checked::InputPart::Entry { field, code, .. } if *field == name => Some(code.place),
                _ => None,
            }),
            Fields::Native(_) => None,
        });
        let lost = lost.or_else(|| input.default.as_ref().map(|code| code.place));
        answer.overruled.extend(lost.map(|place| at_place(known, place, "what was set before".to_owned())));
    }
    Some(answer)
}

/// Whether a value is put together of parts that are asked for one by one.
pub(crate) fn is_whole(known: &Known<'_>, value: value::ValueId) -> bool {
    match known.graph.store.get(value) {
        Value::Record(fields) => !fields.is_empty(),
        Value::Map(entries) => !entries.is_empty(),
        Value::List(elements) => elements.iter().any(|element| is_whole(known, *element)),
        _ => false,
    }
}

/// What a line's walk found, without owners.
fn plain(known: &Known<'_>, title: String, place: Place, walk: &Walk<'_, '_>) -> Answer {
    Answer {
        environment: known.graph.environment.text().to_owned(),
        title,
        value: None,
        emitted: Vec::new(),
        written: at_place(known, place, "written".to_owned()),
        owners: Vec::new(),
        spelt: spelt(known, walk, place),
        reads: reads_of(known, walk),
        exists: Vec::new(),
        overruled: Vec::new(),
        standing: Standing::default(),
    }
}

/// The literals that a value was put together of, as far as nothing else in the answer names their lines.
fn spelt(known: &Known<'_>, walk: &Walk<'_, '_>, written: Place) -> Vec<ReadAt> {
    let written = Spot::of(known.sources, written);
    let mut all: Vec<ReadAt> = Vec::new();
    for literal in walk.literals.iter().filter(|literal| !literal.decides) {
        let found = at_place(known, literal.place, "spelt".to_owned());
        let is_named = |at: &Spot| at.file == found.at.file && at.line == found.at.line;
        let read = walk.reads.iter().any(|read| is_named(&Spot::of(known.sources, read.place)));
        if !read && !is_named(&written) && !all.iter().any(|other| is_named(&other.at)) {
            all.push(found);
        }
    }
    all
}

fn at_place(known: &Known<'_>, place: Place, what: String) -> ReadAt {
    let at = Spot::of(known.sources, place);
    let source = line_text(known.sources, &at);
    ReadAt { what, how: String::new(), value: None, at, source, depth: 0 }
}

/// The instances above an address, nearest first, up to the first that the user wrote.
fn owners(known: &Known<'_>, address: AddressId) -> Vec<Owner> {
    let mut owners = Vec::new();
    let mut at = address;
    while let Some(owner) = known.owner(&known.parent_this(at)) {
        let Some(instance) = known.instance(owner) else { return owners };
        let spot = Spot::of(known.sources, instance.place);
        let implementation = known.implementation(owner).map(|implementation| {
            let named = instance.implementation.map_or_else(String::new, |name| format!(" on {name}"));
            (format!("implement {}{named}", instance.kind), Spot::of(known.sources, implementation.place))
        });
        let library = spot.library;
        owners.push(Owner {
            address: known.graph.store.address_text(owner),
            kind: instance.kind.text().to_owned(),
            at: spot,
            implementation,
        });
        if !library {
            return owners;
        }
        at = owner;
    }
    if let (This::Platform, Some(environment)) = (known.parent_this(at), known.chain.first()) {
        let name = known.graph.store.steps(at).first().map_or("", |step| step.name.text());
        owners.push(Owner {
            address: name.to_owned(),
            kind: "platform".to_owned(),
            at: Spot::of(known.sources, environment.on.place),
            implementation: None,
        });
    }
    owners
}

/// Where a part of a native resource is written.
pub(crate) fn written_at(known: &Known<'_>, address: AddressId, path: &[Hop]) -> Option<Place> {
    origin(known, known.resource(address)?.origin, path)
}

fn origin(known: &Known<'_>, tree: graph::OriginId, path: &[Hop]) -> Option<Place> {
    let steps: Vec<value::Step> = path
        .iter()
        .map_while(|hop| match hop {
            Hop::Name(name) => Some(value::Step::Field(*name)),
            Hop::At(at) => Some(value::Step::Index(*at)),
            Hop::Any => None,
        })
        .collect();
    emit::place_of(known.graph, tree, &steps)
}

/// Where a part of a literal is written, as deep as it is a literal.
pub(crate) fn place_in(code: &Code, path: &[Hop]) -> Option<Place> {
    let Some((hop, rest)) = path.split_first() else { return Some(code.place) };
    match (code.kind.as_ref(), hop) {
        (CodeKind::Record(parts), Hop::Name(wanted)) => parts.iter().rev().find_map(|part| match part {
            RecordPart::Field { name, code, .. } if name == wanted => place_in(code, rest).or(Some(code.place)),
            RecordPart::Field { .. } | RecordPart::Spread(_) => None,
        }),
        (CodeKind::Map(parts), Hop::Name(wanted)) => parts.iter().rev().find_map(|part| match part {
            MapPart::Entry { key, value, .. } => match key.kind.as_ref() {
                CodeKind::Const(Value::Text(key)) if key.as_ref() == wanted.text() => {
                    place_in(value, rest).or(Some(value.place))
                }
                _ => None,
            },
            MapPart::Spread(_) | MapPart::For { .. } | MapPart::If { .. } | MapPart::Group { .. } => None,
        }),
        (CodeKind::Record(_), Hop::At(_)) => place_in(code, rest),
        (CodeKind::Convert { how: Conversion::ToList, code }, Hop::At(_)) => place_in(code, rest),
        (CodeKind::Convert { code, .. } | CodeKind::FirstBlock(code), _) => place_in(code, path),
        _ => None,
    }
}

fn dotted(path: &[Hop]) -> String {
    if path.is_empty() { String::new() } else { format!(", {}", path::text(path)) }
}
