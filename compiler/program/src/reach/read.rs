//! Reading native bodies by the paths of the table: texts, numbers, ranges, labels, and what refers to what.

use graph::{Graph, Resource};
use ipnet::IpNet;
use source::Name;
use value::{AddressId, Op, ScalarKind, Step, Store, Value, ValueId};

/// The port of an endpoint or of a rule.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Port {
    pub first: u16,
    pub last: u16,
    pub protocol: Name,
}

impl std::fmt::Display for Port {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.first, self.last) {
            (0, 0) => write!(out, "{}", self.protocol),
            (first, last) if first == last => write!(out, "{first}/{}", self.protocol),
            (first, last) => write!(out, "{first}-{last}/{}", self.protocol),
        }
    }
}

/// An address in a rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Addresses {
    Range(IpNet),
    /// An attribute of a resource that is known later.
    Of(AddressId, Name),
    /// Nothing that can be read.
    Unclear,
}

/// Whether a resource is of this kind, written `terraform.aws_vpc`.
pub(crate) fn is_kind(resource: &Resource, kind: &str) -> bool {
    kind.split_once('.')
        .is_some_and(|(target, name)| resource.kind.target.text() == target && resource.kind.name.text() == name)
}

/// The value at a path such as `spec.podSelector`, as it stands there; absent when there is none.
pub(crate) fn at(graph: &Graph, value: ValueId, path: &str) -> Option<ValueId> {
    path.split('.').filter(|step| !step.is_empty()).try_fold(value, |value, step| {
        let value = graph.store.folded(value);
        match graph.store.get(value) {
            Value::Record(_) => graph.store.field(value, Name::new(step)),
            Value::Map(entries) => entries
                .iter()
                .find(|(key, _)| matches!(graph.store.get(*key), Value::Text(text) if text.as_ref() == step))
                .map(|(_, value)| *value),
            _ => None,
        }
    })
}

/// A known text, or the text of a known scalar.
pub(crate) fn text(graph: &Graph, value: ValueId) -> Option<String> {
    graph.store.text_of(graph.store.folded(value)).ok()
}

pub(crate) fn text_at(graph: &Graph, value: ValueId, path: &str) -> Option<String> {
    at(graph, value, path).and_then(|value| text(graph, value))
}

/// The elements of a list; of anything else itself.
pub(crate) fn elements(graph: &Graph, value: ValueId) -> Vec<ValueId> {
    let folded = graph.store.folded(value);
    match graph.store.get(folded) {
        Value::List(elements) => elements.to_vec(),
        Value::Absent | Value::Null => Vec::new(),
        _ => vec![value],
    }
}

pub(crate) fn elements_at(graph: &Graph, value: ValueId, path: &str) -> Vec<ValueId> {
    at(graph, value, path).map(|value| elements(graph, value)).unwrap_or_default()
}

/// Labels in the order of their names; none when one of them is known only later.
pub(crate) fn labels(graph: &Graph, value: ValueId) -> Option<Vec<(String, String)>> {
    let value = graph.store.folded(value);
    match graph.store.get(value) {
        Value::Record(fields) => {
            fields.iter().map(|(name, value)| Some((name.text().to_owned(), text(graph, *value)?))).collect()
        }
        Value::Map(entries) => {
            entries.iter().map(|(key, value)| Some((text(graph, *key)?, text(graph, *value)?))).collect()
        }
        Value::Absent => Some(Vec::new()),
        _ => None,
    }
}

/// The resource that a value refers to, known or not.
pub(crate) fn referred(graph: &Graph, value: ValueId) -> Option<AddressId> {
    match graph.store.get(value) {
        Value::Ref { of, .. } => Some(*of),
        _ => None,
    }
}

/// The addresses that a value stands for: a range, an address, or an attribute that is one.
pub(crate) fn addresses(graph: &Graph, value: ValueId) -> Addresses {
    match graph.store.get(value) {
        Value::Cidr(range) => Addresses::Range(*range),
        Value::Ip(address) => Addresses::Range((*address).into()),
        Value::Text(text) => range_of_text(text),
        Value::Ref { of, path, folded: None, .. } => match path.last() {
            Some(Step::Field(name)) => Addresses::Of(*of, *name),
            Some(Step::Index(_) | Step::Element(_) | Step::Key(_) | Step::First) | None => Addresses::Unclear,
        },
        Value::Ref { folded: Some(known), .. } => addresses(graph, *known),
        Value::Op { op: Op::HostCidr | Op::ParseCidr | Op::ParseIp | Op::Text, args } if args.len() == 1 => {
            args.first().map_or(Addresses::Unclear, |value| addresses(graph, *value))
        }
        _ => Addresses::Unclear,
    }
}

pub(crate) fn range_of_text(text: &str) -> Addresses {
    if let Ok(Value::Cidr(range)) = value::parse_scalar(ScalarKind::Cidr, text) {
        return Addresses::Range(range);
    }
    match value::parse_scalar(ScalarKind::Ip, text) {
        Ok(Value::Ip(address)) => Addresses::Range(address.into()),
        Ok(_) | Err(_) => Addresses::Unclear,
    }
}

/// A whole number between 0 and 65535; the protocol's own numbers, such as -1, are none.
pub(crate) fn number_at(graph: &Graph, value: ValueId, path: &str) -> Option<u16> {
    at(graph, value, path).and_then(|value| match graph.store.get(graph.store.folded(value)) {
        Value::Int(number) => u16::try_from(*number).ok(),
        Value::Text(text) => text.parse().ok(),
        _ => None,
    })
}

/// The named ports in an input.
pub(crate) fn ports(graph: &Graph, value: ValueId) -> Vec<(Name, Port)> {
    let port = |id: ValueId| match graph.store.get(graph.store.folded(id)) {
        Value::Port { first, last, protocol } => Some(Port { first: *first, last: *last, protocol: *protocol }),
        _ => None,
    };
    match graph.store.get(graph.store.folded(value)) {
        Value::Map(entries) => {
            entries.iter().filter_map(|(key, id)| Some((Name::new(&text(graph, *key)?), port(*id)?))).collect()
        }
        Value::Record(fields) => fields.iter().filter_map(|(name, id)| Some((*name, port(*id)?))).collect(),
        _ => Vec::new(),
    }
}

/// Whether `inner` is `outer` or stands beneath it.
pub(crate) fn beneath(store: &Store, inner: AddressId, outer: AddressId) -> bool {
    let mut at = Some(inner);
    while let Some(address) = at {
        if address == outer {
            return true;
        }
        at = store.step(address).parent;
    }
    false
}
