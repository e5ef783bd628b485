//! Where each leaf of a body came from: a tree beside the value, shared by all instances of a loop.

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;
use source::{Name, Place};
use value::Step;

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
    /// The place of a path in a tree: that of the deepest part of the path that the tree knows.
    pub fn place_at(&self, id: OriginId, path: &[Step]) -> Option<Place> {
        let mut at = id;
        for step in path {
            let Some(next) = child_of(self.get(at)?, *step) else { break };
            at = next;
        }
        self.place(at)
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

fn child_of(tree: &OriginTree, step: Step) -> Option<OriginId> {
    let named =
        |fields: &[(Name, OriginId)], name: Name| fields.iter().find(|field| field.0 == name).map(|field| field.1);
    match (tree, step) {
        (OriginTree::Leaf(_), _) => None,
        (OriginTree::Each(_, element), _) => Some(*element),
        (OriginTree::Fields(_, fields), Step::Field(name) | Step::Key(name)) => named(fields, name),
        (OriginTree::Elements(_, elements), Step::Index(at) | Step::Element(at)) => elements.get(at as usize).copied(),
        (OriginTree::Elements(_, elements), Step::First) => elements.first().copied(),
        (OriginTree::Fields(..), Step::Index(_) | Step::Element(_) | Step::First)
        | (OriginTree::Elements(..), Step::Field(_) | Step::Key(_)) => None,
    }
}
