//! Flows between ends that are known by their addresses alone: machines that filter packets themselves, and ranges. The filter of the
//! one decides by the address of the other, at each end by itself. So each filter is asked once for an address: of ten thousand machines
//! that may call ten thousand others no pair is looked at.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};
use source::Name;
use value::{AddressId, ValueId};

use super::hosts::{self, Host};
use super::parties::Party;
use super::read::Port;
use super::seen::Seen;
use super::stopped::{Called, is_asked};
use super::table::Direction;
use super::walk::{Verdict, World};

/// Whether nothing but one filter, or none, decides at an end.
pub(super) fn is_behind_one(party: &Party) -> bool {
    party.members.is_empty() && party.programs.is_empty() && party.hosts.len() <= 1 && !party.is_empty()
}

/// Pairs of such ends that cannot connect.
pub(super) struct Closed {
    /// The first of them, by position among the callers and the called.
    pub first: (usize, usize),
    pub count: usize,
}

/// All pairs that cannot, when there are some.
pub(super) fn closed(world: &World, callers: &[Cow<'_, Party>], called: &[Called<'_>]) -> Option<Closed> {
    let from = Filters::of(callers.iter().map(|party| (&**party, None)));
    let to = Filters::of(called.iter().map(|(party, label, port)| (*party, Some((*label, *port)))));
    let ends = || called.iter().map(|(party, _, port)| (*party, *port));
    let out: Vec<FxHashSet<usize>> =
        from.all.iter().map(|filter| filter.stops(world, Direction::Out, ends())).collect();
    let into = to.all.iter().map(|filter| {
        let port = filter.port.map(|(_, port)| port);
        let ends = callers.iter().filter_map(|party| Some((&**party, port?)));
        filter.stops(world, Direction::In, ends)
    });
    let pairs = Pairs { callers, called, out, into: into.collect(), from, to };
    if pairs.out.iter().chain(&pairs.into).all(FxHashSet::is_empty) {
        return None;
    }
    Some(Closed { first: pairs.first()?, count: pairs.count() })
}

/// The same rules at some ends, and at the called ones the same port.
struct Filter<'p> {
    host: Option<&'p Host>,
    name: &'p str,
    port: Option<(Name, Port)>,
    /// Positions of the ends behind it.
    of: Vec<usize>,
}

impl Filter<'_> {
    /// The positions of those whom it stops.
    fn stops<'e>(
        &self,
        world: &World,
        direction: Direction,
        others: impl Iterator<Item = (&'e Party, Port)>,
    ) -> FxHashSet<usize> {
        let Some(host) = self.host else { return FxHashSet::default() };
        let stops = |(other, port): (&Party, Port)| {
            let step = hosts::through(world, direction, (self.name, host), &Seen::of(other), port);
            step.is_some_and(|step| step.verdict == Verdict::Closed)
        };
        others.enumerate().filter(|(_, other)| stops(*other)).map(|(at, _)| at).collect()
    }
}

/// The filters of all ends of one side, in the order of their first ends.
struct Filters<'p> {
    all: Vec<Filter<'p>>,
    /// Which of them is that of an end.
    by_end: Vec<usize>,
}

/// What a filter decides by: its rules, and the families of the addresses behind it.
type Decides = Option<(usize, Option<ValueId>, [bool; 2])>;

