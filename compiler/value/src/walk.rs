//! Questions about what a value holds, itself or beneath it, and rewriting of what it holds.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{AddressId, Fault, Op, Store, Value, ValueId, ops};

/// What a value holds. A platform value holds nothing but itself: it is known, whatever its inputs are.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Holds(u8);

impl Holds {
    const REFERENCE: u8 = 1;
    const LATER: u8 = 2;
    const SECRET: u8 = 4;
    const UNKNOWN: u8 = 8;
    const KEYED: u8 = 16;
    const INSTANCE: u8 = 32;

    /// A reference to a resource, folded or not, or a residual.
    pub fn reference(self) -> bool {
        self.0 & Self::REFERENCE != 0
    }
    /// Something that is known only after it was applied: a reference without a known value, a residual, a secret.
    pub fn later(self) -> bool {
        self.0 & Self::LATER != 0
    }
    /// A secret. What a fingerprint is made of does not count.
    pub fn secret(self) -> bool {
        self.0 & Self::SECRET != 0
    }
    /// A keyed hash of a secret: the environment's key is needed to compute it.
    pub fn keyed(self) -> bool {
        self.0 & Self::KEYED != 0
    }
    /// An instance, or what only it has: its ports, its flows, the platform that it is, references to its values.
    pub fn instance(self) -> bool {
        self.0 & Self::INSTANCE != 0
    }
    /// A value that a mistake made unknown.
    pub fn unknown(self) -> bool {
        self.0 & Self::UNKNOWN != 0
    }
}

impl Store {
    /// What a value that is being added holds; its parts are in the store.
    pub(crate) fn holds_of(&self, value: &Value) -> Holds {
        let all = |ids: &[ValueId]| ids.iter().fold(0, |holds, id| holds | self.holds(*id).0);
        Holds(match value {
            Value::Unknown(_) => Holds::UNKNOWN,
            Value::List(elements) | Value::Tagged { fields: elements, .. } => all(elements),
            Value::Record(fields) => fields.iter().fold(0, |holds, (_, id)| holds | self.holds(*id).0),
            Value::Map(entries) => {
                entries.iter().fold(0, |holds, (key, id)| holds | self.holds(*key).0 | self.holds(*id).0)
            }
            Value::Range(first, last) => self.holds(*first).0 | self.holds(*last).0,
            Value::Flow { from, to, .. } => Holds::INSTANCE | all(from) | all(to),
            Value::Ref { secret: true, .. } => Holds::INSTANCE | Holds::REFERENCE | Holds::LATER | Holds::SECRET,
            Value::Ref { folded: Some(known), .. } => Holds::INSTANCE | Holds::REFERENCE | self.holds(*known).0,
            Value::Ref { folded: None, .. } => Holds::INSTANCE | Holds::REFERENCE | Holds::LATER,
            // The only way out of secrecy.
            Value::Op { op: Op::Fingerprint, args } => {
                Holds::REFERENCE | Holds::LATER | Holds::KEYED | (all(args) & !Holds::SECRET)
            }
            // A residual may be without references: a fingerprint waits for its key.
            Value::Op { args, .. } => Holds::REFERENCE | Holds::LATER | all(args),
            Value::Absent
            | Value::Null
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Decimal(_)
            | Value::Ratio(_)
            | Value::Text(_)
            | Value::Size(_)
            | Value::Duration(_)
            | Value::Ip(_)
            | Value::Cidr(_)
            | Value::Port { .. }
            | Value::Date(_) => 0,
            Value::Instance(_) | Value::Endpoint(..) | Value::Platform { .. } => Holds::INSTANCE,
        })
    }

    /// The known value behind references, at the top of this value; itself when there is none. A secret has none.
    pub fn folded(&self, id: ValueId) -> ValueId {
        let mut id = id;
        while let Value::Ref { folded: Some(known), secret: false, .. } = self.get(id) {
            id = *known;
        }
        id
    }

    /// Whether the value itself, not what is beneath it, is known only later.
    pub fn is_later(&self, id: ValueId) -> bool {
        match self.get(self.folded(id)) {
            Value::Ref { .. } | Value::Op { .. } => true,
            Value::Absent
            | Value::Null
            | Value::Unknown(_)
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Decimal(_)
            | Value::Ratio(_)
            | Value::Text(_)
            | Value::Size(_)
            | Value::Duration(_)
            | Value::Ip(_)
            | Value::Cidr(_)
            | Value::Port { .. }
            | Value::Date(_)
            | Value::List(_)
            | Value::Record(_)
            | Value::Map(_)
            | Value::Tagged { .. }
            | Value::Range(..)
            | Value::Instance(_)
            | Value::Endpoint(..)
            | Value::Flow { .. }
            | Value::Platform { .. } => false,
        }
    }

