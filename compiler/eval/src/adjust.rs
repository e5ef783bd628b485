//! `adjust ADDRESS { path = EXPR }`: what an implementation made, changed without a fork. It must match something in at least
//! one environment; two adjustments of one path conflict.

use check::checked::{Adjust, AdjustChange, AdjustKey, AdjustPath, Checked};
use graph::{OriginId, OriginTree};
use rustc_hash::FxHashMap;
use source::{Diagnostic, Diagnostics, Name, Place};
use value::{Store, Value, ValueId};

use crate::evaluate::Evaluation;
use crate::frame::{Frame, InstanceId, Parent};
use crate::natives::Body;

/// The adjustments of a program, by the last name of their address.
#[derive(Clone, Debug, Default)]
pub(crate) struct Adjustments {
    by_name: FxHashMap<Name, Vec<usize>>,
    /// Those that matched something, by position.
    pub matched: Vec<bool>,
    /// Of each change that was made, by its place: whether it gave something or took something out.
    pub effective: FxHashMap<Place, bool>,
}

impl Adjustments {
    /// Reads them off the declarations.
    pub fn new(checked: &Checked) -> Self {
        let mut by_name: FxHashMap<Name, Vec<usize>> = FxHashMap::default();
        for (at, adjust) in checked.adjusts.iter().enumerate() {
            if let Some(last) = adjust.target.last() {
                by_name.entry(last.name).or_default().push(at);
            }
        }
        Self { by_name, matched: vec![false; checked.adjusts.len()], effective: FxHashMap::default() }
    }

    /// Whether an instance is adjusted.
    pub fn touches(&self, evaluation: &Evaluation<'_>, id: InstanceId) -> bool {
        !self.by_name.is_empty() && !self.of(evaluation, id).is_empty()
    }

    fn of(&self, evaluation: &Evaluation<'_>, id: InstanceId) -> Vec<usize> {
        let Some(instance) = evaluation.instances.get(id.0 as usize) else { return Vec::new() };
        let name = evaluation.store.step(instance.address).name;
        let Some(candidates) = self.by_name.get(&name) else { return Vec::new() };
        let matches = |at: &usize| {
            let mut at_address = Some(instance.address);
            let Some(adjust) = evaluation.checked.adjusts.get(*at) else { return false };
            for step in adjust.target.iter().rev() {
                let Some(address) = at_address else { return false };
                let found = evaluation.store.step(address);
                let key_fits = match &step.key {
                    AdjustKey::None => found.key.is_none(),
                    AdjustKey::Any => true,
                    AdjustKey::Is(key) => found.key == Some(*key),
                };
                if found.name != step.name || !key_fits {
                    return false;
                }
                at_address = found.parent;
            }
            at_address.is_none()
        };
        candidates.iter().copied().filter(matches).collect()
    }
}

/// A change on its way to where it belongs.
struct Change<'a> {
    whole: &'a AdjustChange,
    new: ValueId,
    /// It is made in the body of a native resource.
    native: bool,
}

/// The origin of a change, which puts something at its path or takes it out.
#[derive(Clone, Copy)]
enum New {
    Is(OriginId),
    Nothing(OriginId),
}

impl New {
    fn origin(self) -> OriginId {
        match self {
            Self::Is(origin) | Self::Nothing(origin) => origin,
        }
    }
}

/// Tells the adjustments that matched nothing in any environment, and those that take out what is nowhere set.
pub(crate) fn tell_unmatched(
    checked: &Checked,
    matched: &[bool],
    effective: &FxHashMap<Place, bool>,
    diagnostics: &mut Diagnostics,
) {
    for (adjust, matched) in checked.adjusts.iter().zip(matched) {
        for change in adjust.changes.iter().filter(|change| effective.get(&change.place) == Some(&false)) {
            let path = path_text(&change.path);
            let message = format!("`{path}` is not set there, so there is nothing to take out");
            let _ =
                diagnostics.tell(Diagnostic::error("adjust_nothing", change.place, message).help("remove the line"));
        }
        if !matched {
            let _ = diagnostics.tell(
                Diagnostic::error(
                    "adjust_nothing",
                    adjust.place,
                    format!("nothing stands at `{}` in any environment", check::checked::target_text(&adjust.target)),
                )
                .help("`infrac graph` lists the addresses; a loop's instances are `x[*]` or `x[\"key\"]`"),
            );
        }
    }
}

