//! Addresses: the path of names and keys that identifies an instance, `front["a"].vm`.

use source::Name;

use crate::Store;

/// An address in a [`crate::Store`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct AddressId(pub(crate) u32);

/// One step of an address: the parent's address, the statement's name, the key when a loop made it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Address {
    pub parent: Option<AddressId>,
    pub name: Name,
    pub key: Option<Name>,
}

/// The first step of what is given from outside, `param["token"]`: a word that no statement can be called by.
const INPUT: &str = "param";

impl Store {
    /// The address that stands for an input of this name.
    pub fn input(&mut self, name: Name) -> AddressId {
        self.address(Address { parent: None, name: Name::new(INPUT), key: Some(name) })
    }
    /// The name of the input that an address stands for; none for what the program makes.
    pub fn input_name(&self, address: AddressId) -> Option<Name> {
        let step = self.step(address);
        if step.parent.is_none() && step.name.text() == INPUT { step.key } else { None }
    }
}
