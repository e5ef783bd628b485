//! Literals: number-like tokens and texts as exact values.

use syntax::{Kind as Node, NodeId};
use value::{Fault, Value};

use crate::checker::{Checker, Cx};
use crate::code::Scalar;

/// Reads a text as a scalar.
pub(crate) fn parse(wanted: Scalar, text: &str) -> Result<Value, Fault> {
    match (wanted, text) {
        (Scalar::Bool, "true") => Ok(Value::Bool(true)),
        (Scalar::Bool, "false") => Ok(Value::Bool(false)),
        (Scalar::Bool, _) => {
            Err(Fault::new("type_mismatch", format!("`{text}` is not a bool"), "write `true` or `false`"))
        }
        (Scalar::String, _) => Ok(Value::Text(text.into())),
        _ => value::parse_exact(wanted.kind(), text),
    }
}

impl Checker<'_> {
    /// The value of a literal node; None (told) when the literal is wrong.
    pub(crate) fn literal(&mut self, cx: &Cx, node: NodeId) -> Option<Value> {
        let tree = &cx.tree;
        let text = tree.text(node);
        let parsed = match tree.kind(node) {
            Node::Number => value::number(text),
            Node::Measure => value::measure(text),
            Node::Percent => value::percent(text).map(Value::Ratio),
            Node::Ip => parse(Scalar::Ip, text),
            Node::Cidr => parse(Scalar::Cidr, text),
            Node::Port => parse(Scalar::Port, text),
            Node::Date => parse(Scalar::Date, text),
            Node::Bool => Ok(Value::Bool(text == "true")),
            Node::Null => Ok(Value::Null),
            Node::Text => return self.plain_text(cx, node).map(|text| Value::Text(text.into())),
            _ => return None,
        };
        match parsed {
            Ok(value) => Some(value),
            Err(fault) => {
                let place = cx.place(self, node);
                self.error(fault.code, place, fault.message, fault.help);
                None
            }
        }
    }

    /// The text of a string literal without interpolations.
    pub(crate) fn plain_text(&self, cx: &Cx, node: NodeId) -> Option<String> {
        let tree = &cx.tree;
        if tree.children(node).any(|child| tree.kind(child) == Node::Interpolation) {
            return None;
        }
        Some(
            syntax::text::parts(tree, node)
                .into_iter()
                .filter_map(|part| match part {
                    syntax::text::Part::Text(text) => Some(text),
                    syntax::text::Part::Interpolation(_) => None,
                })
                .collect(),
        )
    }
}
