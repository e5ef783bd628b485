//! `a.b = 1` and `a.c.d = 2` in one body are one value of `a`: the paths are grouped by their first names, level by level.

use source::{Name, Place};
use syntax::{Kind as Node, NodeId, Tree};

use crate::checker::{Checker, Cx};

/// A value with the path of names that leads to it.
#[derive(Clone, Debug)]
pub(crate) struct PathValue {
    pub path: Vec<(Name, Place)>,
    pub value: NodeId,
    /// It was written with `?=`.
    pub maybe: bool,
}

/// What begins with one name; the paths lead on from it.
#[derive(Clone, Debug)]
pub(crate) struct PathGroup {
    pub name: Name,
    pub place: Place,
    pub values: Vec<PathValue>,
}

impl PathGroup {
    /// The value, when the path ends with the name.
    pub(crate) fn whole(&self) -> Option<&PathValue> {
        match self.values.as_slice() {
            [only] if only.path.is_empty() => Some(only),
            _ => None,
        }
    }
}

impl Checker<'_> {
    /// The names of a field's path, each with its place.
    pub(crate) fn path_names(&self, cx: &Cx, tree: &Tree, path: NodeId) -> Vec<(Name, Place)> {
        tree.all(path, Node::Name).map(|name| (Name::new(&tree.name(name)), cx.place(self, name))).collect()
    }

    /// Groups by the first names. What is set twice, or as a whole and in part, is told; the first stands.
    pub(crate) fn grouped(&mut self, values: &[PathValue]) -> Vec<PathGroup> {
        let mut groups: Vec<PathGroup> = Vec::new();
        for value in values {
            let Some(((name, place), rest)) = value.path.split_first() else { continue };
            let below = PathValue { path: rest.to_vec(), ..*value };
            match groups.iter_mut().find(|group| group.name == *name) {
                Some(group) if group.whole().is_some() || rest.is_empty() => {
                    let first = group.place;
                    self.tell_set_twice(*name, *place, first);
                }
                Some(group) => group.values.push(below),
                None => groups.push(PathGroup { name: *name, place: *place, values: vec![below] }),
            }
        }
        groups
    }
}
