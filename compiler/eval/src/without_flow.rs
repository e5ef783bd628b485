//! Settings that name another instance which nothing lets the instance call: `env = { DATABASE_URL = orders.url }` without a flow
//! from it to `orders`. It would run, ask and never be answered.
//!
//! Told only where the value holds the other's address and no flow could be meant: none between the two in either direction, and
//! none to the other from a network, a range or the internet.

use std::rc::Rc;

use check::checked::{Fields, InputPart, Kind, LetId, Scope, StatementId};
use check::code::{Code, CodeKind, ListPart, MapPart, RecordPart};
use rustc_hash::{FxHashMap, FxHashSet};
use source::{Diagnostic, Name, Place, list_of};
use value::{AddressId, Step, Value, ValueId};

use crate::evaluate::Evaluation;
use crate::frame::{Frame, InstanceId, Parent};

/// A text that is shorter than this may stand anywhere by chance.
const SHORTEST_ADDRESS: usize = 4;

/// Who may call an instance.
#[derive(Default)]
struct Callers {
    instances: FxHashSet<InstanceId>,
    /// Somebody is known by addresses alone, and may be anybody.
    others: bool,
}

/// A statement's instance in an expression, and where it is named.
#[derive(Clone, Copy)]
struct Mention<'a> {
    of: &'a Code,
    place: Place,
    /// The entry, the element or the whole field that holds it.
    entry: &'a Code,
}

/// An expression that is looked through.
#[derive(Clone, Copy)]
struct Within<'a> {
    entry: &'a Code,
    /// Where it stands, for what stands in a `let`.
    at: Option<Place>,
}

impl<'a> Evaluation<'a> {
    /// Warns of them all.
    pub(crate) fn tell_without_flow(&mut self, sorted: &[InstanceId]) {
        let mut mentions: FxHashMap<StatementId, Rc<Vec<Mention<'a>>>> = FxHashMap::default();
        let mut callers: Option<FxHashMap<InstanceId, Callers>> = None;
        for id in sorted {
            let Some(instance) = self.instances.get(id.0 as usize) else { continue };
            let statement = instance.statement;
            let is_peer = instance.parent == Parent::Root && self.kind_of(*id).is_some_and(is_end);
            if !is_peer || self.place_of(*id).is_none_or(|place| place.item.is_of_library()) {
                continue;
            }
            let found = mentions.entry(statement).or_insert_with(|| Rc::new(self.mentions_of(*id))).clone();
            for mention in found.iter() {
                let value = self.run(&mut Frame::new(Parent::Root), mention.of);
                let Some(other) = self.instance_of(value).filter(|other| other != id) else { continue };
                if !self.kind_of(other).is_some_and(is_end) || !self.holds_address(*id, mention.entry, other) {
                    continue;
                }
                let callers = callers.get_or_insert_with(|| self.callers(sorted));
                let calls = |to: &InstanceId, from: &InstanceId| {
                    callers.get(to).is_some_and(|callers| callers.instances.contains(from))
                };
                let is_open =
                    calls(&other, id) || calls(id, &other) || callers.get(&other).is_some_and(|callers| callers.others);
                if !is_open {
                    self.tell_no_flow(*id, other, mention.place);
                }
            }
        }
    }

    fn tell_no_flow(&mut self, id: InstanceId, other: InstanceId, place: Place) {
        let name = |me: &Self, id: InstanceId| {
            me.statement_of(id).map_or_else(String::new, |statement| statement.name.text().to_owned())
        };
        let (from, to) = (name(self, id), name(self, other));
        let ports = self.labels_of(other);
        let Some(first) = ports.first() else { return };
        let message = format!("the address of `{to}` stands here, and no flow lets `{from}` call it");
        let ways =
            if ports.len() > 1 { format!("; its ports are {}", list_of(ports.iter().copied())) } else { String::new() };
        let help = format!("open it in a firewall: `{from} -> {to}.{first}`{ways}");
        let _ = self.tell(Diagnostic::warning("use_without_flow", place, message).help(help));
    }

