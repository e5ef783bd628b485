//! The order in which diagnostics are shown: the same whoever told them.

use crate::{Diagnostic, Sources};

/// By file, place, severity and text; what has no place comes first.
pub fn sorted<'a>(diagnostics: &'a [Diagnostic], sources: &Sources) -> Vec<&'a Diagnostic> {
    let key = |diagnostic: &'a Diagnostic| {
        let at = diagnostic.place().map(|place| match sources.absolute(place) {
            Some((file, range)) => (&*file.shown, range.start, range.end),
            None => (place.item.file().path(), 0, 0),
        });
        (at, diagnostic.severity, diagnostic.code, diagnostic.message.as_str())
    };
    let mut all: Vec<&Diagnostic> = diagnostics.iter().collect();
    all.sort_by(|left, right| key(left).cmp(&key(right)));
    all
}
