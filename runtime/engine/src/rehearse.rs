//! Time that passes only when nothing else happens, so that hours are rehearsed at once and in the same way each time.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use drivers::Later;
use drivers::rehearsed::Timer;
use futures_util::future::poll_fn;
use state::Clock;

/// A clock that stands still until everybody waits for it.
#[derive(Clone, Debug)]
pub struct VirtualTime(Arc<Mutex<Inner>>);

#[derive(Debug)]
struct Inner {
    /// Milliseconds since 1970-01-01.
    now: u64,
    /// Who sleeps, by when it wakes and in the order of falling asleep.
    sleepers: BTreeMap<(u64, u64), Waker>,
    next: u64,
}

impl VirtualTime {
    /// It begins at a time: milliseconds since 1970-01-01.
    pub fn at(now: u64) -> Self {
        Self(Arc::new(Mutex::new(Inner { now, sleepers: BTreeMap::new(), next: 0 })))
    }
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Lets it be the time at which the next one wakes; false: nobody sleeps.
    fn advance(&self) -> bool {
        let mut inner = self.inner();
        let Some(((at, _), waker)) = inner.sleepers.pop_first() else { return false };
        inner.now = inner.now.max(at);
        drop(inner);
        waker.wake();
        true
    }
}

impl Clock for VirtualTime {
    fn now(&self) -> u64 {
        self.inner().now
    }
}

impl Timer for VirtualTime {
    fn sleep(&self, time: Duration) -> Later<'static, ()> {
        let until = self.now().saturating_add(time.as_millis() as u64);
        let clock = self.clone();
        let mut place = None;
        Box::pin(poll_fn(move |context| {
            let mut inner = clock.inner();
            if inner.now >= until {
                return Poll::Ready(());
            }
            let place = *place.get_or_insert_with(|| {
                inner.next += 1;
                (until, inner.next)
            });
            inner.sleepers.insert(place, context.waker().clone());
            Poll::Pending
        }))
    }
}

/// Whether something can go on.
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Runs something to its end on one thread; time passes when it waits for nothing else. None: it waits for what never comes.
pub fn run<T>(time: &VirtualTime, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    let woken = Arc::new(Woken(AtomicBool::new(true)));
    let waker = Waker::from(woken.clone());
    loop {
        if woken.0.swap(false, Ordering::SeqCst) {
            if let Poll::Ready(value) = work.as_mut().poll(&mut Context::from_waker(&waker)) {
                return Some(value);
            }
        } else if !time.advance() {
            return None;
        }
    }
}
