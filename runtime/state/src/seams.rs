//! What a run takes from the outside besides its drivers and its store: the time, and chance. Tests give their own, and the same
//! ones give the same journal.

use std::time::{SystemTime, UNIX_EPOCH};

/// What time it is.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970-01-01, UTC.
    fn now(&self) -> u64;
    /// Waits so many milliseconds.
    fn pause(&self, milliseconds: u64) {
        std::thread::sleep(std::time::Duration::from_millis(milliseconds));
    }
}

/// Where ids, nonces and keys are drawn from.
pub trait Entropy: Send {
    /// Fills all of it.
    fn fill(&mut self, bytes: &mut [u8]);
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> u64 {
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
    }
}

/// The machine's chance.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(
        clippy::panic,
        reason = "a nonce that is drawn twice gives the secrets away; nothing that would follow is safe"
    )]
    fn fill(&mut self, bytes: &mut [u8]) {
        if let Err(cause) = getrandom::fill(bytes) {
            std::panic::panic_any(format!("this machine has no source of randomness: {cause}"));
        }
    }
}
