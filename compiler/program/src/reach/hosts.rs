//! The layer of machines: the rules of their own packet filters, read as they are written for nftables. What is no such rule as the library
//! writes is not guessed: where nothing else decides, the answer is unknown.

use std::rc::Rc;

use graph::{Graph, Resource};
use ipnet::IpNet;
use rustc_hash::{FxHashMap, FxHashSet};
use value::{AddressId, ValueId};

use super::address_set::AddressSet;
use super::read::{Addresses, Port, addresses, at, elements_at, is_kind, range_of_text, text_at};
use super::seen::{Met, Seen};
use super::table::{Direction, HostForm};
use super::walk::{Step, Verdict, World};

/// A machine that is known by its addresses and filters packets itself.
#[derive(Clone, Debug)]
pub(crate) struct Host {
    pub form: usize,
    pub resource: AddressId,
    pub ranges: Vec<IpNet>,
    /// What holds its rules, and their text.
    pub filter: Option<(AddressId, ValueId)>,
}

impl Host {
    /// The machine that a resource is, with the rules that stand beside it.
    pub fn new(graph: &Graph, (position, form): (usize, &HostForm), resource: &Resource, filters: &Filters) -> Self {
        let named = form.addresses.iter().flat_map(|field| elements_at(graph, resource.body, field));
        let ranges = named.filter_map(|value| match addresses(graph, value) {
            Addresses::Range(range) => Some(range),
            Addresses::Of(..) | Addresses::Unclear => None,
        });
        let filter = resource.owner.and_then(|owner| filters.get(&(position, owner))).copied();
        Self { form: position, resource: resource.address, ranges: ranges.collect(), filter }
    }
}

/// What holds the rules of the machine that an instance is, by form.
pub(crate) type Filters = FxHashMap<(usize, AddressId), (AddressId, ValueId)>;

/// All of them.
pub(crate) fn filters(graph: &Graph, forms: &[HostForm]) -> Filters {
    let mut found = Filters::default();
    for resource in graph.resources.iter().filter(|resource| !resource.read) {
        for (position, form) in forms.iter().enumerate().filter(|(_, form)| is_kind(resource, &form.filter.kind)) {
            let is_there = text_at(graph, resource.body, &form.filter.path).as_deref() == Some(&form.filter.lies_at);
            let text = at(graph, resource.body, &form.filter.rules).filter(|_| is_there);
            if let (Some(owner), Some(text)) = (resource.owner, text) {
                found.insert((position, owner), (resource.address, text));
            }
        }
    }
    found
}

/// The rules of a packet filter.
#[derive(Default)]
pub(crate) struct Rules {
    incoming: Vec<Rule>,
    outgoing: Vec<Rule>,
    /// A line that is no rule as they are written here.
    unread: Option<String>,
}

struct Rule {
    /// Numbers for a protocol that has no ports are left out.
    ports: Option<(u16, u16)>,
    protocols: Vec<String>,
    /// Whom it is about; none: everybody.
    others: Option<AddressSet>,
}

/// Lines that open nothing which a flow could be about: answers, the machine itself, finding neighbours and an own address.
const HOUSEKEEPING: [&str; 8] = [
    "ct state ",
    "iifname \"lo\" ",
    "oifname \"lo\" ",
    "icmpv6 type { nd-",
    "udp sport 67 ",
    "udp sport 68 ",
    "udp sport 546 ",
    "udp sport 547 ",
];

impl Rules {
    /// Reads a table of nftables.
    pub fn read(text: &str) -> Self {
        let mut rules = Self::default();
        let mut direction = None;
        for line in text.lines().map(str::trim) {
            let is_frame = line.is_empty() || line.starts_with(['#', '}']) || line.starts_with("delete table ");
            let is_frame = is_frame || line.starts_with("table ") || line.starts_with("chain ");
            // Of a connection that was let in before.
            let answers = line.contains(" tcp flags & (syn | ack) == ack ");
            let keeps_house = answers || HOUSEKEEPING.iter().any(|begins| line.starts_with(begins));
            if is_frame || keeps_house {
                continue;
            }
            if let Some(hook) = line.strip_prefix("type filter hook ") {
                direction = hook.split(' ').next().and_then(|hook| match hook {
                    "input" => Some(Direction::In),
                    "output" => Some(Direction::Out),
                    _ => None,
                });
                if !line.contains("policy drop;") {
                    rules.unread = Some(line.to_owned());
                }
                continue;
            }
            match (direction, Rule::read(line)) {
                (Some(Direction::In), Some(rule)) => rules.incoming.push(rule),
                (Some(Direction::Out), Some(rule)) => rules.outgoing.push(rule),
                (None, _) | (_, None) => rules.unread = Some(line.to_owned()),
            }
        }
        rules
    }
}

