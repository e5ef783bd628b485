//! What is said of an address: in the source, else in what was recorded of earlier sources.

use check::checked::{Said, SaidWhat};
use emit::HeldResource;
use value::WrittenAddress;

use crate::Lock;
use crate::line::What;

/// What becomes of an address that has left.
pub(crate) fn fate<'a>(lock: &'a Lock, environment: &'a str, said: &'a [Said], address: &str) -> Option<&'a SaidWhat> {
    let address = WrittenAddress::read(address).ok()?;
    let holds = |said: &&Said| said.environment.is_none_or(|own| own.text() == environment);
    let own = said.iter().filter(holds).map(|said| &said.what);
    let about = own.chain(lock.said(environment)).filter_map(|said| match said {
        SaidWhat::Forget { address: above, .. } | SaidWhat::Destroy { address: above, .. } => {
            address.is_at_or_below(above).then_some((above.steps.len(), said))
        }
        SaidWhat::Moved { .. } | SaidWhat::Adopt { .. } => None,
    });
    // What names most of the address; of two that name as much, what the source says.
    about.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, said)| said)
}

/// Whether something is remembered at or below an address, in one environment or in any.
pub fn knows(lock: &Lock, environment: Option<&str>, address: &WrittenAddress) -> bool {
    let mut lines = lock.lines().filter(|line| match (line.environment.as_deref(), environment) {
        (Some(own), Some(asked)) => own == asked,
        (None, _) | (_, None) => true,
    });
    lines.any(|line| {
        let known = match &line.what {
            What::Held(held) | What::LeftHeld(held) => {
                if held.grounds.values().any(|ground| is_below(&ground.address, address)) {
                    return true;
                }
                WrittenAddress::read(&held.address).ok()
            }
            What::Object { object, .. } => WrittenAddress::read(&object.address).ok(),
            What::LeftObject(left) => WrittenAddress::read(&left.object.address).ok(),
            What::Said(SaidWhat::Forget { address, .. } | SaidWhat::Destroy { address, .. }) => Some(address.clone()),
            What::Said(SaidWhat::Moved { .. } | SaidWhat::Adopt { .. })
            | What::Platform(_)
            | What::LeftPlatform(_)
            | What::LeftNeeds { .. }
            | What::State(_)
            | What::Hashes(_) => None,
        };
        known.is_some_and(|known| known.is_at_or_below(address))
    })
}

/// Whether an address as it is written down is at or below another.
pub(crate) fn is_below(address: &str, above: &WrittenAddress) -> bool {
    WrittenAddress::read(address).is_ok_and(|address| address.is_at_or_below(above))
}

/// What is held in an environment that has left the program, and nothing is said of.
pub fn unspoken<'a>(lock: &'a Lock, environment: &'a str, said: &'a [Said]) -> Vec<&'a HeldResource> {
    lock.held(environment).filter(|held| fate(lock, environment, said, &held.address).is_none()).collect()
}

/// Whether what was recorded gives way to what the source says now: of one address something else, or of its new address another old one.
pub fn gives_way(recorded: &SaidWhat, environment: Option<&str>, said: &[Said]) -> bool {
    let meets = |said: &&Said| match (said.environment, environment) {
        (Some(own), Some(other)) => own.text() == other,
        (None, _) => true,
        (Some(_), None) => false,
    };
    said.iter().filter(meets).any(|said| match (recorded, &said.what) {
        (SaidWhat::Moved { from, to }, SaidWhat::Moved { from: now_from, to: now_to }) => {
            to == now_to && from != now_from
        }
        (
            SaidWhat::Forget { address, .. } | SaidWhat::Destroy { address, .. },
            SaidWhat::Forget { address: now, .. } | SaidWhat::Destroy { address: now, .. },
        ) => address == now && *recorded != said.what,
        _ => false,
    })
}
