//! How many mistakes are shown: a file of another language has one on every line, and nobody reads all of them.

use crate::{Diagnostic, Severity};

/// So many are told in any format; the others are counted.
pub const TOLD: usize = 1_000;

/// The first that are told, in the order of the list: errors before warnings and notes where not all are.
pub fn bounded<'a>(sorted: &[&'a Diagnostic]) -> Vec<&'a Diagnostic> {
    if sorted.len() <= TOLD {
        return sorted.to_vec();
    }
    let of = |severity: Severity| sorted.iter().filter(move |diagnostic| diagnostic.severity == severity).count();
    let mut left = TOLD;
    let mut quota = |severity: Severity| {
        let taken = of(severity).min(left);
        left -= taken;
        (severity, taken)
    };
    let mut quotas = [quota(Severity::Error), quota(Severity::Warning), quota(Severity::Note)];
    let taken = sorted.iter().filter(|diagnostic| {
        let quota = quotas.iter_mut().find(|(severity, _)| *severity == diagnostic.severity);
        quota.is_some_and(|(_, left)| match left {
            0 => false,
            left => {
                *left -= 1;
                true
            }
        })
    });
    taken.copied().collect()
}
