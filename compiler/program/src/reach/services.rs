//! What stands in front of a program in a cluster: a service, with an address inside, in the network around, or on the internet.

use graph::Resource;
use value::{Value, ValueId};

use super::parties::{Program, everything};
use super::policies::inside;
use super::read::{self, Port, at, elements_at, number_at, text, text_at};
use super::seen::{Met, Seen};
use super::walk::{Step, Verdict, World, is_private};

/// What stands before a program: whether it can be called there, and at an address on the internet.
pub(crate) struct Front {
    pub step: Step,
    pub public: bool,
}

/// The service in front of a program, for a caller inside or outside of its cluster.
pub(crate) fn front(world: &World, (name, program): (&str, &Program), caller: &Seen, port: Port) -> Option<Front> {
    let form = world.table.policies.get(program.form)?;
    let service = &form.service;
    let within = inside(program, caller);
    let step =
        |verdict: Verdict, says: String, place| Step { layer: service.layer.clone(), verdict, says, place, help: None };
    let ours =
        world.index.services(program).into_iter().filter(|found| leads_here(world, found, &service.selects, program));
    let mut closed =
        step(Verdict::Closed, format!("no service leads to `{name}` at {port}"), world.place(program.resource));
    for found in ours {
        if !elements_at(world.graph, found.body, &service.ports)
            .into_iter()
            .any(|entry| leads_to(world, entry, program, port))
        {
            continue;
        }
        let address = world.graph.store.address_text(found.address);
        if within {
            return Some(Front {
                step: step(Verdict::Open, format!("`{address}` leads to it at {port}"), Some(found.place)),
                public: false,
            });
        }
        let outside = text_at(world.graph, found.body, &service.kind_of_address)
            .is_some_and(|kind| service.outside_types.contains(&kind));
        let note = at(world.graph, found.body, "metadata.annotations")
            .and_then(|notes| read::labels(world.graph, notes))
            .unwrap_or_default();
        let public = note.iter().any(|(label, value)| *label == service.public_note && *value == service.public_is);
        let sources = world.sources(found, &service.sources);
        // Whoever calls an address on the internet comes from one.
        let known = caller.whole || !public;
        let ranges = if known { caller.ranges.clone() } else { vec![everything()] };
        let caller = Seen {
            name: caller.name,
            groups: Vec::new(),
            owns: if known { caller.owns.clone() } else { Vec::new() },
            ranges,
            whole: caller.whole || public,
            machine: caller.machine,
            programs: &[],
        };
        let abroad = caller.whole && caller.ranges.iter().any(|range| !is_private(range));
        let (verdict, says) = if !outside {
            (Verdict::Closed, format!("`{address}` has no address outside of its cluster"))
        } else if abroad && !public {
            (Verdict::Closed, format!("`{address}` has no address on the internet"))
        } else if sources.first().is_none() {
            (Verdict::Open, format!("`{address}` leads to it at {port}, from outside of the cluster too"))
        } else {
            match caller.met_by(&[&*sources]) {
                Met::All(_) => (Verdict::Open, format!("`{address}` takes calls of `{}`", caller.name)),
                Met::Unclear => {
                    (Verdict::Unknown, format!("`{address}` may or may not take calls of `{}`", caller.name))
                }
                Met::Part | Met::Nothing => {
                    (Verdict::Closed, format!("`{address}` takes no calls of `{}`", caller.name))
                }
            }
        };
        let front = Front { step: step(verdict, says, Some(found.place)), public };
        if verdict == Verdict::Open {
            return Some(front);
        }
        closed = front.step;
    }
    Some(Front { step: closed, public: false })
}

/// Whether a service asks for labels, all of which the program has.
pub(crate) fn leads_here(world: &World, service: &Resource, selects: &str, program: &Program) -> bool {
    let wanted = at(world.graph, service.body, selects)
        .and_then(|selector| read::labels(world.graph, selector))
        .unwrap_or_default();
    !wanted.is_empty() && wanted.iter().all(|label| program.labels.contains(label))
}

/// Whether an entry of a service's ports ends at this port of the program.
fn leads_to(world: &World, entry: ValueId, program: &Program, port: Port) -> bool {
    let protocol = text_at(world.graph, entry, "protocol").unwrap_or_else(|| "TCP".to_owned()).to_lowercase();
    let number = match at(world.graph, entry, "targetPort")
        .map(|target| (target, world.graph.store.get(world.graph.store.folded(target))))
    {
        None => number_at(world.graph, entry, "port"),
        Some((_, Value::Int(number))) => u16::try_from(*number).ok(),
        Some((target, _)) => {
            let name = text(world.graph, target).unwrap_or_default();
            program
                .ports
                .iter()
                .find(|(known, _, spoken)| *known == name && *spoken == protocol)
                .map(|(_, number, _)| *number)
                .or_else(|| name.parse().ok())
        }
    };
    protocol == port.protocol.text() && number == Some(port.first) && port.first == port.last
}
