//! Where a mistake that shows inside of an implementation or a function was made: the statement, `let` or `output` of a module
//! that led there, and, when the value is one that it gives, that value.

use check::checked::{Fields, InputPart};
use check::code::{Code, CodeKind, ListPart};
use source::{Diagnostic, Name, Place};
use value::{Value, ValueId};

use crate::cells::CellKey;
use crate::evaluate::Evaluation;
use crate::frame::{InstanceId, Parent};

/// Whose code is being computed.
enum Owner {
    Instance(InstanceId),
    /// A `let` or an `output` of a module.
    Named(Place, Name),
}

impl<'a> Evaluation<'a> {
    /// Adds what led to a mistake, when its place does not say it. `values`: what the mistake is about.
    pub(crate) fn with_context(&mut self, diagnostic: Diagnostic, place: Place, values: &[ValueId]) -> Diagnostic {
        match self.owner() {
            Some(Owner::Instance(id)) => {
                let given = self.given_at(id, values);
                self.for_instance(diagnostic, id, place, given)
            }
            Some(Owner::Named(at, name)) if at.item != place.item => diagnostic.also(at, format!("for `{name}`")),
            Some(Owner::Named(..)) | None => diagnostic,
        }
    }

    /// Adds the outermost statement that led to an instance, unless the message stands there.
    pub(crate) fn made_for(&self, diagnostic: Diagnostic, id: InstanceId, place: Place) -> Diagnostic {
        self.for_instance(diagnostic, id, place, None)
    }

    fn for_instance(&self, diagnostic: Diagnostic, id: InstanceId, place: Place, given: Option<Place>) -> Diagnostic {
        let outer = self.outermost(id);
        let statement = self
            .instances
            .get(outer.0 as usize)
            .and_then(|instance| self.checked.statements.get(instance.statement.0 as usize));
        match statement {
            Some(statement) if statement.place.item != place.item => {
                diagnostic.also(given.unwrap_or(statement.place), format!("for `{}`", self.path_text(id)))
            }
            Some(_) if self.instances.get(id.0 as usize).is_some_and(|instance| instance.key.is_some()) => {
                diagnostic.label(format!("for `{}`", self.path_text(id)))
            }
            Some(_) | None => diagnostic,
        }
    }

    /// The place and name of what is being computed in a module: its innermost statement, `let` or `output`.
    pub(crate) fn asked_by(&self) -> Option<(Place, Name)> {
        match self.owner()? {
            Owner::Named(place, name) => Some((place, name)),
            Owner::Instance(id) => {
                let instance = self.instances.get(self.outermost(id).0 as usize)?;
                let statement = self.checked.statements.get(instance.statement.0 as usize)?;
                Some((statement.place, statement.name))
            }
        }
    }

    fn owner(&self) -> Option<Owner> {
        let checked = self.checked;
        self.cells.path().iter().rev().find_map(|(key, _)| match key {
            CellKey::Input(id, _) | CellKey::Out(id, _) | CellKey::Body(id) | CellKey::Home(id) => {
                Some(Owner::Instance(*id))
            }
            CellKey::Statement(Parent::Instance(id), _)
            | CellKey::Groups(Parent::Instance(id), ..)
            | CellKey::Let(Parent::Instance(id), _) => Some(Owner::Instance(*id)),
            CellKey::Statement(Parent::Group(group), _) | CellKey::Let(Parent::Group(group), _) => {
                self.groups.get(group.0 as usize).and_then(|group| group.members.first()).map(|id| Owner::Instance(*id))
            }
            CellKey::Statement(Parent::Root, id) => {
                checked.statements.get(id.0 as usize).map(|statement| Owner::Named(statement.place, statement.name))
            }
            CellKey::Let(Parent::Root, id) => {
                checked.lets.get(id.0 as usize).map(|item| Owner::Named(item.code.place, item.name))
            }
            CellKey::Output(at) => {
                checked.outputs.get(*at as usize).map(|output| Owner::Named(output.place, output.name))
            }
            CellKey::Statement(Parent::Platform(_), _)
            | CellKey::Groups(Parent::Root | Parent::Group(_) | Parent::Platform(_), ..)
            | CellKey::Let(Parent::Platform(_), _)
            | CellKey::Param(_)
            | CellKey::PlatformOut(..)
            | CellKey::All(_)
            | CellKey::On => None,
        })
    }

    /// The instance of a module that an instance was made for.
    pub(crate) fn outermost(&self, id: InstanceId) -> InstanceId {
        let mut at = id;
        while let Some(instance) = self.instances.get(at.0 as usize) {
            at = match instance.parent {
                Parent::Root | Parent::Platform(_) => break,
                Parent::Instance(parent) => parent,
                Parent::Group(group) => match self.groups.get(group.0 as usize).and_then(|group| group.members.first())
                {
                    Some(member) => *member,
                    None => break,
                },
            };
        }
        at
    }

    /// Where the statement of a module gives one of these values to the instance that an instance was made for: the first that
    /// exactly one of its fields gives.
    fn given_at(&mut self, id: InstanceId, values: &[ValueId]) -> Option<Place> {
        let outer = self.outermost(id);
        let Fields::Inputs(parts) = &self.statement_of(outer)?.fields else { return None };
        let kind = self.kind_of(outer)?;
        let mut given: Vec<(&'a Code, ValueId)> = Vec::new();
        for part in parts {
            let (InputPart::Field { name: field, code, .. }
            | InputPart::Entry { field, code, .. }
            | InputPart::Element { field, code }) = part;
            let at = kind.inputs.iter().position(|input| input.name == *field).and_then(|at| u16::try_from(at).ok());
            given.extend(at.and_then(|at| self.cells.done(CellKey::Input(outer, at))).map(|value| (code, value)));
        }
        values.iter().find_map(|wanted| {
            let mut found = given.iter().filter_map(|(code, value)| self.place_in(code, *value, *wanted));
            found.next().filter(|_| found.next().is_none())
        })
    }

    /// The smallest piece of code that gives a value: an element of a literal, or the whole.
    fn place_in(&self, code: &Code, value: ValueId, wanted: ValueId) -> Option<Place> {
        match code.kind.as_ref() {
            CodeKind::Convert { code, .. } => self.place_in(code, value, wanted),
            CodeKind::List(parts) => {
                let holds = self.holds_value(value, wanted);
                let wanted = self.store.get(self.store.folded(wanted));
                let element = parts.iter().rev().find_map(|part| match part {
                    ListPart::Element { code, .. } if matches!(code.kind.as_ref(), CodeKind::Const(constant) if constant == wanted) => Some(code.place),
                    _ => None,
                });
                element.or_else(|| holds.then_some(code.place))
            }
            _ => self.holds_value(value, wanted).then_some(code.place),
        }
    }

    fn holds_value(&self, value: ValueId, wanted: ValueId) -> bool {
        let is = |value: ValueId| value::equal(&self.store, value, wanted) == Some(true);
        is(value)
            || matches!(self.store.get(self.store.folded(value)), Value::List(elements) if elements.iter().any(|element| is(*element)))
    }
}
