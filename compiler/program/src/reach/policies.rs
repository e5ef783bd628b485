//! The layer of policies: objects that select programs by labels and list who may call them and whom they may call. Where none
//! selects, everything passes.

use graph::Resource;
use value::ValueId;

use super::address_set::AddressSet;
use super::parties::Program;
use super::read::{self, Addresses, Port, at, elements, elements_at, number_at, text, text_at};
use super::seen::{Met, Seen};
use super::table::{Direction, PolicyForm};
use super::walk::{Step, Verdict, World};

/// Whether the policies that select a program let this port pass, from or to the other end.
pub(crate) fn through(
    world: &World,
    direction: Direction,
    (name, program): (&str, &Program),
    other: &Seen,
    port: Port,
) -> Option<Step> {
    let form = world.table.policies.get(program.form)?;
    let step = |verdict, says: String, place| Step::at_end(&form.layer, (direction, name), verdict, &says, place);
    let address = |policy: &Resource| world.graph.store.address_text(policy.address);
    let read = world.side(form, program, direction);
    let selecting = &read.selecting;
    if selecting.is_empty() && read.unclear.is_none() {
        return Some(step(Verdict::Open, "no policy selects it".to_owned(), world.place(program.resource)));
    }
    let mut unclear: Option<&Resource> = read.unclear;
    let labels = other.programs.first().filter(|_| inside(program, other)).map(|called| called.labels.as_slice());
    let (candidates, ranges) = read.candidates(labels.unwrap_or_default(), port);
    let mut blocks = AddressSet::default();
    // A named port is one of the program that is called.
    let named = match direction {
        Direction::In => std::slice::from_ref(program),
        Direction::Out => other.programs,
    };
    for position in candidates {
        let Some((entry, policy)) = read.entry(position).zip(read.policy(position)) else { continue };
        match allows_port(world, entry.rule, named, port) {
            Some(true) => {}
            Some(false) => continue,
            None => {
                unclear = unclear.or(Some(policy));
                continue;
            }
        }
        let Some(end) = entry.end else {
            return Some(step(
                Verdict::Open,
                format!("`{}` lets everybody pass at {port}", address(policy)),
                Some(policy.place),
            ));
        };
        match meets_program(world, form, policy, program, end, other) {
            Some(true) => {
                return Some(step(
                    Verdict::Open,
                    format!("`{}` names it by its labels", address(policy)),
                    Some(policy.place),
                ));
            }
            Some(false) => {}
            None => unclear = unclear.or(Some(policy)),
        }
        if let Some(block) = at(world.graph, end, "ipBlock") {
            blocks.add(position, &block_addresses(world, block, other), &world.members);
        }
    }
    let sets: Vec<&AddressSet> = ranges.into_iter().chain([&blocks]).collect();
    let first = sets.iter().filter_map(|set| set.first()).min().and_then(|position| read.policy(position));
    match other.met_by(&sets) {
        // Whether a range means programs of the same cluster is left to what enforces the policies.
        Met::All(_) if inside(program, other) => unclear = unclear.or(first),
        Met::All(found) => {
            let policy = read.policy(found);
            let says = policy.map_or_else(String::new, |policy| format!("`{}` lets its address pass", address(policy)));
            return Some(step(Verdict::Open, says, policy.map(|policy| policy.place)));
        }
        Met::Unclear => unclear = unclear.or(first),
        Met::Part | Met::Nothing => {}
    }
    if let Some(policy) = unclear {
        return Some(step(
            Verdict::Unknown,
            format!("`{}` may or may not mean `{}`", address(policy), other.name),
            Some(policy.place),
        ));
    }
    let names: Vec<String> = selecting.iter().map(|policy| format!("`{}`", address(policy))).collect();
    let way = direction.side();
    let closed = step(
        Verdict::Closed,
        format!("{} let no {port} pass {way} `{}`", names.join(" and "), other.name),
        selecting.first().map(|policy| policy.place),
    );
    Some(Step { help: world.table.missing_ranges(other), ..closed })
}

/// Whether the other end is programs of the same cluster.
pub(crate) fn inside(program: &Program, other: &Seen) -> bool {
    !other.programs.is_empty() && other.programs.iter().all(|other| other.cluster == program.cluster)
}

/// Whether a policy says something about this direction.
pub(crate) fn concerns(world: &World, form: &PolicyForm, policy: &Resource, direction: Direction) -> bool {
    let types: Vec<String> = elements_at(world.graph, policy.body, &form.types)
        .into_iter()
        .filter_map(|value| text(world.graph, value))
        .collect();
    match direction {
        // Left out, it means callers always, and calls when there are rules for them.
        Direction::In => types.is_empty() || types.contains(&form.incoming.kind),
        Direction::Out if types.is_empty() => at(world.graph, policy.body, &form.outgoing.rules).is_some(),
        Direction::Out => types.contains(&form.outgoing.kind),
    }
}

