//! The flows that the program declares, and whether they speak of a connection.

use std::collections::BTreeMap;

use graph::{Graph, Instance};
use ipnet::IpNet;
use rustc_hash::{FxHashMap, FxHashSet};
use source::{Name, Place};
use value::{AddressId, Value, ValueId, within};

use super::parties::{Party, everything};
use super::read::Port;
use crate::why::is_library;

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
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Named {
    /// By a range of addresses that it lies in.
    Within,
    Itself,
}

/// Whether any flow is declared.
pub(crate) fn has_flows(graph: &Graph) -> bool {
    graph.instances.iter().any(|instance| written_in(graph, instance).next().is_some())
}

/// The flows among an instance's inputs.
fn written_in<'a>(graph: &'a Graph, instance: &Instance) -> impl Iterator<Item = &'a Value> {
    let fields = match graph.store.get(instance.inputs) {
        Value::Record(fields) => fields.as_ref(),
        _ => &[],
    };
    let lists = fields.iter().filter_map(|(_, value)| match graph.store.get(graph.store.folded(*value)) {
        Value::List(elements) => Some(elements),
        _ => None,
    });
    let elements = lists.flatten().map(|element| graph.store.get(*element));
    elements.filter(|element| matches!(element, Value::Flow { .. }))
}

/// All declared flows, in the order of the instances that hold them.
pub(crate) fn flows(graph: &Graph) -> Vec<Flow> {
    let mut places: FxHashMap<Name, Place> = FxHashMap::default();
    for (key, place) in &graph.flows {
        places.entry(*key).or_insert(*place);
    }
    let mut flows: Vec<Flow> = Vec::new();
    let by_address: FxHashMap<AddressId, &Instance> =
        graph.instances.iter().map(|instance| (instance.address, instance)).collect();
    for instance in &graph.instances {
        for flow in written_in(graph, instance) {
            let Value::Flow { from, to, key, .. } = flow else { continue };
            let ends = |ends: &[ValueId]| ends.iter().filter_map(|end| end_of(graph, *end)).collect();
            let key = graph.store.text_of(*key).unwrap_or_default();
            flows.push(Flow {
                from: ends(from),
                to: ends(to),
                place: concerned(graph, &by_address, instance, places.get(&Name::new(&key)).copied()),
            });
        }
    }
    flows
}

