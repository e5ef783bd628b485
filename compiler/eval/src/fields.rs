//! What stands behind a dot or in brackets: fields of records and references, attributes of native resources, elements by key,
//! and records with some fields changed.

use check::checked::Fields;
use check::code::{Code, CodeKind, RecordPart};
use source::{Diagnostic, Name, Place, list_of};
use value::{Fault, Op, Step, Store, Value, ValueId};

use crate::evaluate::Evaluation;

impl<'a> Evaluation<'a> {
    /// `x.name` of a record, or of a reference to one.
    pub(crate) fn field(&mut self, of: ValueId, name: Name, secret: bool, place: Place) -> ValueId {
        match self.store.get(of) {
            Value::Record(_) => self.store.field(of, name).unwrap_or(Store::ABSENT),
            Value::Ref { folded, .. } => {
                let known = *folded;
                let folded = known
                    .and_then(|known| self.field_of_known(known, name))
                    .filter(|field| !(matches!(self.store.get(*field), Value::Null) && self.is_nullable(of, name)));
                if folded.is_none() && known.is_some() && self.is_left_out(of, name) {
                    return Store::ABSENT;
                }
                let field = self.extend(of, Step::Field(name), folded, secret);
                self.through_set(field)
            }
            Value::Op { op, args } => {
                let choice = match (op, args.as_ref()) {
                    (Op::If, [asked, then, otherwise]) => Some([*asked, *then, *otherwise]),
                    _ => None,
                };
                if let Some(value) = self.known(of).and_then(|known| self.field_of_known(known, name)) {
                    return value;
                }
                match choice {
                    // Of two records each has its own fields: what is chosen is the field, which one of them may lack.
                    Some([asked, then, otherwise]) => {
                        let then = self.field(then, name, secret, place);
                        let otherwise = self.field(otherwise, name, secret, place);
                        self.residual(Op::If, &[asked, then, otherwise], place)
                    }
                    None => {
                        let key = self.store.text(name.text());
                        self.residual(Op::Index, &[of, key], place)
                    }
                }
            }
            Value::Map(entries) => {
                let found = entries
                    .iter()
                    .find(|(key, _)| matches!(self.store.get(*key), Value::Text(key) if key.as_ref() == name.text()));
                found.map_or(Store::ABSENT, |(_, value)| *value)
            }
            Value::Flow { from, to, alone: [callers, called], key } => {
                let ends = match name.text() {
                    "key" => return *key,
                    "from" => from.clone(),
                    "to" => to.clone(),
                    "from_alone" => callers.clone(),
                    "to_alone" => called.clone(),
                    _ => return Store::ABSENT,
                };
                self.store.list(ends)
            }
            // The elements of `[for … by k: e]` and of `enumerate`.
            Value::Tagged { fields, .. } => match name.text() {
                "key" => fields.first().copied().unwrap_or(Store::ABSENT),
                "value" => fields.get(1).copied().unwrap_or(Store::ABSENT),
                _ => Store::ABSENT,
            },
            Value::Unknown(_) => of,
            _ => Store::ABSENT,
        }
    }

