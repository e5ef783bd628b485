//! Secrets that a program writes into native resources in clear: a text in a field that its maker calls sensitive, and a setting
//! of a program that looks like a password. What the library makes was looked at where it was given.

use check::checked::{Fields, InputPart, NativeKind};
use check::code::{Code, CodeKind, ListPart, MapPart, RecordPart};
use graph::{OriginId, OriginTree};
use schema::{FieldType, Row, Schema};
use source::{Diagnostic, Name, Place};
use value::{Store, Value, ValueId};

use crate::evaluate::Evaluation;
use crate::frame::InstanceId;
use crate::natives::Body;

/// Fields in which makers keep the settings of programs: entries of maps, or records with a `name` and a `value`.
const SETTINGS: [&str; 6] = ["data", "stringData", "env", "environment", "environment_variables", "variables"];
/// Fields that say what a program is called with.
const ARGUMENTS: [&str; 3] = ["args", "command", "entrypoint"];
/// Entries of a Secret that are none, by the types of Secrets that Kubernetes defines: names, certificates, the public half of a key.
const PUBLIC_ENTRIES: [&str; 4] = ["username", "tls.crt", "ca.crt", "ssh-publickey"];

/// A text in clear.
struct Found {
    place: Option<Place>,
    name: String,
    text: String,
    /// The field beside it that takes what is no secret.
    other: Option<String>,
}

impl Evaluation<'_> {
    /// Tells what the program itself gives a native resource in clear, in its own statement or by adjusting one of the library's.
    pub(crate) fn tell_in_clear(&mut self, id: InstanceId, native: &NativeKind, body: Body, is_adjusted: bool) {
        let Some(statement) = self.statement_of(id).filter(|of| is_adjusted || !of.place.item.is_of_library()) else {
            return;
        };
        let schema = self.checked.schemas.get(native.schema.0 as usize);
        let Some((schema, kind)) =
            schema.and_then(|schema| Some((schema, schema.kind(native.name.text(), native.role)?)))
        else {
            return;
        };
        let mut search = Search { evaluation: self, found: Vec::new() };
        search.record(schema, kind.row(), body.value, Some(body.origin));
        for found in search.found {
            self.tell_found(id, found, statement.place);
        }
    }

    /// Tells the credentials that a platform of the program's gives a provider in clear.
    pub(crate) fn tell_credentials_in_clear(&mut self, inputs: ValueId, origin: OriginId, place: Place) {
        if place.item.is_of_library() {
            return;
        }
        let mut search = Search { evaluation: self, found: Vec::new() };
        search.credentials(inputs, Some(origin));
        for found in search.found {
            let _ = self.tell(found.told(place));
        }
    }

    /// The error for a text in clear: where it is given, else at the statement.
    fn tell_found(&mut self, id: InstanceId, found: Found, statement: Place) {
        let place = found.place.unwrap_or(statement);
        let told = self.made_for(found.told(statement), id, place);
        let _ = self.tell(told);
    }
}

impl Found {
    /// An argument that gives no name is none.
    fn called(&self) -> String {
        if self.name.contains(' ') { self.name.clone() } else { format!("`{}`", self.name) }
    }

    fn told(self, statement: Place) -> Diagnostic {
        let message = format!("{} is secret, and stands here in clear", self.called());
        let told = Diagnostic::error("plain_secret", self.place.unwrap_or(statement), message)
            .help(check::HOW_SECRETS_ARE_GIVEN)
            .withhold(self.text);
        match self.other {
            Some(other) => told.help(format!("what is no secret is given to `{other}`")),
            None => told,
        }
    }
}

struct Search<'e, 'a> {
    evaluation: &'e Evaluation<'a>,
    found: Vec<Found>,
}

impl Search<'_, '_> {
    fn store(&self) -> &Store {
        &self.evaluation.store
    }

    fn record(&mut self, schema: &Schema, row: Row, value: ValueId, origin: Option<OriginId>) {
        let Value::Record(fields) = self.store().get(self.store().folded(value)).clone() else { return };
        for (name, field) in fields {
            let Some(member) = schema.member(row, name.text()) else { continue };
            let (ty, sensitive) = (member.ty, member.sensitive || member.write_only);
            let origin = self.below(origin, name);
            match self.text(field) {
                Some(text) if sensitive && !text.is_empty() => {
                    let other = format!("insecure_{name}");
                    let other = schema.member(row, &other).map(|_| other);
                    self.tell(origin, name.text(), text, other);
                }
                Some(_) => {}
                None if sensitive => self.secrets(schema, ty, field, origin),
                None if SETTINGS.contains(&name.text()) => self.settings(schema, ty, field, origin),
                None if ARGUMENTS.contains(&name.text()) => self.arguments(field, origin),
                None => self.value(schema, ty, field, origin),
            }
        }
    }

    fn value(&mut self, schema: &Schema, ty: FieldType, value: ValueId, origin: Option<OriginId>) {
        match ty {
            FieldType::Record(row) => self.record(schema, row, value, origin),
            FieldType::List(of) | FieldType::Set(of) => {
                let of = schema.ty(of);
                for (at, element) in self.elements(value).into_iter().enumerate() {
                    let origin = self.element(origin, at);
                    self.value(schema, of, element, origin);
                }
            }
            _ => {}
        }
    }

    /// Settings of a program: a map, a list of names and values, or a block that holds one of these.
    fn settings(&mut self, schema: &Schema, ty: FieldType, value: ValueId, origin: Option<OriginId>) {
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
        self.value(schema, ty, value, origin);
    }

