//! Values as JSON. Texts, truths, whole numbers, lists and records are what they look like; everything else is an object whose first
//! name begins with `$`, so that reading gives the same value and not one that looks like it.

use source::Name;
use value::{AddressId, Step, Store, Value, ValueId};

use super::table::Tables;
use super::writer::{Compact, push_text};

/// Writes values of one graph.
pub(super) struct Spelling<'g> {
    pub store: &'g Store,
    pub tables: &'g Tables,
}

impl Spelling<'_> {
    /// An address, as its number in the table.
    pub fn address(&self, out: &mut Compact, address: AddressId) {
        out.number(self.tables.address_numbers.get(&address).copied().unwrap_or_default());
    }

    /// A value; one that is shared is named by its number.
    pub fn value(&self, out: &mut Compact, id: ValueId) {
        match self.tables.value_numbers.get(&id) {
            Some(number) => out.nested('{', '}', |out| out.field("$", |out| out.number(*number))),
            None => self.spelt(out, id),
        }
    }

    fn values(&self, out: &mut Compact, values: &[ValueId]) {
        out.list(values, |out, value| self.value(out, *value));
    }

    /// A value itself.
    pub fn spelt(&self, out: &mut Compact, id: ValueId) {
        let object = |out: &mut Compact, name: &str, value: &dyn Fn(&mut Compact)| {
            out.nested('{', '}', |out| out.field(name, value));
        };
        match self.store.get(id) {
            Value::Absent => object(out, "$none", &|out| out.raw(true)),
            Value::Null => out.raw("null"),
            Value::Unknown(_) => object(out, "$unknown", &|out| out.raw(true)),
            Value::Bool(truth) => out.out.push_str(if *truth { "true" } else { "false" }),
            Value::Int(number) => out.raw(number),
            Value::Decimal(number) => object(out, "$decimal", &|out| out.text(&value::number_text(number))),
            Value::Ratio(number) => object(out, "$ratio", &|out| out.text(&value::number_text(number))),
            Value::Text(text) => out.text(text),
            Value::Size(bytes) => object(out, "$size", &|out| out.raw(bytes)),
            Value::Duration(nanoseconds) => object(out, "$duration", &|out| out.raw(nanoseconds)),
            Value::Ip(address) => object(out, "$ip", &|out| out.text(&address.to_string())),
            Value::Cidr(range) => object(out, "$cidr", &|out| out.text(&range.to_string())),
            Value::Port { first, last, protocol } => object(out, "$port", &|out| {
                out.nested('[', ']', |out| {
                    out.raw(format_args!("{first},{last},"));
                    out.text(protocol.text());
                });
            }),
            Value::Date(days) => object(out, "$date", &|out| out.raw(days)),
            Value::List(elements) => self.values(out, elements),
            Value::Record(fields) => self.record(out, fields),
            Value::Map(entries) => object(out, "$map", &|out| self.map(out, entries)),
            Value::Tagged { tag, fields } => out.nested('{', '}', |out| {
                out.text_field("$case", tag.text());
                out.field("values", |out| self.values(out, fields));
            }),
            Value::Range(first, last) => object(out, "$range", &|out| self.values(out, &[*first, *last])),
            Value::Instance(address) => object(out, "$instance", &|out| self.address(out, *address)),
            Value::Endpoint(address, port) => out.nested('{', '}', |out| {
                out.field("$endpoint", |out| self.address(out, *address));
                out.text_field("port", port.text());
            }),
            Value::Flow { from, to, alone, key } => out.nested('{', '}', |out| {
                out.field("$flow", |out| self.value(out, *key));
                out.field("from", |out| self.values(out, from));
                out.field("to", |out| self.values(out, to));
                if alone.iter().any(|side| !side.is_empty()) {
                    out.field("alone", |out| out.list(alone, |out, side| self.values(out, side)));
                }
            }),
            Value::Platform { platform, name, inputs, instance } => out.nested('{', '}', |out| {
                out.text_field("$platform", platform.text());
                if let Some(name) = name {
                    out.text_field("name", name.text());
                }
                out.field("inputs", |out| self.value(out, *inputs));
                if let Some(address) = instance {
                    out.field("instance", |out| self.address(out, *address));
                }
            }),
            Value::Ref { of, path, folded, secret } => out.nested('{', '}', |out| {
                out.field("$ref", |out| self.address(out, *of));
                out.field("path", |out| steps(out, path));
                if let Some(known) = folded {
                    out.field("known", |out| self.value(out, *known));
                }
                out.flag("secret", *secret);
            }),
            Value::Op { op, args } => out.nested('{', '}', |out| {
                out.text_field("$op", op.name());
                out.field("args", |out| self.values(out, args));
            }),
        }
    }

    fn record(&self, out: &mut Compact, fields: &[(Name, ValueId)]) {
        let fields_of = |out: &mut Compact| {
            out.nested('{', '}', |out| {
                fields.iter().for_each(|(name, value)| out.field(name.text(), |out| self.value(out, *value)));
            });
        };
        // A name of the program's own that begins like ours.
        if fields.iter().any(|(name, _)| name.text().starts_with('$')) {
            out.nested('{', '}', |out| out.field("$record", fields_of));
        } else {
            fields_of(out);
        }
    }

    fn map(&self, out: &mut Compact, entries: &[(ValueId, ValueId)]) {
        let text = |key: ValueId| match self.store.get(key) {
            Value::Text(text) => Some(text),
            _ => None,
        };
        if entries.iter().all(|(key, _)| text(*key).is_some()) {
            out.nested('{', '}', |out| {
                for (key, value) in entries {
                    if let Some(key) = text(*key) {
                        out.field(key, |out| self.value(out, *value));
                    }
                }
            });
        } else {
            out.list(entries, |out, (key, value)| self.values(out, &[*key, *value]));
        }
    }
}

/// The steps of a path.
pub(super) fn steps(out: &mut Compact, path: &[Step]) {
    out.list(path, |out, step| match step {
        Step::Field(name) => out.text(name.text()),
        Step::Index(at) => out.raw(at),
        Step::Key(key) => out.nested('{', '}', |out| out.text_field("key", key.text())),
        Step::First => out.raw("null"),
        Step::Element(at) => out.nested('{', '}', |out| out.field("element", |out| out.raw(at))),
    });
}

/// An address as text that can be read back: names that are no words, and keys, in quotation marks.
pub(crate) fn address_text(store: &Store, address: AddressId) -> String {
    let mut text = String::with_capacity(64);
    for step in store.steps(address) {
        if !text.is_empty() {
            text.push('.');
        }
        if is_word(step.name.text()) {
            text.push_str(step.name.text());
        } else {
            push_text(&mut text, step.name.text());
        }
        if let Some(key) = step.key {
            text.push('[');
            push_text(&mut text, key.text());
            text.push(']');
        }
    }
    text
}

pub(crate) fn is_word(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}
