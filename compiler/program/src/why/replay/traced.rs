//! A value of the replay: what it is, and beside each part of it what that part was made of.

use std::rc::Rc;

use source::Name;
use value::{Store, Value, ValueId};

use super::deps::Deps;
use crate::why::path::Hop;

/// A value with what it was made of.
#[derive(Clone, Default)]
pub(crate) struct Traced {
    /// None: the replay cannot tell.
    pub value: Option<ValueId>,
    /// Of the value as a whole: all of its parts have this in common, and that it is there at all.
    pub deps: Deps,
    /// What it says, as far as it has no parts.
    pub content: Deps,
    /// What decides which parts there are.
    pub shape: Deps,
    pub kids: Kids,
}

/// The parts of a value.
#[derive(Clone, Default)]
pub(crate) enum Kids {
    /// None, or parts that nothing more is known of than of the whole.
    #[default]
    Whole,
    List(Rc<[Traced]>),
    /// With what the name was made of.
    Fields(Rc<[(Name, Deps, Traced)]>),
    Entries(Rc<[(Traced, Traced)]>),
    Tagged(Rc<[Traced]>),
    Range(Rc<(Traced, Traced)>),
    Flow(Rc<(Vec<Traced>, Vec<Traced>, Traced)>),
    /// Of a reference: the value behind it.
    Known(Rc<Traced>),
}

impl Traced {
    /// A value without parts.
    pub fn leaf(value: ValueId, content: Deps) -> Self {
        Self { value: Some(value), content, ..Self::default() }
    }
    /// The result of an operation; where it is nothing, or nobody knows, all that went in decided that.
    pub fn made(value: Option<ValueId>, of: Deps) -> Self {
        match value {
            Some(value) if value != Store::ABSENT => Self::leaf(value, of),
            _ => Self { value, deps: of, ..Self::default() },
        }
    }
    pub fn absent(deps: Deps) -> Self {
        Self { value: Some(Store::ABSENT), deps, ..Self::default() }
    }
    /// Nobody knows what it is, only what it was made of.
    pub fn unknown(deps: Deps) -> Self {
        Self { deps, ..Self::default() }
    }
    pub fn with(mut self, deps: &Deps) -> Self {
        self.deps = self.deps.and(deps);
        self
    }
    pub fn is_absent(&self) -> bool {
        self.value == Some(Store::ABSENT)
    }

    /// A list of these.
    pub fn list(store: &mut Store, elements: Vec<Traced>, shape: Deps) -> Self {
        let values: Option<Vec<ValueId>> = elements.iter().map(|element| element.value).collect();
        Self {
            value: values.map(|values| store.list(values)),
            shape,
            kids: Kids::List(elements.into()),
            ..Self::default()
        }
    }
    /// A record; the last field of a name wins.
    pub fn record(store: &mut Store, fields: Vec<(Name, Deps, Traced)>, shape: Deps) -> Self {
        let mut kept: Vec<(Name, Deps, Traced)> = Vec::with_capacity(fields.len());
        for field in fields {
            match kept.iter_mut().find(|other| other.0 == field.0) {
                Some(other) => *other = field,
                None => kept.push(field),
            }
        }
        let values: Option<Vec<(Name, ValueId)>> =
            kept.iter().map(|(name, _, field)| Some((*name, field.value?))).collect();
        Self {
            value: values.map(|values| store.record(values)),
            shape,
            kids: Kids::Fields(kept.into()),
            ..Self::default()
        }
    }
    /// A map, sorted as maps are; the last entry of a key wins. Absent entries are left out.
    pub fn map(store: &mut Store, entries: Vec<(Traced, Traced)>, shape: Deps) -> Self {
        let mut kept: Vec<(Traced, Traced)> = Vec::with_capacity(entries.len());
        let mut shape = shape;
        for (key, value) in entries {
            if value.is_absent() {
                shape = shape.and(&value.deps);
                continue;
            }
            match kept.iter_mut().find(|(other, _)| other.value.is_some() && other.value == key.value) {
                Some(other) => *other = (key, value),
                None => kept.push((key, value)),
            }
        }
        if kept.iter().all(|(key, _)| key.value.is_some()) {
            kept.sort_by(|(left, _), (right, _)| match (left.value, right.value) {
                (Some(left), Some(right)) => store.compare_keys(left, right),
                _ => std::cmp::Ordering::Equal,
            });
        }
        let values: Option<Vec<(ValueId, ValueId)>> =
            kept.iter().map(|(key, entry)| Some((key.value?, entry.value?))).collect();
        Self {
            value: values.map(|values| store.map(values)),
            shape,
            kids: Kids::Entries(kept.into()),
            ..Self::default()
        }
    }

