//! Cells: what is computed on demand and kept. A cell that is asked for while it is being computed closes a circle, which is
//! told once, with the path of cells that leads around it.

use std::collections::hash_map::Entry;

use check::checked::{LetId, OnceId, ParamId, StatementId};
use rustc_hash::FxHashMap;
use source::{Diagnostic, Name, Place};
use value::{AddressId, ValueId};

use crate::budget::DEPTH;
use crate::evaluate::Evaluation;
use crate::frame::{GroupId, InstanceId, Parent};
use crate::query::Query;

/// Something that is computed once.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum CellKey {
    /// The instances of a statement below a parent.
    Statement(Parent, StatementId),
    Let(Parent, LetId),
    Param(ParamId),
    /// By position among the inputs of the instance's kind.
    Input(InstanceId, u16),
    Out(InstanceId, Name),
    /// An output of a platform value.
    PlatformOut(ValueId, Name),
    /// The body of a native resource.
    Body(InstanceId),
    /// The platform that an instance stands on, and its implementation.
    Home(InstanceId),
    /// The groups of a `once` for the instances of a statement.
    Groups(Parent, StatementId, OnceId),
    /// Index into the lists of kinds that were asked for.
    All(u32),
    /// Index into the outputs of the program.
    Output(u32),
    /// The platform values of the environment.
    On,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Open,
    Done(ValueId),
}

/// All cells, and the path of those that are being computed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cells {
    states: FxHashMap<CellKey, State>,
    path: Vec<(CellKey, Place)>,
}

impl Cells {
    /// The value of a cell that was computed.
    pub fn done(&self, key: CellKey) -> Option<ValueId> {
        match self.states.get(&key) {
            Some(State::Done(value)) => Some(*value),
            Some(State::Open) | None => None,
        }
    }
    /// The cells that are being computed, outermost first.
    pub fn path(&self) -> &[(CellKey, Place)] {
        &self.path
    }
}

impl<'a> Evaluation<'a> {
    /// The value of a cell; `asked` is the place of the code that asks.
    pub(crate) fn cell(&mut self, key: CellKey, asked: Place, compute: impl FnOnce(&mut Self) -> ValueId) -> ValueId {
        let deep = self.cells.path.len() >= DEPTH;
        match self.cells.states.entry(key) {
            Entry::Occupied(known) => match known.get() {
                State::Done(value) => return *value,
                State::Open => return self.tell_circle(key, asked),
            },
            Entry::Vacant(_) if deep => {}
            Entry::Vacant(new) => {
                new.insert(State::Open);
            }
        }
        if deep {
            return self.tell(
                Diagnostic::error(
                    "budget",
                    asked,
                    format!("values depend on each other more than {DEPTH} levels deep"),
                )
                .help("make the chain shorter: compute the common part in one `let`"),
            );
        }
        self.cells.path.push((key, asked));
        let value = compute(self);
        self.cells.path.pop();
        self.cells.states.insert(key, State::Done(value));
        value
    }

    fn tell_circle(&mut self, key: CellKey, asked: Place) -> ValueId {
        let start = self.cells.path.iter().rposition(|(open, _)| *open == key).unwrap_or(0);
        let circle: Vec<(CellKey, Place)> = self.cells.path.get(start..).unwrap_or_default().to_vec();
        let names: Vec<String> = circle.iter().map(|(cell, _)| self.cell_name(*cell)).collect();
        let first = names.first().cloned().unwrap_or_default();
        let mut path = names.join(" → ");
        path.push_str(&format!(" → {first}"));
        let mut told = Diagnostic::error("circle", asked, format!("{first} depends on itself"))
            .label(format!("needs {first}"))
            .help(format!("the circle is {path}"))
            .help("give one of them a value that does not need the others");
        // Each cell but the first was asked for by code of the cell before it.
        for (at, (_, place)) in circle.iter().enumerate().skip(1).take(6) {
            if let Some(name) = names.get(at) {
                told = told.also(*place, format!("needs {name}"));
            }
        }
        self.tell(told)
    }

    /// What a message calls a cell.
    pub(crate) fn cell_name(&self, key: CellKey) -> String {
        match key {
            CellKey::Statement(parent, statement) => match self.checked.statements.get(statement.0 as usize) {
                Some(statement) => format!("the header of `{}{}`", self.prefix(parent), statement.name),
                None => "a header".to_owned(),
            },
            CellKey::Let(_, id) => self
                .checked
                .lets
                .get(id.0 as usize)
                .map_or_else(|| "a `let`".to_owned(), |item| format!("`{}`", item.name)),
            CellKey::Param(id) => self
                .checked
                .params
                .get(id.0 as usize)
                .map_or_else(|| "a param".to_owned(), |item| format!("`{}`", item.name)),
            CellKey::Input(id, at) => {
                let name = self
                    .kind_of(id)
                    .and_then(|kind| kind.inputs.get(usize::from(at)))
                    .map_or("?", |input| input.name.text());
                format!("`{}.{name}`", self.path_text(id))
            }
            CellKey::Out(id, name) => format!("`{}.{name}`", self.path_text(id)),
            CellKey::PlatformOut(platform, name) => format!("`{name}` of `{}`", self.platform_text(platform)),
            CellKey::Body(id) => format!("`{}`", self.path_text(id)),
            CellKey::Home(id) => format!("the platform of `{}`", self.path_text(id)),
            CellKey::Groups(parent, statement, _) => match self.checked.statements.get(statement.0 as usize) {
                Some(statement) => format!("`once` of `{}{}`", self.prefix(parent), statement.name),
                None => "`once`".to_owned(),
            },
            CellKey::All(at) => match self.queries.get(at as usize) {
                // Of a kind and those that are it, the one that was asked for is above the others.
                Some(Query::Kinds(kinds)) => kinds
                    .iter()
                    .filter_map(|kind| self.checked.kinds.get(kind.0 as usize))
                    .min_by_key(|kind| kind.ancestors.len())
                    .map_or_else(|| "`all()`".to_owned(), |kind| format!("`all({})`", kind.name)),
                Some(Query::Native(_, name)) => format!("`all({name})`"),
                None => "`all()`".to_owned(),
            },
            CellKey::Output(at) => self
                .checked
                .outputs
                .get(at as usize)
                .map_or_else(|| "an output".to_owned(), |output| format!("the output `{}`", output.name)),
            CellKey::On => "`on` of the environment".to_owned(),
        }
    }

    /// The address of an instance as text.
    pub(crate) fn path_text(&self, id: InstanceId) -> String {
        self.instances.get(id.0 as usize).map_or_else(String::new, |instance| self.store.address_text(instance.address))
    }

    fn group_text(&self, id: GroupId) -> String {
        self.groups.get(id.0 as usize).map_or_else(String::new, |group| self.store.address_text(group.address))
    }

    /// The address of a parent with a dot, or nothing for a module.
    pub(crate) fn prefix(&self, parent: Parent) -> String {
        match parent {
            Parent::Root => String::new(),
            Parent::Instance(id) => format!("{}.", self.path_text(id)),
            Parent::Group(id) => format!("{}.", self.group_text(id)),
            Parent::Platform(value) => format!("{}.", self.platform_text(value)),
        }
    }

    /// The address below which the children of a parent stand.
    pub(crate) fn parent_address(&mut self, parent: Parent) -> Option<AddressId> {
        match parent {
            Parent::Root => None,
            Parent::Instance(id) => self.instances.get(id.0 as usize).map(|instance| instance.address),
            Parent::Group(id) => self.groups.get(id.0 as usize).map(|group| group.address),
            Parent::Platform(value) => Some(self.platform_address(value)),
        }
    }
}
