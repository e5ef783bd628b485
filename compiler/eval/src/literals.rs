//! Literals of lists, maps and records, with their elements `if`, `for` and `...`. The same code gives the value and, for the
//! bodies of native resources, the tree of where each part came from.

use check::code::{Code, CodeKind, Conversion, ListPart, Loop, MapPart, RecordPart};
use graph::{OriginId, OriginTree};
use rustc_hash::{FxHashMap, FxHashSet};
use source::{Diagnostic, Name, Place};
use value::{Store, Value, ValueId};

use crate::budget::ELEMENTS;
use crate::evaluate::Evaluation;
use crate::frame::Frame;
use crate::run::Decision;

/// A value and, when it is traced, where its parts came from.
pub(crate) type Traced = (ValueId, Option<OriginId>);

/// Fields of a record that are not worth an index.
const FEW: usize = 16;

impl<'a> Evaluation<'a> {
    /// The value of code with the tree of its origins.
    pub(crate) fn traced(&mut self, frame: &mut Frame, code: &'a Code) -> (ValueId, OriginId) {
        let (value, origin) = match code.kind.as_ref() {
            CodeKind::Record(parts) => self.record(frame, parts, code.place, true),
            CodeKind::Map(parts) => self.map(frame, parts, code.place, true),
            CodeKind::List(parts) => self.list(frame, parts, code.place, true),
            CodeKind::If { condition, then, otherwise } => {
                let asked = self.run(frame, condition);
                match self.decide(asked) {
                    Decision::Yes => return self.traced(frame, then),
                    Decision::No => return self.traced(frame, otherwise),
                    Decision::Unknown => (asked, None),
                    Decision::Later => (self.run(frame, code), None),
                }
            }
            CodeKind::Match { subject, arms } => match self.chosen_arm(frame, subject, arms, code.place) {
                Ok(arm) => return self.traced(frame, arm),
                Err(unknown) => (unknown, None),
            },
            CodeKind::FirstBlock(of) => {
                let (value, origin) = self.traced(frame, of);
                (self.first_block(value), Some(origin))
            }
            CodeKind::Convert { how, code: of } => {
                let (value, origin) = self.traced(frame, of);
                let converted = self.convert(frame, how, value, of.place);
                let origin = match how {
                    Conversion::ToList if converted != value => {
                        self.origins.add(OriginTree::Elements(of.place, [origin].into()))
                    }
                    Conversion::ToList
                    | Conversion::ToRange
                    | Conversion::IntToDecimal
                    | Conversion::FromText(_)
                    | Conversion::Complete(_)
                    | Conversion::RecordToMap
                    | Conversion::ToText
                    | Conversion::RatioToDecimal
                    | Conversion::Measured
                    | Conversion::Seal => origin,
                };
                (converted, Some(origin))
            }
            _ => (self.run(frame, code), None),
        };
        let origin = match origin {
            Some(origin) => origin,
            None => self.origins.add(OriginTree::Leaf(code.place)),
        };
        (value, origin)
    }

    fn either(&mut self, frame: &mut Frame, code: &'a Code, traced: bool) -> Traced {
        if traced {
            let (value, origin) = self.traced(frame, code);
            (value, Some(origin))
        } else {
            (self.run(frame, code), None)
        }
    }

    fn leaf(&mut self, place: Place, traced: bool) -> Option<OriginId> {
        traced.then(|| self.origins.add(OriginTree::Leaf(place)))
    }