    /// All that it was made of, parts included.
    pub fn all(&self) -> Deps {
        let own = self.deps.and(&self.content).and(&self.shape.decides());
        match &self.kids {
            Kids::Whole => own,
            Kids::List(elements) | Kids::Tagged(elements) => {
                elements.iter().fold(own, |deps, element| deps.and(&element.all()))
            }
            Kids::Fields(fields) => fields.iter().fold(own, |deps, (_, name, field)| deps.and(name).and(&field.all())),
            Kids::Entries(entries) => {
                entries.iter().fold(own, |deps, (key, entry)| deps.and(&key.all()).and(&entry.all()))
            }
            Kids::Range(ends) => own.and(&ends.0.all()).and(&ends.1.all()),
            Kids::Flow(flow) => {
                flow.0.iter().chain(&flow.1).fold(own, |deps, end| deps.and(&end.all())).and(&flow.2.all())
            }
            Kids::Known(known) => own.and(&known.all().behind()),
        }
    }
    /// The same where values behind references were needed.
    pub fn forced(&self) -> Deps {
        self.all().forced()
    }
    /// What decides whether it is there and how many parts it has.
    pub fn presence(&self) -> Deps {
        let own = self.deps.and(&self.shape);
        match &self.kids {
            Kids::Known(known) => own.and(&known.presence().behind()).forced(),
            Kids::Whole
            | Kids::List(_)
            | Kids::Fields(_)
            | Kids::Entries(_)
            | Kids::Tagged(_)
            | Kids::Range(_)
            | Kids::Flow(_) => own,
        }
    }

    /// What decides how many parts it has, and in which order: that of a map is the order of its keys.
    pub fn order(&self) -> Deps {
        match &self.known().kids {
            Kids::Entries(entries) => {
                entries.iter().fold(self.presence(), |deps, (key, _)| deps.and(&key.all().forced()))
            }
            Kids::Fields(fields) => fields.iter().fold(self.presence(), |deps, (_, name, _)| deps.and(name)),
            Kids::Whole | Kids::List(_) | Kids::Tagged(_) | Kids::Range(_) | Kids::Flow(_) | Kids::Known(_) => {
                self.presence()
            }
        }
    }

    /// Behind a reference, as far as it is known.
    pub fn known(&self) -> Self {
        match &self.kids {
            Kids::Known(known) => known.known().with(&self.deps),
            Kids::Whole
            | Kids::List(_)
            | Kids::Fields(_)
            | Kids::Entries(_)
            | Kids::Tagged(_)
            | Kids::Range(_)
            | Kids::Flow(_) => self.clone(),
        }
    }

    /// The elements of a list, with what they have in common; none when that is not known.
    pub fn elements(&self, store: &Store) -> Option<Vec<Traced>> {
        let of = self.known();
        let plain = |values: &[ValueId]| {
            values.iter().map(|value| Traced { value: Some(*value), deps: of.all(), ..Traced::default() }).collect()
        };
        match &of.kids {
            Kids::List(elements) => Some(elements.iter().map(|element| element.clone().with(&of.deps)).collect()),
            Kids::Entries(entries) => Some(entries.iter().map(|(_, entry)| entry.clone().with(&of.deps)).collect()),
            Kids::Fields(fields) => Some(fields.iter().map(|(_, _, field)| field.clone().with(&of.deps)).collect()),
            Kids::Whole | Kids::Tagged(_) | Kids::Range(_) | Kids::Flow(_) | Kids::Known(_) => {
                match store.get(store.folded(of.value?)) {
                    Value::List(values) => Some(plain(values)),
                    Value::Map(entries) => Some(plain(&entries.iter().map(|(_, value)| *value).collect::<Vec<_>>())),
                    Value::Record(fields) => Some(plain(&fields.iter().map(|(_, value)| *value).collect::<Vec<_>>())),
                    Value::Absent => Some(Vec::new()),
                    _ => None,
                }
            }
        }
    }