    /// The field behind references that are known.
    fn field_of_known(&mut self, known: ValueId, name: Name) -> Option<ValueId> {
        let known = self.store.folded(known);
        match self.store.get(known) {
            Value::Record(_) => self.store.field(known, name),
            Value::Map(_) => {
                let key = self.store.text(name.text());
                self.store.entry(known, key)
            }
            // A list block that may stand once.
            Value::List(elements) => match elements.as_ref() {
                [only] => {
                    let only = *only;
                    self.field_of_known(only, name)
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// An attribute of a native resource: a reference, with what the instance itself sets there.
    pub(crate) fn native_field(&mut self, of: ValueId, name: Name, secret: bool, place: Place) -> ValueId {
        let Some(id) = self.instance_of(of) else {
            return if of == Store::ABSENT || self.is_unknown(of) {
                of
            } else {
                self.unknown(place, "this is not a native resource")
            };
        };
        let Some(instance) = self.instances.get(id.0 as usize) else { return Store::ABSENT };
        let address = instance.address;
        let folded = if !secret && self.may_set(id, name) {
            let body = self.body_value(id, place);
            if self.is_unknown(body) {
                return body;
            }
            self.store.field(body, name).filter(|set| !self.is_left_open(id, name, *set))
        } else {
            None
        };
        let path = [Step::Field(name)];
        let folded = folded.map(|set| self.without_repeats(address, &path, set));
        let (folded, secret) = self.read_back(folded, secret);
        self.store.add(Value::Ref { of: address, path: path.into(), folded, secret })
    }

    /// Whether a body says that there are none of some blocks about which the maker then decides: none is what it writes.
    fn is_left_open(&self, id: crate::frame::InstanceId, name: Name, set: ValueId) -> bool {
        let is_empty = matches!(self.store.get(set), Value::List(elements) if elements.is_empty());
        is_empty && self.native_of(id).is_some_and(|native| self.decides_blocks(native, name))
    }

    /// Whether the body of a native instance may set this field; what it surely does not set needs no body.
    fn may_set(&self, id: crate::frame::InstanceId, name: Name) -> bool {
        if self.adjustments.touches(self, id) {
            return true;
        }
        match self.statement_of(id).map(|statement| &statement.fields) {
            Some(Fields::Native(code)) => sets(code, name),
            Some(Fields::Inputs(_)) | None => false,
        }
    }

    /// The one block of a list block: on a reference the step into the list, else nothing.
    pub(crate) fn first_block(&mut self, of: ValueId) -> ValueId {
        match self.store.get(of) {
            Value::Ref { folded, .. } => {
                let folded = folded.map(|known| match self.store.get(self.store.folded(known)) {
                    Value::List(elements) => elements.first().copied().unwrap_or(known),
                    _ => known,
                });
                self.extend(of, Step::First, folded, false)
            }
            _ => of,
        }
    }

    /// `m[k]`, `list[i]`: an error that lists the keys when there is none.
    pub(crate) fn index(&mut self, of: ValueId, key: ValueId, code: &'a Code, key_place: Place) -> ValueId {
        if self.is_unknown(of) || of == Store::ABSENT {
            return of;
        }
        if self.is_unknown(key) {
            return key;
        }
        let Some(known_key) = self.deep_known(key) else {
            // A later key into a known collection has no form in any target.
            return self.too_late(key, key_place);
        };
        if let Value::Ref { folded, .. } = self.store.get(of) {
            if self.is_set(of) {
                return self.only_of_set(of, *folded, known_key, key_place);
            }
            let step = match self.store.get(known_key) {
                Value::Int(at) if *at < 0 => {
                    let message = format!("a list has no element {at}");
                    let fault = Fault::new("no_such_key", message, "elements are counted from 0");
                    return self.fault(key_place, &fault);
                }
                Value::Int(at) => Step::Index(u32::try_from(*at).unwrap_or(u32::MAX)),
                Value::Text(key) => Step::Key(Name::new(key)),
                _ => return self.unknown(key_place, "a key is neither an int nor a text"),
            };
            let known = folded.map(|known| self.store.folded(known));
            let folded =
                match known.map(|known| value::ops::apply(&mut self.store, Op::Index, &[known, known_key], None)) {
                    Some(Ok(element)) => Some(element),
                    // Nobody adds elements to a list that the program sets; a map may get more.
                    Some(Err(fault)) if known.is_some_and(|known| matches!(self.store.get(known), Value::List(_))) => {
                        return self.fault(key_place, &fault);
                    }
                    Some(Err(_)) | None => None,
                };
            return self.extend(of, step, folded, false);
        }
        let Some(collection) = self.known(of) else {
            return self.residual(Op::Index, &[of, known_key], code.place);
        };
        match value::ops::apply(&mut self.store, Op::Index, &[collection, known_key], None) {
            Ok(value) => value,
            Err(fault) => match self.missing_instance(code, collection, known_key) {
                Some(better) => self.fault(key_place, &better),
                None => self.fault(key_place, &fault),
            },
        }
    }

    /// `[0]` of a set that the provider decides is any of its elements, which have to say the same; any other position means nothing.
    fn only_of_set(&mut self, set: ValueId, known: Option<ValueId>, key: ValueId, place: Place) -> ValueId {
        if known.is_none() && matches!(self.store.get(key), Value::Int(0)) {
            return self.extend(set, Step::Element(0), None, false);
        }
        let fault = self.no_position(set);
        self.fault(place, &fault)
    }

    /// A missing key of a statement's instances names the statement.
    fn missing_instance(&self, code: &Code, collection: ValueId, key: ValueId) -> Option<Fault> {
        let CodeKind::Index { of, .. } = code.kind.as_ref() else { return None };
        let CodeKind::Statement(id) = of.kind.as_ref() else { return None };
        let statement = self.checked.statements.get(id.0 as usize)?;
        let Value::Map(entries) = self.store.get(collection) else { return None };
        let keys: Vec<&str> = entries
            .iter()
            .filter_map(|(key, _)| match self.store.get(*key) {
                Value::Text(text) => Some(text.as_ref()),
                _ => None,
            })
            .collect();
        let help = if keys.is_empty() {
            "it has no instances here".to_owned()
        } else {
            format!("the keys are {}", list_of(keys))
        };
        Some(Fault::new("no_such_key", format!("`{}` has no instance {}", statement.name, self.store.show(key)), help))
    }

    /// `base with { a.b = 1 }`
    pub(crate) fn with(&mut self, base: ValueId, path: &[Name], new: ValueId, place: Place) -> ValueId {
        let Some((name, rest)) = path.split_first() else { return new };
        let Some(known) = self.known(base) else { return self.too_late(base, place) };
        match self.store.get(known).clone() {
            Value::Record(fields) => {
                let old = fields.iter().find(|(field, _)| field == name).map_or(Store::ABSENT, |(_, value)| *value);
                let new = self.with(old, rest, new, place);
                let mut fields: Vec<(Name, ValueId)> =
                    fields.iter().filter(|(field, _)| field != name).copied().collect();
                fields.push((*name, new));
                self.store.record(fields)
            }
            Value::Map(entries) => {
                let key = self.store.text(name.text());
                let old = self.store.entry(known, key).unwrap_or(Store::ABSENT);
                let new = self.with(old, rest, new, place);
                let mut entries = entries.to_vec();
                entries.push((key, new));
                self.store.map(entries)
            }
            Value::Absent => {
                let new = self.with(Store::ABSENT, rest, new, place);
                self.store.record(vec![(*name, new)])
            }
            Value::Unknown(_) => known,
            _ => {
                let message = format!("`{}` has no field `{name}` to change", self.store.show_short(known));
                self.tell(Diagnostic::error("wrong_operands", place, message).help("`with` changes fields of records"))
            }
        }
    }
}

/// Whether code that gives a record may set a field of this name.
fn sets(code: &Code, name: Name) -> bool {
    match code.kind.as_ref() {
        CodeKind::Record(parts) => parts.iter().any(|part| match part {
            RecordPart::Field { name: field, .. } => *field == name,
            RecordPart::Spread(_) => true,
        }),
        _ => true,
    }
}
