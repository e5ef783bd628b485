//! Values and addresses of a saved graph. Each value of the table mentions only values before it, so that none holds itself; how
//! large a value would be when it is written out is counted and bounded.

use source::{Diagnostic, Name};
use value::{Address, AddressId, Op, ScalarKind, Step, Store, Value, ValueId, parse_scalar, scalars};

use super::ReadError;
use super::fields::{Fields, Text};
use super::json::{Json, What, shortened};
use crate::save::is_word;

/// The most values that one value may have when it is written out.
const LARGEST: u64 = 64_000_000;
/// The most steps of an address.
const LONGEST_ADDRESS: usize = 256;

/// Puts values into a store.
pub(super) struct Values<'t> {
    pub text: Text<'t>,
    pub store: Store,
    pub addresses: Vec<AddressId>,
    /// The table, and how many values each has when it is written out.
    table: Vec<(ValueId, u64)>,
}

impl<'t> Values<'t> {
    /// Nothing was read yet.
    pub fn new(text: Text<'t>) -> Self {
        Self { text, store: Store::default(), addresses: Vec::new(), table: Vec::new() }
    }

    /// `front["a"].vm`
    pub fn read_address(&mut self, json: &Json<'t>) -> Result<(), ReadError> {
        let text = self.text;
        let spelt = text.text(json)?;
        let mut rest = spelt;
        let mut parent = None;
        for _ in 0..LONGEST_ADDRESS {
            let Some(step) = step_of(&mut rest) else {
                return text.refuse(json.at, format!("`{}` is no address", shortened(spelt)));
            };
            let id = self.store.address(Address { parent, name: step.0, key: step.1 });
            parent = Some(id);
            if rest.is_empty() {
                self.addresses.push(id);
                return Ok(());
            }
        }
        text.refuse(json.at, format!("an address of more than {LONGEST_ADDRESS} steps"))
    }

    /// The address with this number.
    pub fn address(&self, json: &Json<'t>) -> Result<AddressId, ReadError> {
        self.text.index(json, &self.addresses, "address").copied()
    }

    /// A value of the table.
    pub fn read_shared(&mut self, json: &Json<'t>) -> Result<(), ReadError> {
        let mut size = 0;
        let value = self.spelt(json, &mut size)?;
        self.table.push((value, size));
        Ok(())
    }

    /// A value.
    pub fn value(&mut self, json: &Json<'t>) -> Result<ValueId, ReadError> {
        self.part(json, &mut 0)
    }

    fn part(&mut self, json: &Json<'t>, size: &mut u64) -> Result<ValueId, ReadError> {
        if let What::Object(members) = &json.what
            && let [(name, number)] = members.as_slice()
            && name == "$"
        {
            let (value, shared) = *self.text.index(number, &self.table, "value")?;
            self.grow(json, size, shared)?;
            return Ok(value);
        }
        self.spelt(json, size)
    }

    fn grow(&self, json: &Json<'t>, size: &mut u64, by: u64) -> Result<(), ReadError> {
        *size = size.saturating_add(by);
        if *size > LARGEST {
            return self.text.refuse(json.at, format!("a value of more than {LARGEST} values"));
        }
        Ok(())
    }

    fn parts(&mut self, json: &Json<'t>, size: &mut u64) -> Result<Box<[ValueId]>, ReadError> {
        self.text.list(json)?.iter().map(|part| self.part(part, size)).collect()
    }

    fn spelt(&mut self, json: &Json<'t>, size: &mut u64) -> Result<ValueId, ReadError> {
        self.grow(json, size, 1)?;
        let value = match &json.what {
            What::Null => Value::Null,
            What::Bool(truth) => Value::Bool(*truth),
            What::Int(number) => Value::Int(*number),
            What::Text(text) => Value::Text(text.as_ref().into()),
            What::List(_) => Value::List(self.parts(json, size)?),
            What::Object(members) => match members.first() {
                Some((name, first)) if name.starts_with('$') => return self.special(json, name, first, size),
                Some(_) | None => return self.record(json, size),
            },
        };
        Ok(self.store.add(value))
    }

