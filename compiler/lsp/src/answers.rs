//! The thread that answers requests, one after the other, each about the texts as they were when it was asked. A request that was
//! cancelled is not begun, and one that panics costs its own answer only.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crossbeam_channel::Sender;
use lsp_server::{ErrorCode, Message, RequestId, Response};
use rustc_hash::FxHashMap;
use serde_json::Value;

use crate::client::{Refused, refused};

/// Trees are as deep as the parser allows.
const STACK: usize = 1 << 28;

/// What answers a request.
pub type Answer = Box<dyn FnOnce() -> Result<Value, Refused> + Send>;

/// The way to the thread.
pub struct Answers {
    queue: Sender<(RequestId, Answer)>,
    /// Requests without an answer yet, and whether they were cancelled.
    open: Arc<Mutex<FxHashMap<RequestId, bool>>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Answers {
    /// Begins the thread; it ends with the way to it.
    ///
    /// # Errors
    /// When the system has no thread for it.
    pub fn begin(client: Sender<Message>) -> std::io::Result<Self> {
        let (queue, questions) = crossbeam_channel::unbounded::<(RequestId, Answer)>();
        let open: Arc<Mutex<FxHashMap<RequestId, bool>>> = Arc::default();
        let still_open = Arc::clone(&open);
        std::thread::Builder::new().name("answers".to_owned()).stack_size(STACK).spawn(move || {
            for (id, answer) in questions {
                let is_cancelled = || locked(&still_open).get(&id).copied().unwrap_or(false);
                let result = if is_cancelled() { Err(cancelled()) } else { without_panic(answer) };
                locked(&still_open).remove(&id);
                if client.send(Response { id, response_result: result }.into()).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { queue, open })
    }

    /// Answers when those before are answered.
    pub fn ask(&self, id: RequestId, answer: Answer) {
        locked(&self.open).insert(id.clone(), false);
        // The thread lives as long as this way to it.
        let _ = self.queue.send((id, answer));
    }

    /// Says that nobody waits for an answer any more.
    pub fn cancel(&self, id: &RequestId) {
        if let Some(cancelled) = locked(&self.open).get_mut(id) {
            *cancelled = true;
        }
    }
}

/// What is said of a request that was cancelled.
pub fn cancelled() -> Refused {
    refused(ErrorCode::RequestCanceled, "it was cancelled")
}

/// The answer, or that there is a bug of ours.
pub fn without_panic(answer: impl FnOnce() -> Result<Value, Refused>) -> Result<Value, Refused> {
    catch_unwind(AssertUnwindSafe(answer)).unwrap_or_else(|_| {
        Err(refused(ErrorCode::InternalError, "infrac stopped where it never should; this is a bug in infrac"))
    })
}
