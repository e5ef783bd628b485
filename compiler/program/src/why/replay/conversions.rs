//! Changes of form that the checker inserted: the parts keep what they were made of.

use check::code::{Conversion, Scalar};
use value::{ScalarKind, Store, Value, ValueId};

use super::{Deps, Frame, Kids, Replay, Traced};

impl<'a> Replay<'_, 'a> {
    pub(super) fn convert(&mut self, frame: &mut Frame, how: &'a Conversion, of: Traced) -> Traced {
        if of.is_absent() {
            return of;
        }
        match how {
            Conversion::ToRange => match of.known().value.map(|value| self.store.get(value)) {
                Some(Value::Range(..)) => of,
                _ => {
                    let value = of.value.map(|value| self.store.add(Value::Range(value, value)));
                    Traced { value, kids: Kids::Range((of.clone(), of).into()), ..Traced::default() }
                }
            },
            Conversion::ToList => match of.known().value.map(|value| self.store.get(value)) {
                Some(Value::List(_)) => of,
                _ => Traced::list(&mut self.store, vec![of], Deps::default()),
            },
            Conversion::Complete(defaults) => {
                let record = of.known();
                let Kids::Fields(fields) = &record.kids else { return of };
                let missing: Vec<_> = defaults.iter().filter(|(name, _)| !fields.iter().any(|(field, _, value)| field == name && !value.is_absent())).collect();
                if missing.is_empty() {
                    return of;
                }
                let mut fields = fields.to_vec();
                for (name, code) in missing {
                    let value = self.run(frame, code);
                    fields.push((*name, Deps::default(), value));
                }
                Traced::record(&mut self.store, fields, record.shape.clone()).with(&record.deps)
            }
            Conversion::RecordToMap => match (of.entries(&mut self.store), of.known().value.map(|value| self.store.get(value))) {
                (Some(entries), Some(Value::Record(_)) | None) => Traced::map(&mut self.store, entries, of.shape.clone()).with(&of.deps),
                _ => of,
            },
            Conversion::IntToDecimal | Conversion::RatioToDecimal => self.scalar(of, &|store, value| match store.get(value).clone() {
                Value::Int(number) => {
                    let Value::Decimal(exact) = Value::Decimal(number.into()) else { return None };
                    Some(store.add(Value::Decimal(exact.normalized())))
                }
                Value::Ratio(number) if matches!(how, Conversion::RatioToDecimal) => Some(store.add(Value::Decimal(number))),
                Value::Decimal(number) if matches!(how, Conversion::RatioToDecimal) => Some(store.add(Value::Ratio(number))),
                _ => Some(value),
            }),
            Conversion::FromText(scalar) => {
                let kind = kind_of(*scalar);
                self.scalar(of, &|store, value| {
                    let Value::Text(text) = store.get(value) else { return Some(value) };
                    let parsed = value::parse_scalar(kind, text).ok()?;
                    Some(store.add(parsed))
                })
            }
            Conversion::ToText => self.scalar(of, &|store, value| {
                let text = match store.get(value) {
                    Value::Text(_) => return Some(value),
                    Value::Decimal(number) => value::number_text(number),
                    _ => store.text_of(value).ok()?,
                };
                Some(store.text(text))
            }),
        }
    }

    /// Converts a scalar; what is behind a reference is converted there.
    fn scalar(&mut self, of: Traced, convert: &dyn Fn(&mut Store, ValueId) -> Option<ValueId>) -> Traced {
        match (of.value.map(|value| self.store.get(value).clone()), &of.kids) {
            (Some(Value::Ref { of: address, path, secret, .. }), Kids::Known(known)) => {
                let known = self.scalar(known.as_ref().clone(), convert);
                let value = known.value.map(|folded| self.store.add(Value::Ref { of: address, path, folded: Some(folded), secret }));
                Traced { value, kids: Kids::Known(known.into()), ..of }
            }
            (Some(Value::Ref { .. } | Value::Op { .. }), _) => of,
            (Some(Value::Range(..)), Kids::Range(ends)) => {
                let (first, last) = (self.scalar(ends.0.clone(), convert), self.scalar(ends.1.clone(), convert));
                let value = first.value.zip(last.value).map(|(first, last)| self.store.add(Value::Range(first, last)));
                Traced { value, kids: Kids::Range((first, last).into()), ..of }
            }
            (Some(_), _) => Traced { value: of.value.and_then(|value| convert(&mut self.store, value)), ..of },
            (None, _) => of,
        }
    }
}

/// The checker's scalars in the words of the value store.
fn kind_of(scalar: Scalar) -> ScalarKind {
    match scalar {
        Scalar::Bool => ScalarKind::Bool,
        Scalar::Int => ScalarKind::Int,
        Scalar::Decimal => ScalarKind::Decimal,
        Scalar::String => ScalarKind::Text,
        Scalar::Image => ScalarKind::Image,
        Scalar::Url => ScalarKind::Url,
        Scalar::Version => ScalarKind::Version,
        Scalar::Cron => ScalarKind::Cron,
        Scalar::Promql => ScalarKind::Promql,
        Scalar::Duration => ScalarKind::Duration,
        Scalar::Size => ScalarKind::Size,
        Scalar::Ratio => ScalarKind::Ratio,
        Scalar::Ip => ScalarKind::Ip,
        Scalar::Cidr => ScalarKind::Cidr,
        Scalar::Port => ScalarKind::Port,
        Scalar::Date => ScalarKind::Date,
    }
}
