//! Who can call and be called: instances with what stands for them in each layer, the internet, ranges of addresses.

use check::checked::{Checked, Kind};
use graph::{Graph, ProviderId, Resource};
use ipnet::{IpNet, Ipv4Net};
use rustc_hash::FxHashMap;
use source::{Name, Place};
use value::{AddressId, Value, ValueId};

use super::hosts::{self, Host};
use super::read::{self, Addresses, Port, at, elements_at, is_kind, referred, text_at};
use super::table::{GroupForm, MemberKind, NetworkForm, PolicyForm, PublicBy, Table};

/// One end of a path.
#[derive(Clone, Debug)]
pub(crate) struct Party {
    /// As the user writes it: `front["a"]`, `internet`, `10.0.0.0/8`.
    pub name: String,
    pub instance: Option<AddressId>,
    pub place: Option<Place>,
    pub ports: Vec<(Name, Port)>,
    /// The ranges that it is by itself: all of their addresses.
    pub ranges: Vec<IpNet>,
    pub members: Vec<Member>,
    pub programs: Vec<Program>,
    pub hosts: Vec<Host>,
}

/// A machine, a database, a balancer: something that stands in a network and can be in groups.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub resource: AddressId,
    /// Which of the table's forms it belongs to.
    pub form: usize,
    pub groups: Vec<AddressId>,
    /// Some of its groups cannot be read.
    pub more_groups: bool,
    pub own_addresses: Vec<Name>,
    /// Its address lies in one of these.
    pub ranges: Vec<IpNet>,
    pub subnets: Vec<AddressId>,
    pub network: Option<AddressId>,
    pub public: bool,
    pub called_at_public_address: bool,
    /// How it gets an address on the internet.
    pub public_help: Option<String>,
    /// How it is called at its address in the network.
    pub private_help: Option<String>,
    /// The ports on which it listens, with their places; none: it says nothing of it.
    pub listens: Option<Vec<(u16, Place)>>,
}

/// A program in a cluster.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    pub resource: AddressId,
    pub form: usize,
    pub cluster: Option<ProviderId>,
    pub namespace: String,
    pub labels: Vec<(String, String)>,
    /// Name, number, protocol.
    pub ports: Vec<(String, u16, String)>,
    /// Its address lies in one of these.
    pub ranges: Vec<IpNet>,
}

impl Party {
    /// Anybody on the internet.
    pub fn internet() -> Self {
        Self::of_ranges("internet", vec![everything()])
    }
    /// Somebody who is known by addresses only.
    pub fn of_ranges(name: &str, ranges: Vec<IpNet>) -> Self {
        Self {
            name: name.to_owned(),
            instance: None,
            place: None,
            ports: Vec::new(),
            ranges,
            members: Vec::new(),
            programs: Vec::new(),
            hosts: Vec::new(),
        }
    }
    /// Whether nothing that is emitted stands for it.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty() && !self.has_points()
    }
    /// Whether something that is emitted makes or takes its connections.
    pub fn has_points(&self) -> bool {
        !self.members.is_empty() || !self.programs.is_empty() || !self.hosts.is_empty()
    }
    /// Where its addresses lie.
    pub fn all_ranges(&self) -> Vec<IpNet> {
        let members = self.members.iter().flat_map(|member| &member.ranges);
        let programs = self.programs.iter().flat_map(|program| &program.ranges);
        let hosts = self.hosts.iter().flat_map(|host| &host.ranges);
        let mut ranges: Vec<IpNet> = self.ranges.iter().chain(members).chain(programs).chain(hosts).copied().collect();
        ranges.sort();
        ranges.dedup();
        ranges
    }
}

/// `0.0.0.0/0`
pub(crate) fn everything() -> IpNet {
    IpNet::V4(Ipv4Net::default())
}