/// Whether a selector means these labels; none when that cannot be read.
pub(crate) fn matches(world: &World, selector: ValueId, labels: &[(String, String)]) -> Option<bool> {
    if !elements_at(world.graph, selector, "matchExpressions").is_empty() {
        return None;
    }
    let Some(wanted) = at(world.graph, selector, "matchLabels") else { return Some(true) };
    Some(read::labels(world.graph, wanted)?.iter().all(|label| labels.contains(label)))
}

fn allows_port(world: &World, rule: ValueId, named: &[Program], port: Port) -> Option<bool> {
    let ports = elements_at(world.graph, rule, "ports");
    if ports.is_empty() {
        return Some(true);
    }
    let mut answer = Some(false);
    for entry in ports {
        let protocol = text_at(world.graph, entry, "protocol").unwrap_or_else(|| "TCP".to_owned()).to_lowercase();
        if protocol != port.protocol.text() {
            continue;
        }
        let Some(value) = at(world.graph, entry, "port") else { return Some(true) };
        let (first, last) = match number_at(world.graph, entry, "port") {
            Some(first) => (first, number_at(world.graph, entry, "endPort").unwrap_or(first)),
            None => {
                let name = text(world.graph, value)?;
                let numbers = named
                    .iter()
                    .flat_map(|program| &program.ports)
                    .filter(|(known, _, spoken)| *known == name && *spoken == protocol);
                let Some((_, number, _)) = numbers.into_iter().next() else { continue };
                (*number, *number)
            }
        };
        if first <= port.first && port.last <= last {
            return Some(true);
        }
        if first <= port.last && port.first <= last {
            answer = None;
        }
    }
    answer
}

/// Whether an end of a rule means the programs of the other side.
fn meets_program(
    world: &World,
    form: &PolicyForm,
    policy: &Resource,
    program: &Program,
    end: ValueId,
    other: &Seen,
) -> Option<bool> {
    let (pods, spaces) = (at(world.graph, end, "podSelector"), at(world.graph, end, "namespaceSelector"));
    if (pods.is_none() && spaces.is_none()) || !inside(program, other) {
        return Some(false);
    }
    let mut all = Some(true);
    for called in other.programs {
        let by_labels = pods.map_or(Some(true), |selector| matches(world, selector, &called.labels));
        let by_space = match spaces {
            Some(selector) => in_namespace(world, (form, program), policy, selector, &called.namespace),
            None => Some(called.namespace == program.namespace),
        };
        match (by_labels, by_space) {
            (Some(false), _) | (_, Some(false)) => return Some(false),
            (Some(true), Some(true)) => {}
            (None, _) | (_, None) => all = None,
        }
    }
    all
}

fn in_namespace(
    world: &World,
    (form, program): (&PolicyForm, &Program),
    policy: &Resource,
    selector: ValueId,
    namespace: &str,
) -> Option<bool> {
    let mut labels = vec![(form.namespace_name_label.clone(), namespace.to_owned())];
    let ours = world.index.namespaces(program.form, policy.provider, namespace);
    for space in ours {
        labels.extend(
            at(world.graph, space.body, &form.namespaces.labels)
                .and_then(|labels| read::labels(world.graph, labels))
                .unwrap_or_default(),
        );
    }
    match matches(world, selector, &labels) {
        // A namespace that is not written here may have any label besides its name.
        Some(false) if ours.is_empty() => {
            let wanted =
                at(world.graph, selector, "matchLabels").and_then(|wanted| read::labels(world.graph, wanted))?;
            let by_name = wanted.iter().all(|(label, _)| *label == form.namespace_name_label);
            if by_name { Some(false) } else { None }
        }
        answer => answer,
    }
}

/// The range of a block; unclear when an exception of it concerns the other end.
fn block_addresses(world: &World, block: ValueId, other: &Seen) -> Addresses {
    let Some(range) = at(world.graph, block, "cidr") else { return Addresses::Unclear };
    let excepted = at(world.graph, block, "except").map(|except| elements(world.graph, except)).unwrap_or_default();
    let concerned = excepted.iter().any(|value| match read::addresses(world.graph, *value) {
        Addresses::Range(range) => other.ranges.iter().any(|mine| value::overlap(mine, &range)),
        Addresses::Of(..) | Addresses::Unclear => true,
    });
    if concerned { Addresses::Unclear } else { read::addresses(world.graph, range) }
}
