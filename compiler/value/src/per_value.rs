//! Something about every value of a store, found by the value's id as fast as the value itself.

use crate::{Store, ValueId};

/// One `T` for each value that a store holds.
#[derive(Clone, Debug)]
pub struct PerValue<T>(Vec<T>);

impl<T: Clone + Default> PerValue<T> {
    /// The usual one for each.
    pub fn of(store: &Store) -> Self {
        Self(vec![T::default(); store.len()])
    }
    /// That of a value.
    pub fn get(&self, id: ValueId) -> T {
        self.0.get(id.0 as usize).cloned().unwrap_or_default()
    }
    /// Puts another in its place and gives what was there.
    pub fn set(&mut self, id: ValueId, new: T) -> T {
        self.0.get_mut(id.0 as usize).map(|old| std::mem::replace(old, new)).unwrap_or_default()
    }
}