impl Rule {
    /// `ip saddr { 10.0.0.1/32 } tcp dport 22 accept comment "…"`; none where a line is anything else.
    fn read(line: &str) -> Option<Self> {
        let (line, _) = line.split_once(" comment ").unwrap_or((line, ""));
        let mut rest = line.strip_suffix(" accept")?;
        let mut others = None;
        for side in ["ip saddr { ", "ip6 saddr { ", "ip daddr { ", "ip6 daddr { "] {
            if let Some((ranges, after)) = rest.strip_prefix(side).and_then(|rest| rest.split_once(" } ")) {
                others = Some(set_of(ranges)?);
                rest = after;
                break;
            }
        }
        if let Some(protocols) = rest.strip_prefix("meta l4proto ") {
            let names = protocols.trim_start_matches("{ ").trim_end_matches(" }").split(", ");
            return Some(Self { ports: None, protocols: names.map(str::to_owned).collect(), others });
        }
        let (protocol, numbers) = rest.split_once(" dport ")?;
        let (first, last) = numbers.split_once('-').unwrap_or((numbers, numbers));
        let ports = Some((first.parse().ok()?, last.parse().ok()?));
        Some(Self { ports, protocols: vec![protocol.to_owned()], others })
    }

    /// None: some of the port's numbers, not all.
    fn allows(&self, port: Port) -> Option<bool> {
        if !self.protocols.iter().any(|protocol| protocol == port.protocol.text() || is_number_of(protocol, port)) {
            return Some(false);
        }
        match self.ports {
            None => Some(true),
            Some((first, last)) if first <= port.first && port.last <= last => Some(true),
            Some((first, last)) if last < port.first || port.last < first => Some(false),
            Some(_) => None,
        }
    }
}

/// Protocols that are written by their numbers: IANA, protocol numbers.
fn is_number_of(written: &str, port: Port) -> bool {
    let numbers = [("igmp", "2"), ("gre", "47"), ("esp", "50"), ("ah", "51"), ("ospf", "89"), ("vrrp", "112")];
    numbers.contains(&(port.protocol.text(), written))
}

fn set_of(ranges: &str) -> Option<AddressSet> {
    let mut set = AddressSet::default();
    for (position, range) in ranges.split(", ").enumerate() {
        match range_of_text(range) {
            known @ Addresses::Range(_) => set.add(position, &known, &FxHashSet::default()),
            Addresses::Of(..) | Addresses::Unclear => return None,
        }
    }
    Some(set)
}

/// Whether the filter of a machine lets this port pass, from or to the other end.
pub(crate) fn through(
    world: &World,
    direction: Direction,
    (name, host): (&str, &Host),
    other: &Seen,
    port: Port,
) -> Option<Step> {
    let form = world.table.hosts.get(host.form)?;
    let step = |verdict, says: String, place| Step::at_end(&form.layer, (direction, name), verdict, &says, place);
    let Some((filter, text)) = host.filter else {
        let says = "no rules of it are written here".to_owned();
        return Some(step(Verdict::Unknown, says, world.place(host.resource)));
    };
    let (address, place) = (world.graph.store.address_text(filter), world.place(filter));
    let Some(rules) = world.filter(text) else {
        return Some(step(Verdict::Unknown, format!("the rules of `{address}` are known only later"), place));
    };
    let of_direction = match direction {
        Direction::In => &rules.incoming,
        Direction::Out => &rules.outgoing,
    };
    let asked: Vec<(&Rule, Option<bool>)> = of_direction.iter().map(|rule| (rule, rule.allows(port))).collect();
    let all = || asked.iter().filter(|(_, allows)| *allows == Some(true)).map(|(rule, _)| *rule);
    let other = &other.to_addresses(&host.ranges);
    if all().any(|rule| rule.others.is_none()) {
        return Some(step(Verdict::Open, format!("`{address}` lets everybody pass"), place));
    }
    let sets: Vec<&AddressSet> = all().filter_map(|rule| rule.others.as_ref()).collect();
    let met = other.met_by(&sets);
    if let Met::All(_) = met {
        return Some(step(Verdict::Open, format!("`{address}` lets it pass"), place));
    }
    if let Some(line) = &rules.unread {
        return Some(step(Verdict::Unknown, format!("`{address}` has a line that is not read: `{line}`"), place));
    }
    // Rules that let it pass at some of its numbers.
    let mut in_part = asked.iter().filter(|(_, allows)| allows.is_none()).map(|(rule, _)| *rule);
    let means = |rule: &Rule| rule.others.as_ref().is_none_or(|others| other.met_by(&[others]) != Met::Nothing);
    if met == Met::Unclear || in_part.any(means) {
        return Some(step(Verdict::Unknown, format!("`{address}` may or may not mean `{}`", other.name), place));
    }
    let side = direction.side();
    let says = format!("no rule of `{address}` lets {port} pass {side} `{}`", other.name);
    Some(Step { help: world.table.missing_ranges(other), ..step(Verdict::Closed, says, place) })
}

/// Rules by their text: many machines have the same.
pub(crate) type Read = FxHashMap<ValueId, Option<Rc<Rules>>>;
