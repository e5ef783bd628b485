//! Values of the graph become nodes of a document. What a target does with a text and with a later value is the target's own
//! ([`Leaves`]); everything else is alike for all of them.

use std::borrow::Cow;

use source::Name;
use value::{AddressId, Op, Step, Store, Value, ValueId};

use crate::writer::Node;

/// What a target does with the leaves of a body.
pub trait Leaves<'g> {
    /// A known text.
    fn text(&mut self, text: &'g str) -> Cow<'g, str>;
    /// A known text that is a value.
    fn value(&mut self, text: &'g str, _: &[Step]) -> Node<'g> {
        Node::Text(self.text(text))
    }
    /// A key of a map, or the name of a field, of what stands at this path.
    fn key(&mut self, key: &'g str, _: &[Step]) -> Cow<'g, str> {
        self.text(key)
    }
    /// A reference or a residual; none leaves it out.
    fn later(&mut self, id: ValueId, path: &[Step]) -> Option<Node<'g>>;
    /// A value that targets spell each in its own way, where the language's own way will do.
    fn own(&mut self, _: ValueId) -> Option<Node<'g>> {
        None
    }
    /// A value that no target knows how to spell: it should have been lowered before.
    fn refuse(&mut self, value: &Value, path: &[Step]);
}

/// The node of a value; none where a leaf was left out or refused. `path` is the path of the value in its body.
pub fn node<'g>(store: &'g Store, id: ValueId, path: &mut Vec<Step>, leaves: &mut impl Leaves<'g>) -> Option<Node<'g>> {
    let value = store.get(id);
    match value {
        Value::Absent => None,
        Value::Null => Some(Node::Null),
        Value::Bool(value) => Some(Node::Bool(*value)),
        Value::Int(number) => Some(Node::Number(Cow::Owned(number.to_string()))),
        Value::Decimal(number) => Some(Node::Number(Cow::Owned(number.to_plain_string()))),
        Value::Text(text) => Some(leaves.value(text, path)),
        Value::Ip(ip) => Some(Node::text(ip.to_string())),
        Value::Cidr(range) => Some(Node::text(range.to_string())),
        Value::List(elements) => {
            let mut nodes = Vec::with_capacity(elements.len());
            for (at, element) in elements.iter().enumerate() {
                nodes.extend(below(Step::Index(at as u32), path, |path| node(store, *element, path, leaves)));
            }
            Some(Node::List(nodes))
        }
        Value::Record(fields) => {
            let mut entries = Vec::with_capacity(fields.len());
            for (name, field) in fields {
                if let Some(field) = below(Step::Field(*name), path, |path| node(store, *field, path, leaves)) {
                    entries.push((leaves.key(name.text(), path), field));
                }
            }
            Some(Node::Map(entries))
        }
        Value::Map(pairs) => {
            let mut entries = Vec::with_capacity(pairs.len());
            for (key, value) in pairs {
                let Some(key) = key_text(store, *key) else {
                    leaves.refuse(store.get(*key), path);
                    continue;
                };
                if let Some(value) = below(Step::Key(key), path, |path| node(store, *value, path, leaves)) {
                    entries.push((leaves.key(key.text(), path), value));
                }
            }
            Some(Node::Map(entries))
        }
        Value::Ref { .. } | Value::Op { .. } => leaves.later(id, path),
        Value::Unknown(_)
        | Value::Ratio(_)
        | Value::Size(_)
        | Value::Duration(_)
        | Value::Port { .. }
        | Value::Date(_)
        | Value::Tagged { .. }
        | Value::Range(..)
        | Value::Instance(_)
        | Value::Endpoint(..)
        | Value::Flow { .. }
        | Value::Platform { .. } => {
            let own = leaves.own(id);
            if own.is_none() {
                leaves.refuse(value, path);
            }
            own
        }
    }
}

fn below<T>(step: Step, path: &mut Vec<Step>, run: impl FnOnce(&mut Vec<Step>) -> T) -> T {
    path.push(step);
    let result = run(path);
    path.pop();
    result
}

fn key_text(store: &Store, key: ValueId) -> Option<Name> {
    match store.get(key) {
        Value::Text(text) => Some(Name::new(text)),
        Value::Int(number) => Some(Name::new(&number.to_string())),
        Value::Instance(address) => Some(Name::new(&store.address_text(*address))),
        _ => None,
    }
}

/// What kind of value it is, for a message.
pub fn describe(value: &Value) -> &'static str {
    match value {
        Value::Absent | Value::Null => "nothing",
        Value::Unknown(_) => "an unknown value",
        Value::Bool(_) => "a bool",
        Value::Int(_) => "an int",
        Value::Decimal(_) => "a decimal",
        Value::Ratio(_) => "a ratio",
        Value::Text(_) => "a string",
        Value::Size(_) => "a size",
        Value::Duration(_) => "a duration",
        Value::Ip(_) => "an ip",
        Value::Cidr(_) => "a cidr",
        Value::Port { .. } => "a port",
        Value::Date(_) => "a date",
        Value::List(_) => "a list",
        Value::Record(_) => "a record",
        Value::Map(_) => "a map",
        Value::Tagged { .. } => "a case of a union",
        Value::Range(..) => "a range",
        Value::Instance(_) => "an instance",
        Value::Endpoint(..) => "an endpoint",
        Value::Flow { .. } => "a flow",
        Value::Platform { .. } => "a platform",
        Value::Ref { .. } | Value::Op { .. } => "a later value",
    }
}

