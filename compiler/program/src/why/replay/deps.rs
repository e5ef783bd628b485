//! What a value was made of: sets of places that share their parts, so that joining two of them costs nothing.

use std::rc::Rc;

use rustc_hash::FxHashSet;
use source::Place;

use crate::why::trace::Bearing;

/// A set of places, each with what it has to do with the value.
#[derive(Clone, Default)]
pub(crate) struct Deps(Option<Rc<Node>>);

enum Node {
    Place(Place),
    Both(Deps, Deps),
    /// At least this far from being a part of the value.
    As(Bearing, Deps),
    /// Of the value behind a reference: it counts where the value is written out, not where the reference is.
    Behind(Deps),
    /// The value behind every reference was needed.
    Forced(Deps),
}

impl Deps {
    pub fn place(place: Place) -> Self {
        Self(Some(Rc::new(Node::Place(place))))
    }
    pub fn and(&self, other: &Self) -> Self {
        match (&self.0, &other.0) {
            (None, _) => other.clone(),
            (_, None) => self.clone(),
            (Some(left), Some(right)) if Rc::ptr_eq(left, right) => self.clone(),
            _ => Self(Some(Rc::new(Node::Both(self.clone(), other.clone())))),
        }
    }
    pub fn decides(&self) -> Self {
        self.wrapped(|deps| Node::As(Bearing::Decides, deps))
    }
    pub fn there(&self) -> Self {
        self.wrapped(|deps| Node::As(Bearing::There, deps))
    }
    pub fn behind(&self) -> Self {
        self.wrapped(Node::Behind)
    }
    pub fn forced(&self) -> Self {
        self.wrapped(Node::Forced)
    }
    fn wrapped(&self, node: impl FnOnce(Self) -> Node) -> Self {
        Self(self.0.is_some().then(|| Rc::new(node(self.clone()))))
    }

    /// Every place with its bearing. `written_out`: references stand for the values behind them.
    pub fn each(&self, written_out: bool, mut found: impl FnMut(Place, Bearing)) {
        let mut open: Vec<(&Rc<Node>, Bearing, bool)> =
            self.0.iter().map(|node| (node, Bearing::Value, written_out)).collect();
        let mut seen: FxHashSet<(*const Node, Bearing, bool)> = FxHashSet::default();
        while let Some((node, bearing, written_out)) = open.pop() {
            if !seen.insert((Rc::as_ptr(node), bearing, written_out)) {
                continue;
            }
            match node.as_ref() {
                Node::Place(place) => found(*place, bearing),
                Node::Both(left, right) => {
                    for deps in [left, right] {
                        open.extend(deps.0.as_ref().map(|node| (node, bearing, written_out)));
                    }
                }
                Node::As(least, deps) => {
                    open.extend(deps.0.as_ref().map(|node| (node, bearing.max(*least), written_out)))
                }
                Node::Behind(deps) if written_out => open.extend(deps.0.as_ref().map(|node| (node, bearing, true))),
                Node::Behind(_) => {}
                Node::Forced(deps) => open.extend(deps.0.as_ref().map(|node| (node, bearing, true))),
            }
        }
    }
}