    fn record(&mut self, json: &Json<'t>, size: &mut u64) -> Result<ValueId, ReadError> {
        let What::Object(members) = &json.what else { return self.text.refuse(json.at, "an object belongs here") };
        let mut fields = Vec::with_capacity(members.len());
        for (name, value) in members {
            fields.push((Name::new(name), self.part(value, size)?));
        }
        Ok(self.store.record(fields))
    }

    fn map(&mut self, json: &Json<'t>, size: &mut u64) -> Result<ValueId, ReadError> {
        let mut entries = Vec::new();
        match &json.what {
            What::Object(members) => {
                for (key, value) in members {
                    let key = self.store.text(key.as_ref());
                    entries.push((key, self.part(value, size)?));
                }
            }
            _ => {
                for entry in self.text.list(json)? {
                    let [key, value] = self.text.exactly(entry)?;
                    let key = self.part(key, size)?;
                    let mut is_simple = !matches!(self.store.get(key), Value::Ref { .. });
                    self.store.get(key).for_each_part(|_| is_simple = false);
                    if !is_simple {
                        return self.text.refuse(entry.at, "a key is a text, an instance or another simple value");
                    }
                    entries.push((key, self.part(value, size)?));
                }
            }
        }
        Ok(self.store.map(entries))
    }

    /// `{"$size": 5}` and the others.
    fn special(&mut self, json: &Json<'t>, name: &str, first: &Json<'t>, size: &mut u64) -> Result<ValueId, ReadError> {
        let text = self.text;
        let fields = text.fields(json)?;
        let _ = fields.take(name);
        let value = match name {
            "$none" | "$unknown" if !text.bool(first)? => return text.refuse(first.at, "`true` belongs here"),
            "$none" => Value::Absent,
            "$unknown" => {
                let told = source::Diagnostics::default().tell(Diagnostic::placeless("internal", "saved unknown"));
                Value::Unknown(told)
            }
            "$decimal" => self.scalar(first, ScalarKind::Decimal)?,
            // A share of one; the language writes it in hundreds.
            "$ratio" => match self.scalar(first, ScalarKind::Decimal)? {
                Value::Decimal(number) => Value::Ratio(number),
                other => other,
            },
            "$size" => Value::Size(text.int(first)?),
            "$duration" => Value::Duration(text.int(first)?),
            "$date" => Value::Date(text.int(first)?),
            "$ip" => match text.text(first)?.parse() {
                Ok(address) => Value::Ip(address),
                Err(_) => return text.refuse(first.at, "this is no address of a network"),
            },
            "$cidr" => match text.text(first)?.parse() {
                Ok(range) => Value::Cidr(range),
                Err(_) => return text.refuse(first.at, "this is no range of addresses"),
            },
            "$port" => {
                let [from, to, protocol] = text.exactly(first)?;
                Value::Port { first: text.int(from)?, last: text.int(to)?, protocol: text.name(protocol)? }
            }
            "$record" => {
                let record = self.record(first, size)?;
                fields.end(&[name])?;
                return Ok(record);
            }
            "$map" => {
                let map = self.map(first, size)?;
                fields.end(&[name])?;
                return Ok(map);
            }
            "$case" => Value::Tagged { tag: text.name(first)?, fields: self.parts(fields.need("values")?, size)? },
            "$range" => {
                let [from, to] = text.exactly(first)?;
                Value::Range(self.part(from, size)?, self.part(to, size)?)
            }
            "$instance" => Value::Instance(self.address(first)?),
            "$endpoint" => Value::Endpoint(self.address(first)?, fields.name("port")?),
            "$flow" => {
                let (from, to) = (self.parts(fields.need("from")?, size)?, self.parts(fields.need("to")?, size)?);
                let alone = match fields.take("alone") {
                    None => Default::default(),
                    Some(sides) => {
                        let [callers, called] = text.exactly(sides)?;
                        [self.parts(callers, size)?, self.parts(called, size)?]
                    }
                };
                Value::Flow { from, to, alone, key: self.part(first, size)? }
            }
            "$platform" => Value::Platform {
                platform: text.name(first)?,
                name: fields.take("name").map(|name| text.name(name)).transpose()?,
                inputs: self.part(fields.need("inputs")?, size)?,
                instance: fields.take("instance").map(|address| self.address(address)).transpose()?,
            },
            "$ref" => self.reference(first, &fields, size)?,
            "$op" => {
                let wanted = text.text(first)?;
                let Some(op) = Op::ALL.into_iter().find(|op| op.name() == wanted) else {
                    return text.refuse(first.at, format!("there is no operation `{}`", shortened(wanted)));
                };
                Value::Op { op, args: self.parts(fields.need("args")?, size)? }
            }
            other => return text.refuse(json.at, format!("there is no value `{}`", shortened(other))),
        };
        fields.end(&[name])?;
        Ok(self.store.add(value))
    }