    /// `{ a = 1, b ?= x, ...rest }`: later parts win; absent fields are left out.
    pub(crate) fn record(&mut self, frame: &mut Frame, parts: &'a [RecordPart], place: Place, traced: bool) -> Traced {
        let mut fields: Vec<(Name, ValueId, Option<OriginId>)> = Vec::with_capacity(parts.len());
        // Few fields are found faster one by one than by a hash.
        let mut at: FxHashMap<Name, usize> = FxHashMap::default();
        let mut put = |fields: &mut Vec<(Name, ValueId, Option<OriginId>)>,
                       field: (Name, ValueId, Option<OriginId>)| {
            let known = if fields.len() <= FEW {
                fields.iter().position(|other| other.0 == field.0)
            } else {
                at.get(&field.0).copied()
            };
            match known.and_then(|known| fields.get_mut(known)) {
                Some(old) => *old = field,
                None => {
                    fields.push(field);
                    if fields.len() > FEW {
                        at.extend(fields.iter().enumerate().skip(at.len()).map(|(at, field)| (field.0, at)));
                    }
                }
            }
        };
        for part in parts {
            match part {
                RecordPart::Field { name, code, maybe } => {
                    let (value, origin) = self.either(frame, code, traced);
                    if !(*maybe && value == Store::ABSENT) {
                        put(&mut fields, (*name, value, origin));
                    }
                }
                RecordPart::Spread(code) => {
                    let value = self.run(frame, code);
                    let Some(known) = self.known(value) else { return (self.too_late(value, code.place), None) };
                    let origin = self.leaf(code.place, traced);
                    match self.store.get(known).clone() {
                        Value::Record(spread) => {
                            spread.iter().for_each(|(name, value)| put(&mut fields, (*name, *value, origin)))
                        }
                        Value::Map(entries) => {
                            for (key, value) in entries.iter() {
                                if let Value::Text(key) = self.store.get(*key) {
                                    put(&mut fields, (Name::new(key), *value, origin));
                                }
                            }
                        }
                        Value::Unknown(_) => return (known, None),
                        _ => {}
                    }
                }
            }
        }
        fields.retain(|(_, value, _)| *value != Store::ABSENT);
        let origin = traced.then(|| {
            // The value has them in the same order.
            fields.sort_by_key(|(name, _, _)| name.text());
            let mut trees: Vec<(Name, OriginId)> = Vec::with_capacity(fields.len());
            trees.extend(fields.iter().filter_map(|(name, _, origin)| Some((*name, (*origin)?))));
            self.origins.add(OriginTree::Fields(place, trees.into()))
        });
        let value = self.store.record(fields.iter().map(|(name, value, _)| (*name, *value)).collect());
        (value, origin)
    }

    /// `[a, ...xs, for x in xs: x]`
    pub(crate) fn list(&mut self, frame: &mut Frame, parts: &'a [ListPart], place: Place, traced: bool) -> Traced {
        let mut elements = Vec::with_capacity(parts.len());
        for part in parts {
            if let Err(unknown) = self.list_part(frame, part, traced, &mut elements) {
                return (unknown, None);
            }
        }
        if !self.spend(elements.len(), place) {
            return (self.unknown(place, "the budget is used up"), None);
        }
        let origin = if traced {
            let origins: Vec<OriginId> = elements.iter().filter_map(|(_, origin)| *origin).collect();
            let tree = match origins.split_first() {
                Some((first, rest)) if rest.iter().all(|origin| origin == first) => OriginTree::Each(place, *first),
                Some(_) | None => OriginTree::Elements(place, origins.into()),
            };
            Some(self.origins.add(tree))
        } else {
            None
        };
        let values: Box<[ValueId]> = elements.iter().map(|(value, _)| *value).collect();
        (self.store.list(values), origin)
    }

    /// Adds what a part gives; an error is the unknown value of a mistake that was told.
    fn list_part(
        &mut self,
        frame: &mut Frame,
        part: &'a ListPart,
        traced: bool,
        out: &mut Vec<Traced>,
    ) -> Result<(), ValueId> {
        match part {
            ListPart::Element { code, drop_absent } => {
                let element = self.either(frame, code, traced);
                if !(*drop_absent && element.0 == Store::ABSENT) {
                    out.push(element);
                }
            }
            ListPart::Spread(code) => {
                let value = self.run(frame, code);
                let Some(known) = self.known(value) else { return Err(self.too_late(value, code.place)) };
                let origin = self.leaf(code.place, traced);
                match self.store.get(known).clone() {
                    Value::List(elements) => {
                        self.spend(elements.len(), code.place);
                        out.extend(elements.iter().map(|element| (*element, origin)));
                    }
                    Value::Map(entries) => out.extend(entries.iter().map(|(_, value)| (*value, origin))),
                    Value::Unknown(_) => return Err(known),
                    Value::Absent => {}
                    _ => out.push((known, origin)),
                }
            }
            ListPart::For { each, condition, part } => {
                for (key, element) in self.elements(frame, each)? {
                    self.bind(frame, each, key, element);
                    if self.holds(frame, condition.as_ref())? {
                        self.list_part(frame, part, traced, out)?;
                    }
                    if out.len() > ELEMENTS {
                        self.exhaust(each.collection.place, "a list has more than 5,000,000 elements");
                    }
                    if self.budget.exhausted {
                        return Err(self.unknown(each.collection.place, "the budget is used up"));
                    }
                }
            }
            ListPart::If { condition, part } => {
                if self.holds(frame, Some(condition))? {
                    self.list_part(frame, part, traced, out)?;
                }
            }
            ListPart::By { key, code } => {
                let asked = self.run(frame, key);
                let Some(key) = self.deep_known(asked) else { return Err(self.too_late(asked, key.place)) };
                let element = self.run(frame, code);
                let by = self.store.add(Value::Tagged { tag: Name::new("by"), fields: [key, element].into() });
                let origin = self.leaf(code.place, traced);
                out.push((by, origin));
            }
        }
        Ok(())
    }

