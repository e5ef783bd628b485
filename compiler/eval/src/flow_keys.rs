//! The key of a flow: `front-to-api-http`, made of what its ends are called. A loop's variable, a `let` or the spelling of an end
//! changes nothing; one instance of a loop carries its key, a collection of them is called by their statement.

use std::collections::BTreeSet;

use check::checked::{Checked, Scope, Statement};
use source::{Diagnostic, Name, Place};
use value::{AddressId, Step, Store, Value, ValueId, WrittenAddress};

use crate::evaluate::Evaluation;

/// The flow that has a key, and where it is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keyed {
    flow: ValueId,
    place: Place,
}

/// The key of a flow between two ends, as they are before they fall into their elements. `called` gives the address by which an
/// instance is called.
pub fn flow_key(store: &Store, from: ValueId, to: ValueId, called: &dyn Fn(AddressId) -> WrittenAddress) -> String {
    let side = |end: ValueId| {
        let mut names = BTreeSet::new();
        Ends { store, called }.name(end, true, &mut names);
        names.into_iter().collect::<Vec<_>>().join("-")
    };
    format!("{}-to-{}", side(from), side(to))
}

/// Whether an instance's parent delegates to it: its ends are then called by the parent.
pub fn stands_for_parent(checked: &Checked, statement: &Statement) -> bool {
    let Scope::Implementation(implementation) = statement.scope else { return false };
    checked
        .implementations
        .get(implementation.0 as usize)
        .and_then(|implementation| implementation.delegate)
        .and_then(|child| checked.statements.get(child.0 as usize))
        .is_some_and(|child| child.place == statement.place)
}

struct Ends<'s> {
    store: &'s Store,
    called: &'s dyn Fn(AddressId) -> WrittenAddress,
}

impl Ends<'_> {
    /// Adds what an end is called; `alone` when it is not an element of a collection.
    fn name(&self, end: ValueId, alone: bool, names: &mut BTreeSet<String>) {
        match self.store.get(end) {
            Value::List(elements) => elements.iter().for_each(|element| self.name(*element, false, names)),
            Value::Map(entries) => entries.iter().for_each(|(_, value)| self.name(*value, false, names)),
            Value::Record(fields) => fields.iter().for_each(|(_, value)| self.name(*value, false, names)),
            Value::Instance(address) => self.add(&[self.path(*address, alone)], names),
            Value::Endpoint(address, port) => self.add(&[self.path(*address, alone), words(port.text())], names),
            Value::Tagged { tag, .. } => self.add(&[words(tag.text())], names),
            Value::Ref { of, path, folded, .. } if !self.is_collection(*folded) => {
                let mut parts = vec![self.path(*of, alone)];
                parts.extend(path.iter().map(|step| match step {
                    Step::Field(name) | Step::Key(name) => words(name.text()),
                    Step::Index(at) | Step::Element(at) => at.to_string(),
                    Step::First => String::new(),
                }));
                self.add(&parts, names);
            }
            Value::Ref { folded, .. } => folded.iter().for_each(|known| self.name(*known, false, names)),
            Value::Op { args, .. } => args.iter().for_each(|arg| self.name(*arg, alone, names)),
            Value::Text(text) => self.add(&[words(text)], names),
            Value::Ip(_) | Value::Cidr(_) => self.add(&[words(&self.store.show(end))], names),
            // No ends of flows.
            Value::Absent
            | Value::Null
            | Value::Unknown(_)
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Decimal(_)
            | Value::Ratio(_)
            | Value::Size(_)
            | Value::Duration(_)
            | Value::Port { .. }
            | Value::Date(_)
            | Value::Range(..)
            | Value::Flow { .. }
            | Value::Platform { .. } => {}
        }
    }

    fn is_collection(&self, known: Option<ValueId>) -> bool {
        known.is_some_and(|known| matches!(self.store.get(known), Value::List(_) | Value::Map(_) | Value::Record(_)))
    }

    /// The steps of an address; without keys in a collection, whose name does not depend on what is in it today.
    fn path(&self, address: AddressId, alone: bool) -> String {
        let mut parts = Vec::new();
        for step in (self.called)(address).steps {
            parts.push(words(step.name.text()));
            parts.extend(step.key.filter(|_| alone).map(|key| words(key.text())));
        }
        joined(&parts)
    }

    fn add(&self, parts: &[String], names: &mut BTreeSet<String>) {
        let name = joined(parts);
        if !name.is_empty() {
            names.insert(name);
        }
    }
}

fn joined(parts: &[String]) -> String {
    parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

/// The letters, digits and `_` of a text; all else is one `-`.
fn words(text: &str) -> String {
    text.split(|character: char| !character.is_alphanumeric() && character != '_')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

impl Evaluation<'_> {
    /// The key of a flow that has no name of its own.
    pub(crate) fn key_of_flow(&self, from: ValueId, to: ValueId) -> String {
        flow_key(&self.store, from, to, &|address| self.named(self.called(address)))
    }

    /// The address by which the ends of flows call an instance: of what a parent delegates to, the parent's.
    fn called(&self, address: AddressId) -> AddressId {
        let mut at = address;
        while let Some(statement) = self.by_address(at).and_then(|id| self.statement_of(id))
            && stands_for_parent(self.checked, statement)
            && let Some(parent) = self.store.step(at).parent
        {
            at = parent;
        }
        at
    }

    /// A key means one flow: another with the same key and other ends is told.
    pub(crate) fn claim_key(&mut self, key: &str, flow: ValueId, place: Place) -> Result<(), ValueId> {
        let ends = match self.store.get(flow) {
            Value::Flow { from, to, .. } => from.len() + to.len(),
            _ => 0,
        };
        if self.flow_places.insert((Name::new(key), place)) && !self.spend_ends(ends, place) {
            return Err(self.unknown(place, "the budget is used up"));
        }
        let first = *self.flow_keys.entry(key.to_owned()).or_insert(Keyed { flow, place });
        if first.flow == flow {
            return Ok(());
        }
        // By their places, whatever was evaluated first.
        let order = |place: Place| (place.item.file().path(), place.item.head(), place.start);
        let (one, two) = if order(first.place) <= order(place) { (first.place, place) } else { (place, first.place) };
        let message = format!("two flows are called `{key}`");
        let mut told = Diagnostic::error("same_flow", two, message);
        if one == two {
            let ends = |flow: ValueId| self.store.show_short(flow);
            let (one, two) = (ends(first.flow), ends(flow));
            told = told
                .help(format!("one is `{one}`, one is `{two}`"))
                .help("name them by what tells them apart: `for k, x in xs: k => x -> api.http`");
        } else {
            told =
                told.also(one, "the other one").help("give one of them a name: `allow = [backup = api -> orders.sql]`");
        }
        Err(self.tell(told))
    }
}
