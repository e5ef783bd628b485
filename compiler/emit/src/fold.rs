//! Bodies as their targets will see them. Inside a target that takes references one stays a reference even where its value is known.
//! Everywhere else what is known is written out, and residuals whose last open reference goes that way are evaluated by the one
//! interpreter.

use std::borrow::Cow;

use graph::Graph;
use source::Diagnostic;
use value::{Store, Value, ValueId};

use crate::index::target_of;
use crate::target::Target;

/// The store and the bodies to emit from.
pub struct Folded<'g> {
    pub store: Cow<'g, Store>,
    /// By position in the graph's resources.
    pub bodies: Vec<ValueId>,
}

/// Writes out what is known in the bodies of targets that take no references.
pub fn fold<'g>(graph: &'g Graph, targets: &[&'static dyn Target], told: &mut Vec<Diagnostic>) -> Folded<'g> {
    let mut folded = Folded {
        store: Cow::Borrowed(&graph.store),
        bodies: graph.resources.iter().map(|resource| resource.body).collect(),
    };
    for (resource, body) in graph.resources.iter().zip(&mut folded.bodies) {
        let Some(target) = target_of(targets, resource).filter(|target| !target.takes_references()) else { continue };
        if !graph.store.holds(*body).reference() {
            continue;
        }
        let known = |store: &mut Store, id: ValueId| match store.get(id) {
            Value::Ref { folded: Some(known), secret: false, .. } => Some(*known),
            _ => None,
        };
        match folded.store.to_mut().replace(*body, None, &mut { known }) {
            Ok(new) => *body = target.settle(graph, folded.store.to_mut(), resource, new, told),
            Err(fault) => told.push(Diagnostic::error(fault.code, resource.place, fault.message).help(fault.help)),
        }
    }
    folded
}
