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
        Self { by_name, matched: vec![false; checked.adjusts.len()] }
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

/// Tells the adjustments that matched nothing in any environment.
pub(crate) fn tell_unmatched(checked: &Checked, matched: &[bool], diagnostics: &mut Diagnostics) {
    for (adjust, matched) in checked.adjusts.iter().zip(matched) {
        if !matched {
            let _ = diagnostics.tell(
                Diagnostic::error(
                    "adjust_nothing",
                    adjust.place,
                    format!("nothing stands at `{}` in any environment", target_text(adjust)),
                )
                .help("`infrac graph` lists the addresses; a loop's instances are `x[*]` or `x[\"key\"]`"),
            );
        }
    }
}

fn target_text(adjust: &Adjust) -> String {
    let steps = adjust.target.iter().map(|step| match &step.key {
        AdjustKey::None => step.name.text().to_owned(),
        AdjustKey::Any => format!("{}[*]", step.name),
        AdjustKey::Is(key) => format!("{}[\"{key}\"]", step.name),
    });
    steps.collect::<Vec<_>>().join(".")
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
            body.origin = self.origin_at(body.origin, body.value, &change.path, origin);
            body.value = self.changed(body.value, &change.path, new, change.place);
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
                value = self.changed(value, rest, new, change.place);
            }
        }
        value
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

    /// The value with something else at a path.
    fn changed(&mut self, value: ValueId, path: &[AdjustPath], new: ValueId, place: Place) -> ValueId {
        let Some((step, rest)) = path.split_first() else { return new };
        if self.is_unknown(value) {
            return value;
        }
        let known = self.store.folded(value);
        match (step, self.store.get(known).clone()) {
            (AdjustPath::Field(name) | AdjustPath::Entry(name), Value::Record(fields)) => {
                let old = fields.iter().find(|(field, _)| field == name).map_or(Store::ABSENT, |(_, value)| *value);
                let new = self.changed(old, rest, new, place);
                let mut fields: Vec<(Name, ValueId)> =
                    fields.iter().filter(|(field, _)| field != name).copied().collect();
                fields.push((*name, new));
                self.store.record(fields)
            }
            (AdjustPath::Field(name) | AdjustPath::Entry(name), Value::Map(entries)) => {
                let key = self.store.text(name.text());
                let old = self.store.entry(known, key).unwrap_or(Store::ABSENT);
                let new = self.changed(old, rest, new, place);
                let mut entries: Vec<(ValueId, ValueId)> =
                    entries.iter().filter(|(other, _)| *other != key).copied().collect();
                entries.push((key, new));
                self.store.map(entries)
            }
            (AdjustPath::Field(name) | AdjustPath::Entry(name), Value::Absent) => {
                let new = self.changed(Store::ABSENT, rest, new, place);
                self.store.record(vec![(*name, new)])
            }
            // A list block that stands once is written as a record.
            (AdjustPath::Field(_), Value::List(elements)) if elements.len() == 1 => {
                let only = elements.first().copied().unwrap_or(Store::ABSENT);
                let only = self.changed(only, path, new, place);
                self.store.list([only])
            }
            (AdjustPath::Keyed(field, wanted), Value::List(elements)) => {
                match self.keyed(&elements, *field, *wanted) {
                    Some(at) => {
                        let mut elements = elements.to_vec();
                        if let Some(element) = elements.get_mut(at) {
                            *element = self.changed(*element, rest, new, place);
                        }
                        self.store.list(elements)
                    }
                    None => {
                        let message = format!("no element has `{field}` \"{wanted}\"");
                        self.tell(Diagnostic::error("adjust_nothing", place, message).help(
                            "an element of a list is chosen by the field that its schema tells elements apart by",
                        ))
                    }
                }
            }
            _ => {
                let message = format!("there is nothing to adjust at `{}`", path_text(path));
                self.tell(
                    Diagnostic::error("adjust_nothing", place, message)
                        .help("the path names fields of the native resource, as its schema does"),
                )
            }
        }
    }

    fn keyed(&self, elements: &[ValueId], field: Name, wanted: Name) -> Option<usize> {
        elements.iter().position(|element| {
            let element = self.store.folded(*element);
            let found = self.store.field(element, field).map(|found| self.store.get(self.store.folded(found)));
            matches!(found, Some(Value::Text(found)) if found.as_ref() == wanted.text())
        })
    }

    /// The origin tree with another origin at a path.
    fn origin_at(&mut self, origin: OriginId, value: ValueId, path: &[AdjustPath], new: OriginId) -> OriginId {
        let (Some((step, rest)), Some(tree)) = (path.split_first(), self.origins.get(origin).cloned()) else {
            return new;
        };
        let known = self.store.folded(value);
        match (step, tree) {
            (AdjustPath::Field(name) | AdjustPath::Entry(name), OriginTree::Fields(place, fields)) => {
                let old = fields.iter().find(|(field, _)| field == name).map_or(new, |(_, origin)| *origin);
                let below = self.store.field(known, *name).unwrap_or(Store::ABSENT);
                let changed = self.origin_at(old, below, rest, new);
                let mut fields: Vec<(Name, OriginId)> =
                    fields.iter().filter(|(field, _)| field != name).copied().collect();
                fields.push((*name, changed));
                fields.sort_by_key(|(name, _)| name.text());
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
                if let (Some(old), Some(element)) = (origins.get(at).copied(), elements.get(at).copied()) {
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
