//! What stands behind a dot or in brackets: fields of records and references, attributes of native resources, elements by key, and
//! records with some of it replaced.

use source::Name;
use value::{Step, Value, ValueId};

use super::{Deps, Kids, Replay, Traced};

impl Replay<'_, '_> {
    /// `x.name` of a record, a reference, a map, a flow.
    pub(super) fn field(&mut self, of: &Traced, name: Name) -> Traced {
        if let Kids::Flow(flow) = &of.kids {
            let (from, to, key) = flow.as_ref().clone();
            let [callers, called] = match of.value.map(|value| self.store.get(value)) {
                Some(Value::Flow { alone, .. }) => alone.clone(),
                _ => Default::default(),
            };
            let those = |ends: Vec<Traced>, alone: &[ValueId]| -> Vec<Traced> {
                ends.into_iter().filter(|end| end.value.is_some_and(|end| alone.contains(&end))).collect()
            };
            let ends = match name.text() {
                "from" => from,
                "to" => to,
                "from_alone" => those(from, &callers),
                "to_alone" => those(to, &called),
                _ => return key.with(&of.deps),
            };
            return Traced::list(&mut self.store, ends, Deps::default()).with(&of.deps);
        }
        let value = of.value.map(|value| self.store.get(value).clone());
        match (value, &of.kids) {
            (Some(Value::Ref { .. }), kids) => {
                let known = match kids {
                    Kids::Known(known) => match known.known() {
                        // A list block that may stand once.
                        list if matches!(list.value.map(|value| self.store.get(value)), Some(Value::List(_))) => list
                            .elements(&self.store)
                            .and_then(|elements| elements.into_iter().next())
                            .and_then(|only| only.known().named(&self.store, name)),
                        known => known.named(&self.store, name),
                    },
                    _ => None,
                };
                self.extend(of, Step::Field(name), known.filter(|known| !known.is_absent()))
            }
            (Some(Value::Tagged { .. }), Kids::Tagged(fields)) => match name.text() {
                "key" => fields.first().cloned().unwrap_or_default().with(&of.deps),
                "value" => fields.get(1).cloned().unwrap_or_default().with(&of.deps),
                _ => Traced::absent(of.deps.clone()),
            },
            (Some(Value::Absent), _) => of.clone(),
            _ => of.named(&self.store, name).unwrap_or_else(|| Traced::unknown(of.all())),
        }
    }

    /// `m[k]`, `list[i]`
    pub(super) fn index(&mut self, of: &Traced, key: &Traced) -> Traced {
        let deps = key.forced();
        let Some(known_key) = key.value.and_then(|key| self.deep_known(key)) else {
            return Traced::unknown(of.all().and(&deps));
        };
        let found = self.element_at(&of.known(), known_key);
        if let Some(Value::Ref { .. }) = of.value.map(|value| self.store.get(value)) {
            let step = match self.store.get(known_key) {
                Value::Int(at) => Step::Index(u32::try_from(*at).unwrap_or(u32::MAX)),
                Value::Text(key) => Step::Key(Name::new(key)),
                _ => return Traced::unknown(of.all().and(&deps)),
            };
            return self.extend(of, step, found).with(&deps);
        }
        match found {
            Some(found) => found.with(&deps),
            None if of.is_absent() => of.clone(),
            None => Traced::unknown(of.all().and(&deps)),
        }
    }

    /// The element of a list or a map at a known key; none when it cannot be told.
    pub(super) fn element_at(&mut self, of: &Traced, key: ValueId) -> Option<Traced> {
        match self.store.get(key).clone() {
            Value::Int(at) if !matches!(of.kids, Kids::Entries(_)) => {
                let at = usize::try_from(at).ok()?;
                of.elements(&self.store)?.get(at).cloned().map(|element| element.with(&of.shape.decides()))
            }
            _ => {
                let entries = of.entries(&mut self.store)?;
                let found = entries
                    .into_iter()
                    .find(|(other, _)| other.value.is_some_and(|other| self.store.folded(other) == key));
                found.map(|(other, entry)| entry.with(&other.all().there()))
            }
        }
    }

