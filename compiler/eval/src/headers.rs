//! What a loop goes over: the elements of a list with their positions, of a map with their keys, of a range of ints.

use check::code::Loop;
use source::Place;
use value::{Store, Value, ValueId};

use crate::budget::ELEMENTS;
use crate::evaluate::Evaluation;
use crate::frame::Frame;

impl<'a> Evaluation<'a> {
    /// Keys and elements of a loop's collection. With one variable, the element of a map is its key.
    pub(crate) fn elements(&mut self, frame: &mut Frame, each: &'a Loop) -> Result<Vec<(ValueId, ValueId)>, ValueId> {
        let collection = self.run(frame, &each.collection);
        self.elements_of(collection, each.key.is_some(), each.collection.place)
    }

    /// The same for a collection that was evaluated.
    pub(crate) fn elements_of_value(
        &mut self,
        collection: ValueId,
        each: &Loop,
    ) -> Result<Vec<(ValueId, ValueId)>, ValueId> {
        self.elements_of(collection, each.key.is_some(), each.collection.place)
    }

    fn elements_of(
        &mut self,
        collection: ValueId,
        with_keys: bool,
        place: Place,
    ) -> Result<Vec<(ValueId, ValueId)>, ValueId> {
        let Some(known) = self.known(collection) else { return Err(self.too_late(collection, place)) };
        let count = match self.store.get(known) {
            Value::Unknown(_) => return Err(known),
            Value::List(elements) => elements.len(),
            Value::Map(entries) => entries.len(),
            Value::Record(fields) => fields.len(),
            Value::Range(first, last) => match (self.store.get(*first), self.store.get(*last)) {
                (Value::Int(first), Value::Int(last)) => {
                    usize::try_from(last.saturating_sub(*first).saturating_add(1)).unwrap_or(0)
                }
                _ => 0,
            },
            _ => 0,
        };
        // Counted before it is made: a loop over a billion ends here.
        if !self.spend(count, place) {
            return Err(self.unknown(place, "the budget is used up"));
        }
        if count > ELEMENTS {
            self.exhaust(place, &format!("a loop goes over {count} elements, more than 5,000,000"));
            return Err(self.unknown(place, "the budget is used up"));
        }
        // Most loops ask for no positions: nothing has to be added while the elements are gone through.
        match self.store.get(known) {
            Value::List(elements) if !with_keys => {
                return Ok(elements.iter().map(|element| (Store::ABSENT, *element)).collect());
            }
            Value::Map(entries) => {
                let second = |key: ValueId, value: ValueId| if with_keys { value } else { key };
                return Ok(entries.iter().map(|(key, value)| (*key, second(*key, *value))).collect());
            }
            _ => {}
        }
        Ok(match self.store.get(known).clone() {
            Value::List(elements) => {
                let mut pairs = Vec::with_capacity(elements.len());
                for (at, element) in elements.iter().enumerate() {
                    pairs.push((self.store.add(Value::Int(at as i64)), *element));
                }
                pairs
            }
            Value::Record(fields) => {
                let mut pairs = Vec::with_capacity(fields.len());
                for (name, value) in fields.iter() {
                    let key = self.store.text(name.text());
                    pairs.push((key, if with_keys { *value } else { key }));
                }
                pairs
            }
            Value::Range(first, last) => match (self.store.get(first), self.store.get(last)) {
                (Value::Int(first), Value::Int(last)) => {
                    let (first, last) = (*first, *last);
                    let mut pairs = Vec::with_capacity(count);
                    for (at, number) in (first..=last).enumerate() {
                        let position = if with_keys { self.store.add(Value::Int(at as i64)) } else { Store::ABSENT };
                        pairs.push((position, self.store.add(Value::Int(number))));
                    }
                    pairs
                }
                _ => Vec::new(),
            },
            _ => Vec::new(),
        })
    }
}