/// Where a flow concerns whoever reads of it: the library's own ones at the statement that they were made for.
fn concerned(
    graph: &Graph,
    by_address: &FxHashMap<AddressId, &Instance>,
    holder: &Instance,
    written: Option<Place>,
) -> Place {
    let written = written.unwrap_or(holder.place);
    let is_own = |place: &Place| !is_library(place.item.file().path());
    let above = std::iter::successors(Some(holder.address), |address| graph.store.step(*address).parent);
    let places = above.filter_map(|address| by_address.get(&address).map(|instance| instance.place));
    std::iter::once(written).chain(places).find(is_own).unwrap_or(written)
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

/// The declared flows, found by their ends: a connection is held against those that may speak of it, and no other.
pub(crate) struct Declared {
    pub flows: Vec<Flow>,
    /// The instances that flows name as callers, not by a port.
    callers: FxHashSet<AddressId>,
    /// The flows that name an instance, or a port of it, as a caller.
    from: FxHashMap<AddressId, Vec<usize>>,
    /// Of each flow whose callers are addresses, or have them, these addresses: one entry for each caller.
    from_ranges: Vec<(usize, Vec<Vec<IpNet>>)>,
    /// Of each flow that machines call by, their addresses.
    from_machines: Vec<(usize, Vec<IpNet>)>,
    /// The ports of an instance at which a flow calls it.
    to: FxHashMap<(usize, AddressId), Vec<Name>>,
    /// The ports at which a flow calls what is known by its addresses, with the position of their owner among the parties.
    to_ranges: FxHashMap<usize, Vec<(usize, Name)>>,
}

impl Declared {
    /// The flows of a graph.
    pub fn new(graph: &Graph, parties: &[Party]) -> Self {
        let owners: FxHashMap<AddressId, usize> =
            parties.iter().enumerate().filter_map(|(at, party)| Some((party.instance?, at))).collect();
        let mut declared = Self {
            flows: flows(graph),
            callers: FxHashSet::default(),
            from: FxHashMap::default(),
            from_ranges: Vec::new(),
            from_machines: Vec::new(),
            to: FxHashMap::default(),
            to_ranges: FxHashMap::default(),
        };
        for (at, flow) in declared.flows.iter().enumerate() {
            let mut callers = Vec::new();
            let mut machines: Vec<IpNet> = Vec::new();
            for end in &flow.from {
                let ranges = match end {
                    End::Instance(address) | End::Endpoint(address, _) => {
                        declared.from.entry(*address).or_default().push(at);
                        let owner = owners.get(address).and_then(|owner| parties.get(*owner));
                        let hosts = owner.into_iter().flat_map(|owner| &owner.hosts);
                        machines.extend(hosts.flat_map(|host| &host.ranges));
                        owner.map(|owner| owner.ranges.clone()).unwrap_or_default()
                    }
                    End::Range(range, _) => vec![*range],
                };
                if let End::Instance(address) = end {
                    declared.callers.insert(*address);
                }
                if !ranges.is_empty() {
                    callers.push(ranges);
                }
            }
            if !callers.is_empty() {
                declared.from_ranges.push((at, callers));
            }
            if !machines.is_empty() {
                declared.from_machines.push((at, machines));
            }
            for end in &flow.to {
                let End::Endpoint(address, label) = end else { continue };
                let Some(owner) = owners.get(address) else { continue };
                declared.to.entry((at, *address)).or_default().push(*label);
                if parties.get(*owner).is_some_and(|owner| !owner.ranges.is_empty()) {
                    declared.to_ranges.entry(at).or_default().push((*owner, *label));
                }
            }
        }
        declared
    }

    /// Whether some flow names an instance as a caller.
    pub fn is_caller(&self, instance: AddressId) -> bool {
        self.callers.contains(&instance)
    }
    /// Whether the flows ask for a connection.
    pub fn said(&self, parties: &[Party], (from, to): (&Party, &Party), (label, port): (Name, Port)) -> Said {
        let mut said = Said { flow: None, by_ranges: false };
        let by_addresses = |party: &Party| !party.has_points();
        let (mut into, mut out) = (by_addresses(to), by_addresses(from));
        let calling = self.calling(from, to);
        let mine = if self.to_ranges.is_empty() { Vec::new() } else { ranges_met(to, from) };
        let asks = |at: usize| {
            let mut labels = to.instance.and_then(|address| self.to.get(&(at, address))).into_iter().flatten();
            labels.any(|wanted| *wanted == label || covers(to, *wanted, port))
        };
        for (at, calls) in calling {
            if asks(at) {
                into = true;
                if calls == Named::Itself {
                    out = true;
                    said.flow = said.flow.or(self.flows.get(at).map(|flow| flow.place));
                }
            }
            let mut around = self.to_ranges.get(&at).into_iter().flatten();
            out |= calls == Named::Itself
                && around.any(|(owner, wanted)| {
                    let owner = parties.get(*owner).filter(|owner| owner.instance != to.instance);
                    owner.is_some_and(|owner| covers(owner, *wanted, port) && inside(&mine, &owner.ranges))
                });
        }
        // One flow may ask for one part of the addresses, and another for the rest.
        let whole = from.members.is_empty() && from.programs.is_empty();
        into = into || whole && inside(&ranges_met(from, to), &self.addresses_of(&asks, !from.has_points()));
        said.by_ranges = into && out;
        said
    }

    /// The addresses of all who call by some flows, those of machines as well for whoever is none.
    fn addresses_of(&self, flows: &dyn Fn(usize) -> bool, with_machines: bool) -> Vec<IpNet> {
        let ranges = self.from_ranges.iter().filter(|(at, _)| flows(*at)).flat_map(|(_, callers)| callers).flatten();
        let machines = self.from_machines.iter().filter(|(at, _)| with_machines && flows(*at));
        let machines = machines.flat_map(|(_, addresses)| addresses);
        ranges.chain(machines).copied().collect()
    }

    /// The flows that somebody calls another one by, in their order.
    fn calling(&self, from: &Party, to: &Party) -> BTreeMap<usize, Named> {
        let named = from.instance.and_then(|address| self.from.get(&address));
        let mut calling: BTreeMap<usize, Named> = named.into_iter().flatten().map(|at| (*at, Named::Itself)).collect();
        if self.from_ranges.is_empty() {
            return calling;
        }
        let mine = ranges_met(from, to);
        let by_range = if from.instance.is_some() { Named::Within } else { Named::Itself };
        for (at, callers) in &self.from_ranges {
            if callers.iter().any(|ranges| inside(&mine, ranges)) {
                calling.entry(*at).or_insert(by_range);
            }
        }
        calling
    }
}

/// Where the addresses of somebody lie, as far as another meets them: a machine meets none of a family that it has none of.
fn ranges_met(of: &Party, by: &Party) -> Vec<IpNet> {
    let mut ranges = of.all_ranges();
    let own: Vec<IpNet> = by.hosts.iter().flat_map(|host| host.ranges.iter().copied()).collect();
    let is_met = |range: &IpNet| own.iter().any(|own| own.addr().is_ipv4() == range.addr().is_ipv4());
    if ranges.iter().any(is_met) {
        ranges.retain(is_met);
    }
    ranges
}

/// Whether all of some addresses lie in these ranges; none do not. The internet has those of both families.
fn inside(mine: &[IpNet], ranges: &[IpNet]) -> bool {
    let holds = |range: &IpNet, mine: &IpNet| *range == everything() || within(mine, range);
    let all_in = |ranges: &[IpNet]| mine.iter().all(|mine| ranges.iter().any(|range| holds(range, mine)));
    // Two that stand side by side hold what neither does.
    !mine.is_empty() && (all_in(ranges) || ranges.len() > 1 && all_in(&IpNet::aggregate(&ranges.to_vec())))
}

/// Whether a port of this name has all of these numbers.
fn covers(owner: &Party, wanted: Name, port: Port) -> bool {
    owner.ports.iter().any(|(name, known)| {
        *name == wanted && known.protocol == port.protocol && known.first <= port.first && port.last <= known.last
    })
}
