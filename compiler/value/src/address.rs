//! Addresses: the path of names and keys that identifies an instance, `front["a"].vm`.

use source::Name;

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
