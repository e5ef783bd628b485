//! What is forgotten once everything is applied everywhere.

use std::collections::BTreeSet;

use check::checked::{Said, SaidWhat};
use emit::Number;
use value::WrittenAddress;

use crate::Lock;
use crate::line::{Line, What};
use crate::said::fate;

/// Whether something of the program is at or below an address.
pub fn stands<'a>(address: &WrittenAddress, mut all: impl Iterator<Item = &'a WrittenAddress>) -> bool {
    all.any(|there| there.is_at_or_below(address))
}

/// Forgets what has left and what was said, once it is applied everywhere. Kept are: what the source says still; a `moved` on the way
/// to an address that stands, since names are made of the address that was first; and what something forgotten needs and the program
/// still has. `references`: to all resources of the program.
pub fn prune(
    lock: &Lock,
    said: &[Said],
    is_there: impl Fn(&WrittenAddress) -> bool,
    references: &BTreeSet<String>,
) -> Lock {
    let mut next = lock.clone();
    let way = way(lock, is_there);
    let is_said = |line: &Line, what: &SaidWhat| {
        let environment = line.environment.as_deref();
        said.iter().any(|said| said.what == *what && said.environment.map(|name| name.text()) == environment)
    };
    next.lines.retain(|_, line| match &line.what {
        What::LeftObject(_) | What::LeftPlatform(_) | What::LeftHeld(_) => false,
        What::Said(what @ SaidWhat::Moved { from, to }) => way.contains(&(from, to)) || is_said(line, what),
        What::Said(what) => is_said(line, what),
        What::Held(_)
        | What::Object { .. }
        | What::Platform(_)
        | What::LeftNeeds { .. }
        | What::State(_)
        | What::Hashes(_) => true,
    });
    for line in next.lines.values_mut() {
        if let What::Object { object, .. } = &mut line.what
            && object.number == Number::TakenOver
        {
            object.number = Number::Others;
        }
    }
    for line in lock.lines() {
        let (by, needs) = match (&line.what, line.environment.as_deref()) {
            (What::LeftHeld(held), Some(environment))
                if matches!(fate(lock, environment, &[], &held.address), Some(SaidWhat::Forget { .. })) =>
            {
                (&held.reference, &held.needs)
            }
            (What::LeftNeeds { by, needs }, _) => (by, needs),
            _ => continue,
        };
        let needs: Vec<String> = needs.iter().filter(|need| references.contains(*need)).cloned().collect();
        let kept = Line { environment: line.environment.clone(), what: What::LeftNeeds { by: by.clone(), needs } };
        match &kept.what {
            What::LeftNeeds { needs, .. } if needs.is_empty() => drop(next.lines.remove(&kept.key())),
            _ => next.add(kept),
        }
    }
    next
}

/// The moves that lead to what stands, however many lie between.
fn way(lock: &Lock, is_there: impl Fn(&WrittenAddress) -> bool) -> Vec<(&WrittenAddress, &WrittenAddress)> {
    let mut left: Vec<(&WrittenAddress, &WrittenAddress)> = lock
        .lines()
        .filter_map(|line| match &line.what {
            What::Said(SaidWhat::Moved { from, to }) => Some((from, to)),
            _ => None,
        })
        .collect();
    let mut way: Vec<(&WrittenAddress, &WrittenAddress)> = Vec::new();
    loop {
        let known = way.len();
        let leads_on = |to: &WrittenAddress, way: &[(&WrittenAddress, &WrittenAddress)]| {
            way.iter().any(|(from, _)| from.is_at_or_below(to) || to.is_at_or_below(from))
        };
        let (on, off) = left.into_iter().partition(|(_, to)| is_there(to) || leads_on(to, &way));
        left = off;
        way.extend::<Vec<_>>(on);
        if way.len() == known {
            return way;
        }
    }
}
