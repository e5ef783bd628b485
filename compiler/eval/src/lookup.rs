//! Short ways from an instance to what the checker says of it, and from an address to its instance.

use check::checked::{Implementation, ImplementationId, Kind, KindId, NativeKind, Platform, Statement, What};
use source::{Name, Place};
use value::{AddressId, Value, ValueId};

use crate::evaluate::Evaluation;
use crate::frame::{InstanceId, Parent};

impl<'a> Evaluation<'a> {
    /// The statement that made an instance.
    pub(crate) fn statement_of(&self, id: InstanceId) -> Option<&'a Statement> {
        let instance = self.instances.get(id.0 as usize)?;
        self.checked.statements.get(instance.statement.0 as usize)
    }
    /// Whether all that is later in a value is kept by native resources of this target, and something is.
    pub(crate) fn is_kept_by(&self, value: ValueId, target: ValueId) -> bool {
        let Value::Text(target) = self.store.get(self.store.folded(target)) else { return false };
        let native_at = |of| self.by_address(of).and_then(|id| self.native_of(id));
        self.store
            .is_decided_by(value, |of| native_at(of).is_some_and(|native| native.target.text() == target.as_ref()))
    }
    /// The declared kind of an instance.
    pub(crate) fn kind_of(&self, id: InstanceId) -> Option<&'a Kind> {
        self.kind_id_of(id).and_then(|kind| self.kind(kind))
    }
    pub(crate) fn kind_id_of(&self, id: InstanceId) -> Option<KindId> {
        match &self.statement_of(id)?.what {
            What::Kind { kind, .. } => Some(*kind),
            What::Native(_) | What::Unknown => None,
        }
    }
    /// The native kind of an instance.
    pub(crate) fn native_of(&self, id: InstanceId) -> Option<&'a NativeKind> {
        match &self.statement_of(id)?.what {
            What::Native(native) => Some(native),
            What::Kind { .. } | What::Unknown => None,
        }
    }
    pub(crate) fn kind(&self, id: KindId) -> Option<&'a Kind> {
        self.checked.kinds.get(id.0 as usize)
    }
    pub(crate) fn implementation(&self, id: ImplementationId) -> Option<&'a Implementation> {
        self.checked.implementations.get(id.0 as usize)
    }
    /// The declaration of a platform value.
    pub(crate) fn platform_of_value(&self, value: ValueId) -> Option<&'a Platform> {
        match self.store.get(value) {
            Value::Platform { platform, .. } => {
                let id = self.relations.platform_by_name.get(platform)?;
                self.checked.platforms.get(id.0 as usize)
            }
            _ => None,
        }
    }
    pub(crate) fn by_address(&self, address: AddressId) -> Option<InstanceId> {
        self.by_address.get(&address).copied()
    }
    /// The instance that a value is.
    pub(crate) fn instance_of(&self, value: ValueId) -> Option<InstanceId> {
        match self.store.get(value) {
            Value::Instance(address) => self.by_address(*address),
            _ => None,
        }
    }
    /// The place of the statement of an instance.
    pub(crate) fn place_of(&self, id: InstanceId) -> Option<Place> {
        self.statement_of(id).map(|statement| statement.place)
    }
    /// The instance as a value.
    pub(crate) fn instance_value(&mut self, id: InstanceId) -> ValueId {
        match self.instances.get(id.0 as usize).map(|instance| instance.address) {
            Some(address) => self.store.add(Value::Instance(address)),
            None => value::Store::ABSENT,
        }
    }
    /// The nearest instance of a declared kind at or above a parent; of a group its first member.
    pub(crate) fn owner_of(&self, parent: Parent) -> Option<InstanceId> {
        match parent {
            Parent::Root | Parent::Platform(_) => None,
            Parent::Instance(id) => Some(id),
            Parent::Group(group) => self.groups.get(group.0 as usize).and_then(|group| group.members.first().copied()),
        }
    }
    /// The position of an input among those of a kind.
    pub(crate) fn input_position(kind: &Kind, name: Name) -> Option<u16> {
        kind.inputs.iter().position(|input| input.name == name).map(|at| at as u16)
    }
    /// `a`, an `a["k"]`: what a message calls a value that is an instance.
    pub(crate) fn shown(&self, value: ValueId) -> String {
        match self.store.get(value) {
            Value::Instance(address) => self.store.address_text(*address),
            Value::Platform { .. } => self.platform_text(value),
            _ => self.store.show(value),
        }
    }
}
