//! Declared flows that a layer stops are mistakes of the program: each is told where it is written, with what stops it.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use source::{Diagnostic, Name, Place};
use value::AddressId;

use super::declared::{End, Flow};
use super::likeness::Named;
use super::parties::Party;
use super::read::Port;
use super::walk::{Step, Verdict, World, verdict, walk};
use super::{Scene, by_filter};
use crate::why::is_library;

/// One error for each flow that some layer stops, between any of its ends.
pub(super) fn stopped(scene: &Scene<'_>, environment: Name) -> Vec<Diagnostic> {
    let world = scene.world();
    let asked = Asked {
        named: Named::new(&world),
        likeness: RefCell::default(),
        world,
        by_instance: scene.parties.iter().filter_map(|party| Some((party.instance?, party))).collect(),
    };
    let mut told: Vec<Diagnostic> = Vec::new();
    let mut places: FxHashSet<Place> = FxHashSet::default();
    for flow in &scene.declared.flows {
        if !places.contains(&flow.place)
            && let Some(stop) = asked.stop(flow)
        {
            places.insert(flow.place);
            told.push(stop.tell(flow, environment));
        }
    }
    told
}

/// The first pair of a flow's ends that cannot connect.
struct Stop {
    pair: String,
    step: Step,
    /// How many others cannot, of how many.
    others: usize,
    pairs: usize,
}

struct Asked<'a> {
    world: World<'a>,
    named: Named,
    /// The likeness of an instance, however many flows name it.
    likeness: RefCell<FxHashMap<AddressId, Rc<str>>>,
    by_instance: FxHashMap<AddressId, &'a Party>,
}

/// Ends that no layer can tell apart.
type Alike<L, P> = IndexMap<L, Vec<P>, FxBuildHasher>;
pub(super) type Called<'a> = (&'a Party, Name, Port);

impl Asked<'_> {
    fn stop(&self, flow: &Flow) -> Option<Stop> {
        let callers: Vec<Cow<'_, Party>> = flow.from.iter().filter_map(|end| self.caller(end)).collect();
        let called: Vec<Called<'_>> = flow.to.iter().filter_map(|end| self.called(end)).collect();
        let is_behind_one = by_filter::is_behind_one;
        if callers.iter().all(|party| is_behind_one(party)) && called.iter().all(|(party, ..)| is_behind_one(party)) {
            self.stop_by_filter(&callers, &called)
        } else {
            self.stop_by_likeness(callers, called)
        }
    }

    fn stop_by_filter(&self, callers: &[Cow<'_, Party>], called: &[Called<'_>]) -> Option<Stop> {
        let closed = by_filter::closed(&self.world, callers, called)?;
        let (from, to) = closed.first;
        let (caller, (called_one, label, port)) = (callers.get(from)?, called.get(to)?);
        let steps = walk(&self.world, caller, called_one, *label, *port);
        let step = steps.into_iter().find(|step| step.verdict == Verdict::Closed)?;
        let pair = cannot_reach(caller, called_one, *label);
        Some(Stop { pair, step, others: closed.count - 1, pairs: count_asked(callers, called) })
    }

    fn stop_by_likeness(&self, of_callers: Vec<Cow<'_, Party>>, of_called: Vec<Called<'_>>) -> Option<Stop> {
        let mut callers: Alike<Rc<str>, Cow<'_, Party>> = IndexMap::default();
        for party in of_callers {
            callers.entry(self.likeness(&party)).or_default().push(party);
        }
        let mut called: Alike<(Name, Rc<str>), Called<'_>> = IndexMap::default();
        for one in of_called {
            called.entry((one.1, self.likeness(one.0))).or_default().push(one);
        }
        let (mut found, mut stopped, mut pairs) = (None, 0, 0);
        for (callers, called) in
            callers.values().flat_map(|callers| called.values().map(move |called| (callers, called)))
        {
            let asked = || callers.iter().flat_map(|caller| called.iter().map(move |called| (caller, called)));
            let Some((caller, (called_one, label, port))) =
                asked().find(|(caller, (called, ..))| is_asked(caller, called))
            else {
                continue;
            };
            let alike = count_asked(callers, called);
            pairs += alike;
            let steps = walk(&self.world, caller, called_one, *label, *port);
            if verdict(&steps) != Verdict::Closed {
                continue;
            }
            stopped += alike;
            found = found.or_else(|| {
                Some((
                    cannot_reach(caller, called_one, *label),
                    steps.into_iter().find(|step| step.verdict == Verdict::Closed)?,
                ))
            });
        }
        found.map(|(pair, step)| Stop { pair, step, others: stopped - 1, pairs })
    }

    fn caller(&self, end: &End) -> Option<Cow<'_, Party>> {
        match end {
            End::Instance(address) | End::Endpoint(address, _) => {
                self.by_instance.get(address).map(|party| Cow::Borrowed(*party))
            }
            End::Range(range, name) => Some(Cow::Owned(Party::of_ranges(name, vec![*range]))),
        }
    }

    fn called(&self, end: &End) -> Option<Called<'_>> {
        let End::Endpoint(address, label) = end else { return None };
        let party = self.by_instance.get(address)?;
        let (_, port) = party.ports.iter().find(|(known, _)| known == label)?;
        Some((party, *label, *port))
    }

    fn likeness(&self, party: &Party) -> Rc<str> {
        let known = party.instance.and_then(|instance| self.likeness.borrow().get(&instance).cloned());
        known.unwrap_or_else(|| {
            let likeness: Rc<str> = self.named.likeness(&self.world, party).into();
            if let Some(instance) = party.instance {
                self.likeness.borrow_mut().insert(instance, likeness.clone());
            }
            likeness
        })
    }
}