    /// All references in a value, each once, in the order in which they are met from left to right.
    pub fn references(&self, id: ValueId) -> Vec<ValueId> {
        let mut found = Vec::new();
        let mut seen = FxHashSet::default();
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            if !self.holds(id).reference() || !seen.insert(id) {
                continue;
            }
            if matches!(self.get(id), Value::Ref { .. }) {
                found.push(id);
            } else {
                let from = open.len();
                self.get(id).for_each_part(|part| open.push(part));
                if let Some(added) = open.get_mut(from..) {
                    added.reverse();
                }
            }
        }
        found
    }

    /// The references in a value that have no known value.
    pub fn later_references(&self, id: ValueId) -> impl Iterator<Item = ValueId> {
        self.references(id).into_iter().filter(|reference| self.holds(*reference).later())
    }

    /// Whether something in a value is known only later, and all of that is decided by what `by` names.
    pub fn is_decided_by(&self, id: ValueId, by: impl Fn(AddressId) -> bool) -> bool {
        let mut later = self.later_references(id).peekable();
        later.peek().is_some() && later.all(|reference| matches!(self.get(reference), Value::Ref { of, .. } if by(*of)))
    }

    /// The value with some of its references replaced: `by` gives what stands in a reference's place, or nothing to keep it.
    /// Residuals whose arguments become known are evaluated; `key` is the environment's key for fingerprints.
    pub fn replace(
        &mut self,
        id: ValueId,
        key: Option<&[u8]>,
        by: &mut dyn FnMut(&mut Store, ValueId) -> Option<ValueId>,
    ) -> Result<ValueId, Fault> {
        self.replace_seen(id, key, by, &mut FxHashMap::default())
    }

    fn replace_seen(
        &mut self,
        id: ValueId,
        key: Option<&[u8]>,
        by: &mut dyn FnMut(&mut Store, ValueId) -> Option<ValueId>,
        seen: &mut FxHashMap<ValueId, ValueId>,
    ) -> Result<ValueId, Fault> {
        if !self.holds(id).reference() {
            return Ok(id);
        }
        if let Some(done) = seen.get(&id) {
            return Ok(*done);
        }
        let new = match self.get(id).clone() {
            Value::Ref { .. } => by(self, id).unwrap_or(id),
            Value::Op { op, args } => {
                let args = self.replace_all(&args, key, by, seen)?;
                ops::apply(self, op, &args, key)?
            }
            Value::List(elements) => {
                let elements = self.replace_all(&elements, key, by, seen)?;
                self.list(elements)
            }
            Value::Tagged { tag, fields } => {
                let fields = self.replace_all(&fields, key, by, seen)?.into();
                self.add(Value::Tagged { tag, fields })
            }
            Value::Record(fields) => {
                let mut new = Vec::with_capacity(fields.len());
                for (name, id) in fields {
                    new.push((name, self.replace_seen(id, key, by, seen)?));
                }
                self.record(new)
            }
            Value::Map(entries) => {
                let mut new = Vec::with_capacity(entries.len());
                for (entry, id) in entries {
                    new.push((self.replace_seen(entry, key, by, seen)?, self.replace_seen(id, key, by, seen)?));
                }
                self.map(new)
            }
            Value::Range(first, last) => {
                let (first, last) = (self.replace_seen(first, key, by, seen)?, self.replace_seen(last, key, by, seen)?);
                self.add(Value::Range(first, last))
            }
            // Those named alone are instances, which hold no reference.
            Value::Flow { from, to, alone, key: flow_key } => {
                let from = self.replace_all(&from, key, by, seen)?.into();
                let to = self.replace_all(&to, key, by, seen)?.into();
                self.add(Value::Flow { from, to, alone, key: flow_key })
            }
            // None of these holds a reference.
            Value::Absent
            | Value::Null
            | Value::Unknown(_)
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Decimal(_)
            | Value::Ratio(_)
            | Value::Text(_)
            | Value::Size(_)
            | Value::Duration(_)
            | Value::Ip(_)
            | Value::Cidr(_)
            | Value::Port { .. }
            | Value::Date(_)
            | Value::Instance(_)
            | Value::Endpoint(..)
            | Value::Platform { .. } => id,
        };
        seen.insert(id, new);
        Ok(new)
    }

    fn replace_all(
        &mut self,
        ids: &[ValueId],
        key: Option<&[u8]>,
        by: &mut dyn FnMut(&mut Store, ValueId) -> Option<ValueId>,
        seen: &mut FxHashMap<ValueId, ValueId>,
    ) -> Result<Vec<ValueId>, Fault> {
        ids.iter().map(|id| self.replace_seen(*id, key, by, seen)).collect()
    }
}

