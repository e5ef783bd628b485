//! In which order things are done: on each machine as its statements are written and `@after` says, over all of a role so that this holds
//! on every one of them, and roles so that what waits for a task of another machine comes after it.

use std::collections::{BTreeMap, BTreeSet};

use graph::EdgeKind;
use rustc_hash::{FxHashMap, FxHashSet};
use source::Diagnostic;
use value::AddressId;

use super::machines::Machine;
use super::plays::Placed;
use crate::target::Input;

/// What becomes one task.
pub struct Group<'p> {
    pub below: &'p str,
    pub of: Vec<(usize, usize)>,
}

/// The groups of what stands on the machines of a role, in an order that works on each of them.
pub fn of_tasks<'p>(input: &Input<'_, '_>, placed: &[&'p Placed<'_>], told: &mut Vec<Diagnostic>) -> Vec<Group<'p>> {
    let mut groups: Vec<Group<'p>> = Vec::new();
    let mut group_of: FxHashMap<(&str, &str), usize> = FxHashMap::default();
    let mut by_address: FxHashMap<AddressId, usize> = FxHashMap::default();
    let mut before: FxHashSet<(usize, usize)> = FxHashSet::default();
    for machine in by_machine(placed) {
        let mut previous = None;
        for one in on_one_machine(input, &machine) {
            let group = *group_of.entry((&one.resource.made_by, &one.below)).or_insert_with(|| {
                groups.push(Group { below: &one.below, of: Vec::new() });
                groups.len() - 1
            });
            if let Some(group) = groups.get_mut(group) {
                group.of.push((one.machine, one.at));
            }
            by_address.insert(one.resource.address, group);
            before.extend(previous.filter(|previous| *previous != group).map(|previous| (previous, group)));
            previous = Some(group);
        }
    }
    // What waits for a task on another machine of the same role.
    for one in placed {
        let Some(after) = by_address.get(&one.resource.address) else { continue };
        let first = waits_for(one).filter_map(|address| by_address.get(&address));
        before.extend(first.filter(|first| *first != after).map(|first| (*first, *after)));
    }
    let order = sorted(groups.len(), &before, || {
        told.extend(placed.first().map(|one| no_order(input, one)));
    });
    let mut groups: Vec<Option<Group<'p>>> = groups.into_iter().map(Some).collect();
    order.into_iter().filter_map(|at| groups.get_mut(at)?.take()).collect()
}

/// Roles in an order that works: by name, but after those that hold what they wait for.
pub fn of_roles(
    input: &Input<'_, '_>,
    machines: &[Machine],
    placed: &[Placed<'_>],
    told: &mut Vec<Diagnostic>,
) -> Vec<String> {
    let names: Vec<&str> =
        machines.iter().map(|machine| machine.role.as_str()).collect::<BTreeSet<_>>().into_iter().collect();
    let role_of = |machine: usize| names.binary_search(&machines.get(machine)?.role.as_str()).ok();
    let by_address: FxHashMap<AddressId, Option<usize>> =
        placed.iter().map(|one| (one.resource.address, role_of(one.machine))).collect();
    let mut before: FxHashSet<(usize, usize)> = FxHashSet::default();
    for one in placed {
        let Some(after) = role_of(one.machine) else { continue };
        let first = waits_for(one).filter_map(|address| by_address.get(&address).copied().flatten());
        before.extend(first.filter(|first| *first != after).map(|first| (first, after)));
    }
    let order = sorted(names.len(), &before, || {
        let waits = placed.iter().find(|one| {
            waits_for(one).any(|address| by_address.get(&address).is_some_and(|role| *role != role_of(one.machine)))
        });
        told.extend(waits.map(|one| no_order(input, one)));
    });
    order.into_iter().filter_map(|at| names.get(at).map(|name| (*name).to_owned())).collect()
}

/// What has to be done before.
fn waits_for<'g>(one: &Placed<'g>) -> impl Iterator<Item = AddressId> + use<'g> {
    let edges = one.resource.edges.iter().filter(|edge| matches!(edge.kind, EdgeKind::Data | EdgeKind::Order));
    edges.filter_map(|edge| edge.resource())
}

fn by_machine<'p, 'g>(placed: &[&'p Placed<'g>]) -> Vec<Vec<&'p Placed<'g>>> {
    let mut machines: BTreeMap<usize, Vec<&'p Placed<'g>>> = BTreeMap::new();
    for one in placed {
        machines.entry(one.machine).or_default().push(one);
    }
    machines.into_values().collect()
}

/// What stands on a machine as it is written there, what stands beside it last; but each after what it waits for. What is made below one
/// instance stays together, behind what is made by the instance itself.
fn on_one_machine<'p, 'g>(input: &Input<'_, '_>, machine: &[&'p Placed<'g>]) -> Vec<&'p Placed<'g>> {
    let mut written: Vec<&'p Placed<'g>> = machine.to_vec();
    let above = |one: &Placed<'_>| input.index.store.step(one.resource.address).parent;
    let text = |above: AddressId| input.index.address(above);
    written.sort_by_cached_key(|one| (one.beside, above(one).map(text), one.resource.seq));
    let at: FxHashMap<AddressId, usize> =
        written.iter().enumerate().map(|(at, one)| (one.resource.address, at)).collect();
    let mut before = FxHashSet::default();
    for (after, one) in written.iter().enumerate() {
        before.extend(waits_for(one).filter_map(|address| at.get(&address)).map(|first| (*first, after)));
    }
    // The graph has no circles.
    sorted(written.len(), &before, || {}).into_iter().filter_map(|at| written.get(at).copied()).collect()
}

/// Numbers below `count`, each after those that have to come before it, the smallest first. A circle is told and cut.
fn sorted(count: usize, before: &FxHashSet<(usize, usize)>, mut tell: impl FnMut()) -> Vec<usize> {
    let mut after: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut open = vec![0_usize; count];
    for (first, second) in before {
        if let (Some(after), Some(open)) = (after.get_mut(*first), open.get_mut(*second)) {
            after.push(*second);
            *open += 1;
        }
    }
    let mut left: BTreeSet<usize> = (0..count).collect();
    let mut ready: BTreeSet<usize> = left.iter().copied().filter(|at| open.get(*at) == Some(&0)).collect();
    let mut order = Vec::with_capacity(count);
    while let Some(first) = left.first().copied() {
        let next = ready.pop_first().unwrap_or_else(|| {
            tell();
            first
        });
        if !left.remove(&next) {
            continue;
        }
        order.push(next);
        for at in after.get(next).into_iter().flatten() {
            if let Some(open) = open.get_mut(*at) {
                *open = open.saturating_sub(1);
                if *open == 0 && left.contains(at) {
                    ready.insert(*at);
                }
            }
        }
    }
    order
}

fn no_order(input: &Input<'_, '_>, one: &Placed<'_>) -> Diagnostic {
    let message = format!(
        "there is no order of tasks in which `{}` comes after all that it waits for",
        input.index.address(one.resource.address)
    );
    let help = "a task runs on all machines of its role before the next one begins, and a role on all of its machines before the next role: let machines that wait for each other have roles of their own, or leave an `@after` out";
    Diagnostic::error("circle_of_tools", input.index.place(one.resource, &[]), message).help(help)
}