    /// Keys and values of a map or a record.
    pub fn entries(&self, store: &mut Store) -> Option<Vec<(Traced, Traced)>> {
        let of = self.known();
        match &of.kids {
            Kids::Entries(entries) => Some(
                entries.iter().map(|(key, entry)| (key.clone().with(&of.deps), entry.clone().with(&of.deps))).collect(),
            ),
            Kids::Fields(fields) => {
                let key =
                    |store: &mut Store, name: Name, deps: &Deps| Traced::leaf(store.text(name.text()), deps.clone());
                let present = fields.iter().filter(|(_, _, field)| !field.is_absent());
                Some(
                    present
                        .map(|(name, deps, field)| {
                            (key(store, *name, deps).with(&of.deps), field.clone().with(&of.deps))
                        })
                        .collect(),
                )
            }
            Kids::Whole | Kids::List(_) | Kids::Tagged(_) | Kids::Range(_) | Kids::Flow(_) | Kids::Known(_) => {
                match store.get(store.folded(of.value?)).clone() {
                    Value::Map(entries) => Some(
                        entries
                            .iter()
                            .map(|(key, value)| (Traced::leaf(*key, of.all()), Traced::leaf(*value, of.all())))
                            .collect(),
                    ),
                    Value::Record(fields) => Some(
                        fields
                            .iter()
                            .map(|(name, value)| {
                                (Traced::leaf(store.text(name.text()), of.all()), Traced::leaf(*value, of.all()))
                            })
                            .collect(),
                    ),
                    Value::Absent => Some(Vec::new()),
                    _ => None,
                }
            }
        }
    }

    /// The field of a record or the entry of a map with this name; absent when there is none, none when that is not known.
    pub fn named(&self, store: &Store, name: Name) -> Option<Traced> {
        let is = |key: &Traced| matches!(key.value.map(|key| store.get(store.folded(key))), Some(Value::Text(text)) if text.as_ref() == name.text());
        let missing = || Traced::absent(self.deps.and(&self.shape.decides()));
        let found = match &self.kids {
            Kids::Fields(fields) => fields
                .iter()
                .find(|(field, _, _)| *field == name)
                .map(|(_, key, field)| field.clone().with(&key.there())),
            Kids::Entries(entries) => {
                entries.iter().find(|(key, _)| is(key)).map(|(key, entry)| entry.clone().with(&key.all().there()))
            }
            Kids::Whole | Kids::List(_) | Kids::Tagged(_) | Kids::Range(_) | Kids::Flow(_) | Kids::Known(_) => {
                let value = store.folded(self.value?);
                let value = match store.get(value) {
                    Value::Record(_) => store.field(value, name),
                    Value::Map(entries) => entries
                        .iter()
                        .find(|(key, _)| matches!(store.get(*key), Value::Text(text) if text.as_ref() == name.text()))
                        .map(|(_, value)| *value),
                    Value::Absent => None,
                    _ => return None,
                };
                return Some(Traced::made(Some(value.unwrap_or(Store::ABSENT)), self.all()));
            }
        };
        Some(found.map_or_else(missing, |found| found.with(&self.deps)))
    }

    /// The part of an emitted body at a step of its path.
    pub fn part(&self, store: &Store, hop: &Hop) -> Traced {
        let of = self.known();
        match (&of.kids, hop) {
            (Kids::Fields(fields), Hop::Name(name)) => match fields.iter().find(|(field, _, _)| field == name) {
                Some((_, key, field)) => field.clone().with(&of.deps).with(key),
                None => Traced::unknown(of.all()),
            },
            (Kids::Entries(entries), Hop::Name(name)) => {
                let is = |key: &Traced| match key.value.map(|key| store.get(store.folded(key))) {
                    Some(Value::Text(text)) => text.as_ref() == name.text(),
                    Some(Value::Instance(address)) => store.address_text(*address) == name.text(),
                    Some(Value::Int(number)) => number.to_string() == name.text(),
                    Some(_) | None => false,
                };
                match entries.iter().find(|(key, _)| is(key)) {
                    Some((key, entry)) => entry.clone().with(&of.deps).with(&key.all()),
                    None => Traced::unknown(of.all()),
                }
            }
            (Kids::List(elements), Hop::At(at)) => match elements.get(*at as usize) {
                Some(element) => element.clone().with(&of.deps).with(&of.shape.there()),
                None => Traced::unknown(of.all()),
            },
            // A block that its maker keeps in a list.
            (Kids::Fields(_), Hop::At(0)) => of,
            _ => Traced::unknown(of.all()),
        }
    }
}