impl<'p> Filters<'p> {
    fn of(ends: impl Iterator<Item = (&'p Party, Option<(Name, Port)>)>) -> Self {
        let mut known: FxHashMap<(Decides, Option<(Name, Port)>), usize> = FxHashMap::default();
        let mut filters = Self { all: Vec::new(), by_end: Vec::new() };
        for (end, (party, port)) in ends.enumerate() {
            let host = party.hosts.first();
            let has = |host: &Host, four| host.ranges.iter().any(|range| range.addr().is_ipv4() == four);
            let families = |host: &Host| [has(host, true), has(host, false)];
            let decides = host.map(|host| (host.form, host.filter.map(|(_, text)| text), families(host)));
            let at = *known.entry((decides, port)).or_insert(filters.all.len());
            if at == filters.all.len() {
                filters.all.push(Filter { host, name: &party.name, port, of: Vec::new() });
            }
            if let Some(filter) = filters.all.get_mut(at) {
                filter.of.push(end);
            }
            filters.by_end.push(at);
        }
        filters
    }
}

struct Pairs<'a, 'p> {
    callers: &'a [Cow<'p, Party>],
    called: &'a [Called<'p>],
    from: Filters<'a>,
    to: Filters<'a>,
    /// By filter of the callers: whom it does not let them call. And by filter of the called: whose calls it does not take.
    out: Vec<FxHashSet<usize>>,
    into: Vec<FxHashSet<usize>>,
}

impl Pairs<'_, '_> {
    fn is_asked(&self, from: usize, to: usize) -> bool {
        let ends = self.callers.get(from).zip(self.called.get(to));
        ends.is_some_and(|(caller, (called, ..))| is_asked(caller, called))
    }

    fn is_closed(&self, from: usize, to: usize) -> bool {
        let holds = |stops: &[FxHashSet<usize>], filters: &Filters<'_>, end: usize, other: usize| {
            filters.by_end.get(end).and_then(|at| stops.get(*at)).is_some_and(|stops| stops.contains(&other))
        };
        holds(&self.out, &self.from, from, to) || holds(&self.into, &self.to, to, from)
    }

    /// The first pair that is asked for and closed.
    fn first(&self) -> Option<(usize, usize)> {
        let by_out = |from: usize, stops: &FxHashSet<usize>| {
            let mut stopped: Vec<usize> = stops.iter().copied().filter(|to| self.is_asked(from, *to)).collect();
            stopped.sort_unstable();
            stopped.first().map(|to| (from, *to))
        };
        let by_in = |to: usize, stops: &FxHashSet<usize>| {
            let mut stopped: Vec<usize> = stops.iter().copied().filter(|from| self.is_asked(*from, to)).collect();
            stopped.sort_unstable();
            stopped.first().map(|from| (*from, to))
        };
        let mut out = self.from.all.iter().zip(&self.out).filter(|(_, stops)| !stops.is_empty());
        let mut into = self.to.all.iter().zip(&self.into).filter(|(_, stops)| !stops.is_empty());
        let out = out.find_map(|(filter, stops)| filter.of.iter().find_map(|from| by_out(*from, stops)));
        out.or_else(|| into.find_map(|(filter, stops)| filter.of.iter().find_map(|to| by_in(*to, stops))))
    }

    /// How many pairs are asked for and closed, without a look at each of them.
    fn count(&self) -> usize {
        let mut count = 0;
        for (from, out) in self.from.all.iter().zip(&self.out) {
            for (to, into) in self.to.all.iter().zip(&self.into) {
                let called = to.of.iter().filter(|to| out.contains(to)).count();
                let callers = from.of.iter().filter(|from| into.contains(from)).count();
                count += called * from.of.len() + callers * to.of.len() - callers * called;
            }
        }
        count - self.to_themselves()
    }

    /// What an end would say to itself is not asked for.
    fn to_themselves(&self) -> usize {
        let mut by_instance: FxHashMap<AddressId, Vec<usize>> = FxHashMap::default();
        for (at, caller) in self.callers.iter().enumerate() {
            if let Some(instance) = caller.instance {
                by_instance.entry(instance).or_default().push(at);
            }
        }
        let own = |to: usize, called: &Called<'_>| {
            let callers = called.0.instance.and_then(|instance| by_instance.get(&instance));
            callers.into_iter().flatten().filter(|from| self.is_closed(**from, to)).count()
        };
        self.called.iter().enumerate().map(|(to, called)| own(to, called)).sum()
    }
}