    /// An attribute of a native resource: a reference, with what the resource itself sets there.
    pub(super) fn native_field(&mut self, of: &Traced, name: Name, secret: bool) -> Traced {
        let Some(address) = self.instance_of(of) else {
            return if of.is_absent() { of.clone() } else { Traced::unknown(of.all()) };
        };
        let set =
            self.known.resource(address).and_then(|resource| self.store.field(resource.body, name)).filter(|_| !secret);
        let known = set.map(|value| {
            let field = self.body(address).part(&self.store, &crate::why::Hop::Name(name));
            Traced { value: Some(value), ..field }
        });
        let reference = self.store.add(Value::Ref { of: address, path: [].into(), folded: None, secret });
        let reference = Traced::leaf(reference, of.all());
        self.extend(&reference, Step::Field(name), known)
    }

    /// A reference one step further; `known` is what is known there.
    pub(super) fn extend(&mut self, reference: &Traced, step: Step, known: Option<Traced>) -> Traced {
        let Some(Value::Ref { of, path, secret, .. }) = reference.value.map(|value| self.store.get(value).clone())
        else {
            return reference.clone();
        };
        let mut longer = path.to_vec();
        longer.push(step);
        let mut now_secret = secret;
        let known = known.filter(|_| !secret).and_then(|known| {
            let value = known.value?;
            if let Some(deep) = self.deep_known(value) {
                return Some(Traced { value: Some(deep), ..known });
            }
            let folded = self.store.folded(value);
            if matches!(self.store.get(folded), Value::List(_) | Value::Record(_) | Value::Map(_)) {
                return Some(Traced { value: Some(folded), ..known });
            }
            now_secret |= self.store.holds(value).secret();
            None
        });
        let folded = known.as_ref().and_then(|known| known.value);
        let value = self.store.add(Value::Ref { of, path: longer.into(), folded, secret: now_secret });
        let leaf = Traced { value: Some(value), deps: reference.deps.and(&reference.content), ..Traced::default() };
        let kids = known.map_or(Kids::Whole, |known| Kids::Known(self.blocks_behind(&leaf, known).into()));
        Traced { kids, ..leaf }
    }

    /// A list behind a reference: each block in it is a reference of its own.
    fn blocks_behind(&mut self, reference: &Traced, known: Traced) -> Traced {
        let Kids::List(elements) = &known.kids else { return known };
        let elements: Vec<Traced> = (0u32..)
            .zip(elements.iter())
            .map(|(at, element)| match element.value.map(|value| self.store.get(self.store.folded(value))) {
                Some(Value::Record(_) | Value::List(_) | Value::Map(_)) => {
                    self.extend(reference, Step::Index(at), Some(element.clone()))
                }
                _ => element.clone(),
            })
            .collect();
        Traced { kids: Kids::List(elements.into()), ..known }
    }

    /// A record or map with what stands at a path replaced.
    pub(super) fn replaced(&mut self, base: &Traced, path: &[Name], new: Traced) -> Traced {
        let Some((name, rest)) = path.split_first() else { return new };
        let old = base.known().named(&self.store, *name).unwrap_or_else(|| Traced::unknown(base.all()));
        let new = self.replaced(&old, rest, new);
        let is_map = matches!(base.known().value.map(|value| self.store.get(value)), Some(Value::Map(_)));
        let mut fields: Vec<(Name, Deps, Traced)> = Vec::new();
        for (key, value) in base.entries(&mut self.store).unwrap_or_default() {
            if let Some(Value::Text(text)) = key.value.map(|key| self.store.get(key)) {
                fields.push((Name::new(text), key.all(), value));
            }
        }
        fields.push((*name, Deps::default(), new));
        if is_map {
            let entries = fields
                .into_iter()
                .map(|(name, deps, value)| (Traced::leaf(self.store.text(name.text()), deps), value))
                .collect();
            return Traced::map(&mut self.store, entries, base.shape.clone());
        }
        Traced::record(&mut self.store, fields, base.shape.clone())
    }
}
