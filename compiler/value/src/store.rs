//! The store of an environment: every value once, every address once. No id outlives its store.

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;
use source::Name;

use crate::{Address, AddressId, Value, ValueId};

/// Hash-consed values and addresses.
#[derive(Clone, Debug)]
pub struct Store {
    values: IndexSet<Value, FxBuildHasher>,
    addresses: IndexSet<Address, FxBuildHasher>,
}

impl Default for Store {
    fn default() -> Self {
        let mut store = Self { values: IndexSet::default(), addresses: IndexSet::default() };
        let _ = store.add(Value::Absent);
        store
    }
}

impl Store {
    /// `none`, in every store.
    pub const ABSENT: ValueId = ValueId(0);

    /// The id of this value. Records and maps must come sorted: use [`Store::record`] and [`Store::map`].
    pub fn add(&mut self, value: Value) -> ValueId {
        ValueId(self.values.insert_full(value).0 as u32)
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
            Value::Record(fields) => fields.iter().find(|field| field.0 == name).map(|field| field.1),
            _ => None,
        }
    }
    /// The id of an address.
    pub fn address(&mut self, address: Address) -> AddressId {
        AddressId(self.addresses.insert_full(address).0 as u32)
    }
    /// The steps of an address; the last one first.
    pub fn step(&self, id: AddressId) -> Address {
        self.addresses.get_index(id.0 as usize).copied().unwrap_or(Address { parent: None, name: Name::new(""), key: None })
    }
    /// The text of an address: `front["a"].vm`.
    pub fn address_text(&self, id: AddressId) -> String {
        let step = self.step(id);
        let mut text = match step.parent {
            Some(parent) => format!("{}.", self.address_text(parent)),
            None => String::new(),
        };
        text.push_str(step.name.text());
        if let Some(key) = step.key {
            text.push_str(&format!("[\"{}\"]", key.text()));
        }
        text
    }
    /// The order of map keys: texts by content, instances by address, all else by what it shows.
    pub fn compare_keys(&self, left: ValueId, right: ValueId) -> std::cmp::Ordering {
        match (self.get(left), self.get(right)) {
            (Value::Text(left), Value::Text(right)) => left.cmp(right),
            (Value::Int(left), Value::Int(right)) => left.cmp(right),
            (Value::Instance(left), Value::Instance(right)) => self.address_text(*left).cmp(&self.address_text(*right)),
            (left, right) => format!("{left:?}").cmp(&format!("{right:?}")),
        }
    }
}