    /// `{"a" = 1, for x in xs: x.name = x}`
    pub(crate) fn map(&mut self, frame: &mut Frame, parts: &'a [MapPart], place: Place, traced: bool) -> Traced {
        let mut entries = Entries::default();
        for part in parts {
            if let Err(unknown) = self.map_part(frame, part, traced, &mut entries) {
                return (unknown, None);
            }
        }
        if !self.spend(entries.values.len(), place) {
            return (self.unknown(place, "the budget is used up"), None);
        }
        for (key, values) in std::mem::take(&mut entries.groups) {
            let list = self.store.list(values);
            let origin = self.leaf(place, traced);
            entries.values.push(Entry { key, value: list, origin, said: None });
        }
        let present = || entries.values.iter().filter(|entry| entry.value != Store::ABSENT);
        let origin = traced.then(|| {
            let keyed = present().filter_map(|entry| match self.store.get(entry.key) {
                Value::Text(key) => Some((Name::new(key), entry.origin?)),
                _ => None,
            });
            // The last of a key wins, as its value does.
            let last: FxHashMap<Name, OriginId> = keyed.collect();
            let mut trees: Vec<(Name, OriginId)> = last.into_iter().collect();
            trees.sort_by_key(|(name, _)| name.text());
            self.origins.add(OriginTree::Fields(place, trees.into()))
        });
        let mut pairs = Vec::with_capacity(entries.values.len());
        pairs.extend(present().map(|entry| (entry.key, entry.value)));
        let value = self.store.map(pairs);
        if let Some(told) = self.key_as_number_and_text(value, place) {
            return (told, None);
        }
        // Only where entries fell together can one part have said two things.
        let fell_together = matches!(self.store.get(value), Value::Map(kept) if kept.len() < entries.values.len());
        match fell_together.then(|| key_twice(&entries.values)).flatten() {
            Some((key, said)) => (self.tell_key_twice(key, said), None),
            None => (value, origin),
        }
    }

    /// A key that a map has as a number and as a text: wherever it is written, the two are one.
    fn key_as_number_and_text(&mut self, map: ValueId, place: Place) -> Option<ValueId> {
        let Value::Map(entries) = self.store.get(map) else { return None };
        let numbers: Vec<i64> = entries
            .iter()
            .filter_map(|(key, _)| match self.store.get(*key) {
                Value::Int(number) => Some(*number),
                _ => None,
            })
            .collect();
        if numbers.is_empty() || numbers.len() == entries.len() {
            return None;
        }
        let texts: FxHashSet<&str> = entries
            .iter()
            .filter_map(|(key, _)| match self.store.get(*key) {
                Value::Text(text) => Some(text.as_ref()),
                _ => None,
            })
            .collect();
        let twice = numbers.into_iter().find(|number| texts.contains(number.to_string().as_str()))?;
        let message = format!("the key {twice} is given twice: as a number and as a text");
        Some(self.tell(Diagnostic::error("duplicate_key", place, message).help("name each key once")))
    }

    fn tell_key_twice(&mut self, key: ValueId, said: Said) -> ValueId {
        let shown = self.store.show(key);
        let help = match said.within {
            None => "name each key once",
            Some(_) => "the last would win: give a key that tells them apart, or collect them with `[for … by key: …]`",
        };
        self.tell(
            Diagnostic::error(
                "duplicate_key",
                said.at,
                format!("the key {shown} is given twice, with different values"),
            )
            .help(help),
        )
    }

