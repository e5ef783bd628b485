//! The order in which artefacts are brought up: what one takes from another, what stands on another, and what `@after` says.

use graph::EdgeKind;
use source::Diagnostic;

use crate::target::Input;

/// One artefact waits for another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Wait {
    before: usize,
    after: usize,
    /// Positions of the resource that waits and of what it waits for.
    by: Option<usize>,
    of: usize,
}

/// The artefacts in an order that works, each with those that it waits for.
pub struct Order {
    pub artefacts: Vec<usize>,
    waits: Vec<Wait>,
}

impl Order {
    /// What an artefact waits for, ascending.
    pub fn before(&self, artefact: usize) -> Vec<usize> {
        let waits = self.waits.iter().filter(|wait| wait.after == artefact);
        let mut before: Vec<usize> = waits.map(|wait| wait.before).collect();
        before.sort_unstable();
        before.dedup();
        before
    }
}

/// Orders them. Those that could come next come as targets are listed; a circle is told.
pub fn order(input: &Input<'_, '_>, told: &mut Vec<Diagnostic>) -> Order {
    let waits = waits(input);
    let mut open: Vec<usize> = (0..input.artefacts.len()).collect();
    let mut artefacts: Vec<usize> = Vec::new();
    while !open.is_empty() {
        let is_ready = |at: &usize| !waits.iter().any(|wait| wait.after == *at && open.contains(&wait.before));
        let Some(next) = open.iter().position(is_ready) else {
            told.extend(circle(input, &waits, &open));
            break;
        };
        artefacts.push(open.remove(next));
    }
    Order { artefacts, waits }
}

fn waits(input: &Input<'_, '_>) -> Vec<Wait> {
    let mut waits: Vec<Wait> = Vec::new();
    let mut add = |wait: Wait| {
        // The first reason is enough.
        let is_known = |other: &Wait| (other.before, other.after) == (wait.before, wait.after);
        if wait.before != wait.after && !waits.iter().any(is_known) {
            waits.push(wait);
        }
    };
    for crossing in input.crossings {
        if let Some((of, _)) = input.index.resource(crossing.of) {
            add(Wait { before: crossing.from, after: crossing.to, by: crossing.member, of });
        }
    }
    if input.artefacts.len() < 2 {
        return waits;
    }
    for after in 0..input.artefacts.len() {
        for (at, resource) in input.members(after) {
            // What it reads is known or crosses.
            let own = resource.edges.iter().filter(|edge| edge.kind != EdgeKind::Data);
            let provider = resource.provider.and_then(|id| input.index.graph.providers.get(id.0 as usize));
            let edges = own.chain(provider.into_iter().flat_map(|provider| &provider.edges));
            for of in edges.filter_map(|edge| Some(input.index.resource(edge.resource()?)?.0)) {
                if let Some(before) = input.artefact_of(of) {
                    add(Wait { before, after, by: Some(at), of });
                }
            }
        }
    }
    waits
}

/// Some circle among those that are open: each waits for one of them.
fn circle(input: &Input<'_, '_>, waits: &[Wait], open: &[usize]) -> Option<Diagnostic> {
    let mut way: Vec<&Wait> = Vec::new();
    let mut at = *open.first()?;
    let start = loop {
        if let Some(start) = way.iter().position(|wait| wait.after == at) {
            break start;
        }
        let next = waits.iter().find(|wait| wait.after == at && open.contains(&wait.before))?;
        way.push(next);
        at = next.before;
    };
    let circle = way.get(start..)?;
    let name = |at: usize| input.artefacts.get(at).map_or("", |artefact| artefact.name.as_str());
    let address = |at: usize| {
        let resource = input.index.graph.resources.get(at);
        resource.map_or_else(String::new, |resource| input.index.address(resource.address))
    };
    let reasons: Vec<String> = circle
        .iter()
        .map(|wait| match wait.by {
            Some(by) => format!("`{}` needs `{}`", address(by), address(wait.of)),
            None => format!("`{}` needs `{}`", name(wait.after), address(wait.of)),
        })
        .collect();
    let names = source::list_of(circle.iter().map(|wait| name(wait.after)));
    let message = format!("{names} would each have to be first: {}", reasons.join(", and "));
    let places =
        circle.iter().filter_map(|wait| Some(input.index.graph.resources.get(wait.by.unwrap_or(wait.of))?.place));
    let mut places = places.collect::<Vec<_>>().into_iter();
    let diagnostic = match places.next() {
        Some(place) => Diagnostic::error("circle_of_tools", place, message),
        None => Diagnostic::placeless("circle_of_tools", message),
    };
    let diagnostic = places.fold(diagnostic, |diagnostic, place| diagnostic.also(place, "and this"));
    Some(diagnostic.help("one tool runs after the other: give one of the values to both from a `let`, or leave the order out; `infrac apply`, which does not run these two yet, will be able to take turns"))
}