/// A path as it stands in messages: `spec.containers[0].image`.
pub fn path_text(path: &[Step]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Step::Field(name) if text.is_empty() => text.push_str(name.text()),
            Step::Field(name) => {
                text.push('.');
                text.push_str(name.text());
            }
            Step::Key(name) => text.push_str(&format!("[\"{}\"]", name.text())),
            Step::Index(at) | Step::Element(at) => text.push_str(&format!("[{at}]")),
            Step::First => {}
        }
    }
    text
}

/// A reference that is still open: what it reads and whether that is secret.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Open {
    pub of: AddressId,
    pub secret: bool,
}

/// All references that decide the value and are not known to the compiler, in order of appearance. A secret is never known.
pub fn open_references(store: &Store, id: ValueId) -> Vec<Open> {
    let mut found = Vec::new();
    gather(store, id, &mut found);
    found
}

fn gather(store: &Store, id: ValueId, found: &mut Vec<Open>) {
    match store.get(id) {
        Value::Ref { folded: Some(known), secret: false, .. } => gather(store, *known, found),
        Value::Ref { of, secret, .. } => found.push(Open { of: *of, secret: *secret }),
        // What a fingerprint is made of is no longer secret.
        Value::Op { op: Op::Fingerprint, args } => {
            let from = found.len();
            args.iter().for_each(|id| gather(store, *id, found));
            found.iter_mut().skip(from).for_each(|open| open.secret = false);
        }
        Value::Op { args: ids, .. } | Value::List(ids) | Value::Tagged { fields: ids, .. } => {
            ids.iter().for_each(|id| gather(store, *id, found))
        }
        Value::Record(fields) => fields.iter().for_each(|field| gather(store, field.1, found)),
        Value::Map(entries) => entries.iter().for_each(|entry| gather(store, entry.1, found)),
        Value::Range(low, high) => {
            gather(store, *low, found);
            gather(store, *high, found);
        }
        Value::Absent
        | Value::Null
        | Value::Unknown(_)
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Decimal(_)
        | Value::Ratio(_)
        | Value::Text(_)
        | Value::Size(_)
        | Value::Duration(_)
        | Value::Ip(_)
        | Value::Cidr(_)
        | Value::Port { .. }
        | Value::Date(_)
        | Value::Instance(_)
        | Value::Endpoint(..)
        | Value::Flow { .. }
        | Value::Platform { .. } => {}
    }
}
