//! How one end looks from the other: by its groups, by the programs that it is, by its addresses; and what of it a rule meets.

use ipnet::IpNet;
use rustc_hash::FxHashSet;
use source::Name;
use value::{AddressId, overlap, within};

use super::parties::{Party, Program, everything};
use super::read::Addresses;

/// What a rule can recognise.
pub(crate) struct Seen<'a> {
    pub name: &'a str,
    pub groups: Vec<AddressId>,
    /// Resources whose address it is, and the fields that say it.
    pub owns: Vec<(AddressId, Vec<Name>)>,
    pub ranges: Vec<IpNet>,
    /// It is all addresses of the ranges, not one somewhere in them.
    pub whole: bool,
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
            programs: &[],
        }
    }
    /// Whether these addresses, taken together, are those of this end. `members`: all resources with an address of their own.
    pub fn met_by(&self, addresses: &[Addresses], members: &FxHashSet<AddressId>) -> Met {
        let own = |address: &Addresses| match address {
            Addresses::Of(of, field) => {
                self.owns.iter().any(|(resource, fields)| resource == of && fields.contains(field))
            }
            Addresses::Range(_) | Addresses::Unclear => false,
        };
        if let Some(at) = addresses.iter().position(own) {
            return Met::All(at);
        }
        let unclear = addresses.iter().any(|address| match address {
            Addresses::Unclear => true,
            // The address of somebody else is none of this end's.
            Addresses::Of(of, _) => !members.contains(of),
            Addresses::Range(_) => false,
        });
        let ranges: Vec<(usize, IpNet)> = addresses
            .iter()
            .enumerate()
            .filter_map(|(at, address)| match address {
                Addresses::Range(range) => Some((at, *range)),
                Addresses::Of(..) | Addresses::Unclear => None,
            })
            .collect();
        let covering = |mine: &IpNet| ranges.iter().find(|(_, range)| within(mine, range)).map(|(at, _)| *at);
        let covered: Vec<Option<usize>> = self.ranges.iter().map(covering).collect();
        if let (Some(first), true) = (covered.first().copied().flatten(), covered.iter().all(Option::is_some)) {
            return Met::All(first);
        }
        if self.ranges.is_empty() {
            // Somewhere, nobody knows where.
            return match ranges.iter().find(|(_, range)| *range == everything()) {
                Some((at, _)) => Met::All(*at),
                None if unclear || !ranges.is_empty() => Met::Unclear,
                None => Met::Nothing,
            };
        }
        let touched = ranges.iter().any(|(_, range)| self.ranges.iter().any(|mine| overlap(mine, range)));
        match (unclear, touched, self.whole) {
            (true, _, _) | (false, true, false) => Met::Unclear,
            (false, true, true) => Met::Part,
            (false, false, _) => Met::Nothing,
        }
    }
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
