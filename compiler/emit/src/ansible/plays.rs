//! Plays: the machines of each role with their tasks. What was made alike for several machines, by one statement at the same place below
//! each, is one task.

use std::collections::BTreeMap;

use graph::{EdgeKind, Resource};
use rustc_hash::{FxHashMap, FxHashSet};
use source::Diagnostic;
use value::{Address, AddressId};

use super::machines::{HOST, Machine, Machines};
use super::sequence;
use crate::target::Input;

/// The machines of a role and what is done on them.
pub struct Play {
    pub role: String,
    /// Positions among the machines.
    pub machines: Vec<usize>,
    /// In their order.
    pub tasks: Vec<Task>,
    /// What is done only when a task that names it has changed something.
    pub handlers: Vec<Task>,
}

/// What is done alike on some machines of a role.
pub struct Task {
    /// A sentence about it, that no other task of the role has.
    pub title: String,
    /// A machine and the resource that stands on it, by machine.
    pub of: Vec<(usize, usize)>,
}

/// All plays, in their order, and the machines that they are of.
pub struct Plays {
    pub machines: Vec<Machine>,
    pub all: Vec<Play>,
}

/// A resource that stands on a machine.
pub struct Placed<'g> {
    pub at: usize,
    pub machine: usize,
    pub resource: &'g Resource,
    /// Where it stands below its machine; `files["/etc/motd"]`.
    pub below: String,
    /// Whether it was made elsewhere and only stands there.
    pub beside: bool,
    pub is_handler: bool,
}

/// The plays of an artefact. What stands on no machine, and orders that cannot be, are told.
pub fn plays(input: &Input<'_, '_>, artefact: usize, told: &mut Vec<Diagnostic>) -> Plays {
    let machines = Machines::new(input, artefact, told);
    let placed = placed(input, artefact, &machines, told);
    tell_far_handlers(input, &placed, told);
    let mut roles: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, machine) in machines.all.iter().enumerate() {
        roles.entry(&machine.role).or_default().push(at);
    }
    let mut by_role: BTreeMap<&str, Vec<&Placed<'_>>> = BTreeMap::new();
    for one in &placed {
        by_role.entry(machines.all.get(one.machine).map_or("", |machine| &machine.role)).or_default().push(one);
    }
    let order = sequence::of_roles(input, &machines.all, &placed, told);
    let mut all = Vec::new();
    for role in order {
        let Some(standing) = roles.get(role.as_str()) else { continue };
        let of_role = by_role.remove(role.as_str()).unwrap_or_default();
        let (handlers, tasks) = of_role.into_iter().partition::<Vec<_>, _>(|one| one.is_handler);
        let tasks = titled(sequence::of_tasks(input, &tasks, told));
        let handlers = titled(sequence::of_tasks(input, &handlers, told));
        all.push(Play { role, machines: standing.clone(), tasks, handlers });
    }
    Plays { machines: machines.all, all }
}

/// The resources of an artefact that are tasks, with the machine of each.
fn placed<'g>(
    input: &Input<'_, 'g>,
    artefact: usize,
    machines: &Machines,
    told: &mut Vec<Diagnostic>,
) -> Vec<Placed<'g>> {
    let tasks = || input.members(artefact).filter(|(_, resource)| resource.kind.name.text() != HOST);
    let notified: FxHashSet<AddressId> = tasks().flat_map(|(_, resource)| notified(resource)).collect();
    let mut placed = Vec::new();
    let mut beside: FxHashMap<(usize, String), u32> = FxHashMap::default();
    let path = |resource: &Resource, with_keys: bool| {
        let steps = input.index.store.steps(resource.address);
        steps.iter().map(|step| step_text(step, with_keys)).collect::<Vec<_>>().join(".")
    };
    for (at, resource) in tasks() {
        let Some(machine) = machines.at(resource.home.host) else {
            told.push(on_no_machine(input, resource));
            continue;
        };
        let below = below_machine(input, machines, resource);
        if below.is_none() {
            *beside.entry((machine, path(resource, false))).or_default() += 1;
        }
        placed.push(Placed {
            at,
            machine,
            resource,
            beside: below.is_none(),
            below: below.unwrap_or_default(),
            is_handler: notified.contains(&resource.address),
        });
    }
    for one in placed.iter_mut().filter(|one| one.beside) {
        let plain = path(one.resource, false);
        let several = beside.get(&(one.machine, plain.clone())).is_some_and(|number| *number > 1);
        one.below = if several { path(one.resource, true) } else { plain };
    }
    placed
}

