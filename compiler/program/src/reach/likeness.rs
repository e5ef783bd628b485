//! Which ends no layer can tell apart: of three hundred machines in one group one path is walked, not ninety thousand.

use rustc_hash::FxHashSet;
use value::AddressId;

use super::parties::{Member, Party, Program};
use super::policies::matches;
use super::read::{self, Addresses, addresses, at, elements_at};
use super::services::leads_here;
use super::walk::World;

/// What rules name of single ends.
pub(crate) struct Named {
    labels: FxHashSet<(String, String)>,
    /// Machines whose own address some rule names.
    members: FxHashSet<AddressId>,
}

impl Named {
    pub fn new(world: &World) -> Self {
        let mut named = Self { labels: FxHashSet::default(), members: FxHashSet::default() };
        let mut address = |value| {
            if let Addresses::Of(of, _) = addresses(world.graph, value) {
                named.members.insert(of);
            }
        };
        for kind in world.table.groups.iter().flat_map(|form| &form.rules) {
            for rule in world.of_kind(&kind.kind) {
                kind.other_ranges.iter().filter_map(|field| at(world.graph, rule.body, field)).for_each(&mut address);
            }
        }
        let mut labels = Vec::new();
        for form in &world.table.policies {
            for policy in world.of_kind(&form.kind) {
                let rules = [&form.incoming, &form.outgoing].into_iter().flat_map(|side| {
                    elements_at(world.graph, policy.body, &side.rules).into_iter().map(move |rule| (side, rule))
                });
                for end in rules.flat_map(|(side, rule)| elements_at(world.graph, rule, &side.others)) {
                    if let Some(range) = at(world.graph, end, "ipBlock.cidr") {
                        address(range);
                    }
                    labels.extend(
                        at(world.graph, end, "podSelector.matchLabels")
                            .and_then(|labels| read::labels(world.graph, labels))
                            .unwrap_or_default(),
                    );
                }
            }
            for service in world.of_kind(&form.service.kind) {
                elements_at(world.graph, service.body, &form.service.sources).into_iter().for_each(&mut address);
            }
        }
        named.labels.extend(labels);
        named
    }

    /// Two ends with the same text are told apart by no layer.
    pub fn likeness(&self, world: &World, party: &Party) -> String {
        let members: Vec<String> = party.members.iter().map(|member| self.member(member)).collect();
        let programs: Vec<String> = party.programs.iter().map(|program| self.program(world, program)).collect();
        let alone = if party.members.is_empty() && party.programs.is_empty() { party.name.as_str() } else { "" };
        let hosts: Vec<_> = party.hosts.iter().map(|host| (&host.ranges, host.filter.map(|filter| filter.1))).collect();
        format!("{alone} {:?} {:?} {members:?} {programs:?} {hosts:?}", party.ports, party.ranges)
    }

    fn member(&self, member: &Member) -> String {
        let own = self.members.contains(&member.resource).then_some(member.resource);
        let listens: Option<Vec<u16>> =
            member.listens.as_ref().map(|listens| listens.iter().map(|(port, _)| *port).collect());
        let Member { form, groups, more_groups, ranges, subnets, network, public, called_at_public_address, .. } =
            member;
        format!(
            "{own:?} {listens:?} {form} {groups:?} {more_groups} {ranges:?} {subnets:?} {network:?} {public} {called_at_public_address}"
        )
    }

    fn program(&self, world: &World, program: &Program) -> String {
        let Program { form, cluster, namespace, labels, ports, ranges, .. } = program;
        let labels: Vec<&(String, String)> = labels.iter().filter(|label| self.labels.contains(label)).collect();
        let Some(table) = world.table.policies.get(*form) else { return format!("{:?}", program.resource) };
        // Equal values are stored once, so what a policy says is compared by where it is stored.
        let mut says = Vec::new();
        for policy in world.index.policies(program) {
            let selects = at(world.graph, policy.body, &table.selects)
                .map_or(Some(true), |selector| matches(world, selector, &program.labels));
            if selects != Some(false) {
                says.push((
                    selects,
                    [&table.types, &table.incoming.rules, &table.outgoing.rules]
                        .map(|field| at(world.graph, policy.body, field)),
                ));
            }
        }
        let service = &table.service;
        let fronts: Vec<_> = world
            .index
            .services(program)
            .into_iter()
            .filter(|found| leads_here(world, found, &service.selects, program))
            .collect();
        let fronts: Vec<_> = fronts
            .into_iter()
            .map(|found| {
                [service.ports.as_str(), &service.kind_of_address, &service.sources, "metadata.annotations"]
                    .map(|field| at(world.graph, found.body, field))
            })
            .collect();
        format!("{form} {cluster:?} {namespace} {labels:?} {ports:?} {ranges:?} {says:?} {fronts:?}")
    }
}
