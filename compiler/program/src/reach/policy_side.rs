//! What the policies of a program say of one direction, read once and found by labels, by ranges and by ports: a program may have
//! thousands of rules, and each of its flows asks for the one that lets it pass.

use graph::Resource;
use rustc_hash::FxHashMap;
use source::Name;
use value::ValueId;

use super::address_set::AddressSet;
use super::parties::Program;
use super::policies::{concerns, matches};
use super::read::{self, Addresses, Port, at, elements_at, number_at, text_at};
use super::table::{Direction, PolicyForm, PolicySide};
use super::walk::World;

/// The rules of all policies that select a program, for one direction.
#[derive(Default)]
pub(crate) struct Side<'a> {
    pub selecting: Vec<&'a Resource>,
    /// The first that may or may not select it.
    pub unclear: Option<&'a Resource>,
    /// In the order of the policies, their rules and the ends of each rule.
    entries: Vec<Entry>,
    /// Ends that are known by labels, under one of them; by the one port that their rule opens, or none when it opens others.
    labelled: FxHashMap<Option<OnePort>, ByLabel>,
    /// Ends that are ranges and nothing else, by the one port that their rule opens.
    ranges: FxHashMap<OnePort, AddressSet>,
    /// Entries that have to be looked at for every end and port.
    others: Vec<usize>,
}

/// An end of a rule; none stands for everybody.
#[derive(Clone, Copy)]
pub(crate) struct Entry {
    /// By position in [`Side::selecting`].
    pub policy: usize,
    pub rule: ValueId,
    pub end: Option<ValueId>,
}

/// A protocol and a number.
type OnePort = (Name, u16);
type ByLabel = FxHashMap<(String, String), Vec<usize>>;

impl<'a> Side<'a> {
    pub fn new(world: &World<'a>, form: &PolicyForm, program: &Program, direction: Direction) -> Self {
        let mut side = Self::default();
        for policy in world.index.policies(program) {
            match at(world.graph, policy.body, &form.selects)
                .map_or(Some(true), |selector| matches(world, selector, &program.labels))
            {
                Some(true) if concerns(world, form, policy, direction) => side.selecting.push(policy),
                Some(true | false) => {}
                None => side.unclear = side.unclear.or(Some(policy)),
            }
        }
        let of = match direction {
            Direction::In => &form.incoming,
            Direction::Out => &form.outgoing,
        };
        for policy in 0..side.selecting.len() {
            side.read(world, of, policy);
        }
        side
    }

    fn read(&mut self, world: &World, of: &PolicySide, policy: usize) {
        let Some(body) = self.selecting.get(policy).map(|policy| policy.body) else { return };
        for rule in elements_at(world.graph, body, &of.rules) {
            let ports = one_ports(world, rule);
            let ends = elements_at(world.graph, rule, &of.others);
            if ends.is_empty() {
                self.others.push(self.entries.len());
                self.entries.push(Entry { policy, rule, end: None });
            }
            for end in ends {
                self.file(world, end, ports.as_deref());
                self.entries.push(Entry { policy, rule, end: Some(end) });
            }
        }
    }

    /// Puts the next entry where it is found again.
    fn file(&mut self, world: &World, end: ValueId, ports: Option<&[OnePort]>) {
        let next = self.entries.len();
        let (pods, block) = (at(world.graph, end, "podSelector"), at(world.graph, end, "ipBlock"));
        let label = pods.filter(|_| block.is_none()).and_then(|selector| one_label(world, selector));
        match (label, block, ports) {
            (Some(label), _, None) => self.labelled.entry(None).or_default().entry(label).or_default().push(next),
            (Some(label), _, Some(ports)) => {
                for port in ports {
                    let of_port = self.labelled.entry(Some(*port)).or_default();
                    of_port.entry(label.clone()).or_default().push(next);
                }
            }
            (None, Some(block), Some(ports))
                if pods.is_none()
                    && at(world.graph, end, "namespaceSelector").is_none()
                    && elements_at(world.graph, block, "except").is_empty() =>
            {
                let address = at(world.graph, block, "cidr")
                    .map_or(Addresses::Unclear, |range| read::addresses(world.graph, range));
                for port in ports {
                    self.ranges.entry(*port).or_default().add(next, &address, &world.members);
                }
            }
            (None, _, _) => self.others.push(next),
        }
    }

    /// What may concern programs with these labels (none: ends that are no programs of this cluster) at a port: entries in their order,
    /// and ranges besides, by the positions of their entries.
    pub fn candidates(&self, labels: &[(String, String)], port: Port) -> (Vec<usize>, Option<&AddressSet>) {
        if port.first != port.last {
            return ((0..self.entries.len()).collect(), None);
        }
        let one = (port.protocol, port.first);
        let of_port = [Some(one), None].into_iter().filter_map(|port| self.labelled.get(&port));
        let named = of_port.flat_map(|by_label| labels.iter().filter_map(|label| by_label.get(label))).flatten();
        let mut found: Vec<usize> = named.chain(&self.others).copied().collect();
        found.sort_unstable();
        (found, self.ranges.get(&one))
    }

    pub fn entry(&self, position: usize) -> Option<Entry> {
        self.entries.get(position).copied()
    }

    /// The policy that holds the entry at a position.
    pub fn policy(&self, position: usize) -> Option<&'a Resource> {
        self.entries.get(position).and_then(|entry| self.selecting.get(entry.policy)).copied()
    }
}

/// The ports of a rule when all of them are single numbers.
fn one_ports(world: &World, rule: ValueId) -> Option<Vec<OnePort>> {
    let ports = elements_at(world.graph, rule, "ports");
    if ports.is_empty() {
        return None;
    }
    let mut found: Vec<OnePort> = Vec::with_capacity(ports.len());
    for entry in ports {
        if at(world.graph, entry, "endPort").is_some() {
            return None;
        }
        let protocol = text_at(world.graph, entry, "protocol").unwrap_or_else(|| "TCP".to_owned()).to_lowercase();
        let port = (Name::new(&protocol), number_at(world.graph, entry, "port")?);
        if !found.contains(&port) {
            found.push(port);
        }
    }
    Some(found)
}

/// A label that a selector asks for besides others; none when it asks for none or cannot be read.
fn one_label(world: &World, selector: ValueId) -> Option<(String, String)> {
    if !elements_at(world.graph, selector, "matchExpressions").is_empty() {
        return None;
    }
    let labels = at(world.graph, selector, "matchLabels").and_then(|labels| read::labels(world.graph, labels))?;
    labels.into_iter().next()
}