/// The resources that are told of a change of this one.
pub fn notified(resource: &Resource) -> impl Iterator<Item = AddressId> + use<'_> {
    let edges = resource.edges.iter().filter(|edge| edge.kind == EdgeKind::Notifies);
    edges.filter_map(|edge| edge.resource())
}

/// Where a resource stands below its machine; none where it was made elsewhere.
fn below_machine(input: &Input<'_, '_>, machines: &Machines, resource: &Resource) -> Option<String> {
    let store = input.index.store;
    let machine = machines.at(resource.home.host)?;
    let mut steps = vec![store.step(resource.address)];
    let mut above = steps.first()?.parent;
    while let Some(address) = above {
        if machines.at(Some(address)) == Some(machine) {
            steps.reverse();
            return Some(steps.iter().map(|step| step_text(step, true)).collect::<Vec<_>>().join("."));
        }
        let step = store.step(address);
        above = step.parent;
        steps.push(step);
    }
    None
}

fn step_text(step: &Address, with_key: bool) -> String {
    match step.key.filter(|_| with_key) {
        Some(key) => format!("{}[\"{}\"]", step.name.text(), key.text()),
        None => step.name.text().to_owned(),
    }
}

fn on_no_machine(input: &Input<'_, '_>, resource: &Resource) -> Diagnostic {
    let index = input.index;
    let message = format!("`{}` stands on no machine", index.address(resource.address));
    let help = "say on which: `… NAME on web { … }`, or for each of several `… NAME for name, s in web on s { … }`";
    Diagnostic::error("no_platform", index.place(resource, &[]), message).help(help)
}

/// Only what stands on the same machine can be told of a change.
fn tell_far_handlers(input: &Input<'_, '_>, placed: &[Placed<'_>], told: &mut Vec<Diagnostic>) {
    let machine_of: FxHashMap<AddressId, usize> =
        placed.iter().map(|one| (one.resource.address, one.machine)).collect();
    for one in placed {
        for other in notified(one.resource).filter(|other| machine_of.get(other).is_none_or(|at| *at != one.machine)) {
            let (address, other) = (input.index.address(one.resource.address), input.index.address(other));
            let message = format!("`{address}` cannot tell `{other}` of a change: it stands on another machine");
            let help = "what is told of a change is a task on the same machine";
            told.push(Diagnostic::error("no_effect", input.index.place(one.resource, &[]), message).help(help));
        }
    }
}

/// Tasks with a title each.
fn titled(tasks: Vec<sequence::Group<'_>>) -> Vec<Task> {
    let mut seen: FxHashMap<String, u32> = FxHashMap::default();
    let title = |below: &str| {
        let plain = title(below);
        let number = seen.entry(plain.clone()).or_default();
        *number += 1;
        if *number == 1 { plain } else { format!("{plain} ({number})") }
    };
    let mut title = title;
    tasks.into_iter().map(|group| Task { title: title(group.below), of: group.of }).collect()
}

/// `files["/etc/motd"]` as words: `Files /etc/motd`. Nothing in it is an expression.
fn title(below: &str) -> String {
    let words = below.replace("[\"", " ").replace("\"]", "").replace('_', " ");
    let words: String = words.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    let words = words.replace("{{", "{ {").replace("{%", "{ %").replace("{#", "{ #");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
