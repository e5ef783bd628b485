//! What joins boxes: the declared flows, and what one needs of another where no flow says that already.

use std::collections::{BTreeMap, BTreeSet};

use ::picture::{Arrow, Sort};
use graph::{EdgeKind, Graph};
use rustc_hash::{FxHashMap, FxHashSet};
use value::AddressId;

use super::boxes::{Boxes, ports_of};
use crate::Program;
use crate::reach::{End, Port, declared_flows};
use crate::why::Spot;

/// So many reasons are told for one arrow.
const TOLD: usize = 8;

/// What more boxes than these need is said of it in words: so many arrows are a grey curtain.
const NEEDED: usize = 8;

/// Why there is an arrow: the first reasons, and how many more there are.
#[derive(Default)]
struct Reasons {
    first: Vec<String>,
    more: usize,
}

impl Reasons {
    /// Loops have a reason for each pair: those that are only counted are not put into words.
    fn add(&mut self, words: impl FnOnce() -> String) {
        if self.first.len() == TOLD {
            self.more += 1;
            return;
        }
        let words = words();
        if !self.first.contains(&words) {
            self.first.push(words);
        }
    }
}

/// Ends of an arrow: boxes, and the port of the second.
type Ends = (usize, usize, Option<usize>);

/// All arrows, each once, by the positions of their boxes.
pub(super) fn arrows(program: &Program, graph: &Graph, boxes: &mut Boxes) -> Vec<Arrow> {
    let mut flows: BTreeMap<Ends, Reasons> = BTreeMap::new();
    let mut ports: FxHashMap<AddressId, Vec<(source::Name, Port)>> = FxHashMap::default();
    for instance in &graph.instances {
        ports.insert(instance.address, ports_of(program, graph, instance));
    }
    for flow in declared_flows(graph) {
        let at = Spot::of(program.sources(), flow.place);
        for to in &flow.to {
            let Some((called, port, port_text)) = end_called(graph, boxes, &ports, to) else { continue };
            for from in &flow.from {
                let Some(caller) = end_calling(graph, boxes, from) else { continue };
                let words = || format!("{} -> {port_text}, {at}", end_text(graph, from));
                flows.entry((caller, called, port)).or_default().add(words);
            }
        }
    }
    let mut uses = uses(graph, boxes, &flows);
    for (at, node) in boxes.nodes.iter_mut().enumerate() {
        let count = uses.keys().filter(|(_, needed)| *needed == at).count();
        if count > NEEDED {
            node.note = format!("needed by {count}");
            uses.retain(|(_, needed), _| *needed != at);
        }
    }
    let flows = flows.into_iter().map(|(ends, told)| arrow(ends, Sort::Flow, told));
    flows.chain(uses.into_iter().map(|((from, to), told)| arrow((from, to, None), Sort::Use, told))).collect()
}

fn arrow((from, to, port): Ends, sort: Sort, told: Reasons) -> Arrow {
    let mut tip = told.first.join("\n");
    if told.more > 0 {
        tip.push_str(&format!("\nand {} more", told.more));
    }
    Arrow { from, to, port, sort, tip }
}

fn end_text(graph: &Graph, end: &End) -> String {
    match end {
        End::Instance(address) => graph.store.address_text(*address),
        End::Endpoint(address, label) => format!("{}.{label}", graph.store.address_text(*address)),
        End::Range(_, text) => text.clone(),
    }
}

fn end_calling(graph: &Graph, boxes: &mut Boxes, end: &End) -> Option<usize> {
    match end {
        End::Instance(address) | End::Endpoint(address, _) => Some(boxes.unit(graph, *address)?.1),
        End::Range(_, text) => Some(boxes.outside(text, true)),
    }
}

/// The box that is called, the row of its port, and the end in words.
fn end_called(
    graph: &Graph,
    boxes: &mut Boxes,
    ports: &FxHashMap<AddressId, Vec<(source::Name, Port)>>,
    end: &End,
) -> Option<(usize, Option<usize>, String)> {
    let text = end_text(graph, end);
    match end {
        End::Range(_, name) => Some((boxes.outside(name, false), None, text)),
        End::Instance(address) => Some((boxes.unit(graph, *address)?.1, None, text)),
        End::Endpoint(address, label) => {
            let (unit, at) = boxes.unit(graph, *address)?;
            let known = ports.get(address).into_iter().flatten().find(|(known, _)| known == label);
            let number = known.map_or_else(String::new, |(_, port)| format!(" {port}"));
            // What stands beneath the box is named from there.
            let top = graph.store.address_text(unit);
            let whole = graph.store.address_text(*address);
            let below = whole.strip_prefix(&top).unwrap_or_default().trim_start_matches('.');
            let row = if below.is_empty() { format!("{label}{number}") } else { format!("{below}.{label}{number}") };
            let row = if boxes.ports { boxes.port(at, row) } else { None };
            Some((at, row, format!("{text}{number}")))
        }
    }
}

/// What one box needs of another: no flow joins them, and nothing between them needs it for both.
fn uses(graph: &Graph, boxes: &Boxes, flows: &BTreeMap<Ends, Reasons>) -> BTreeMap<(usize, usize), Reasons> {
    let mut uses: BTreeMap<(usize, usize), Reasons> = BTreeMap::new();
    let joined: BTreeSet<(usize, usize)> =
        flows.keys().flat_map(|(from, to, _)| [(*from, *to), (*to, *from)]).collect();
    let mut told: FxHashSet<(AddressId, AddressId)> = FxHashSet::default();
    for resource in &graph.resources {
        let Some((unit, from)) = boxes.unit(graph, resource.address) else { continue };
        // What it stands on is its frame.
        let edges = resource.edges.iter().filter(|edge| edge.kind != EdgeKind::HostedOn);
        for to in edges.filter_map(|edge| edge.resource()) {
            let Some((needed, at)) = boxes.unit(graph, to) else { continue };
            if at != from && !joined.contains(&(from, at)) && told.insert((unit, needed)) {
                let text = |address| graph.store.address_text(address);
                uses.entry((from, at)).or_default().add(|| format!("{} needs {}", text(unit), text(needed)));
            }
        }
    }
    // One after the other: in a circle each could stand for the others.
    let mut next = successors(boxes.nodes.len(), uses.keys().copied());
    uses.retain(|(from, to), _| {
        let stays = !leads(&next, *from, *to);
        if !stays && let Some(all) = next.get_mut(*from) {
            all.retain(|other| other != to);
        }
        stays
    });
    uses
}

fn successors(count: usize, pairs: impl Iterator<Item = (usize, usize)>) -> Vec<Vec<usize>> {
    let mut next = vec![Vec::new(); count];
    for (from, to) in pairs {
        next.get_mut(from).into_iter().for_each(|all: &mut Vec<usize>| all.push(to));
    }
    next
}

/// Whether one box leads to another by way of a third.
fn leads(next: &[Vec<usize>], from: usize, to: usize) -> bool {
    let mut seen = vec![false; next.len()];
    let mut open: Vec<usize> = next.get(from).into_iter().flatten().copied().filter(|first| *first != to).collect();
    while let Some(at) = open.pop() {
        if at == to {
            return true;
        }
        let is_new = seen.get_mut(at).is_some_and(|slot| !std::mem::replace(slot, true));
        if is_new && at != from {
            open.extend(next.get(at).into_iter().flatten().copied());
        }
    }
    false
}
