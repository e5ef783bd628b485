//! What may be written at the cursor. Each place of the language has a file of its own below `completion`; what may stand where is said
//! by [`crate::context`].

mod fields;
mod kinds;
mod statements;
mod values;

use std::ops::Range;

use crate::Asked;
use crate::context::{Next, Spot, What, spot};
use crate::key::Key;
use crate::shape::{Shape, Shapes};

/// Something that may stand at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What is shown, and what is compared with what was typed.
    pub label: String,
    pub class: Class,
    /// Beside the label: a type.
    pub detail: String,
    /// For [`crate::resolve::resolve`]: asks for its documentation.
    pub key: Option<String>,
    /// A snippet: `$1`, `${2:name}`, `$0`.
    pub insert: String,
    /// What it takes the place of.
    pub replace: Range<u32>,
    /// Items are shown in the order of these texts.
    pub sort: String,
    pub preselect: bool,
    pub deprecated: bool,
}

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    Keyword,
    Kind,
    NativeKind,
    Platform,
    Field,
    Value,
    Function,
    Method,
    Type,
    Annotation,
    Environment,
    Folder,
    Instance,
    Argument,
    Unit,
}

/// What may be written at the cursor, the likeliest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completions {
    pub items: Vec<Item>,
    /// Whether there are more: they are to be asked for again when another letter is typed.
    pub incomplete: bool,
}

/// The most items of one answer.
const MOST: usize = 200;

/// An item before it is fitted to its place.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub label: String,
    pub class: Class,
    pub detail: String,
    pub key: Option<Key>,
    /// With tab stops.
    pub insert: String,
    /// The likelier the lower.
    pub rank: u8,
    pub preselect: bool,
    pub deprecated: bool,
    /// Whether it stands in the text already: it is shown, and offered no more.
    pub taken: bool,
    /// A kind whose required fields are written out when it is offered.
    pub fill: Option<Shape>,
}

impl Candidate {
    pub(crate) fn new(label: &str, class: Class, rank: u8) -> Self {
        Self {
            label: label.to_owned(),
            class,
            detail: String::new(),
            key: None,
            insert: escaped(label),
            rank,
            preselect: false,
            deprecated: false,
            taken: false,
            fill: None,
        }
    }
    pub(crate) fn detail(self, detail: &str) -> Self {
        Self { detail: detail.to_owned(), ..self }
    }
    pub(crate) fn key(self, key: Key) -> Self {
        Self { key: Some(key), ..self }
    }
    pub(crate) fn insert(self, insert: String) -> Self {
        Self { insert, ..self }
    }
}

/// A text that holds no tab stop.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('$', "\\$").replace('}', "\\}")
}

/// What may be written at an offset.
pub fn complete(asked: &Asked<'_>, offset: u32) -> Completions {
    let spot = spot(asked, offset);
    let shapes = Shapes { program: asked.program, path: asked.path };
    let mut found = candidates(&shapes, &spot);
    found.retain(|candidate| !candidate.taken);
    // Nothing is like itself, stands on itself or comes after itself.
    let names_others = |class| matches!(class, Class::Environment | Class::Instance);
    found.retain(|candidate| !(names_others(candidate.class) && Some(&candidate.label) == spot.own.as_ref()));
    // Long lists are cut to what was typed; short ones are left to the editor, which forgives more.
    let mut incomplete = false;
    if found.len() > MOST {
        let typed = spot.typed.to_lowercase();
        found.retain(|candidate| candidate.label.to_lowercase().contains(&typed));
        incomplete = found.len() > MOST;
    }
    found.sort_by(|left, right| {
        let first = |candidate: &Candidate| !candidate.label.starts_with(&spot.typed);
        (first(left), left.rank, &left.label).cmp(&(first(right), right.rank, &right.label))
    });
    found.truncate(MOST);
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|candidate| seen.insert(candidate.label.clone()));
    for candidate in &mut found {
        if let Some(shape) = candidate.fill.take().filter(|_| spot.next == Next::Nothing) {
            candidate.insert = kinds::snippet(&shapes, &candidate.label, &shape);
        }
    }
    let items = found.into_iter().map(|candidate| item(asked, &spot, candidate)).collect();
    Completions { items, incomplete }
}

fn item(asked: &Asked<'_>, spot: &Spot, candidate: Candidate) -> Item {
    Item {
        insert: fitted(&candidate, spot.next),
        // What was typed to its end is meant.
        sort: format!("{:03} {}", if candidate.label == spot.typed { 0 } else { candidate.rank }, candidate.label),
        key: candidate.key.map(|key| format!("{}\n{key}", asked.path)),
        label: candidate.label,
        class: candidate.class,
        detail: candidate.detail,
        replace: spot.word.clone(),
        preselect: candidate.preselect,
        deprecated: candidate.deprecated,
    }
}

/// What stands behind the word already is not written again.
fn fitted(candidate: &Candidate, next: Next) -> String {
    match next {
        Next::Nothing => candidate.insert.clone(),
        Next::Paren | Next::Equals | Next::Brace => escaped(&candidate.label),
        // A word follows: the rest of the statement is there.
        Next::Other => match candidate.class {
            Class::Kind | Class::NativeKind | Class::Field | Class::Keyword => escaped(&candidate.label),
            _ => candidate.insert.clone(),
        },
    }
}

/// Everything that may stand at a place, also what is taken already.
pub(crate) fn candidates(shapes: &Shapes<'_>, spot: &Spot) -> Vec<Candidate> {
    match &spot.what {
        What::Nothing => Vec::new(),
        What::Member { body, given } => statements::member(shapes, body, given, &spot.typed),
        What::Path { body, before } => fields::below(shapes, body, before),
        What::Keywords(words) => words.iter().map(|word| statements::keyword(word, 10)).collect(),
        What::Operand => values::behind(),
        What::Value(trail) => values::start(shapes, trail, spot),
        What::Dot { before, literal } => values::dotted(shapes, before, *literal),
        What::Argument { callee, given, at } => values::argument(shapes, callee, given, *at, spot),
        What::Type { before } => kinds::types(shapes, before),
        What::Annotation(body) => statements::annotations(body),
        What::Kind { before, native, read } => kinds::below(shapes, before, *native, *read),
        What::PlatformName => kinds::platforms(shapes),
        What::Place => kinds::places(shapes),
        What::Environment => kinds::environments(shapes),
        What::Folder(before) => kinds::folders(shapes, before),
        What::Address { before } => kinds::addresses(shapes, before),
        What::OutName(kind) => fields::outputs(shapes, kind),
        What::Needs(kind) => fields::needs(shapes, kind),
        What::Child(names) => names
            .iter()
            .map(|name| Candidate::new(name, Class::Instance, 10).detail("a child of this implementation"))
            .collect(),
        What::Provider(before) => kinds::providers(shapes, before),
    }
}
