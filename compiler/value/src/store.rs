//! The store of an environment: every value once, every address once. No id outlives its store.

use std::cmp::Ordering;

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;
use source::Name;

use crate::walk::Holds;
use crate::{Address, AddressId, Value, ValueId, WrittenAddress, WrittenStep};

/// Hash-consed values and addresses.
#[derive(Clone, Debug)]
pub struct Store {
    values: IndexSet<Value, FxBuildHasher>,
    /// What each value holds, itself or beneath it; known when it is added, since its parts are there before it.
    holds: Vec<Holds>,
    addresses: IndexSet<Address, FxBuildHasher>,
}

impl Default for Store {
    fn default() -> Self {
        let mut store = Self { values: IndexSet::default(), holds: Vec::new(), addresses: IndexSet::default() };
        for value in [Value::Absent, Value::Bool(false), Value::Bool(true)] {
            let _ = store.insert(value);
        }
        store
    }
}

impl Store {
    /// `none`, in every store.
    pub const ABSENT: ValueId = ValueId(0);
    const FALSE: ValueId = ValueId(1);
    const TRUE: ValueId = ValueId(2);

    /// The id of this value. Records and maps must come sorted: use [`Store::record`] and [`Store::map`].
    pub fn add(&mut self, value: Value) -> ValueId {
        match value {
            Value::Bool(true) => Self::TRUE,
            Value::Bool(false) => Self::FALSE,
            other => self.insert(other),
        }
    }
    fn insert(&mut self, value: Value) -> ValueId {
        let (at, new) = self.values.insert_full(value);
        if new {
            let holds = self.values.get_index(at).map_or_else(Holds::default, |value| self.holds_of(value));
            self.holds.push(holds);
        }
        ValueId(at as u32)
    }
    /// The same for a value that is most likely there already: it is copied only when it is not.
    pub fn add_known(&mut self, value: &Value) -> ValueId {
        match self.values.get_index_of(value) {
            Some(at) => ValueId(at as u32),
            None => self.add(value.clone()),
        }
    }
    /// What this value holds, itself or beneath it: references, later values, secrets, unknowns. Costs nothing.
    pub fn holds(&self, id: ValueId) -> Holds {
        self.holds.get(id.0 as usize).copied().unwrap_or_default()
    }
    /// The value with this id.
    pub fn get(&self, id: ValueId) -> &Value {
        self.values.get_index(id.0 as usize).unwrap_or(&Value::Absent)
    }
    /// How many values there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
    /// A text.
    pub fn text(&mut self, text: impl Into<Box<str>>) -> ValueId {
        self.add(Value::Text(text.into()))
    }
    /// A list.
    pub fn list(&mut self, elements: impl Into<Box<[ValueId]>>) -> ValueId {
        self.add(Value::List(elements.into()))
    }
    /// A record: sorted here; fields that are absent are left out.
    pub fn record(&mut self, mut fields: Vec<(Name, ValueId)>) -> ValueId {
        fields.retain(|(_, value)| *value != Self::ABSENT);
        fields.sort_by(|left, right| left.0.text().cmp(right.0.text()));
        self.add(Value::Record(fields.into()))
    }
    /// A map: sorted here by the content of its keys; the last entry of a key wins.
    pub fn map(&mut self, mut entries: Vec<(ValueId, ValueId)>) -> ValueId {
        entries.sort_by(|left, right| self.compare_keys(left.0, right.0));
        entries.reverse();
        entries.dedup_by_key(|entry| entry.0);
        entries.reverse();
        self.add(Value::Map(entries.into()))
    }
    /// The field of a record.
    pub fn field(&self, record: ValueId, name: Name) -> Option<ValueId> {
        match self.get(record) {
            // Ids compare faster than texts, until there are many.
            Value::Record(fields) if fields.len() <= 64 => {
                fields.iter().find(|field| field.0 == name).map(|field| field.1)
            }
            Value::Record(fields) => {
                let at = fields.binary_search_by(|field| field.0.text().cmp(name.text())).ok()?;
                fields.get(at).map(|field| field.1)
            }
            _ => None,
        }
    }
    /// The value at a key of a map. A record counts as a map from its names.
    pub fn entry(&self, map: ValueId, key: ValueId) -> Option<ValueId> {
        match (self.get(map), self.get(key)) {
            (Value::Map(entries), _) if entries.len() <= 16 => {
                entries.iter().find(|entry| entry.0 == key).map(|entry| entry.1)
            }
            (Value::Map(entries), _) => {
                let at = entries.binary_search_by(|entry| self.compare_keys(entry.0, key)).ok()?;
                entries.get(at).map(|entry| entry.1)
            }
            (Value::Record(_), Value::Text(name)) => self.field(map, Name::new(name)),
            _ => None,
        }
    }
    /// The id of an address.
    pub fn address(&mut self, address: Address) -> AddressId {
        AddressId(self.addresses.insert_full(address).0 as u32)
    }
    /// The steps of an address; the last one first.
    pub fn step(&self, id: AddressId) -> Address {
        self.addresses.get_index(id.0 as usize).copied().unwrap_or_else(|| Address {
            parent: None,
            name: Name::new(""),
            key: None,
        })
    }
    /// The address that is written like this; none when nothing is written.
    pub fn address_of(&mut self, written: &WrittenAddress) -> Option<AddressId> {
        let steps = written.steps.iter();
        steps.fold(None, |parent, step| Some(self.address(Address { parent, name: step.name, key: step.key })))
    }
    /// How an address is written.
    pub fn written(&self, id: AddressId) -> WrittenAddress {
        let steps = self.steps(id).into_iter();
        WrittenAddress { steps: steps.map(|step| WrittenStep { name: step.name, key: step.key }).collect() }
    }
    /// The text of an address: `front["a"].vm`.
    pub fn address_text(&self, id: AddressId) -> String {
        let mut text = String::with_capacity(64);
        self.push_address(id, &mut text);
        text
    }
    fn push_address(&self, id: AddressId, text: &mut String) {
        let step = self.step(id);
        if let Some(parent) = step.parent {
            self.push_address(parent, text);
            text.push('.');
        }
        text.push_str(step.name.text());
        if let Some(key) = step.key {
            text.push_str("[\"");
            text.push_str(key.text());
            text.push_str("\"]");
        }
    }
    /// The order of map keys: by what they say, never by their ids.
    pub fn compare_keys(&self, left: ValueId, right: ValueId) -> Ordering {
        self.compare_content(left, right)
    }
}