    /// The labels of an instance's ports.
    fn labels_of(&mut self, id: InstanceId) -> Vec<&'static str> {
        let Some(place) = self.place_of(id) else { return Vec::new() };
        let Some(input) = self.kind_of(id).and_then(Kind::ports).map(|input| input.name) else { return Vec::new() };
        let ports = self.input(id, input, place);
        let Value::Map(entries) = self.store.get(self.store.folded(ports)) else { return Vec::new() };
        entries
            .iter()
            .filter_map(|(key, _)| match self.store.get(*key) {
                Value::Text(label) => Some(Name::new(label).text()),
                _ => None,
            })
            .collect()
    }

    /// Who may call whom, by the instances that stand in modules.
    fn callers(&mut self, sorted: &[InstanceId]) -> FxHashMap<InstanceId, Callers> {
        let mut all: FxHashMap<InstanceId, Callers> = FxHashMap::default();
        for id in sorted {
            let (Some(kind), Some(place)) = (self.kind_of(*id), self.place_of(*id)) else { continue };
            for input in &kind.inputs {
                let value = self.input(*id, input.name, place);
                let Value::List(elements) = self.store.get(self.store.folded(value)) else { continue };
                for flow in elements.iter() {
                    let Value::Flow { from, to, .. } = self.store.get(*flow) else { continue };
                    let callers: Vec<Option<InstanceId>> = from.iter().map(|end| self.end(*end)).collect();
                    for called in to.iter().filter_map(|end| self.end(*end)) {
                        let known = all.entry(called).or_default();
                        known.others |= callers.contains(&None);
                        known.instances.extend(callers.iter().flatten());
                    }
                }
            }
        }
        all
    }

    /// The instance of a module that an end of a flow is or belongs to; none when it is known by its addresses alone.
    fn end(&self, end: ValueId) -> Option<InstanceId> {
        let (Value::Instance(address) | Value::Endpoint(address, _)) = self.store.get(self.store.folded(end)) else {
            return None;
        };
        let id = self.outermost(self.by_address(*address)?);
        self.kind_of(id).is_some_and(is_end).then_some(id)
    }

    /// Whether what an instance is given holds the address of another, alone or in a longer text.
    fn holds_address(&mut self, id: InstanceId, given: &'a Code, other: InstanceId) -> bool {
        let (Some(place), Some(instance)) = (self.place_of(id), self.instances.get(id.0 as usize)) else {
            return false;
        };
        let mut frame = Frame::with(instance.parent, &instance.slots);
        let Some(out) = self.kind_of(other).and_then(Kind::address).map(|out| out.name) else { return false };
        let address = self.out(other, out, place);
        let value = self.run(&mut frame, given);
        let wanted = self.reached(address);
        if !wanted.is_empty() {
            let found = self.reached(value);
            return wanted.iter().all(|reference| found.contains(reference));
        }
        match self.store.get(self.store.folded(address)) {
            Value::Text(text) if text.len() >= SHORTEST_ADDRESS => self.holds_text(value, &text.clone()),
            _ => false,
        }
    }

    /// What the references in a value lead to.
    fn reached(&self, value: ValueId) -> FxHashSet<(AddressId, Box<[Step]>)> {
        let references = self.store.references(value).into_iter();
        references
            .filter_map(|reference| match self.store.get(reference) {
                Value::Ref { of, path, .. } => Some((*of, path.clone())),
                _ => None,
            })
            .collect()
    }

    fn holds_text(&self, value: ValueId, wanted: &str) -> bool {
        let mut open = vec![value];
        while let Some(value) = open.pop() {
            let value = self.store.get(self.store.folded(value));
            match value {
                Value::Text(text) if text.contains(wanted) => return true,
                _ => value.for_each_part(|part| open.push(part)),
            }
        }
        false
    }

    /// The instances that the fields of a statement name.
    fn mentions_of(&self, id: InstanceId) -> Vec<Mention<'a>> {
        let Some(Fields::Inputs(parts)) = self.statement_of(id).map(|statement| &statement.fields) else {
            return Vec::new();
        };
        let mut all = Vec::new();
        for part in parts {
            let (InputPart::Field { code, .. } | InputPart::Entry { code, .. } | InputPart::Element { code, .. }) =
                part;
            self.mentions(code, Within { entry: code, at: None }, &mut FxHashSet::default(), &mut all);
        }
        all
    }

    /// Adds what an expression names by itself. What loops bind is left out.
    fn mentions(&self, code: &'a Code, within: Within<'a>, seen: &mut FxHashSet<LetId>, found: &mut Vec<Mention<'a>>) {
        let place = within.at.unwrap_or(code.place);
        if let CodeKind::Let(id) = &*code.kind {
            let item = self.checked.lets.get(id.0 as usize).filter(|item| item.implementation.is_none());
            if let Some(item) = item.filter(|_| seen.insert(*id)) {
                self.mentions(&item.code, Within { at: Some(place), ..within }, seen, found);
            }
            return;
        }
        // What stands in a `let` is given as a whole.
        let entry = |code: &'a Code| if within.at.is_some() { within } else { Within { entry: code, ..within } };
        let mut each = |code: &'a Code, within: Within<'a>| self.mentions(code, within, seen, found);
        match &*code.kind {
            CodeKind::Statement(id) if self.is_of_module(*id) => {
                found.push(Mention { of: code, place, entry: within.entry });
            }
            CodeKind::Index { of, key } if matches!(&*of.kind, CodeKind::Statement(id) if self.is_of_module(*id)) => {
                if matches!(&*key.kind, CodeKind::Const(_)) {
                    found.push(Mention { of: code, place, entry: within.entry });
                }
            }
            CodeKind::Out { of, .. }
            | CodeKind::Input { of, .. }
            | CodeKind::Field { of, .. }
            | CodeKind::Endpoint { of, .. }
            | CodeKind::Convert { code: of, .. } => each(of, within),
            CodeKind::Fact { of, args, .. } => std::iter::once(of).chain(args).for_each(|code| each(code, within)),
            CodeKind::BuiltIn { args, .. } | CodeKind::Call { args, .. } | CodeKind::Text(args) => {
                args.iter().for_each(|code| each(code, within));
            }
            CodeKind::If { condition: _, then: left, otherwise: right }
            | CodeKind::Coalesce(left, right)
            | CodeKind::Binary { left, right, .. } => [left, right].into_iter().for_each(|code| each(code, within)),
            CodeKind::Record(parts) => parts.iter().for_each(|part| match part {
                RecordPart::Field { code, .. } | RecordPart::Spread(code) => each(code, entry(code)),
            }),
            CodeKind::Map(parts) => parts.iter().for_each(|part| match part {
                MapPart::Entry { value: code, .. } | MapPart::Spread(code) => each(code, entry(code)),
                MapPart::For { .. } | MapPart::If { .. } | MapPart::Group { .. } => {}
            }),
            CodeKind::List(parts) => parts.iter().for_each(|part| match part {
                ListPart::Element { code, .. } | ListPart::Spread(code) => each(code, entry(code)),
                ListPart::For { .. } | ListPart::If { .. } | ListPart::By { .. } => {}
            }),
            CodeKind::With { base, updates } => {
                each(base, entry(base));
                updates.iter().for_each(|(_, code)| each(code, entry(code)));
            }
            _ => {}
        }
    }

    fn is_of_module(&self, id: StatementId) -> bool {
        self.checked.statements.get(id.0 as usize).is_some_and(|statement| statement.scope == Scope::Module)
    }
}

/// Whether instances of a kind call and are called: they have ports and an address.
fn is_end(kind: &Kind) -> bool {
    kind.ports().is_some() && kind.address().is_some()
}
