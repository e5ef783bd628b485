//! Ways that are open though no flow asks for them: a rule or a policy that stands in the program beside those of the library lets more
//! pass than the firewalls say. Each is told where it stands. What the library's own rules let pass follows from flows, and is not
//! looked through again.

use graph::Resource;
use indexmap::{IndexMap, IndexSet};
use ipnet::IpNet;
use rustc_hash::{FxBuildHasher, FxHashSet};
use source::{Diagnostic, Name, Place};
use value::AddressId;

use super::Scene;
use super::likeness::Named;
use super::parties::Party;
use super::policies::matches;
use super::read::{Addresses, addresses, at, elements_at, is_kind, referred};
use super::stopped::{Called, is_asked};
use super::walk::{Verdict, World, verdict, walk};

/// Whether something stands in the program that may be such a rule.
pub(super) fn may_be(graph: &graph::Graph) -> bool {
    graph.resources.iter().any(is_own)
}

/// One warning for each place that lets somebody pass whom no flow names.
pub(super) fn undeclared(scene: &Scene<'_>, environment: Name) -> Vec<Diagnostic> {
    let own = Own::of(scene);
    if own.places.is_empty() || !scene.parties.iter().any(Party::has_points) {
        return Vec::new();
    }
    let world = scene.world();
    let asked = Asked::of(scene, &world, &own);
    let mut found: IndexMap<Place, (String, String), FxBuildHasher> = IndexMap::default();
    for (callers, called) in asked.groups() {
        let pairs = || {
            let pairs = callers.iter().flat_map(|caller| called.iter().map(move |called| (caller, called)));
            pairs.filter(|(caller, called)| is_asked(caller, called.0))
        };
        let Some((caller, (one, label, port))) = pairs().next() else { continue };
        let steps = walk(&world, caller, one, *label, *port);
        let opened = steps.iter().filter_map(|step| step.place).filter(|place| own.places.contains(place));
        let opened: Vec<Place> = opened.filter(|place| !found.contains_key(place)).collect();
        if verdict(&steps) != Verdict::Open || opened.is_empty() {
            continue;
        }
        if let Some((caller, (called, label, _))) = pairs().find(|(caller, called)| is_unsaid(scene, caller, called)) {
            let names = (caller.name.clone(), format!("{}.{label}", called.name));
            found.extend(opened.into_iter().map(|place| (place, names.clone())));
        }
    }
    found.into_iter().map(|(place, (from, to))| tell(place, &from, &to, environment)).collect()
}

/// Neither does a flow name both ends, nor do flows ask for both ends by their addresses.
fn is_unsaid(scene: &Scene<'_>, caller: &Party, (called, label, port): &Called<'_>) -> bool {
    let said = scene.declared.said(&scene.parties, (caller, called), (*label, *port));
    said.flow.is_none() && !said.by_ranges
}

fn tell(place: Place, from: &str, to: &str, environment: Name) -> Diagnostic {
    let message = format!("`{from}` can reach `{to}` in `{environment}`, and no flow says so");
    Diagnostic::warning("open_without_flow", place, message)
        .label("this lets it pass")
        .help(format!("say it in a firewall, `{from} -> {to}`, or let this pass less"))
}

/// What of the program itself, and not of the library, lets pass.
#[derive(Default)]
struct Own {
    places: FxHashSet<Place>,
    groups: FxHashSet<AddressId>,
    policies: FxHashSet<AddressId>,
    programs: FxHashSet<AddressId>,
    /// What they name by addresses.
    ranges: IndexSet<IpNet, FxBuildHasher>,
}

fn is_own(resource: &Resource) -> bool {
    !resource.read && !resource.place.item.is_of_library()
}

impl Own {
    fn of(scene: &Scene<'_>) -> Self {
        let mut own = Self::default();
        for resource in scene.graph.resources.iter().filter(|resource| is_own(resource)) {
            own.add_rule(scene, resource);
            own.add_policy(scene, resource);
        }
        own
    }

