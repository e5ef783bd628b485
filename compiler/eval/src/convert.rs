//! Changes of form that the checker inserted. A reference is passed on; what it is known to be is converted.

use bigdecimal::BigDecimal;
use check::code::{Conversion, Scalar};
use source::Place;
use value::{Fault, Op, Store, Value, ValueId};

use crate::evaluate::Evaluation;
use crate::frame::Frame;

impl<'a> Evaluation<'a> {
    /// The value in the form that its place needs. Absent stays absent.
    pub(crate) fn convert(&mut self, frame: &mut Frame, how: &'a Conversion, value: ValueId, place: Place) -> ValueId {
        if value == Store::ABSENT || self.is_unknown(value) {
            return value;
        }
        match how {
            Conversion::ToRange => match self.store.get(self.store.folded(value)) {
                Value::Range(..) => value,
                _ => self.store.add(Value::Range(value, value)),
            },
            Conversion::ToList => match self.store.get(self.store.folded(value)) {
                Value::List(_) => value,
                _ => self.store.list([value]),
            },
            Conversion::IntToDecimal | Conversion::RatioToDecimal | Conversion::FromText(_) | Conversion::Measured => {
                self.scalar(value, place, &|store, known| converted(store, known, how))
            }
            Conversion::ToText => self.native_text(value, place),
            Conversion::Seal => self.sealed(value, place),
            Conversion::Complete(defaults) => {
                let Some(known) = self.known(value) else { return value };
                let Value::Record(fields) = self.store.get(known) else { return value };
                let missing: Vec<_> =
                    defaults.iter().filter(|(name, _)| !fields.iter().any(|(field, _)| field == name)).collect();
                if missing.is_empty() {
                    return value;
                }
                let mut fields = fields.to_vec();
                for (name, code) in missing {
                    fields.push((*name, self.run(frame, code)));
                }
                self.store.record(fields)
            }
            Conversion::RecordToMap => {
                let Some(known) = self.known(value) else { return value };
                let Value::Record(fields) = self.store.get(known) else { return value };
                let fields = fields.clone();
                let mut entries = Vec::with_capacity(fields.len());
                for (name, value) in fields.iter() {
                    entries.push((self.store.text(name.text()), *value));
                }
                self.store.map(entries)
            }
        }
    }

    /// Converts a scalar; of a reference, what it is known to be; what is later is passed on as it is.
    fn scalar(
        &mut self,
        value: ValueId,
        place: Place,
        convert: &dyn Fn(&mut Store, ValueId) -> Result<ValueId, Fault>,
    ) -> ValueId {
        match self.store.get(value).clone() {
            Value::Ref { of, path, folded: Some(known), secret } => {
                let Some(known) = self.known(known) else { return value };
                match convert(&mut self.store, known) {
                    Ok(folded) => self.store.add(Value::Ref { of, path, folded: Some(folded), secret }),
                    Err(fault) => self.fault_of(place, &fault, &[known]),
                }
            }
            Value::Ref { folded: None, .. } | Value::Op { .. } => value,
            Value::Range(first, last) => {
                let first = self.scalar(first, place, convert);
                let last = self.scalar(last, place, convert);
                self.store.add(Value::Range(first, last))
            }
            _ => match convert(&mut self.store, value) {
                Ok(value) => value,
                Err(fault) => self.fault_of(place, &fault, &[value]),
            },
        }
    }

    fn native_text(&mut self, value: ValueId, place: Place) -> ValueId {
        match self.store.get(value) {
            Value::Text(_) => value,
            // A text of another resource, most of all: no conversion in any target.
            Value::Ref { .. }
            | Value::Op {
                op: Op::Text | Op::Json | Op::Base64 | Op::Lower | Op::ParseIp | Op::ParseCidr | Op::HostCidr,
                ..
            } => self.scalar(value, place, &plain_text),
            Value::Op { .. } => self.residual(Op::Text, &[value], place),
            _ => self.scalar(value, place, &plain_text),
        }
    }
}

/// A known scalar in another form; what has no other form stays as it is.
pub fn converted(store: &mut Store, value: ValueId, how: &Conversion) -> Result<ValueId, Fault> {
    match how {
        Conversion::IntToDecimal => int_to_decimal(store, value),
        Conversion::RatioToDecimal => ratio_to_decimal(store, value),
        Conversion::FromText(scalar) => from_text(store, value, *scalar),
        Conversion::ToText => plain_text(store, value),
        Conversion::Measured => measured(store, value),
        Conversion::ToRange
        | Conversion::ToList
        | Conversion::Complete(_)
        | Conversion::RecordToMap
        | Conversion::Seal => Ok(value),
    }
}

fn int_to_decimal(store: &mut Store, value: ValueId) -> Result<ValueId, Fault> {
    Ok(match store.get(value) {
        Value::Int(number) => {
            let number = BigDecimal::from(*number).normalized();
            store.add(Value::Decimal(number))
        }
        _ => value,
    })
}

fn ratio_to_decimal(store: &mut Store, value: ValueId) -> Result<ValueId, Fault> {
    let converted = match store.get(value) {
        Value::Ratio(number) => Value::Decimal(number.clone()),
        Value::Decimal(number) => Value::Ratio(number.clone()),
        _ => return Ok(value),
    };
    Ok(store.add(converted))
}

fn plain_text(store: &mut Store, value: ValueId) -> Result<ValueId, Fault> {
    let text = match store.get(value) {
        Value::Text(_) => return Ok(value),
        // Decimals have a form in a native text: the shortest exact one.
        Value::Decimal(number) => value::number_text(number),
        _ => store.text_of(value)?,
    };
    Ok(store.text(text))
}

fn measured(store: &mut Store, value: ValueId) -> Result<ValueId, Fault> {
    let (is_below, what) = match store.get(value) {
        Value::Duration(length) => (*length < 0, "no time"),
        Value::Size(bytes) => (*bytes < 0, "no size"),
        Value::Int(number) => (*number < -1, "nothing that is measured"),
        _ => (false, ""),
    };
    if !is_below {
        return Ok(value);
    }
    let shown = store.show_short(value);
    Err(Fault::new(
        "bad_scalar",
        format!("`{shown}`: {what} is below zero"),
        "write how much is meant, or leave the field out",
    ))
}

/// A known text as a scalar. Anything but a text is that scalar already.
fn from_text(store: &mut Store, value: ValueId, scalar: Scalar) -> Result<ValueId, Fault> {
    let Value::Text(text) = store.get(value) else { return Ok(value) };
    let parsed = value::parse_exact(scalar.kind(), text)?;
    Ok(store.add(parsed))
}
