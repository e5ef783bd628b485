//! Whether records fit a state, found out before they are written: on a copy of only that part of the state that they speak of.

use std::collections::BTreeSet;

use crate::{Change, Record, State, StateError, Uid};

/// # Errors
/// The first record that does not fit.
pub(crate) fn check(state: &State, seq: u64, records: &[Record]) -> Result<(), StateError> {
    let mut part = part(state, records);
    for (record, seq) in records.iter().zip(seq + 1..) {
        part.add(record).map_err(|wrong| StateError::Wrong { seq, why: wrong.0 })?;
    }
    Ok(())
}

/// Whatever the records change or depend on.
fn part(state: &State, records: &[Record]) -> State {
    let mut uids: BTreeSet<Uid> = BTreeSet::new();
    let mut addresses = BTreeSet::new();
    for record in records {
        uids.extend(self::uids(state, record));
        addresses.extend(address(record));
    }
    uids.extend(addresses.iter().filter_map(|address| state.addresses.get(*address)).copied());
    let mut part = State::default();
    for entry in uids.iter().filter_map(|uid| state.entries.get(uid)) {
        part.addresses.insert(entry.address.clone(), entry.uid);
        part.entries.insert(entry.uid, entry.clone());
    }
    let open = state.open.iter().filter(|(_, open)| uids.contains(&open.intent.entry.uid));
    part.open.extend(open.map(|(op, open)| (*op, open.clone())));
    part
}

/// The things that a record speaks of.
fn uids(state: &State, record: &Record) -> Vec<Uid> {
    let of_op = |op| state.open.get(op).map(|open| open.intent.entry.uid);
    match record {
        Record::Intent(intent) => of_op(&intent.op).into_iter().chain([intent.entry.uid]).collect(),
        Record::Phase { op, .. } => of_op(op).into_iter().collect(),
        Record::Outcome(outcome) => of_op(&outcome.op).into_iter().collect(),
        Record::Observed { uid, .. } => vec![*uid],
        Record::Change(change) => vec![change.uid()],
        Record::Run(_)
        | Record::Realm(_)
        | Record::Configuration(_)
        | Record::Claim { .. }
        | Record::Notify { .. }
        | Record::Output { .. }
        | Record::End(_) => Vec::new(),
    }
}

/// The address that a record gives to a thing.
fn address(record: &Record) -> Option<&str> {
    match record {
        Record::Intent(intent) => Some(&intent.entry.address),
        Record::Change(Change::Adopt { entry }) => Some(&entry.address),
        Record::Change(Change::Move { to, .. }) => Some(to),
        _ => None,
    }
}
