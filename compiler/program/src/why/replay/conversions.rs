//! Changes of form that the checker inserted: the parts keep what they were made of.

use check::code::Conversion;
use value::Value;

use super::{Deps, Frame, Kids, Replay, Traced};

impl<'a> Replay<'_, 'a> {
    pub(super) fn convert(&mut self, frame: &mut Frame, how: &'a Conversion, of: Traced) -> Traced {
        if of.is_absent() {
            return of;
        }
        match how {
            Conversion::Seal => of,
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
                let missing: Vec<_> = defaults
                    .iter()
                    .filter(|(name, _)| !fields.iter().any(|(field, _, value)| field == name && !value.is_absent()))
                    .collect();
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
            Conversion::RecordToMap => {
                match (of.entries(&mut self.store), of.known().value.map(|value| self.store.get(value))) {
                    (Some(entries), Some(Value::Record(_)) | None) => {
                        Traced::map(&mut self.store, entries, of.shape.clone()).with(&of.deps)
                    }
                    _ => of,
                }
            }
            Conversion::IntToDecimal
            | Conversion::RatioToDecimal
            | Conversion::FromText(_)
            | Conversion::ToText
            | Conversion::Measured => self.scalar(of, how),
        }
    }

    /// Converts a scalar; what is behind a reference is converted there.
    fn scalar(&mut self, of: Traced, how: &Conversion) -> Traced {
        match (of.value.map(|value| self.store.get(value).clone()), &of.kids) {
            (Some(Value::Ref { of: address, path, secret, .. }), Kids::Known(known)) => {
                let known = self.scalar(known.as_ref().clone(), how);
                let value = known
                    .value
                    .map(|folded| self.store.add(Value::Ref { of: address, path, folded: Some(folded), secret }));
                Traced { value, kids: Kids::Known(known.into()), ..of }
            }
            (Some(Value::Ref { .. } | Value::Op { .. }), _) => of,
            (Some(Value::Range(..)), Kids::Range(ends)) => {
                let (first, last) = (self.scalar(ends.0.clone(), how), self.scalar(ends.1.clone(), how));
                let value = first.value.zip(last.value).map(|(first, last)| self.store.add(Value::Range(first, last)));
                Traced { value, kids: Kids::Range((first, last).into()), ..of }
            }
            (Some(_), _) => {
                Traced { value: of.value.and_then(|value| eval::converted(&mut self.store, value, how).ok()), ..of }
            }
            (None, _) => of,
        }
    }
}
