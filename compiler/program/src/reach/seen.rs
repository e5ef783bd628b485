//! How one end looks from the other: by its groups, by the programs that it is, by its addresses; and what of it a rule meets.

use ipnet::IpNet;
use source::Name;
use value::AddressId;

use super::address_set::AddressSet;
use super::parties::{Party, Program, everything};

/// What a rule can recognise.
#[derive(Clone)]
pub(crate) struct Seen<'a> {
    pub name: &'a str,
    pub groups: Vec<AddressId>,
    /// Resources whose address it is, and the fields that say it.
    pub owns: Vec<(AddressId, Vec<Name>)>,
    pub ranges: Vec<IpNet>,
    /// It is all addresses of the ranges, not one somewhere in them.
    pub whole: bool,
    /// It is a machine with these addresses, and calls from one of them.
    pub machine: bool,
    pub programs: &'a [Program],
}

impl<'a> Seen<'a> {
    /// A party as its neighbours see it.
    pub fn of(party: &'a Party) -> Self {
        Self {
            name: &party.name,
            groups: party.members.iter().flat_map(|member| member.groups.iter().copied()).collect(),
            owns: party.members.iter().map(|member| (member.resource, member.own_addresses.clone())).collect(),
            ranges: party.all_ranges(),
            whole: party.members.is_empty() && party.programs.is_empty(),
            machine: !party.hosts.is_empty(),
            programs: &party.programs,
        }
    }
    /// A party that is met at an address on the internet, or comes from one: nothing else of it is seen.
    pub fn on_the_internet(party: &'a Party) -> Self {
        Self {
            name: &party.name,
            groups: Vec::new(),
            owns: Vec::new(),
            ranges: vec![everything()],
            whole: true,
            machine: false,
            programs: &[],
        }
    }
    /// The same for somebody with these addresses, who never meets addresses of a family that none of them has.
    pub fn to_addresses(&self, own: &[IpNet]) -> Self {
        let is_met = |range: &&IpNet| own.iter().any(|own| own.addr().is_ipv4() == range.addr().is_ipv4());
        let met: Vec<IpNet> = self.ranges.iter().filter(is_met).copied().collect();
        // Two that share no family are told by the rules, which name none of the other's addresses.
        Self { ranges: if met.is_empty() { self.ranges.clone() } else { met }, ..self.clone() }
    }
    /// Whether the addresses of these sets, taken together, are those of this end.
    pub fn met_by(&self, sets: &[&AddressSet]) -> Met {
        let first = |of: &dyn Fn(&AddressSet) -> Option<usize>| sets.iter().filter_map(|set| of(set)).min();
        let own = |set: &AddressSet| self.owns.iter().filter_map(|(of, fields)| set.own(*of, fields)).min();
        if let Some(at) = first(&own) {
            return Met::All(at);
        }
        let unclear = sets.iter().any(|set| set.unclear);
        let covered: Vec<Option<usize>> = self.ranges.iter().map(|mine| covered(sets, mine)).collect();
        if let (Some(first), true) = (covered.first().copied().flatten(), covered.iter().all(Option::is_some)) {
            return Met::All(first);
        }
        if self.ranges.is_empty() {
            // Somewhere, nobody knows where.
            return match first(&AddressSet::everything) {
                Some(at) => Met::All(at),
                None if unclear || sets.iter().any(|set| set.has_ranges()) => Met::Unclear,
                None => Met::Nothing,
            };
        }
        let touched = sets.iter().any(|set| self.ranges.iter().any(|mine| set.touches(mine)));
        match (unclear, touched, self.whole) {
            (true, _, _) | (false, true, false) => Met::Unclear,
            (false, true, true) if self.machine => Met::Unclear,
            (false, true, true) => Met::Part,
            (false, false, _) => Met::Nothing,
        }
    }
}

/// The first position of what holds every address of a range: one range, or several that stand side by side.
fn covered(sets: &[&AddressSet], range: &IpNet) -> Option<usize> {
    if let Some(at) = sets.iter().filter_map(|set| set.covering(range)).min() {
        return Some(at);
    }
    if !sets.iter().any(|set| set.has_halves_of(range)) {
        return None;
    }
    let mut first = None;
    for half in range.subnets(range.prefix_len() + 1).ok()? {
        let at = covered(sets, &half)?;
        first = Some(first.map_or(at, |first: usize| first.min(at)));
    }
    first
}

/// What of an end is met.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Met {
    /// All of it, by the address at this position.
    All(usize),
    /// Some of its addresses, not all.
    Part,
    Nothing,
    Unclear,
}
