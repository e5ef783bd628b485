//! The flows that the program declares, and whether they speak of a connection.

use graph::Graph;
use ipnet::IpNet;
use rustc_hash::FxHashMap;
use source::{Name, Place};
use value::{AddressId, Value, ValueId, within};

use super::parties::{Party, everything};
use super::read::Port;

/// A declared flow.
pub(crate) struct Flow {
    pub from: Vec<End>,
    pub to: Vec<End>,
    pub place: Place,
}

/// An end of a flow.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum End {
    Instance(AddressId),
    Endpoint(AddressId, Name),
    Range(IpNet, String),
}

/// How a flow speaks of an end.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord)]
enum Named {
    No,
    /// By a range of addresses that it lies in.
    Within,
    Itself,
}

/// All declared flows, in the order of the instances that hold them.
pub(crate) fn flows(graph: &Graph) -> Vec<Flow> {
    let mut places: FxHashMap<Name, Place> = FxHashMap::default();
    for (key, place) in &graph.flows {
        places.entry(*key).or_insert(*place);
    }
    let mut flows: Vec<Flow> = Vec::new();
    for instance in &graph.instances {
        let Value::Record(fields) = graph.store.get(instance.inputs) else { continue };
        for (_, value) in fields.iter() {
            let Value::List(elements) = graph.store.get(graph.store.folded(*value)) else { continue };
            for element in elements.iter() {
                let Value::Flow { from, to, key, .. } = graph.store.get(*element) else { continue };
                let ends = |ends: &[ValueId]| ends.iter().filter_map(|end| end_of(graph, *end)).collect();
                let key = graph.store.text_of(*key).unwrap_or_default();
                flows.push(Flow {
                    from: ends(from),
                    to: ends(to),
                    place: places.get(&Name::new(&key)).copied().unwrap_or(instance.place),
                });
            }
        }
    }
    flows
}

fn end_of(graph: &Graph, end: ValueId) -> Option<End> {
    let text = || graph.store.show_short(end);
    match graph.store.get(graph.store.folded(end)) {
        Value::Instance(address) => Some(End::Instance(*address)),
        Value::Endpoint(address, label) => Some(End::Endpoint(*address, *label)),
        Value::Cidr(range) => Some(End::Range(*range, text())),
        Value::Ip(address) => Some(End::Range((*address).into(), text())),
        // The one end that is a word.
        Value::Tagged { fields, .. } if fields.is_empty() => Some(End::Range(everything(), "internet".to_owned())),
        _ => None,
    }
}

/// What the program says of a connection.
pub(crate) struct Said {
    /// A flow names both ends.
    pub flow: Option<Place>,
    /// Flows that name one end, and the other by its addresses, ask for it together.
    pub by_ranges: bool,
}

/// Whether the flows ask for a connection.
pub(crate) fn said(
    flows: &[Flow],
    parties: &[Party],
    (from, to): (&Party, &Party),
    (label, port): (Name, Port),
) -> Said {
    let mut said = Said { flow: None, by_ranges: false };
    let by_addresses = |party: &Party| party.members.is_empty() && party.programs.is_empty();
    let (mut into, mut out) = (by_addresses(to), by_addresses(from));
    for flow in flows {
        let calls = flow.from.iter().map(|end| caller(end, parties, from)).max().unwrap_or(Named::No);
        if calls == Named::No {
            continue;
        }
        for end in &flow.to {
            match called(end, parties, to, label, port) {
                Named::Itself => {
                    into = true;
                    if calls == Named::Itself {
                        out = true;
                        said.flow = said.flow.or(Some(flow.place));
                    }
                }
                Named::Within if calls == Named::Itself => out = true,
                Named::Within | Named::No => {}
            }
        }
    }
    said.by_ranges = into && out;
    said
}

fn inside(party: &Party, ranges: &[IpNet]) -> bool {
    let mine = party.all_ranges();
    !mine.is_empty() && mine.iter().all(|mine| ranges.iter().any(|range| within(mine, range)))
}

fn ranges_of(parties: &[Party], address: AddressId) -> &[IpNet] {
    parties
        .iter()
        .find(|party| party.instance == Some(address))
        .map(|party| party.ranges.as_slice())
        .unwrap_or_default()
}

fn caller(end: &End, parties: &[Party], party: &Party) -> Named {
    let ranges = match end {
        End::Instance(address) | End::Endpoint(address, _) if party.instance == Some(*address) => return Named::Itself,
        End::Instance(address) | End::Endpoint(address, _) => ranges_of(parties, *address),
        End::Range(range, _) => std::slice::from_ref(range),
    };
    match (inside(party, ranges), party.instance) {
        (false, _) => Named::No,
        (true, Some(_)) => Named::Within,
        (true, None) => Named::Itself,
    }
}

fn called(end: &End, parties: &[Party], party: &Party, label: Name, port: Port) -> Named {
    let End::Endpoint(address, wanted) = end else { return Named::No };
    let Some(owner) = parties.iter().find(|party| party.instance == Some(*address)) else { return Named::No };
    let covers = owner.ports.iter().any(|(name, known)| {
        name == wanted && known.protocol == port.protocol && known.first <= port.first && port.last <= known.last
    });
    match (covers, party.instance == Some(*address)) {
        (true, true) => Named::Itself,
        (false, true) if *wanted == label => Named::Itself,
        (true, false) if inside(party, &owner.ranges) => Named::Within,
        (true | false, _) => Named::No,
    }
}
