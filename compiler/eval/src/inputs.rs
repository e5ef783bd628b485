//! Inputs of instances of declared kinds, each computed when it is asked for: what the instance gives, else the only instance
//! that it can mean, else its default.

use check::checked::{Fields, Input, InputPart, Kind, KindId};
use check::code::Code;
use source::{Diagnostic, Name, Place};
use value::{Store, Value, ValueId};

use crate::cells::CellKey;
use crate::evaluate::Evaluation;
use crate::frame::{Frame, InstanceId, Parent};

impl<'a> Evaluation<'a> {
    /// An input of the instance, group or platform whose code runs.
    pub(crate) fn self_input(&mut self, this: Parent, name: Name, place: Place) -> ValueId {
        match this {
            Parent::Platform(value) => self.platform_field(value, name, place),
            Parent::Instance(_) | Parent::Group(_) => match self.owner_of(this) {
                Some(id) => self.input(id, name, place),
                None => self.unknown(place, "a group has no members"),
            },
            Parent::Root => self.unknown(place, "an input is read outside an instance"),
        }
    }

    /// `x.name` of an instance; absent when there is no instance.
    pub(crate) fn input_of_value(&mut self, of: ValueId, name: Name, place: Place) -> ValueId {
        match self.first_instance(of) {
            Some(id) => self.input(id, name, place),
            None => self.not_an_instance(of, place),
        }
    }

    /// The same from outside of it: its ports are those of the child that stands for it.
    pub(crate) fn input_seen(&mut self, of: ValueId, name: Name, place: Place) -> ValueId {
        let Some(id) = self.first_instance(of) else { return self.not_an_instance(of, place) };
        if self.kind_of(id).and_then(Kind::ports).is_none_or(|ports| ports.name != name) {
            return self.input(id, name, place);
        }
        let child = self.delegated(id, place);
        match self.kind_of(child).and_then(Kind::ports) {
            Some(theirs) => self.input(child, theirs.name, place),
            None => self.input(id, name, place),
        }
    }

    /// The instance that a value is; of the members of a group, the first.
    pub(crate) fn first_instance(&self, value: ValueId) -> Option<InstanceId> {
        match self.store.get(value) {
            Value::List(elements) => elements.first().and_then(|first| self.instance_of(*first)),
            Value::Platform { instance: Some(address), .. } => self.by_address(*address),
            _ => self.instance_of(value),
        }
    }

    pub(crate) fn not_an_instance(&mut self, of: ValueId, place: Place) -> ValueId {
        if of == Store::ABSENT || self.is_unknown(of) { of } else { self.unknown(place, "this is not an instance") }
    }

    /// An input of an instance of a declared kind.
    pub(crate) fn input(&mut self, id: InstanceId, name: Name, asked: Place) -> ValueId {
        let Some(kind) = self.kind_of(id) else { return self.unknown(asked, "a native resource has no inputs") };
        let Some(at) = Self::input_position(kind, name) else { return self.unknown(asked, "a kind lacks an input") };
        let key = CellKey::Input(id, at);
        if let Some(done) = self.cells.done(key) {
            return done;
        }
        let Some(input) = kind.inputs.get(usize::from(at)) else { return Store::ABSENT };
        self.cell(key, asked, |me| {
            let value = me.given_or_default(id, input);
            let value = me.adjust_input(id, name, value);
            if input.settings {
                me.tell_settings_in_clear(id, name, value);
            }
            value
        })
    }