/// All instances that can call or be called, in address order.
pub(crate) fn parties(graph: &Graph, checked: &Checked, table: &Table) -> Vec<Party> {
    let mut parties = Vec::new();
    for instance in &graph.instances {
        let kind = checked.kinds.iter().find(|kind| kind.full_name == instance.kind);
        let input = kind.and_then(Kind::ports);
        let range = table.ranges.iter().find(|range| range.kind == instance.kind.text());
        if input.is_none() && range.is_none() {
            continue;
        }
        let ranges = range.map(|range| elements_at(graph, instance.inputs, &range.field)).unwrap_or_default();
        parties.push(Party {
            name: graph.store.address_text(instance.address),
            instance: Some(instance.address),
            place: Some(instance.place),
            ports: input
                .and_then(|input| graph.store.field(instance.inputs, input.name))
                .map(|value| read::ports(graph, value))
                .unwrap_or_default(),
            ranges: ranges.into_iter().filter_map(|range| known_range(graph, range)).collect(),
            members: Vec::new(),
            programs: Vec::new(),
            hosts: Vec::new(),
        });
    }
    let surroundings = Surroundings::new(graph, table);
    let mut clusters = Hosts::default();
    let filters = hosts::filters(graph, &table.hosts);
    let by_address: FxHashMap<AddressId, usize> =
        parties.iter().enumerate().filter_map(|(at, party)| Some((party.instance?, at))).collect();
    for resource in graph.resources.iter().filter(|resource| !resource.read) {
        let Some(party) = owner(graph, resource, &by_address).and_then(|at| parties.get_mut(at)) else { continue };
        for (form, groups) in table.groups.iter().enumerate() {
            for kind in groups.members.iter().filter(|kind| is_kind(resource, &kind.kind)) {
                party.members.push(member(graph, table, resource, (form, groups, kind), &surroundings));
            }
        }
        for (form, policies) in table.policies.iter().enumerate() {
            party.programs.extend(program(graph, table, resource, (form, policies), &mut clusters));
        }
        for form in table.hosts.iter().enumerate().filter(|(_, form)| is_kind(resource, &form.kind)) {
            party.hosts.push(Host::new(graph, form, resource, &filters));
        }
    }
    parties
}

/// The nearest party at or above a resource's owner.
fn owner(graph: &Graph, resource: &Resource, parties: &FxHashMap<AddressId, usize>) -> Option<usize> {
    let mut at = resource.owner;
    while let Some(address) = at {
        if let Some(party) = parties.get(&address) {
            return Some(*party);
        }
        at = graph.store.step(address).parent;
    }
    None
}

fn known_range(graph: &Graph, value: ValueId) -> Option<IpNet> {
    match read::addresses(graph, value) {
        Addresses::Range(range) => Some(range),
        Addresses::Of(..) | Addresses::Unclear => None,
    }
}

fn member(
    graph: &Graph,
    table: &Table,
    resource: &Resource,
    (form, groups, kind): (usize, &GroupForm, &MemberKind),
    surroundings: &Surroundings<'_>,
) -> Member {
    let named = elements_at(graph, resource.body, &kind.groups);
    let found: Vec<AddressId> = named.iter().filter_map(|group| referred(graph, *group)).collect();
    let place = standing(graph, table, resource.body, &kind.stands_in);
    let public = is_public(graph, resource, kind, surroundings);
    let listens = kind.listeners.as_ref().map(|listeners| {
        let ours = surroundings.of(resource.address, &listeners.kind, &listeners.balancer);
        ours.iter()
            .filter_map(|other| Some((read::number_at(graph, other.body, &listeners.port)?, other.place)))
            .collect()
    });
    Member {
        resource: resource.address,
        form,
        more_groups: found.len() != named.len() || groups.rules.is_empty(),
        groups: found,
        own_addresses: kind.addresses.iter().map(|name| Name::new(name)).collect(),
        ranges: place.ranges,
        subnets: place.subnets,
        network: place.network,
        public,
        called_at_public_address: public && kind.called_at_public_address,
        public_help: kind.public_help.clone(),
        private_help: kind.private_help.clone(),
        listens,
    }
}

/// Resources by what they refer to, for the kinds and fields that say something of a member.
struct Surroundings<'a> {
    found: FxHashMap<AddressId, Vec<(&'a str, &'a str, &'a Resource)>>,
}

impl<'a> Surroundings<'a> {
    fn new(graph: &'a Graph, table: &'a Table) -> Self {
        let kinds = || table.groups.iter().flat_map(|form| &form.members);
        let public = kinds().flat_map(|kind| &kind.public_by).map(|by| (by.kind.as_str(), by.field.as_str()));
        let listeners = kinds().filter_map(|kind| kind.listeners.as_ref());
        let listeners = listeners.map(|listeners| (listeners.kind.as_str(), listeners.balancer.as_str()));
        let mut wanted: Vec<(&str, &str)> = public.chain(listeners).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let mut found: FxHashMap<AddressId, Vec<(&str, &str, &Resource)>> = FxHashMap::default();
        for resource in &graph.resources {
            for (kind, field) in wanted.iter().filter(|(kind, _)| is_kind(resource, kind)) {
                if let Some(of) = at(graph, resource.body, field).and_then(|of| referred(graph, of)) {
                    found.entry(of).or_default().push((kind, field, resource));
                }
            }
        }
        Self { found }
    }