fn cannot_reach(caller: &Party, called: &Party, label: Name) -> String {
    format!("`{}` cannot reach `{}.{label}`", caller.name, called.name)
}

/// What an instance says to itself passes no layer; what passes between two ends elsewhere is not ours.
pub(super) fn is_asked(caller: &Party, called: &Party) -> bool {
    let same = caller.instance.is_some() && caller.instance == called.instance;
    !same && (caller.ranges.is_empty() || called.ranges.is_empty())
}

/// How many pairs of these are asked for, without a look at each of them.
fn count_asked(callers: &[Cow<'_, Party>], called: &[Called<'_>]) -> usize {
    let elsewhere = |party: &Party| !party.ranges.is_empty();
    let mut times: FxHashMap<AddressId, [usize; 2]> = FxHashMap::default();
    for caller in callers {
        if let Some(instance) = caller.instance
            && let Some(count) = times.entry(instance).or_default().get_mut(usize::from(elsewhere(caller)))
        {
            *count += 1;
        }
    }
    let all_elsewhere = callers.iter().filter(|caller| elsewhere(caller)).count();
    let asked = |(party, ..): &Called<'_>| {
        let [here, there] = party.instance.and_then(|instance| times.get(&instance)).copied().unwrap_or_default();
        match elsewhere(party) {
            true => callers.len() - all_elsewhere - here,
            false => callers.len() - here - there,
        }
    };
    called.iter().map(asked).sum()
}

impl Stop {
    fn tell(self, flow: &Flow, environment: Name) -> Diagnostic {
        let Stop { pair, step, pairs, others } = self;
        let more = if others == 0 { String::new() } else { format!(" (and so {} of its {pairs} pairs)", others + 1) };
        let mut told =
            Diagnostic::error("stopped_flow", flow.place, format!("{pair} in `{environment}`{more}: {}", step.says))
                .label(format!("the {} stops it", step.layer));
        // The library's own lines say nothing to who reads this.
        if let Some(place) = step.place.filter(|place| !is_library(place.item.file().path())) {
            told = told.also(place, "here");
        }
        match step.help {
            Some(help) => told.help(help),
            None => told.help(format!("`infrac reach FROM TO --env {environment}` shows every layer on its way")),
        }
    }
}