impl Value {
    /// Calls `each` with every part, from left to right. What a reference is folded to is no part of it.
    pub fn for_each_part(&self, mut each: impl FnMut(ValueId)) {
        match self {
            Value::List(elements) | Value::Tagged { fields: elements, .. } | Value::Op { args: elements, .. } => {
                elements.iter().copied().for_each(each)
            }
            Value::Record(fields) => fields.iter().for_each(|(_, id)| each(*id)),
            Value::Map(entries) => entries.iter().for_each(|(key, id)| {
                each(*key);
                each(*id);
            }),
            Value::Range(first, last) => {
                each(*first);
                each(*last);
            }
            Value::Flow { from, to, .. } => from.iter().chain(to).copied().for_each(each),
            Value::Platform { inputs, .. } => each(*inputs),
            Value::Absent
            | Value::Null
            | Value::Unknown(_)
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Decimal(_)
            | Value::Ratio(_)
            | Value::Text(_)
            | Value::Size(_)
            | Value::Duration(_)
            | Value::Ip(_)
            | Value::Cidr(_)
            | Value::Port { .. }
            | Value::Date(_)
            | Value::Instance(_)
            | Value::Endpoint(..)
            | Value::Ref { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use source::Name;

    use super::*;
    use crate::{Address, Step};

    fn reference(store: &mut Store, field: &str, folded: Option<ValueId>, secret: bool) -> ValueId {
        let of = store.address(Address { parent: None, name: Name::new("vm"), key: None });
        store.add(Value::Ref { of, path: [Step::Field(Name::new(field))].into(), folded, secret })
    }

    #[test]
    fn what_a_value_holds_is_known_at_every_depth() {
        let mut store = Store::default();
        let (one, later, secret) = (
            store.add(Value::Int(1)),
            reference(&mut store, "id", None, false),
            reference(&mut store, "password", None, true),
        );
        let folded = reference(&mut store, "name", Some(one), false);
        let list = store.list([one, folded]);
        assert!(store.holds(list).reference() && !store.holds(list).later());
        let record = store.record(vec![(Name::new("a"), list), (Name::new("b"), later)]);
        assert!(store.holds(record).later() && !store.holds(record).secret());
        let text = store.add(Value::Op { op: Op::Text, args: [one, secret].into() });
        assert!(store.holds(text).secret());
        let print = store.add(Value::Op { op: Op::Fingerprint, args: [text].into() });
        assert!(store.holds(print).later() && !store.holds(print).secret() && store.holds(print).reference());
    }

    #[test]
    fn references_are_listed_once_from_left_to_right() {
        let mut store = Store::default();
        let (a, b) = (reference(&mut store, "a", None, false), reference(&mut store, "b", None, false));
        let inner = store.list([b, a]);
        let outer = store.list([inner, a, inner]);
        assert_eq!(store.references(outer), [b, a]);
    }

    #[test]
    fn a_residual_is_evaluated_when_its_last_reference_is_replaced() {
        let mut store = Store::default();
        let (a, colon) = (reference(&mut store, "a", None, false), store.text("x:"));
        let b = reference(&mut store, "b", None, false);
        let text = store.add(Value::Op { op: Op::Text, args: [colon, a, b].into() });
        let half = store.replace(text, None, &mut |store, id| (id == a).then(|| store.text("A"))).unwrap();
        let known = store.text("x:A");
        assert_eq!(store.get(half), &Value::Op { op: Op::Text, args: [known, b].into() });
        let whole = store.replace(half, None, &mut |store, _| Some(store.text("B"))).unwrap();
        assert_eq!(store.get(whole), &Value::Text("x:AB".into()));
    }
}
