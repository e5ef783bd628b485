//! Records, lists and maps with their elements `if`, `for` and `...`. What decides whether an element is there goes to the shape of the
//! whole; the element keeps only that it is there because of it.

use check::code::{Code, ListPart, Loop, MapPart, RecordPart};
use source::Name;
use value::{Value, ValueId};

use super::{Deps, Frame, Kids, Replay, Traced};

/// A map that is being put together.
#[derive(Default)]
struct Entries {
    values: Vec<(Traced, Traced)>,
    groups: Vec<(Traced, Vec<Traced>)>,
    shape: Deps,
}

impl<'a> Replay<'_, 'a> {
    /// A record literal.
    pub(super) fn record(&mut self, frame: &mut Frame, parts: &'a [RecordPart]) -> Traced {
        let mut fields = Vec::with_capacity(parts.len());
        let mut shape = Deps::default();
        for part in parts {
            match part {
                RecordPart::Field { name, code, maybe } => {
                    let value = self.run(frame, code);
                    if *maybe && value.is_absent() {
                        shape = shape.and(&value.deps);
                        continue;
                    }
                    fields.push((*name, self.name_of_field(code.place), value));
                }
                RecordPart::Spread(code) => {
                    let spread = self.run(frame, code);
                    shape = shape.and(&spread.shape);
                    for (key, value) in spread.entries(&mut self.store).unwrap_or_default() {
                        if let Some(Value::Text(text)) = key.value.map(|key| self.store.get(key)) {
                            fields.push((Name::new(text), key.all(), value));
                        }
                    }
                }
            }
        }
        Traced::record(&mut self.store, fields, shape)
    }

    /// `[a, ...xs, for x in xs: x]`
    pub(super) fn list(&mut self, frame: &mut Frame, parts: &'a [ListPart]) -> Traced {
        let mut elements = Vec::with_capacity(parts.len());
        let mut shape = Deps::default();
        for part in parts {
            self.list_part(frame, part, &Deps::default(), &mut elements, &mut shape);
        }
        Traced::list(&mut self.store, elements, shape)
    }

    /// Adds what a part gives; `because` is what let it be there.
    fn list_part(
        &mut self,
        frame: &mut Frame,
        part: &'a ListPart,
        because: &Deps,
        out: &mut Vec<Traced>,
        shape: &mut Deps,
    ) {
        match part {
            ListPart::Element { code, drop_absent } => {
                let element = self.run(frame, code);
                if *drop_absent && element.is_absent() {
                    *shape = shape.and(&element.deps);
                } else {
                    out.push(element.with(because));
                }
            }
            ListPart::Spread(code) => {
                let spread = self.run(frame, code);
                *shape = shape.and(&spread.order());
                match spread.elements(&self.store) {
                    Some(elements) => out.extend(elements.into_iter().map(|element| element.with(because))),
                    None => out.push(Traced::unknown(spread.all()).with(because)),
                }
            }
            ListPart::For { each, condition, part } => {
                for (key, element) in self.looped(frame, each, shape) {
                    let mut because = because.and(&element.deps.there()).and(&key.all().there());
                    bind(frame, each, key, element);
                    if let Some(condition) = condition {
                        let asked = self.run(frame, condition);
                        *shape = shape.and(&asked.forced());
                        if self.decide(&asked) == Some(false) {
                            continue;
                        }
                        because = because.and(&asked.forced().there());
                    }
                    self.list_part(frame, part, &because, out, shape);
                }
            }
            ListPart::If { condition, part } => {
                let asked = self.run(frame, condition);
                *shape = shape.and(&asked.forced());
                if self.decide(&asked) != Some(false) {
                    let because = because.and(&asked.forced().there());
                    self.list_part(frame, part, &because, out, shape);
                }
            }
            ListPart::By { key, code } => {
                let key = self.run(frame, key);
                let element = self.run(frame, code);
                let values = key.value.zip(element.value);
                let value = values.map(|(key, element)| {
                    self.store.add(Value::Tagged { tag: Name::new("by"), fields: [key, element].into() })
                });
                out.push(
                    Traced { value, kids: Kids::Tagged([key, element].into()), ..Traced::default() }.with(because),
                );
            }
        }
    }

    /// `{ "a" = 1, for x in xs: x.name => x }`
    pub(super) fn map(&mut self, frame: &mut Frame, parts: &'a [MapPart]) -> Traced {
        let mut out = Entries::default();
        for part in parts {
            self.map_part(frame, part, &Deps::default(), &mut out);
        }
        let mut values = out.values;
        for (key, elements) in out.groups {
            let list = Traced::list(&mut self.store, elements, out.shape.clone());
            values.push((key, list));
        }
        Traced::map(&mut self.store, values, out.shape)
    }

    fn map_part(&mut self, frame: &mut Frame, part: &'a MapPart, because: &Deps, out: &mut Entries) {
        match part {
            MapPart::Entry { key, value, maybe } => {
                let key = self.run(frame, key);
                let value = self.run(frame, value);
                if *maybe && value.is_absent() {
                    out.shape = out.shape.and(&value.deps);
                } else {
                    out.values.push((self.key(key), value.with(because)));
                }
            }
            MapPart::Spread(code) => {
                let spread = self.run(frame, code);
                out.shape = out.shape.and(&spread.presence());
                let entries = spread.entries(&mut self.store).unwrap_or_default();
                out.values.extend(entries.into_iter().map(|(key, value)| (key, value.with(because))));
            }
            MapPart::For { each, condition, part } => {
                let mut shape = std::mem::take(&mut out.shape);
                for (key, element) in self.looped(frame, each, &mut shape) {
                    let mut because = because.and(&element.deps.there()).and(&key.all().there());
                    bind(frame, each, key, element);
                    if let Some(condition) = condition {
                        let asked = self.run(frame, condition);
                        shape = shape.and(&asked.forced());
                        if self.decide(&asked) == Some(false) {
                            continue;
                        }
                        because = because.and(&asked.forced().there());
                    }
                    self.map_part(frame, part, &because, out);
                }
                out.shape = out.shape.and(&shape);
            }
            MapPart::If { condition, part } => {
                let asked = self.run(frame, condition);
                out.shape = out.shape.and(&asked.forced());
                if self.decide(&asked) != Some(false) {
                    let because = because.and(&asked.forced().there());
                    self.map_part(frame, part, &because, out);
                }
            }
            MapPart::Group { key, value } => {
                let key = self.run(frame, key);
                let key = self.key(key);
                let value = self.run(frame, value).with(because);
                match out.groups.iter_mut().find(|(other, _)| other.value.is_some() && other.value == key.value) {
                    Some((_, values)) => values.push(value),
                    None => out.groups.push((key, vec![value])),
                }
            }
        }
    }

    /// A key as maps hold it: known.
    fn key(&mut self, key: Traced) -> Traced {
        let known = key.value.and_then(|value| self.deep_known(value));
        Traced { value: known, content: key.forced(), ..Traced::default() }
    }

    /// Keys and elements of what a loop goes over. With one variable the element of a map is its key.
    pub(super) fn looped(&mut self, frame: &mut Frame, each: &'a Loop, shape: &mut Deps) -> Vec<(Traced, Traced)> {
        let collection = self.run(frame, &each.collection);
        *shape = shape.and(&collection.order());
        self.pairs(&collection, each.key.is_some())
            .unwrap_or_else(|| vec![(Traced::unknown(collection.all()), Traced::unknown(collection.all()))])
    }

    fn pairs(&mut self, collection: &Traced, with_keys: bool) -> Option<Vec<(Traced, Traced)>> {
        let known = collection.known();
        let ends: Option<(ValueId, ValueId)> = match known.value.map(|value| self.store.get(value)) {
            Some(Value::Range(first, last)) => Some((*first, *last)),
            Some(_) | None => None,
        };
        if let Some((first, last)) = ends {
            let (Value::Int(first), Value::Int(last)) = (self.store.get(first).clone(), self.store.get(last).clone())
            else {
                return None;
            };
            let deps = known.all().there();
            return Some(
                (first..=last)
                    .enumerate()
                    .map(|(at, number)| {
                        (
                            Traced::leaf(self.store.add(Value::Int(at as i64)), deps.clone()),
                            Traced::leaf(self.store.add(Value::Int(number)), deps.clone()),
                        )
                    })
                    .collect(),
            );
        }
        let is_map = matches!(known.kids, Kids::Entries(_) | Kids::Fields(_))
            || matches!(known.value.map(|value| self.store.get(value)), Some(Value::Map(_) | Value::Record(_)));
        if is_map {
            let entries = known.entries(&mut self.store)?;
            return Some(
                entries
                    .into_iter()
                    .map(|(key, value)| if with_keys { (key, value) } else { (key.clone(), key) })
                    .collect(),
            );
        }
        let elements = known.elements(&self.store)?;
        Some(
            elements
                .into_iter()
                .enumerate()
                .map(|(at, element)| {
                    (Traced::leaf(self.store.add(Value::Int(at as i64)), known.shape.there()), element)
                })
                .collect(),
        )
    }

    /// What several loops and a condition let through, each with its variables; the last element is what gives the key, when
    /// it is `keyed` by it.
    pub(super) fn loops(
        &mut self,
        frame: &Frame,
        loops: &'a [Loop],
        condition: Option<&'a Code>,
        keyed: bool,
    ) -> Vec<(Frame, Option<Traced>, Deps)> {
        let mut all: Vec<(Frame, Option<Traced>, Deps)> = vec![(frame.clone(), None, Deps::default())];
        for each in loops {
            let mut next = Vec::new();
            for (mut frame, _, because) in all {
                let collection = self.run(&mut frame, &each.collection);
                let is_map = matches!(
                    collection.known().value.map(|value| self.store.get(value)),
                    Some(Value::Map(_) | Value::Record(_))
                );
                let because = because.and(&collection.deps.there());
                for (key, element) in self.pairs(&collection, each.key.is_some()).unwrap_or_default() {
                    let named = if is_map { key.clone() } else { element.clone() };
                    let mut inner = frame.clone();
                    let because = because.and(&key.all().there()).and(&named.all().there());
                    // Where the key were another, this would be another instance: within it the key is what it is.
                    let (mut bound_key, mut bound) = (key, element);
                    match (keyed, is_map, each.key) {
                        (true, true, Some(_)) => {
                            bound_key =
                                Traced { deps: bound_key.forced().there(), content: Deps::default(), ..bound_key }
                        }
                        (true, _, None) => {
                            bound = Traced { value: bound.value, deps: bound.forced().there(), ..Traced::default() }
                        }
                        _ => {}
                    }
                    bind(&mut inner, each, bound_key, bound);
                    next.push((inner, Some(named), because));
                }
            }
            all = next;
        }
        let Some(condition) = condition else { return all };
        let mut kept = Vec::new();
        for (mut frame, key, because) in all {
            let asked = self.run(&mut frame, condition);
            if self.decide(&asked) != Some(false) {
                kept.push((frame, key, because.and(&asked.forced().there())));
            }
        }
        kept
    }
}

/// Puts the variables of a loop into their slots.
fn bind(frame: &mut Frame, each: &Loop, key: Traced, element: Traced) {
    if let Some(slot) = each.key {
        frame.set(slot, key);
    }
    frame.set(each.value, element);
}