    /// The resources of a kind that refer to one by a field, in address order.
    fn of(&self, address: AddressId, kind: &str, field: &str) -> Vec<&'a Resource> {
        let found = self.found.get(&address).map(Vec::as_slice).unwrap_or_default();
        found.iter().filter(|(of, by, _)| *of == kind && *by == field).map(|(_, _, resource)| *resource).collect()
    }
}

fn is_public(graph: &Graph, resource: &Resource, kind: &MemberKind, surroundings: &Surroundings<'_>) -> bool {
    let says_so = kind.public_if.iter().any(|when| {
        at(graph, resource.body, &when.field)
            .is_some_and(|value| graph.store.get(graph.store.folded(value)) == &Value::Bool(when.equal))
    });
    let is_attached = |by: &PublicBy| !surroundings.of(resource.address, &by.kind, &by.field).is_empty();
    says_so || kind.public_by.iter().any(is_attached)
}

#[derive(Default)]
struct Standing {
    ranges: Vec<IpNet>,
    subnets: Vec<AddressId>,
    network: Option<AddressId>,
}

/// The subnets behind a field, through a group of subnets too.
fn standing(graph: &Graph, table: &Table, body: ValueId, field: &str) -> Standing {
    let mut found = Standing::default();
    let mut open: Vec<ValueId> = elements_at(graph, body, field);
    while let Some(value) = open.pop() {
        let Some(resource) = referred(graph, value).and_then(|of| graph.resource(of)) else {
            continue;
        };
        for form in &table.networks {
            if let Some(group) = form.subnet_groups.iter().find(|group| is_kind(resource, &group.kind)) {
                open.extend(elements_at(graph, resource.body, &group.subnets));
            }
            if is_kind(resource, &form.subnet) {
                found.subnets.push(resource.address);
                found.ranges.extend(subnet_range(graph, form, resource));
                found.network = at(graph, resource.body, &form.network).and_then(|network| referred(graph, network));
            }
        }
    }
    found.ranges.sort();
    found
}

fn subnet_range(graph: &Graph, form: &NetworkForm, subnet: &Resource) -> Option<IpNet> {
    at(graph, subnet.body, &form.range).and_then(|range| known_range(graph, range))
}

/// Where the programs of each form stand in a cluster: the same for all of them.
type Hosts = FxHashMap<(usize, ProviderId), Vec<IpNet>>;

fn program(
    graph: &Graph,
    table: &Table,
    resource: &Resource,
    (form, policies): (usize, &PolicyForm),
    hosts: &mut Hosts,
) -> Option<Program> {
    let kind = policies.programs.iter().find(|kind| is_kind(resource, &kind.kind))?;
    let containers = elements_at(graph, resource.body, &kind.containers);
    let ports = containers.iter().flat_map(|container| elements_at(graph, *container, "ports"));
    Some(Program {
        resource: resource.address,
        form,
        cluster: resource.provider,
        namespace: text_at(graph, resource.body, &policies.namespace).unwrap_or_else(|| "default".to_owned()),
        labels: at(graph, resource.body, &kind.labels)
            .and_then(|labels| read::labels(graph, labels))
            .unwrap_or_default(),
        ports: ports
            .filter_map(|port| {
                let number = read::number_at(graph, port, "containerPort")?;
                let protocol = text_at(graph, port, "protocol").unwrap_or_else(|| "TCP".to_owned());
                Some((text_at(graph, port, "name").unwrap_or_default(), number, protocol.to_lowercase()))
            })
            .collect(),
        ranges: match resource.provider {
            Some(cluster) => {
                hosts.entry((form, cluster)).or_insert_with(|| program_ranges(graph, table, cluster, policies)).clone()
            }
            None => Vec::new(),
        },
    })
}

/// What the platform says of its programs' addresses; of a cluster that the program makes, where its machines stand.
fn program_ranges(graph: &Graph, table: &Table, cluster: ProviderId, policies: &PolicyForm) -> Vec<IpNet> {
    let Some(provider) = graph.providers.get(cluster.0 as usize) else { return Vec::new() };
    let said: Vec<IpNet> = elements_at(graph, provider.platform_inputs, &policies.platform_ranges)
        .into_iter()
        .filter_map(|range| known_range(graph, range))
        .collect();
    let Some(host) = provider.hosted_on.filter(|_| said.is_empty()) else { return said };
    let machines = graph.resources.iter().filter(|other| read::beneath(&graph.store, other.address, host));
    machines
        .flat_map(|other| {
            policies
                .nodes
                .iter()
                .filter(|kind| is_kind(other, &kind.kind))
                .flat_map(|kind| standing(graph, table, other.body, &kind.stands_in).ranges)
        })
        .collect()
}
