//! The addresses that the rules of one end name, each with its position: asked for the first that covers a range without a look at
//! the others, since a machine may have thousands of rules and each of their flows asks.

use std::collections::BTreeSet;
use std::net::IpAddr;

use ipnet::IpNet;
use rustc_hash::{FxHashMap, FxHashSet};
use source::Name;
use value::AddressId;

use super::parties::everything;
use super::read::Addresses;

/// What rules name, by position.
#[derive(Default, Debug)]
pub(crate) struct AddressSet {
    /// The first position of each range.
    ranges: FxHashMap<IpNet, usize>,
    /// The lengths of their prefixes.
    prefixes: BTreeSet<u8>,
    /// Where they begin.
    starts: BTreeSet<IpAddr>,
    /// The first position of each attribute that is an address.
    owns: FxHashMap<(AddressId, Name), usize>,
    everything: Option<usize>,
    first: Option<usize>,
    /// Something that may be anybody's address.
    pub unclear: bool,
}

impl AddressSet {
    /// Adds what stands at a position, after all before it. `members`: all resources with an address of their own.
    pub fn add(&mut self, at: usize, address: &Addresses, members: &FxHashSet<AddressId>) {
        self.first = self.first.or(Some(at));
        match address {
            Addresses::Range(range) => {
                self.ranges.entry(range.trunc()).or_insert(at);
                self.prefixes.insert(range.prefix_len());
                self.starts.insert(range.network());
                if *range == everything() {
                    self.everything = self.everything.or(Some(at));
                }
            }
            Addresses::Of(of, field) => {
                self.owns.entry((*of, *field)).or_insert(at);
                // The address of somebody else is none of this end's.
                self.unclear |= !members.contains(of);
            }
            Addresses::Unclear => self.unclear = true,
        }
    }

    /// The first position of all.
    pub fn first(&self) -> Option<usize> {
        self.first
    }

    /// The first that is one of these attributes.
    pub fn own(&self, resource: AddressId, fields: &[Name]) -> Option<usize> {
        fields.iter().filter_map(|field| self.owns.get(&(resource, *field))).min().copied()
    }

    /// The first range that holds every address of this one.
    pub fn covering(&self, range: &IpNet) -> Option<usize> {
        self.prefixes
            .range(..=range.prefix_len())
            .filter_map(|prefix| IpNet::new(range.network(), *prefix).ok())
            .filter_map(|wider| self.ranges.get(&wider.trunc()))
            .min()
            .copied()
    }

    /// Whether some range is as small as the halves of this one.
    pub fn has_halves_of(&self, range: &IpNet) -> bool {
        self.prefixes.last().is_some_and(|longest| range.prefix_len() < *longest) && self.touches(range)
    }

    /// The first that is the whole internet.
    pub fn everything(&self) -> Option<usize> {
        self.everything
    }

    pub fn has_ranges(&self) -> bool {
        !self.ranges.is_empty()
    }

    /// Whether some range has an address in common with this one: one of two such ranges lies in the other.
    pub fn touches(&self, range: &IpNet) -> bool {
        self.covering(range).is_some() || self.starts.range(range.network()..=range.broadcast()).next().is_some()
    }
}