    fn map_part(
        &mut self,
        frame: &mut Frame,
        part: &'a MapPart,
        traced: bool,
        out: &mut Entries,
    ) -> Result<(), ValueId> {
        match part {
            MapPart::Entry { key, value, maybe } => {
                let said = Some(Said { within: out.within, at: key.place });
                let key = self.key(frame, key)?;
                let (value, origin) = self.either(frame, value, traced);
                if !(*maybe && value == Store::ABSENT) {
                    out.values.push(Entry { key, value, origin, said });
                }
            }
            MapPart::Spread(code) => {
                let value = self.run(frame, code);
                let Some(known) = self.known(value) else { return Err(self.too_late(value, code.place)) };
                let origin = self.leaf(code.place, traced);
                match self.store.get(known).clone() {
                    Value::Map(entries) => out.values.extend(entries.iter().map(|(key, value)| Entry {
                        key: *key,
                        value: *value,
                        origin,
                        said: None,
                    })),
                    Value::Record(fields) => {
                        for (name, value) in fields.iter() {
                            let key = self.store.text(name.text());
                            out.values.push(Entry { key, value: *value, origin, said: None });
                        }
                    }
                    Value::Unknown(_) => return Err(known),
                    _ => {}
                }
            }
            MapPart::For { each, condition, part } => {
                let around = out.within.replace(each.collection.place);
                for (key, element) in self.elements(frame, each)? {
                    self.bind(frame, each, key, element);
                    if self.holds(frame, condition.as_ref())? {
                        self.map_part(frame, part, traced, out)?;
                    }
                    if out.values.len() > ELEMENTS {
                        self.exhaust(each.collection.place, "a map has more than 5,000,000 entries");
                    }
                    if self.budget.exhausted {
                        return Err(self.unknown(each.collection.place, "the budget is used up"));
                    }
                }
                out.within = around;
            }
            MapPart::If { condition, part } => {
                if self.holds(frame, Some(condition))? {
                    self.map_part(frame, part, traced, out)?;
                }
            }
            MapPart::Group { key, value } => {
                let key = self.key(frame, key)?;
                let value = self.run(frame, value);
                let at = *out.group_at.entry(key).or_insert(out.groups.len());
                match out.groups.get_mut(at) {
                    Some((_, values)) => values.push(value),
                    None => out.groups.push((key, vec![value])),
                }
            }
        }
        Ok(())
    }

    /// A key of a map: known.
    fn key(&mut self, frame: &mut Frame, code: &'a Code) -> Result<ValueId, ValueId> {
        let key = self.run(frame, code);
        if self.is_unknown(key) {
            return Err(key);
        }
        self.deep_known(key).ok_or_else(|| self.too_late(key, code.place))
    }

    /// Puts the loop variables into their slots.
    pub(crate) fn bind(&mut self, frame: &mut Frame, each: &Loop, key: ValueId, element: ValueId) {
        if let Some(slot) = each.key {
            frame.set(slot, key);
        }
        frame.set(each.value, element);
    }

    /// A condition of an element: known.
    pub(crate) fn holds(&mut self, frame: &mut Frame, condition: Option<&'a Code>) -> Result<bool, ValueId> {
        let Some(condition) = condition else { return Ok(true) };
        let asked = self.run(frame, condition);
        match self.decide(asked) {
            Decision::Yes => Ok(true),
            Decision::No => Ok(false),
            Decision::Unknown => Err(asked),
            Decision::Later => Err(self.too_late(asked, condition.place)),
        }
    }
}

/// A map that is being written.
#[derive(Default)]
struct Entries {
    values: Vec<Entry>,
    groups: Vec<(ValueId, Vec<ValueId>)>,
    group_at: FxHashMap<ValueId, usize>,
    /// The loop that gives the entries now, by the place of what it goes over.
    within: Option<Place>,
}

struct Entry {
    key: ValueId,
    value: ValueId,
    origin: Option<OriginId>,
    /// Of what is spread nobody said the keys here.
    said: Option<Said>,
}

/// Where a key stands, and in which loop.
#[derive(Clone, Copy)]
struct Said {
    within: Option<Place>,
    at: Place,
}

/// A key to which one loop, or the entries that stand alone, give two values: a later part may override an earlier one, one part
/// cannot say two things.
fn key_twice(entries: &[Entry]) -> Option<(ValueId, Said)> {
    let mut values: FxHashMap<(Option<Place>, ValueId), ValueId> = FxHashMap::default();
    entries.iter().find_map(|entry| {
        let said = entry.said?;
        let first = *values.entry((said.within, entry.key)).or_insert(entry.value);
        (first != entry.value).then_some((entry.key, said))
    })
}