    fn scalar(&self, json: &Json<'t>, kind: ScalarKind) -> Result<Value, ReadError> {
        match parse_scalar(kind, self.text.text(json)?) {
            Ok(value) => Ok(value),
            Err(fault) => self.text.refuse(json.at, fault.message),
        }
    }

    fn reference(&mut self, of: &Json<'t>, fields: &Fields<'_, 't>, size: &mut u64) -> Result<Value, ReadError> {
        Ok(Value::Ref {
            of: self.address(of)?,
            path: steps(self.text, fields.need("path")?)?,
            folded: fields.take("known").map(|known| self.part(known, size)).transpose()?,
            secret: fields.flag("secret")?,
        })
    }
}

/// The steps of a path.
pub(super) fn steps<'t>(text: Text<'t>, json: &Json<'t>) -> Result<Box<[Step]>, ReadError> {
    let step = |json: &Json<'t>| match &json.what {
        What::Null => Ok(Step::First),
        What::Text(name) => Ok(Step::Field(Name::new(name))),
        What::Int(_) => text.int(json).map(Step::Index),
        What::Object(_) => {
            let fields = text.fields(json)?;
            if let Some(at) = fields.take("element") {
                fields.end(&["element"])?;
                return text.int(at).map(Step::Element);
            }
            let key = fields.name("key")?;
            fields.end(&["key"])?;
            Ok(Step::Key(key))
        }
        What::Bool(_) | What::List(_) => text.refuse(json.at, "this is no step of a path"),
    };
    text.list(json)?.iter().map(step).collect()
}

/// A date of a waiver, in days.
pub(super) fn date<'t>(text: Text<'t>, json: &Json<'t>) -> Result<i32, ReadError> {
    scalars::date(text.text(json)?).or_else(|_| text.refuse(json.at, "this is no date"))
}

/// The first step of an address; what follows its `.` is left.
fn step_of(rest: &mut &str) -> Option<(Name, Option<Name>)> {
    let name = if rest.starts_with('"') {
        quoted(rest)?
    } else {
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let (name, after) = rest.split_at_checked(end)?;
        *rest = after;
        is_word(name).then(|| Name::new(name))?
    };
    let key = match rest.strip_prefix('[') {
        Some(after) => {
            *rest = after;
            let key = quoted(rest)?;
            *rest = rest.strip_prefix(']')?;
            Some(key)
        }
        None => None,
    };
    if !rest.is_empty() {
        *rest = rest.strip_prefix('.').filter(|rest| !rest.is_empty())?;
    }
    Some((name, key))
}

/// A name in quotation marks.
fn quoted(rest: &mut &str) -> Option<Name> {
    let mut escaped = false;
    let end = rest.char_indices().skip(1).find_map(|(at, character)| {
        let ends = character == '"' && !escaped;
        escaped = character == '\\' && !escaped;
        ends.then_some(at + 1)
    })?;
    let (name, after) = rest.split_at_checked(end)?;
    let json = super::json::parse(name).ok()?;
    *rest = after;
    match json.what {
        What::Text(name) => Some(Name::new(&name)),
        _ => None,
    }
}
