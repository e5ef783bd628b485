//! Where a secret must stand. What the program says itself is none: it stands in the source for all to read, and would stand in all
//! that is written. What something else decides later is secret from there on.

use source::{Diagnostic, Place};
use value::{Value, ValueId};

use crate::evaluate::Evaluation;

impl Evaluation<'_> {
    /// The value as a secret; an error where the program says it itself.
    pub(crate) fn sealed(&mut self, value: ValueId, place: Place) -> ValueId {
        if let Some(said) = self.said_in_clear(value) {
            let told =
                Diagnostic::error("plain_secret", place, "a secret is needed here, and the program says this itself")
                    .help(check::HOW_SECRETS_ARE_GIVEN)
                    .withhold(said);
            return self.tell(told);
        }
        let sealed = self.store.replace(value, None, &mut |store, reference| match store.get(reference).clone() {
            Value::Ref { of, path, secret: false, .. } => {
                Some(store.add(Value::Ref { of, path, folded: None, secret: true }))
            }
            _ => None,
        });
        match sealed {
            Ok(sealed) => sealed,
            Err(fault) => self.fault(place, &fault),
        }
    }

    /// A text in it that the program says itself.
    fn said_in_clear(&self, value: ValueId) -> Option<String> {
        let store = &self.store;
        match store.get(store.folded(value)) {
            Value::List(elements) => elements.iter().find_map(|element| self.said_in_clear(*element)),
            Value::Record(fields) => fields.iter().find_map(|field| self.said_in_clear(field.1)),
            Value::Map(entries) => entries.iter().find_map(|entry| self.said_in_clear(entry.1)),
            Value::Text(text) => (!text.is_empty()).then(|| text.to_string()),
            Value::Absent | Value::Null | Value::Unknown(_) | Value::Ref { .. } | Value::Op { .. } => None,
            _ => store.text_of(value).ok(),
        }
    }
}
