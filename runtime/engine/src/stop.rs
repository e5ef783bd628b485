//! Being asked to stop: once, nothing more begins and what runs is finished; twice, at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use futures_util::future::poll_fn;
use futures_util::task::AtomicWaker;
use std::task::Poll;

/// How far the request goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stopping {
    No,
    /// Nothing more begins.
    Soon,
    /// What runs is left to be found again.
    Now,
}

/// A request that any thread can make.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    asked: AtomicU8,
    waker: AtomicWaker,
}

impl Stop {
    /// Asks once more.
    pub fn ask(&self) {
        let _ = self.0.asked.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |asked| Some(asked.saturating_add(1)));
        self.0.waker.wake();
    }
    /// How far it goes.
    pub fn stopping(&self) -> Stopping {
        match self.0.asked.load(Ordering::SeqCst) {
            0 => Stopping::No,
            1 => Stopping::Soon,
            _ => Stopping::Now,
        }
    }
    /// Ends when it goes further than this.
    pub(crate) async fn beyond(&self, known: Stopping) {
        poll_fn(|context| {
            self.0.waker.register(context.waker());
            if self.stopping() == known { Poll::Pending } else { Poll::Ready(()) }
        })
        .await;
    }
}
