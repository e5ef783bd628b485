//! Which of the flows that an expression goes through put one line there: its resource says it in words, or by its port.

use check::checked::Kind;
use rustc_hash::FxHashSet;
use source::Place;
use value::{AddressId, Value, ValueId};

use super::known::Known;
use super::path::Hop;
use super::read::value_at;
use super::walk::{Read, Source, Walk};

/// Keeps of a walk what the line at this path of a resource was made of.
pub(crate) fn keep_flows_of_line(known: &Known<'_>, address: AddressId, path: &[Hop], walk: &mut Walk<'_, '_>) {
    let all: FxHashSet<Place> = walk.reads.iter().filter_map(|read| read.flow).collect();
    if all.is_empty() {
        return;
    }
    let Some(kept) = flows_of_line(known, address, path, &all) else { return };
    let keeps = |flow: &Option<Place>| flow.is_none_or(|flow| kept.contains(&flow));
    walk.reads.retain(|read| keeps(&read.flow));
    walk.literals.retain(|literal| keeps(&literal.flow));
    // A firewall of which nothing is left was only passed through.
    if kept.is_empty() {
        let holds_flows = |read: &Read| match &read.source {
            Source::Input { address, name, .. } => {
                known.input_value(*address, *name).is_some_and(|value| match known.graph.store.get(value) {
                    Value::List(elements) => {
                        elements.iter().any(|element| matches!(known.graph.store.get(*element), Value::Flow { .. }))
                    }
                    _ => false,
                })
            }
            Source::Param { .. }
            | Source::Let { .. }
            | Source::Arm { .. }
            | Source::Flow
            | Source::Named { .. }
            | Source::Platform { .. }
            | Source::Environment => false,
        };
        walk.reads.retain(|read| !holds_flows(read));
    }
}

/// The flows that count; none when nothing tells them apart.
fn flows_of_line(
    known: &Known<'_>,
    address: AddressId,
    path: &[Hop],
    all: &FxHashSet<Place>,
) -> Option<FxHashSet<Place>> {
    let body = known.resource(address)?.body;
    let mut texts = Vec::new();
    texts_in(known, body, &mut texts, 0);
    let named: FxHashSet<Place> = all
        .iter()
        .copied()
        .filter(|flow| {
            let keys = known.keys_of_flow(*flow);
            texts.iter().any(|text| text.split(", ").any(|part| keys.iter().any(|key| part == key.text())))
        })
        .collect();
    if !named.is_empty() {
        return Some(named);
    }
    // The innermost list element around the line that holds the port of a flow.
    let ends: Vec<usize> =
        path.iter().enumerate().filter(|(_, hop)| matches!(hop, Hop::At(_))).map(|(at, _)| at + 1).collect();
    for end in ends.iter().rev() {
        let Some(element) = path.get(..*end).and_then(|path| value_at(known, body, path)) else { continue };
        let with_port: FxHashSet<Place> = all
            .iter()
            .copied()
            .filter(|flow| ports_of(known, *flow).iter().any(|port| holds_number(known, element, *port, 0)))
            .collect();
        if !with_port.is_empty() {
            return Some(with_port);
        }
    }
    (!ends.is_empty()).then(FxHashSet::default)
}

fn texts_in<'k>(known: &'k Known<'_>, value: ValueId, texts: &mut Vec<&'k str>, depth: usize) {
    if depth > 3 {
        return;
    }
    match known.graph.store.get(value) {
        Value::Text(text) => texts.push(text),
        Value::Record(fields) => fields.iter().for_each(|(_, value)| texts_in(known, *value, texts, depth + 1)),
        _ => {}
    }
}

fn ports_of(known: &Known<'_>, flow: Place) -> Vec<i64> {
    let store = &known.graph.store;
    let mut ports = Vec::new();
    for flow in known.flows(flow) {
        let Value::Flow { to, .. } = store.get(*flow) else { continue };
        for end in to.iter() {
            let Value::Endpoint(address, label) = store.get(*end) else { continue };
            let Some(input) = known.kind(*address).and_then(Kind::ports) else { continue };
            let port =
                known.input_value(*address, input.name).and_then(|ports| value_at(known, ports, &[Hop::Name(*label)]));
            if let Some(Value::Port { first, .. }) = port.map(|port| store.get(store.folded(port))) {
                ports.push(i64::from(*first));
            }
        }
    }
    ports
}

fn holds_number(known: &Known<'_>, value: ValueId, number: i64, depth: usize) -> bool {
    if depth > 6 {
        return false;
    }
    match known.graph.store.get(known.graph.store.folded(value)) {
        Value::Int(found) => *found == number,
        Value::List(elements) => elements.iter().any(|element| holds_number(known, *element, number, depth + 1)),
        Value::Record(fields) => fields.iter().any(|(_, value)| holds_number(known, *value, number, depth + 1)),
        _ => false,
    }
}
