//! Secrets that a program writes into native resources in clear: a text in a field that its maker calls sensitive, and a setting
//! of a program that looks like a password. What the library makes was looked at where it was given.

use check::checked::{Fields, InputPart};
use check::code::{Code, CodeKind, MapPart, RecordPart};
use graph::{OriginId, OriginTree};
use schema::{FieldType, Row, Schema};
use source::{Diagnostic, Name, Place};
use value::{Store, Value, ValueId};

use crate::evaluate::Evaluation;
use crate::frame::InstanceId;
use crate::natives::Body;

/// Fields in which makers keep the settings of programs: entries of maps, or records with a `name` and a `value`.
const SETTINGS: [&str; 6] = ["data", "stringData", "env", "environment", "environment_variables", "variables"];

/// A text in clear.
struct Found {
    place: Option<Place>,
    name: String,
    text: String,
    /// The field beside it that takes what is no secret.
    other: Option<String>,
}

impl Evaluation<'_> {
    /// Tells what the program itself gives a native resource in clear.
    pub(crate) fn tell_in_clear(&mut self, id: InstanceId, native: &check::checked::NativeKind, body: Body) {
        let Some(statement) = self.statement_of(id) else { return };
        if is_of_library(statement.place) && !self.adjustments.touches(self, id) {
            return;
        }
        let schema = self.checked.schemas.get(native.schema.0 as usize);
        let Some((schema, kind)) =
            schema.and_then(|schema| Some((schema, schema.kind(native.name.text(), native.role)?)))
        else {
            return;
        };
        let mut search = Search { evaluation: self, schema, found: Vec::new() };
        search.record(kind.row(), body.value, Some(body.origin));
        for Found { place, name, text, other } in search.found {
            let place = place.unwrap_or(statement.place);
            let mut told =
                Diagnostic::error("plain_secret", place, format!("`{name}` is secret, and stands here in clear"))
                    .help(check::HOW_SECRETS_ARE_GIVEN)
                    .withhold(text);
            if let Some(other) = other {
                told = told.help(format!("what is no secret is given to `{other}`"));
            }
            let told = self.made_for(told, id, place);
            let _ = self.tell(told);
        }
    }
}

struct Search<'e, 'a> {
    evaluation: &'e Evaluation<'a>,
    schema: &'e Schema,
    found: Vec<Found>,
}

impl Search<'_, '_> {
    fn store(&self) -> &Store {
        &self.evaluation.store
    }

    fn record(&mut self, row: Row, value: ValueId, origin: Option<OriginId>) {
        let Value::Record(fields) = self.store().get(self.store().folded(value)).clone() else { return };
        for (name, field) in fields {
            let Some(member) = self.schema.member(row, name.text()) else { continue };
            let (ty, sensitive) = (member.ty, member.sensitive || member.write_only);
            let origin = self.below(origin, name);
            match self.text(field) {
                Some(text) if sensitive && !text.is_empty() => {
                    let other = format!("insecure_{name}");
                    let other = self.schema.member(row, &other).map(|_| other);
                    self.tell(origin, name.text(), text, other);
                }
                Some(_) => {}
                None if SETTINGS.contains(&name.text()) || sensitive => self.settings(ty, field, origin),
                None => self.value(ty, field, origin),
            }
        }
    }

    fn value(&mut self, ty: FieldType, value: ValueId, origin: Option<OriginId>) {
        match ty {
            FieldType::Record(row) => self.record(row, value, origin),
            FieldType::List(of) | FieldType::Set(of) => {
                let of = self.schema.ty(of);
                for (at, element) in self.elements(value).into_iter().enumerate() {
                    let origin = self.element(origin, at);
                    self.value(of, element, origin);
                }
            }
            _ => {}
        }
    }

    /// Settings of a program: a map, a list of names and values, or a block that holds one of these.
    fn settings(&mut self, ty: FieldType, value: ValueId, origin: Option<OriginId>) {
        let folded = self.store().folded(value);
        if let Value::Map(entries) = self.store().get(folded).clone() {
            for (key, entry) in entries {
                if let Some(name) = self.text(key) {
                    let origin = self.below(origin, Name::new(&name));
                    self.setting(&name, entry, origin);
                }
            }
            return;
        }
        for (at, element) in self.elements(folded).into_iter().enumerate() {
            let named = ["name", "value"].map(|field| self.store().field(element, Name::new(field)));
            if let [Some(name), Some(value)] = named
                && let Some(name) = self.text(name)
            {
                let origin = self.element(origin, at).and_then(|origin| self.below(Some(origin), Name::new("value")));
                self.setting(&name, value, origin);
            }
        }
        self.value(ty, value, origin);
    }