    fn given_or_default(&mut self, id: InstanceId, input: &'a Input) -> ValueId {
        let (Some(statement), Some(instance)) = (self.statement_of(id), self.instances.get(id.0 as usize)) else {
            return Store::ABSENT;
        };
        let mut frame = Frame::with(instance.parent, &instance.slots);
        let Fields::Inputs(parts) = &statement.fields else { return Store::ABSENT };
        let mut given: Option<ValueId> = None;
        for part in parts {
            match part {
                InputPart::Field { name, code, maybe } if *name == input.name => {
                    let value = self.run(&mut frame, code);
                    if !(*maybe && value == Store::ABSENT) {
                        given = Some(value);
                    }
                }
                InputPart::Entry { field, key, code, maybe } if *field == input.name => {
                    let value = self.run(&mut frame, code);
                    if *maybe && value == Store::ABSENT {
                        continue;
                    }
                    let base = match given {
                        Some(base) => base,
                        None => self.default_of(id, input, statement.place),
                    };
                    given = Some(self.with_entry(base, *key, value, code));
                }
                InputPart::Element { field, code } if *field == input.name => {
                    let value = self.run(&mut frame, code);
                    let base = given.unwrap_or(Store::ABSENT);
                    given = Some(match self.known(base).map(|known| self.store.get(known)) {
                        Some(Value::List(elements)) => {
                            let mut elements = elements.to_vec();
                            elements.push(value);
                            self.store.list(elements)
                        }
                        Some(_) | None => self.store.list([value]),
                    });
                }
                InputPart::Field { .. } | InputPart::Entry { .. } | InputPart::Element { .. } => {}
            }
        }
        match given {
            Some(value) => value,
            None => self.default_of(id, input, statement.place),
        }
    }

    fn with_entry(&mut self, base: ValueId, key: Name, value: ValueId, code: &Code) -> ValueId {
        let Some(known) = self.known(base) else { return self.too_late(base, code.place) };
        let key = self.store.text(key.text());
        let mut entries = match self.store.get(known) {
            Value::Map(entries) => entries.to_vec(),
            Value::Unknown(_) => return known,
            _ => Vec::new(),
        };
        entries.push((key, value));
        self.store.map(entries)
    }

    /// What an input is when nothing is given for it.
    fn default_of(&mut self, id: InstanceId, input: &'a Input, place: Place) -> ValueId {
        if let Some(kind) = input.only {
            return self.the_only(id, input, kind, place);
        }
        match &input.default {
            Some(code) => self.run(&mut Frame::new(Parent::Instance(id)), code),
            None if input.optional => Store::ABSENT,
            None => match self.diagnostics.told_before() {
                Some(told) => self.store.add(Value::Unknown(told)),
                None => {
                    let message = format!("`{}` of `{}` is missing", input.name, self.path_text(id));
                    self.tell(
                        Diagnostic::error("missing_field", place, message)
                            .help(format!("give it: `{} = …`", input.name)),
                    )
                }
            },
        }
    }

    /// The only instance of a kind on the platform of this instance.
    fn the_only(&mut self, id: InstanceId, input: &'a Input, kind: KindId, place: Place) -> ValueId {
        let kinds: Vec<KindId> = self
            .checked
            .kinds
            .iter()
            .enumerate()
            .filter(|(at, other)| *at == kind.0 as usize || other.ancestors.contains(&kind))
            .map(|(at, _)| KindId(at as u32))
            .collect();
        let home = self.home(id, place);
        if self.is_unknown(home) {
            // What stands nowhere can find nothing there.
            return home;
        }
        let all = self.all(&kinds, input.place);
        let Value::List(elements) = self.store.get(all).clone() else { return all };
        let mut candidates = Vec::new();
        for element in elements.iter() {
            if let Some(other) = self.instance_of(*element) {
                let other_home = self.home(other, place);
                if home == Store::ABSENT || other_home == Store::ABSENT || other_home == home {
                    candidates.push(*element);
                }
            }
        }
        let kind_name = self.kind(kind).map_or("?", |kind| kind.name.text());
        match candidates.as_slice() {
            [only] => *only,
            [] if input.optional => Store::ABSENT,
            [] => {
                let message = format!("`{}` needs a `{kind_name}`, and there is none", self.path_text(id));
                let told = Diagnostic::error("missing_field", place, message)
                    .help(format!("declare one: `{kind_name} main {{ … }}`"));
                let told = self.made_for(told, id, place);
                self.tell(told)
            }
            [first, second, ..] => {
                let message =
                    format!("`{}` could use `{}` or `{}`", self.path_text(id), self.shown(*first), self.shown(*second));
                let told = Diagnostic::error("two_candidates", place, message).help(format!(
                    "say which: `{} = {}`",
                    input.name,
                    self.shown(*first)
                ));
                let told = self.made_for(told, id, place);
                self.tell(told)
            }
        }
    }
}
