//! The same work for many parts of a document, on all processors; what it gives is in the order of the parts.

use std::num::NonZeroUsize;

/// Fewer parts than this are not worth a thread of their own.
const ENOUGH: usize = 32;
/// More threads find nothing to do.
const MOST_WORKERS: usize = 8;
/// Values nest deeper than a thread's stack usually is. It is virtual memory: what is not used costs nothing.
const STACK: usize = 256 << 20;

/// What `work` gives for each of the parts.
pub fn for_each<P: Sync, R: Send>(parts: &[P], work: impl Fn(&P) -> R + Sync) -> Vec<R> {
    let workers =
        std::thread::available_parallelism().map_or(1, NonZeroUsize::get).min(MOST_WORKERS).min(parts.len() / ENOUGH);
    if workers < 2 {
        return parts.iter().map(work).collect();
    }
    let work = &work;
    std::thread::scope(|scope| {
        let shares: Vec<_> = parts.chunks(parts.len().div_ceil(workers)).collect();
        let begun: Vec<_> = shares
            .into_iter()
            .map(|share| {
                (
                    share,
                    std::thread::Builder::new()
                        .stack_size(STACK)
                        .spawn_scoped(scope, move || share.iter().map(work).collect::<Vec<R>>()),
                )
            })
            .collect();
        let mut all = Vec::with_capacity(parts.len());
        for (share, begun) in begun {
            match begun.map(std::thread::ScopedJoinHandle::join) {
                Ok(Ok(done)) => all.extend(done),
                Ok(Err(panicked)) => std::panic::resume_unwind(panicked),
                // No thread to be had: it is done here.
                Err(_) => all.extend(share.iter().map(work)),
            }
        }
        all
    })
}

#[cfg(test)]
mod tests {
    use super::for_each;

    #[test]
    fn what_comes_out_has_the_order_of_what_went_in() {
        for count in [0, 1, 31, 64, 1000] {
            let parts: Vec<usize> = (0..count).collect();
            assert_eq!(for_each(&parts, |part| part * 2), parts.iter().map(|part| part * 2).collect::<Vec<_>>());
        }
    }
}
