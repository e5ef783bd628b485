//! How long values are when they are written out. Values share their parts, so that a few lines can say more than any disk holds:
//! the budget is on what stands in files, told at the statement that writes it.

use rustc_hash::FxHashMap;
use source::Place;
use value::{Store, Value, ValueId};

use crate::budget::{ALL_TEXT, TEXT};
use crate::evaluate::Evaluation;

/// Blanks before each part, for every level that it stands in.
const INDENTATION: usize = 2;
/// Signs around a part: quotes, a comma, the end of its line.
const SIGNS: usize = 4;

/// What is known of the lengths of values.
#[derive(Debug, Default)]
pub(crate) struct Lengths {
    known: FxHashMap<ValueId, Length>,
    /// Bytes of all that is written.
    written: usize,
}

/// Bytes at the beginning of a line, and how many lines there are to be indented.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Length {
    pub bytes: usize,
    pub parts: usize,
}

impl Evaluation<'_> {
    /// Counts what is written out of a value by this statement; false when it is too long.
    pub(crate) fn spend_written(&mut self, value: ValueId, place: Place) -> bool {
        let length = self.lengths.of(&self.store, value);
        self.lengths.written = self.lengths.written.saturating_add(length.bytes);
        if length.bytes > TEXT {
            self.exhaust(place, "this is longer than 64 MiB when it is written out");
            return false;
        }
        if self.lengths.written > ALL_TEXT {
            self.exhaust(place, "all values are longer than 512 MiB when they are written out");
            return false;
        }
        true
    }
}

impl Lengths {
    /// The length of a value.
    pub(crate) fn of(&mut self, store: &Store, id: ValueId) -> Length {
        if let Some(known) = self.known.get(&id) {
            return *known;
        }
        let value = store.get(id);
        let mut length = Length { bytes: SIGNS, parts: 1 };
        match value {
            Value::Text(text) => length.bytes += text.len(),
            Value::Record(fields) => {
                length.bytes += fields.iter().map(|(name, _)| name.text().len() + SIGNS).sum::<usize>()
            }
            Value::Tagged { tag, .. } => length.bytes += tag.text().len(),
            Value::Ref { path, .. } => length.bytes += 32 + path.len() * 8,
            _ => length.bytes += 8,
        }
        let mut is_whole = true;
        value.for_each_part(|part| {
            is_whole = false;
            let part = self.of(store, part);
            length.parts = length.parts.saturating_add(part.parts);
            let bytes = part.bytes.saturating_add(part.parts.saturating_mul(INDENTATION));
            length.bytes = length.bytes.saturating_add(bytes);
        });
        if !is_whole {
            self.known.insert(id, length);
        }
        length
    }
}
