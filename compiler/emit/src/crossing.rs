//! Values that cross from one tool to another, as data: who takes each, from where, how, and under what name. A target says what it
//! needs ([`Target::receives`](crate::target::Target::receives)); how that is spelt where it comes from says the one that [hands it
//! over](Hands). Neither knows the other.

use std::borrow::Cow;

use graph::Resource;
use source::Diagnostic;
use value::{AddressId, Op, Step, Store, Value, ValueId};

use crate::body::{Open, open_references};
use crate::index::Index;
use crate::step::Command;
use crate::target::{Artefact, Input};
use crate::writer::Node;

/// A value that one artefact takes from another.
#[derive(Clone, Debug)]
pub struct Crossing<'g> {
    /// Positions among the artefacts.
    pub from: usize,
    pub to: usize,
    /// Position of the resource that takes it; none where no resource does, such as an output.
    pub member: Option<usize>,
    /// What it waits for.
    pub of: AddressId,
    /// What it is called where it comes from: crossings of one name are handed over together.
    pub name: String,
    pub takes: As,
    /// In the spelling of where it comes from.
    pub value: Node<'g>,
    pub secret: bool,
}

/// How a value is taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum As {
    /// An object as a whole; those of one name are printed as JSON, a line each.
    Output,
    /// A part of an object whose rest stands in its own document; printed like the others.
    Patch,
    /// A text that is given to the tool as a variable.
    Variable,
    /// The text of a file.
    File,
}

/// In which form a later value is wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// As it is.
    Value,
    /// As a text, whatever it is.
    Text,
    /// As the base64 of its text.
    Base64,
}

/// Why a value has no spelling: a message and what to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    pub code: &'static str,
    pub message: String,
    pub help: String,
}

/// How later values are written where they are handed over.
pub trait Spells {
    /// Whether it can compute this operation.
    fn spells(&self, op: Op) -> bool;
    /// A known text or key within what it hands over.
    fn literal<'t>(&self, text: &'t str) -> Cow<'t, str>;
    /// The base64 of such a literal.
    fn encoded(&self, literal: &str) -> String;
    /// A later value within what it hands over.
    fn later(&self, index: &Index<'_>, id: ValueId, form: Form) -> Result<String, Refusal>;
}

/// How a target hands over what it decides.
pub trait Hands: Spells {
    /// The command that prints what is handed over under a name.
    fn print(&self, input: &Input<'_, '_>, from: &Artefact, name: &str) -> Command;
}

/// Where later values come from.
#[derive(Clone, Copy)]
pub struct Source {
    pub artefact: usize,
    pub hands: &'static dyn Hands,
    pub of: AddressId,
}

impl<'g> Input<'_, 'g> {
    /// The one artefact that decides the later parts of a value of a resource; those that its own target decides are passed over. Told
    /// where two do, and where one hands nothing over.
    pub fn source(
        &self,
        resource: &'g Resource,
        path: &[Step],
        value: ValueId,
        told: &mut Vec<Diagnostic>,
    ) -> Option<Source> {
        let mut found: Option<Source> = None;
        for Open { of, .. } in open_references(self.index.store, value) {
            if self.index.store.input_name(of).is_some() {
                found = found.or_else(|| self.outside(of));
                continue;
            }
            let Some((at, other)) = self.index.resource(of) else { continue };
            if other.kind.target == resource.kind.target {
                continue;
            }
            let Some(source) = self.handed(at, of) else {
                let refusal = not_handed_over(self.index, of, other);
                let diagnostic = self.index.error(refusal.code, resource, path, refusal.message).help(refusal.help);
                told.push(diagnostic.also(other.place, "this decides the value"));
                return None;
            };
            match &found {
                Some(first) if first.artefact != source.artefact => {
                    told.push(self.two_sources(resource, path, first, other));
                    return None;
                }
                Some(_) => {}
                None => found = Some(source),
            }
        }
        let source = found?;
        match unspelled(self.index.store, value, source.hands) {
            Some(op) => {
                told.push(self.not_spelled(resource, path, &source, op));
                None
            }
            None => Some(source),
        }
    }

    fn not_spelled(&self, resource: &Resource, path: &[Step], source: &Source, op: Op) -> Diagnostic {
        let target = self.artefacts.get(source.artefact).map_or("", |artefact| artefact.target.name());
        let (address, of) = (self.index.address(resource.address), self.index.address(source.of));
        let message = format!(
            "`{address}` needs `{}` of what is decided for `{of}`, and `{target}` has no spelling of it",
            op.name()
        );
        self.index
            .error("not_lowered", resource, path, message)
            .help("use the value as it is, or one that is known before")
    }

    /// Who hands over what is given from outside; nobody where no tool takes it.
    fn outside(&self, of: AddressId) -> Option<Source> {
        let artefact = self.artefacts.iter().position(|artefact| artefact.target.takes_inputs())?;
        let hands = self.artefacts.get(artefact)?.target.hands()?;
        Some(Source { artefact, hands, of })
    }

    /// Who hands over what a resource decides.
    pub fn handed(&self, at: usize, of: AddressId) -> Option<Source> {
        let artefact = self.artefact_of(at)?;
        let hands = self.artefacts.get(artefact)?.target.hands()?;
        Some(Source { artefact, hands, of })
    }

    fn two_sources(&self, resource: &Resource, path: &[Step], first: &Source, second: &Resource) -> Diagnostic {
        let index = self.index;
        let message = format!(
            "`{}` needs what is decided for `{}` and for `{}`, by two tools",
            index.address(resource.address),
            index.address(first.of),
            index.address(second.address)
        );
        let diagnostic = index.error("two_sources", resource, path, message);
        let diagnostic = match index.resource(first.of) {
            Some((_, first)) => diagnostic.also(first.place, "one decides this"),
            None => diagnostic,
        };
        diagnostic
            .also(second.place, "another one decides this")
            .help("what is handed over comes from one tool: split it, or take one of the two from a `let`; `infrac apply`, which does not run these two yet, will be able to")
    }
}

/// An operation within a later value that is not spelt.
fn unspelled(store: &Store, value: ValueId, hands: &dyn Hands) -> Option<Op> {
    if !store.holds(value).reference() {
        return None;
    }
    match store.get(value) {
        Value::Ref { folded: Some(_), secret: false, .. } => None,
        Value::Op { op, .. } if !hands.spells(*op) => Some(*op),
        other => {
            let mut found = None;
            other.for_each_part(|part| found = found.or_else(|| unspelled(store, part, hands)));
            found
        }
    }
}

/// The refusal of a value that a tool decides and keeps.
pub fn not_handed_over(index: &Index<'_>, of: AddressId, resource: &Resource) -> Refusal {
    Refusal {
        code: "not_handed_over",
        message: format!("what `{}` decides for `{}` is known to it alone", resource.kind.target, index.address(of)),
        help:
            "it hands nothing over: give the value to both from a `let`, or take it from a resource of a tool that does"
                .to_owned(),
    }
}
