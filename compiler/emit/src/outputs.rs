//! Outputs are for people and other programs: a size, a duration or an instance stands there as the language writes it. What has no
//! such text is refused, whether a tool of the program publishes the output or `graph.json` alone has it.

use std::borrow::Cow;

use graph::{Graph, Output};
use source::Diagnostic;
use value::{Step, Store, Value, ValueId};

use crate::body::{Leaves, describe, node};
use crate::writer::Node;

/// How the language writes a value that targets spell each in its own way; none where only its parts can be written.
pub fn spelling(store: &Store, id: ValueId) -> Option<String> {
    match store.get(id) {
        Value::Size(_)
        | Value::Duration(_)
        | Value::Ratio(_)
        | Value::Port { .. }
        | Value::Date(_)
        | Value::Instance(_)
        | Value::Endpoint(..) => Some(store.show(id)),
        Value::Tagged { tag, fields } if fields.is_empty() => Some(tag.text().to_owned()),
        Value::Range(first, last) => {
            let is_known = |end: &ValueId| !matches!(store.get(*end), Value::Ref { .. } | Value::Op { .. });
            (is_known(first) && is_known(last)).then(|| store.show(id))
        }
        _ => None,
    }
}

/// Tells outputs whose values have no text outside the language.
pub fn tell_unspelt(graph: &Graph, told: &mut Vec<Diagnostic>) {
    for output in &graph.outputs {
        node(&graph.store, output.value, &mut Vec::new(), &mut Spelt { store: &graph.store, output, told });
    }
}

struct Spelt<'i, 'g> {
    store: &'g Store,
    output: &'g Output,
    told: &'i mut Vec<Diagnostic>,
}

impl<'g> Leaves<'g> for Spelt<'_, 'g> {
    fn text(&mut self, text: &'g str) -> Cow<'g, str> {
        text.into()
    }
    /// Whoever publishes it says whether it can be.
    fn later(&mut self, _: ValueId, _: &[Step]) -> Option<Node<'g>> {
        None
    }
    fn own(&mut self, id: ValueId) -> Option<Node<'g>> {
        spelling(self.store, id).map(Node::text)
    }
    fn refuse(&mut self, value: &Value, _: &[Step]) {
        let message = format!(
            "the output `{}` is {}, which has no spelling outside the language",
            self.output.name,
            describe(value)
        );
        self.told.push(
            Diagnostic::error("not_lowered", self.output.place, message)
                .help("name one of its fields, or say with `match` what is in it"),
        );
    }
}
