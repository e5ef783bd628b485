//! What was read, in the words of an answer.

use source::Sources;
use value::{AddressId, Value, ValueId};

use super::known::{How, Known};
use super::path::{self, Hop};
use super::spot::Spot;
use super::walk::{Read, Source, Walk};

/// How much of a value is shown.
pub(crate) const SHOWN: usize = 100;

/// One thing that a value was made of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReadAt {
    /// `api.replicas`, `param domain`, `flow front -> api.http`.
    pub what: String,
    /// `default of the kind`, `set by prod`; empty when the place says it.
    pub how: String,
    pub value: Option<String>,
    pub at: Spot,
    /// What stands there: the line, without the blanks around it.
    pub source: String,
    /// How many steps it is away from what was asked for.
    pub depth: usize,
}

/// The read in words.
pub(crate) fn read_at(known: &Known<'_>, read: &Read) -> ReadAt {
    let store = &known.graph.store;
    let (what, how, value) = match &read.source {
        Source::Input { address, name, path, how } => {
            let how = match how {
                How::Set => String::new(),
                How::Adjusted => "set by `adjust`".to_owned(),
                How::Default => format!("default of `{}`", known.kind(*address).map_or("?", |kind| kind.name.text())),
                How::Only => format!("the only `{name}` there is"),
                How::Absent => "left out, and there is no default".to_owned(),
            };
            let value = known.input_value(*address, *name).and_then(|value| value_at(known, value, path));
            (input_text(known, *address, *name, path), how, value.map(|value| store.show_within(value, SHOWN)))
        }
        Source::Param { name, environment } => {
            let how = environment
                .map_or_else(|| "its default".to_owned(), |environment| format!("set by environment `{environment}`"));
            (format!("param {name}"), how, None)
        }
        Source::Let { name } => (format!("let {name}"), String::new(), None),
        Source::Arm { environment } => (format!("the arm `{environment}`"), String::new(), None),
        Source::Flow => (format!("flow {}", known.sources.text(read.place).unwrap_or_default()), String::new(), None),
        Source::Named { address } => (format!("the name of `{}`", store.address_text(*address)), String::new(), None),
        Source::Platform { field } => {
            (format!("`{field}` of the platform"), format!("environment `{}`", known.graph.environment), None)
        }
        Source::Environment => (format!("the environment `{}`", known.graph.environment), String::new(), None),
    };
    let at = Spot::of(known.sources, read.place);
    let source = line_text(known.sources, &at);
    ReadAt { what, how, value, at, source, depth: read.depth }
}

/// All that a walk read, each once, in the order in which it was met.
pub(crate) fn reads_of(known: &Known<'_>, walk: &Walk<'_, '_>) -> Vec<ReadAt> {
    let mut reads: Vec<ReadAt> = Vec::new();
    for read in &walk.reads {
        let read = read_at(known, read);
        if !reads.iter().any(|other| other.what == read.what && other.at == read.at) {
            reads.push(read);
        }
    }
    reads
}

/// `api.port["http"]`
pub(crate) fn input_text(known: &Known<'_>, address: AddressId, name: source::Name, path: &[Hop]) -> String {
    let mut whole = vec![Hop::Name(name)];
    whole.extend(path.iter().copied().take_while(|hop| *hop != Hop::Any));
    format!("{}.{}", known.graph.store.address_text(address), path::text(&whole))
}

/// The value at a path; none when there is none, or it is not known which.
pub(crate) fn value_at(known: &Known<'_>, value: ValueId, path: &[Hop]) -> Option<ValueId> {
    let store = &known.graph.store;
    let mut at = value;
    for hop in path {
        let folded = store.folded(at);
        at = match (store.get(folded), hop) {
            (Value::Record(_), Hop::Name(name)) => store.field(folded, *name)?,
            (Value::Map(entries), Hop::Name(name)) => {
                let fits = |key: &ValueId| match store.get(*key) {
                    Value::Text(text) => text.as_ref() == name.text(),
                    Value::Instance(address) => store.address_text(*address) == name.text(),
                    _ => false,
                };
                entries.iter().find(|(key, _)| fits(key))?.1
            }
            (Value::List(elements), Hop::At(position)) => *elements.get(*position as usize)?,
            (Value::Range(first, _), Hop::Name(name)) if name.text() == "first" => *first,
            (Value::Range(_, last), Hop::Name(name)) if name.text() == "last" => *last,
            // A block that its maker keeps in a list.
            (Value::Record(_), Hop::At(0)) => folded,
            _ => return None,
        };
    }
    Some(at)
}

/// The line of a file, without the blanks around it.
pub(crate) fn line_text(sources: &Sources, at: &Spot) -> String {
    let file = sources.files().find(|file| *file.shown == *at.file);
    let line = file
        .and_then(|file| file.line_range(at.line).and_then(|(start, end)| file.text.get(start as usize..end as usize)));
    line.unwrap_or_default().trim().to_owned()
}
