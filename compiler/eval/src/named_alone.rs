//! Which instances of loops an end of a flow names one by one. One that is named by its statement, or by `all`, is not alone: who
//! is added there is named as well, so what is opened for such an end is opened for the statement. Which of both it is depends on how
//! the end is written and never on how many there are today.

use check::code::{Code, CodeKind, ListPart};
use rustc_hash::FxHashSet;
use source::Place;
use value::{Store, Value, ValueId};

use crate::evaluate::Evaluation;
use crate::frame::{Frame, Parent};
use crate::run::Decision;

impl<'a> Evaluation<'a> {
    /// Those of the single ends `ends` of `code` that are named alone.
    pub(crate) fn named_alone(&mut self, frame: &mut Frame, code: &'a Code, ends: &[ValueId]) -> Box<[ValueId]> {
        let of_loops: Vec<ValueId> = ends.iter().copied().filter(|end| self.is_one_of_a_loop(*end)).collect();
        if of_loops.is_empty() {
            return Box::default();
        }
        let together: FxHashSet<ValueId> = self.named_together(frame, code).into_iter().collect();
        of_loops.into_iter().filter(|end| !together.contains(end)).collect()
    }

    /// The single ends of `code` that are named together. Behind an input or a variable, the value of a loop's statement stands for
    /// the statement.
    fn named_together(&mut self, frame: &mut Frame, code: &'a Code) -> Vec<ValueId> {
        let mut found = Vec::new();
        self.add_written(frame, code, &mut found);
        found
    }

    fn add_written(&mut self, frame: &mut Frame, code: &'a Code, found: &mut Vec<ValueId>) {
        match code.kind.as_ref() {
            CodeKind::Endpoint { of, port } => {
                for owner in self.named_together(frame, of) {
                    let endpoint = self.endpoint(owner, *port, code.place);
                    if endpoint != Store::ABSENT {
                        found.push(endpoint);
                    }
                }
            }
            CodeKind::Let(id) => {
                if let Some(item) = self.checked.lets.get(id.0 as usize) {
                    let parent = if item.implementation.is_some() { frame.this } else { Parent::Root };
                    self.add_written(&mut Frame::new(parent), &item.code, found);
                }
            }
            CodeKind::Convert { code, .. } => self.add_written(frame, code, found),
            CodeKind::If { condition, then, otherwise } => {
                let asked = self.run(frame, condition);
                match self.decide(asked) {
                    Decision::Yes => self.add_written(frame, then, found),
                    Decision::No => self.add_written(frame, otherwise, found),
                    Decision::Unknown | Decision::Later => {}
                }
            }
            CodeKind::List(parts) if !parts.iter().any(has_loop) => {
                parts.iter().for_each(|part| self.add_part(frame, part, found));
            }
            CodeKind::All(_) => {
                let all = self.run(frame, code);
                found.extend(self.single_ends(all, code.place));
            }
            _ => {
                let value = self.run(frame, code);
                self.add_value(value, code.place, found);
            }
        }
    }

    fn add_part(&mut self, frame: &mut Frame, part: &'a ListPart, found: &mut Vec<ValueId>) {
        match part {
            ListPart::Element { code, .. } | ListPart::Spread(code) => self.add_written(frame, code, found),
            ListPart::If { condition, part } => {
                let asked = self.run(frame, condition);
                if let Decision::Yes = self.decide(asked) {
                    self.add_part(frame, part, found);
                }
            }
            ListPart::For { .. } | ListPart::By { .. } => {}
        }
    }

    fn add_value(&mut self, value: ValueId, place: Place, found: &mut Vec<ValueId>) {
        match self.store.get(value).clone() {
            Value::Map(_) if self.is_of_a_statement(value, place) => found.extend(self.single_ends(value, place)),
            Value::Map(entries) => entries.iter().for_each(|(_, value)| self.add_value(*value, place, found)),
            Value::List(elements) => elements.iter().for_each(|element| self.add_value(*element, place, found)),
            Value::Record(fields) => fields.iter().for_each(|(_, value)| self.add_value(*value, place, found)),
            // No statement makes an address or a range.
            _ => {}
        }
    }

    fn is_one_of_a_loop(&self, end: ValueId) -> bool {
        let (Value::Instance(address) | Value::Endpoint(address, _)) = self.store.get(end) else { return false };
        let statement = self.by_address(*address).and_then(|id| self.statement_of(id));
        statement.is_some_and(|statement| !statement.loops.is_empty())
    }

    /// Whether a map of instances is what a loop's statement stands for.
    fn is_of_a_statement(&mut self, map: ValueId, place: Place) -> bool {
        let Value::Map(entries) = self.store.get(map) else { return false };
        let first = entries.first().and_then(|(_, first)| self.instance_of(*first));
        let Some(first) = first.and_then(|id| self.instances.get(id.0 as usize)) else { return false };
        let (parent, statement) = (first.parent, first.statement);
        self.statement_value(parent, statement, place) == map
    }

    /// The single ends behind one that was flattened without a mistake before.
    fn single_ends(&mut self, end: ValueId, place: Place) -> Vec<ValueId> {
        let mut found = Vec::new();
        match self.flatten_ends(end, place, &mut found) {
            Ok(()) => found,
            Err(_) => Vec::new(),
        }
    }
}

fn has_loop(part: &ListPart) -> bool {
    match part {
        ListPart::Element { .. } | ListPart::Spread(_) => false,
        ListPart::If { part, .. } => has_loop(part),
        ListPart::For { .. } | ListPart::By { .. } => true,
    }
}