    fn add_rule(&mut self, scene: &Scene<'_>, rule: &Resource) {
        let graph = scene.graph;
        let kinds = scene.table.groups.iter().flat_map(|form| &form.rules);
        for kind in kinds.filter(|kind| is_kind(rule, &kind.kind)) {
            self.places.insert(rule.place);
            self.groups.extend(at(graph, rule.body, &kind.group).and_then(|group| referred(graph, group)));
            for field in &kind.other_ranges {
                self.ranges.extend(at(graph, rule.body, field).and_then(|range| range_of(graph, range)));
            }
        }
    }

    /// A policy, or a program that policies may select.
    fn add_policy(&mut self, scene: &Scene<'_>, resource: &Resource) {
        let graph = scene.graph;
        for form in &scene.table.policies {
            if is_kind(resource, &form.kind) {
                self.places.insert(resource.place);
                self.policies.insert(resource.address);
                let rules = elements_at(graph, resource.body, &form.incoming.rules).into_iter();
                let ends = rules.flat_map(|rule| elements_at(graph, rule, &form.incoming.others));
                let ranges = ends.filter_map(|end| at(graph, end, "ipBlock.cidr"));
                self.ranges.extend(ranges.filter_map(|range| range_of(graph, range)));
            }
            if form.programs.iter().any(|kind| is_kind(resource, &kind.kind)) {
                self.places.insert(resource.place);
                self.programs.insert(resource.address);
            }
        }
    }

    /// Whether one of them says something of an end.
    fn touches(&self, world: &World<'_>, party: &Party) -> bool {
        let by_group = party.members.iter().flat_map(|member| &member.groups).any(|group| self.groups.contains(group));
        by_group
            || party.programs.iter().any(|program| {
                let selects = |policy: &&Resource| {
                    let form = world.table.policies.get(program.form);
                    let selector = form.and_then(|form| at(world.graph, policy.body, &form.selects));
                    selector.is_none_or(|selector| matches(world, selector, &program.labels) != Some(false))
                };
                let mut policies = world.index.policies(program).into_iter();
                self.programs.contains(&program.resource)
                    || policies.any(|policy| self.policies.contains(&policy.address) && selects(&policy))
            })
    }
}

fn range_of(graph: &graph::Graph, range: value::ValueId) -> Option<IpNet> {
    match addresses(graph, range) {
        Addresses::Range(range) => Some(range),
        Addresses::Of(..) | Addresses::Unclear => None,
    }
}

/// Ends that no layer can tell apart, and whether one of the program's own rules says something of them.
type Alike<L, E> = IndexMap<L, (Vec<E>, bool), FxBuildHasher>;

/// All that may call and be called.
struct Asked<'a> {
    callers: Alike<String, Party>,
    called: Alike<(Name, String), Called<'a>>,
}

impl<'a> Asked<'a> {
    fn of(scene: &'a Scene<'_>, world: &World<'_>, own: &Own) -> Self {
        let named = Named::new(world);
        let mut asked = Self { callers: Alike::default(), called: Alike::default() };
        let mut callers = scene.all_callers();
        let known: FxHashSet<String> = callers.iter().map(|party| party.name.clone()).collect();
        // Everybody is among them.
        let ranges = own.ranges.iter().filter(|range| range.prefix_len() > 0).map(|range| (range.to_string(), *range));
        let ranges = ranges.filter(|(name, _)| !known.contains(name));
        callers.extend(ranges.map(|(name, range)| Party::of_ranges(&name, vec![range])));
        for party in callers {
            let alike = asked.callers.entry(named.likeness(world, &party));
            alike.or_insert_with(|| (Vec::new(), own.touches(world, &party))).0.push(party);
        }
        for (party, label, port) in scene.all_endpoints() {
            let alike = asked.called.entry((label, named.likeness(world, party)));
            alike.or_insert_with(|| (Vec::new(), own.touches(world, party))).0.push((party, label, port));
        }
        asked
    }

    /// Those who may call and those whom they may call, where a rule says something of one of both.
    fn groups(&self) -> impl Iterator<Item = (&[Party], &[Called<'a>])> {
        let pairs = self.callers.values().flat_map(|from| self.called.values().map(move |to| (from, to)));
        let pairs = pairs.filter(|((_, of_callers), (_, of_called))| *of_callers || *of_called);
        pairs.map(|((callers, _), (called, _))| (callers.as_slice(), called.as_slice()))
    }
}