    fn setting(&mut self, name: &str, value: ValueId, origin: Option<OriginId>) {
        if let Some(text) = self.text(value).filter(|text| source::looks_secret(name, text)) {
            self.tell(origin, name, text, None);
        }
    }

    fn tell(&mut self, origin: Option<OriginId>, name: &str, text: String, other: Option<String>) {
        let place = origin.and_then(|origin| self.evaluation.origins.place(origin));
        self.found.push(Found { place, name: name.to_owned(), text, other });
    }

    fn text(&self, value: ValueId) -> Option<String> {
        match self.store().get(self.store().folded(value)) {
            Value::Text(text) => Some(text.to_string()),
            _ => None,
        }
    }

    fn elements(&self, value: ValueId) -> Box<[ValueId]> {
        match self.store().get(self.store().folded(value)) {
            Value::List(elements) => elements.clone(),
            _ => Box::default(),
        }
    }

    fn below(&self, origin: Option<OriginId>, name: Name) -> Option<OriginId> {
        match self.evaluation.origins.get(origin?) {
            Some(OriginTree::Fields(_, fields)) => {
                fields.iter().find(|field| field.0 == name).map(|field| field.1).or(origin)
            }
            Some(OriginTree::Each(_, each)) => Some(*each),
            Some(OriginTree::Leaf(_) | OriginTree::Elements(..)) | None => origin,
        }
    }

    fn element(&self, origin: Option<OriginId>, at: usize) -> Option<OriginId> {
        match self.evaluation.origins.get(origin?) {
            Some(OriginTree::Elements(_, elements)) => elements.get(at).copied().or(origin),
            Some(OriginTree::Each(_, each)) => Some(*each),
            Some(OriginTree::Leaf(_) | OriginTree::Fields(..)) | None => origin,
        }
    }
}

impl Evaluation<'_> {
    /// Tells the settings that are given to an instance of a declared kind in clear, each at its entry.
    pub(crate) fn tell_settings_in_clear(&mut self, id: InstanceId, input: Name, value: ValueId) {
        let Some(statement) = self.statement_of(id).filter(|statement| !is_of_library(statement.place)) else { return };
        let Some(Value::Map(entries)) = self.known(value).map(|known| self.store.get(known).clone()) else { return };
        for (key, entry) in entries {
            let (Value::Text(name), Value::Text(text)) =
                (self.store.get(key), self.store.get(self.store.folded(entry)))
            else {
                continue;
            };
            if source::looks_secret(name, text) {
                let name = Name::new(name);
                let place = entry_place(&statement.fields, input, name).unwrap_or(statement.place);
                let message = format!("`{name}` is secret, and stands here in clear");
                let told = Diagnostic::error("plain_secret", place, message)
                    .help(check::HOW_SECRETS_ARE_GIVEN)
                    .withhold(text.as_ref());
                let told = self.made_for(told, id, place);
                let _ = self.tell(told);
            }
        }
    }
}

fn is_of_library(place: Place) -> bool {
    place.item.file().path().starts_with("std/")
}

/// Where an entry of an input is given: at its value where the input is a literal, else at the whole of it.
fn entry_place(fields: &Fields, input: Name, entry: Name) -> Option<Place> {
    let Fields::Inputs(parts) = fields else { return None };
    let places = parts.iter().rev().filter_map(|part| match part {
        InputPart::Entry { field, key, code, .. } if *field == input && *key == entry => Some(code.place),
        InputPart::Field { name, code, .. } if *name == input => Some(literal_entry(code, entry).unwrap_or(code.place)),
        InputPart::Field { .. } | InputPart::Entry { .. } | InputPart::Element { .. } => None,
    });
    places.into_iter().next()
}

fn literal_entry(code: &Code, entry: Name) -> Option<Place> {
    match code.kind.as_ref() {
        CodeKind::Convert { code, .. } => literal_entry(code, entry),
        CodeKind::Map(parts) => parts.iter().find_map(|part| match part {
            MapPart::Entry { key, value, .. } => match key.kind.as_ref() {
                CodeKind::Const(Value::Text(key)) => (key.as_ref() == entry.text()).then_some(value.place),
                _ => None,
            },
            _ => None,
        }),
        CodeKind::Record(parts) => parts.iter().find_map(|part| match part {
            RecordPart::Field { name, code, .. } => (*name == entry).then_some(code.place),
            _ => None,
        }),
        _ => None,
    }
}
