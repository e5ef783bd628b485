//! What code runs in: its slots, and whose code it is. Also the instances, groups and platforms that can be that.

use check::checked::{ImplementationId, OnceId, StatementId};
use source::Name;
use value::{AddressId, ValueId};

/// An instance that a statement made. Ids mean nothing outside one evaluation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct InstanceId(pub u32);

/// The children that an implementation makes once for a statement and a key.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct GroupId(pub u32);

/// Whose code runs, and below what a statement's instances stand.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Parent {
    /// A module.
    Root,
    Instance(InstanceId),
    Group(GroupId),
    /// A value of a platform.
    Platform(ValueId),
}

/// Slots and self of the code that runs. Slots grow as they are set.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub this: Parent,
    pub slots: Vec<ValueId>,
}

/// An instance of a declared or of a native kind.
#[derive(Clone, Debug)]
pub(crate) struct Instance {
    pub address: AddressId,
    pub statement: StatementId,
    pub parent: Parent,
    /// What the loop gave as key, as a text.
    pub key: Option<Name>,
    /// Loop variables.
    pub slots: Box<[ValueId]>,
    /// Set with the home, for instances of declared kinds.
    pub implementation: Option<ImplementationId>,
    /// How many instances stand above it.
    pub level: u16,
}

/// The members of a group and what they have in common.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub address: AddressId,
    pub once: OnceId,
    pub members: Vec<InstanceId>,
    /// The members as a List of Instances.
    pub list: ValueId,
}

impl Frame {
    /// A frame without slots.
    pub fn new(this: Parent) -> Self {
        Self { this, slots: Vec::new() }
    }
    /// A frame with these slots.
    pub fn with(this: Parent, slots: &[ValueId]) -> Self {
        Self { this, slots: slots.to_vec() }
    }
    /// The value of a slot; absent when nothing was put there.
    pub fn get(&self, slot: u16) -> ValueId {
        self.slots.get(usize::from(slot)).copied().unwrap_or(value::Store::ABSENT)
    }
    /// Puts a value into a slot.
    pub fn set(&mut self, slot: u16, value: ValueId) {
        let at = usize::from(slot);
        if self.slots.len() <= at {
            self.slots.resize(at + 1, value::Store::ABSENT);
        }
        if let Some(place) = self.slots.get_mut(at) {
            *place = value;
        }
    }
}
