//! Where each leaf of a body came from: a tree beside the value, shared by all instances of a loop.

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;
use source::{Name, Place};

/// An origin tree in [`Origins`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct OriginId(u32);

/// The shape follows the value: slots of a record by name, elements of a list by position.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum OriginTree {
    Leaf(Place),
    /// All elements alike.
    Each(Place, OriginId),
    Fields(Place, Box<[(Name, OriginId)]>),
    Elements(Place, Box<[OriginId]>),
}

/// Hash-consed origin trees.
#[derive(Clone, Debug, Default)]
pub struct Origins {
    trees: IndexSet<OriginTree, FxBuildHasher>,
}

impl Origins {
    /// The id of this tree.
    pub fn add(&mut self, tree: OriginTree) -> OriginId {
        OriginId(self.trees.insert_full(tree).0 as u32)
    }
    /// The tree with this id.
    pub fn get(&self, id: OriginId) -> Option<&OriginTree> {
        self.trees.get_index(id.0 as usize)
    }
    /// The place of the tree itself.
    pub fn place(&self, id: OriginId) -> Option<Place> {
        self.get(id).map(|tree| match tree {
            OriginTree::Leaf(place)
            | OriginTree::Each(place, _)
            | OriginTree::Fields(place, _)
            | OriginTree::Elements(place, _) => *place,
        })
    }
}