    /// What its maker calls sensitive as a whole: all texts in it, but for those that are public by their names.
    fn secrets(&mut self, schema: &Schema, ty: FieldType, value: ValueId, origin: Option<OriginId>) {
        let Value::Map(entries) = self.store().get(self.store().folded(value)).clone() else {
            return self.settings(schema, ty, value, origin);
        };
        for (key, entry) in entries {
            let (Some(name), Some(text)) = (self.text(key), self.text(entry)) else { continue };
            if !text.is_empty() && !PUBLIC_ENTRIES.contains(&name.as_str()) {
                let origin = self.below(origin, Name::new(&name));
                self.tell(origin, &name, text, None);
            }
        }
    }

    /// What a program is called with.
    fn arguments(&mut self, value: ValueId, origin: Option<OriginId>) {
        let texts: Vec<Option<String>> = self.elements(value).into_iter().map(|element| self.text(element)).collect();
        let arguments: Vec<Option<&str>> = texts.iter().map(Option::as_deref).collect();
        for (at, name) in source::secret_arguments(&arguments) {
            let origin = self.element(origin, at);
            self.tell(origin, name, texts.get(at).cloned().flatten().unwrap_or_default(), None);
        }
    }

    /// The configuration of a provider, by the names of its fields.
    fn credentials(&mut self, value: ValueId, origin: Option<OriginId>) {
        match self.store().get(self.store().folded(value)).clone() {
            Value::Record(fields) => {
                for (name, field) in fields {
                    let origin = self.below(origin, name);
                    self.setting(name.text(), field, origin);
                    self.credentials(field, origin);
                }
            }
            Value::List(elements) => {
                for (at, element) in elements.iter().enumerate() {
                    let origin = self.element(origin, at);
                    self.credentials(*element, origin);
                }
            }
            _ => {}
        }
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
        self.evaluation.text_of(value).map(str::to_owned)
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
    /// Tells the settings and arguments that are given to an instance of a declared kind in clear, each at its entry.
    pub(crate) fn tell_settings_in_clear(&mut self, id: InstanceId, input: Name, value: ValueId) {
        let Some(statement) = self.statement_of(id).filter(|of| !of.place.item.is_of_library()) else { return };
        let Some(known) = self.known(value) else { return };
        let found: Vec<(String, String, Option<Place>)> = match self.store.get(known) {
            Value::Map(entries) => {
                let texts =
                    entries.iter().filter_map(|(key, entry)| Some((self.text_of(*key)?, self.text_of(*entry)?)));
                let secrets = texts.filter(|(name, text)| source::looks_secret(name, text));
                secrets
                    .map(|(name, text)| {
                        (name.to_owned(), text.to_owned(), entry_place(&statement.fields, input, Name::new(name)))
                    })
                    .collect()
            }
            Value::List(elements) if ARGUMENTS.contains(&input.text()) => {
                let texts: Vec<Option<&str>> = elements.iter().map(|element| self.text_of(*element)).collect();
                let secrets = source::secret_arguments(&texts).into_iter();
                secrets
                    .map(|(at, name)| {
                        let text = texts.get(at).copied().flatten().unwrap_or_default();
                        (name.to_owned(), text.to_owned(), element_place(&statement.fields, input, at))
                    })
                    .collect()
            }
            _ => Vec::new(),
        };
        for (name, text, place) in found {
            self.tell_found(id, Found { place, name, text, other: None }, statement.place);
        }
    }

    fn text_of(&self, value: ValueId) -> Option<&str> {
        match self.store.get(self.store.folded(value)) {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// Where an entry of an input is given: at its value where the input is a literal, else at the whole of it.
fn entry_place(fields: &Fields, input: Name, entry: Name) -> Option<Place> {
    part_place(fields, input, Some(entry), |code| literal_entry(code, entry))
}

/// Where an element of an input is given: at the element where the input is a literal, else at the whole of it.
fn element_place(fields: &Fields, input: Name, at: usize) -> Option<Place> {
    part_place(fields, input, None, |code| literal_element(code, at))
}

fn part_place(
    fields: &Fields,
    input: Name,
    entry: Option<Name>,
    literal: impl Fn(&Code) -> Option<Place>,
) -> Option<Place> {
    let Fields::Inputs(parts) = fields else { return None };
    parts.iter().rev().find_map(|part| match part {
        InputPart::Entry { field, key, code, .. } if *field == input && Some(*key) == entry => Some(code.place),
        InputPart::Field { name, code, .. } if *name == input => Some(literal(code).unwrap_or(code.place)),
        InputPart::Field { .. } | InputPart::Entry { .. } | InputPart::Element { .. } => None,
    })
}

fn literal_element(code: &Code, at: usize) -> Option<Place> {
    match code.kind.as_ref() {
        CodeKind::Convert { code, .. } => literal_element(code, at),
        CodeKind::List(parts) if parts.iter().all(|part| matches!(part, ListPart::Element { .. })) => {
            match parts.get(at)? {
                ListPart::Element { code, .. } => Some(code.place),
                _ => None,
            }
        }
        _ => None,
    }
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
        CodeKind::Record(parts) => parts.iter().rev().find_map(|part| match part {
            RecordPart::Field { name, code, .. } => (*name == entry).then_some(code.place),
            _ => None,
        }),
        _ => None,
    }
}