impl<'a> Evaluation<'a> {
    /// The adjustments of an instance.
    pub(crate) fn adjustments_of(&self, id: InstanceId) -> Vec<&'a Adjust> {
        self.adjustments.of(self, id).into_iter().filter_map(|at| self.checked.adjusts.get(at)).collect()
    }

    /// The body of a native resource with its adjustments.
    pub(crate) fn adjust_body(&mut self, id: InstanceId, body: Body) -> Body {
        let mut body = body;
        for change in self.changes_of(id) {
            let new = self.run(&mut Frame::new(Parent::Root), &change.code);
            let origin = self.origins.add(OriginTree::Leaf(change.place));
            let origin = if new == Store::ABSENT { New::Nothing(origin) } else { New::Is(origin) };
            body.origin = self.origin_at(body.origin, body.value, &change.path, origin);
            let before = body.value;
            body.value = self.changed(before, &change.path, &Change { whole: change, new, native: true });
            self.note_effect(change, new, before != body.value);
        }
        body
    }

    /// An input with its adjustments.
    pub(crate) fn adjust_input(&mut self, id: InstanceId, name: Name, value: ValueId) -> ValueId {
        let mut value = value;
        for change in self.changes_of(id) {
            if let Some((AdjustPath::Field(field), rest)) = change.path.split_first()
                && *field == name
            {
                let new = self.run(&mut Frame::new(Parent::Root), &change.code);
                let before = value;
                value = self.changed(before, rest, &Change { whole: change, new, native: false });
                self.note_effect(change, new, before != value);
            }
        }
        value
    }

    /// Remembers whether anything came of a change: `= none` takes nothing out of what is not set.
    fn note_effect(&mut self, change: &AdjustChange, new: ValueId, changed: bool) {
        *self.adjustments.effective.entry(change.place).or_default() |= new != Store::ABSENT || changed;
    }

    /// All changes of an instance, with conflicts told.
    fn changes_of(&mut self, id: InstanceId) -> Vec<&'a AdjustChange> {
        if self.checked.adjusts.is_empty() {
            return Vec::new();
        }
        let found = self.adjustments.of(self, id);
        let checked = self.checked;
        let mut seen: Vec<(String, Place)> = Vec::new();
        let mut changes = Vec::new();
        for at in found {
            if let Some(matched) = self.adjustments.matched.get_mut(at) {
                *matched = true;
            }
            for change in checked.adjusts.get(at).map_or(&[][..], |adjust| &adjust.changes) {
                let path = path_text(&change.path);
                match seen.iter().find(|(other, _)| *other == path) {
                    Some((_, other)) => {
                        let message = format!("`{}` of `{}` is adjusted twice", path, self.path_text(id));
                        let told = Diagnostic::error("adjust_conflict", change.place, message)
                            .also(*other, "here as well")
                            .help("keep one of them");
                        let _ = self.tell(told);
                    }
                    None => {
                        seen.push((path, change.place));
                        changes.push(change);
                    }
                }
            }
        }
        changes
    }

    /// The value with something else at a path, or without what stands there.
    fn changed(&mut self, value: ValueId, path: &[AdjustPath], change: &Change<'_>) -> ValueId {
        let Some((step, rest)) = path.split_first() else { return change.new };
        if self.is_unknown(value) {
            return value;
        }
        let known = self.store.folded(value);
        match (step, self.store.get(known).clone()) {
            (AdjustPath::Field(name) | AdjustPath::Entry(name), Value::Record(fields)) => {
                let old = fields.iter().find(|(field, _)| field == name).map_or(Store::ABSENT, |(_, value)| *value);
                let new = self.changed(old, rest, change);
                let mut fields: Vec<(Name, ValueId)> =
                    fields.iter().filter(|(field, _)| field != name).copied().collect();
                // A record of a declared type has all its fields, a native one those that are set.
                if new != Store::ABSENT || !change.native {
                    fields.push((*name, new));
                }
                self.store.record(fields)
            }
            (AdjustPath::Field(name) | AdjustPath::Entry(name), Value::Map(entries)) => {
                let key = self.store.text(name.text());
                let old = self.store.entry(known, key).unwrap_or(Store::ABSENT);
                let new = self.changed(old, rest, change);
                let mut entries: Vec<(ValueId, ValueId)> =
                    entries.iter().filter(|(other, _)| *other != key).copied().collect();
                if new != Store::ABSENT {
                    entries.push((key, new));
                }
                self.store.map(entries)
            }
            (AdjustPath::Field(name) | AdjustPath::Entry(name), Value::Absent) => {
                match self.changed(Store::ABSENT, rest, change) {
                    Store::ABSENT => Store::ABSENT,
                    new => self.store.record(vec![(*name, new)]),
                }
            }
            // A list block that stands once is written as a record.
            (AdjustPath::Field(_), Value::List(elements)) if elements.len() == 1 => {
                let only = elements.first().copied().unwrap_or(Store::ABSENT);
                let only = self.changed(only, path, change);
                self.store.list([only])
            }
            (AdjustPath::Keyed(field, wanted), Value::List(elements)) => {
                let Some(at) = self.keyed(&elements, *field, *wanted) else {
                    return self.no_element(&elements, path, change);
                };
                let mut elements = elements.to_vec();
                if let Some(element) = elements.get_mut(at) {
                    *element = self.changed(*element, rest, change);
                    if *element == Store::ABSENT {
                        elements.remove(at);
                    }
                }
                self.store.list(elements)
            }
            // What is not there is not there afterwards either.
            (AdjustPath::Keyed(..), Value::Absent) if change.new == Store::ABSENT => value,
            (AdjustPath::Keyed(..), Value::Absent) => self.no_element(&[], path, change),
            _ => {
                let message = format!("there is nothing to adjust at `{}`", path_text(path));
                self.tell(
                    Diagnostic::error("adjust_nothing", change.whole.place, message)
                        .help("the path names fields of the native resource, as its schema does"),
                )
            }
        }
    }

    /// Tells a key that no element of a list has: the keys that there are, and how one more is added.
    fn no_element(&mut self, elements: &[ValueId], path: &[AdjustPath], change: &Change<'_>) -> ValueId {
        let Some((AdjustPath::Keyed(field, wanted), _)) = path.split_first() else { return Store::ABSENT };
        let keys: Vec<String> =
            elements.iter().filter_map(|element| Some(format!("\"{}\"", self.key_in(*element, *field)?))).collect();
        let whole = &change.whole.path;
        let list = path_text(whole.get(..whole.len().saturating_sub(path.len())).unwrap_or_default());
        let more = format!("to add one, give the whole list: `{list} = [ … ]`");
        let help = if keys.is_empty() {
            more
        } else {
            format!("the elements are {}; {more}", source::list_of(keys.iter().map(String::as_str)))
        };
        let message = format!("no element of `{list}` has `{field}` \"{wanted}\"");
        self.tell(Diagnostic::error("adjust_nothing", change.whole.place, message).help(help))
    }

    fn keyed(&self, elements: &[ValueId], field: Name, wanted: Name) -> Option<usize> {
        elements.iter().position(|element| self.key_in(*element, field) == Some(wanted.text()))
    }

    /// What an element of a list is told apart by.
    fn key_in(&self, element: ValueId, field: Name) -> Option<&str> {
        let key = self.store.field(self.store.folded(element), field)?;
        match self.store.get(self.store.folded(key)) {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The origin tree with another origin at a path, or without the one that stands there.
    fn origin_at(&mut self, origin: OriginId, value: ValueId, path: &[AdjustPath], new: New) -> OriginId {
        let (Some((step, rest)), Some(tree)) = (path.split_first(), self.origins.get(origin).cloned()) else {
            return new.origin();
        };
        let known = self.store.folded(value);
        let goes = rest.is_empty() && matches!(new, New::Nothing(_));
        match (step, tree) {
            (AdjustPath::Field(name) | AdjustPath::Entry(name), OriginTree::Fields(place, fields)) => {
                let old = fields.iter().find(|(field, _)| field == name).map(|(_, origin)| *origin);
                let mut fields: Vec<(Name, OriginId)> =
                    fields.iter().filter(|(field, _)| field != name).copied().collect();
                if !goes {
                    let below = self.store.field(known, *name).unwrap_or(Store::ABSENT);
                    let changed = self.origin_at(old.unwrap_or(new.origin()), below, rest, new);
                    fields.push((*name, changed));
                    fields.sort_by_key(|(name, _)| name.text());
                }
                self.origins.add(OriginTree::Fields(place, fields.into()))
            }
            (AdjustPath::Keyed(field, wanted), OriginTree::Each(place, _) | OriginTree::Elements(place, _)) => {
                let Value::List(elements) = self.store.get(known).clone() else { return origin };
                let Some(at) = self.keyed(&elements, *field, *wanted) else { return origin };
                let mut origins: Vec<OriginId> = match self.origins.get(origin) {
                    Some(OriginTree::Each(_, each)) => vec![*each; elements.len()],
                    Some(OriginTree::Elements(_, origins)) => origins.to_vec(),
                    Some(OriginTree::Leaf(_) | OriginTree::Fields(..)) | None => return origin,
                };
                if goes && at < origins.len() {
                    origins.remove(at);
                } else if let (Some(old), Some(element)) = (origins.get(at).copied(), elements.get(at).copied()) {
                    let changed = self.origin_at(old, element, rest, new);
                    if let Some(slot) = origins.get_mut(at) {
                        *slot = changed;
                    }
                }
                self.origins.add(OriginTree::Elements(place, origins.into()))
            }
            (AdjustPath::Field(_) | AdjustPath::Entry(_) | AdjustPath::Keyed(..), _) => origin,
        }
    }
}

/// `spec.containers["app"].image`
fn path_text(path: &[AdjustPath]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            AdjustPath::Field(name) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(name.text());
            }
            AdjustPath::Keyed(_, key) | AdjustPath::Entry(key) => text.push_str(&format!("[\"{key}\"]")),
        }
    }
    text
}
