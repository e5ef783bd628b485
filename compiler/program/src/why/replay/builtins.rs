//! Built-in functions that pass parts on as they are: each part keeps what it was made of. All others are made of all that went
//! in.

use check::builtins::{BuiltIn, Later};
use value::{Store, Value, ValueId};

use super::flows::distinct;
use super::{Deps, Kids, Replay, Traced};

impl Replay<'_, '_> {
    pub(super) fn builtin(&mut self, builtin: &'static BuiltIn, args: &[Traced]) -> Traced {
        let Some(first) = args.first() else { return self.whole_builtin(builtin, args) };
        // `8080/tcp` is a number and a protocol.
        if let (Kids::Tagged(parts), true) = (&first.known().kids, builtin.signature.starts_with("(self: port)")) {
            let part = match builtin.name {
                "protocol" => parts.get(1),
                "first" | "last" | "is_range" => parts.first(),
                _ => None,
            };
            if let Some(part) = part {
                let value = self.whole_builtin(builtin, args).value;
                return Traced::made(value, part.all().and(&first.known().deps));
            }
        }
        let passed = match builtin.name {
            "first" | "last" if builtin.signature.contains("range<") => match &first.known().kids {
                Kids::Range(ends) => {
                    Some(if builtin.name == "first" { ends.0.clone() } else { ends.1.clone() }.with(&first.deps))
                }
                _ => None,
            },
            "first" | "last" if builtin.signature.starts_with("(list:") => {
                first.elements(&self.store).map(|elements| {
                    let end = if builtin.name == "first" { elements.first() } else { elements.last() };
                    let shape = first.order();
                    end.map_or_else(|| Traced::absent(shape.clone()), |end| end.clone().with(&shape.decides()))
                })
            }
            "count" => {
                let counted = self.whole_builtin(builtin, args);
                counted.value.map(|value| Traced::leaf(value, first.presence()))
            }
            "keys" => first.entries(&mut self.store).map(|entries| {
                let keys = entries.into_iter().map(|(key, _)| key).collect();
                Traced::list(&mut self.store, keys, first.order())
            }),
            "values" => first.entries(&mut self.store).map(|entries| {
                let values = entries.into_iter().map(|(_, value)| value).collect();
                Traced::list(&mut self.store, values, first.order())
            }),
            "get" => match args.get(1).and_then(|key| key.value).and_then(|key| self.deep_known(key)) {
                Some(key) => {
                    let deps = args.get(1).map_or_else(Deps::default, Traced::forced);
                    let is_map = first.entries(&mut self.store).is_some();
                    let found = is_map.then(|| {
                        self.element_at(&first.known(), key)
                            .unwrap_or_else(|| Traced::absent(first.presence().decides()))
                    });
                    found.map(|found| found.with(&deps))
                }
                None => None,
            },
            "flatten" => first.elements(&self.store).and_then(|lists| {
                let mut shape = first.presence();
                let mut all = Vec::new();
                for list in lists {
                    shape = shape.and(&list.order());
                    all.extend(list.elements(&self.store)?);
                }
                Some(Traced::list(&mut self.store, all, shape))
            }),
            "distinct" => first.elements(&self.store).map(|elements| {
                let kept = distinct(elements, &self.store);
                // Two that become the same are one less, but that is seldom why a list is as long as it is.
                Traced::list(&mut self.store, kept, first.presence())
            }),
            "compact" => first.elements(&self.store).map(|elements| {
                let mut shape = first.presence();
                let mut kept = Vec::new();
                for element in elements {
                    shape = shape.and(&element.deps.there());
                    if !element.is_absent() {
                        kept.push(element);
                    }
                }
                Traced::list(&mut self.store, kept, shape)
            }),
            "ordered" | "reverse" | "sort" | "sort_by" | "take" | "skip" | "drop" => self.rearranged(builtin, args),
            "group_by" => self.grouped(first),
            "enumerate" => None,
            _ => None,
        };
        passed.unwrap_or_else(|| self.whole_builtin(builtin, args))
    }

    /// A built-in that was not retraced in detail: its value, made of all that went in.
    pub(super) fn whole_builtin(&mut self, builtin: &check::builtins::BuiltIn, args: &[Traced]) -> Traced {
        let values: Option<Vec<ValueId>> = args.iter().map(|arg| arg.value).collect();
        let reference =
            values.as_ref().is_some_and(|values| values.iter().any(|value| self.store.holds(*value).reference()));
        let value = values.and_then(|values| match builtin.later {
            Later::Op(value::Op::Fingerprint) if reference => {
                values.first().and_then(|value| value::ops::print_of(&mut self.store, *value).ok())
            }
            Later::Op(op) if reference => Some(self.store.add(Value::Op { op, args: values.into() })),
            Later::Shape => {
                let values: Vec<ValueId> = values.iter().map(|value| self.store.folded(*value)).collect();
                (builtin.evaluate)(&mut self.store, &values).ok()
            }
            Later::Parts => (builtin.evaluate)(&mut self.store, &values).ok(),
            Later::Refused | Later::Op(_) => {
                let values: Option<Vec<ValueId>> = values.iter().map(|value| self.deep_known(*value)).collect();
                (builtin.evaluate)(&mut self.store, &values?).ok()
            }
        });
        let passes_on = matches!(builtin.later, Later::Op(_) | Later::Parts) && reference;
        let deps =
            args.iter().fold(Deps::default(), |deps, arg| deps.and(&if passes_on { arg.all() } else { arg.forced() }));
        Traced::made(value, deps)
    }

    /// A list of which the elements stand in another order, or only some of them: each is found by its value.
    fn rearranged(&mut self, builtin: &'static BuiltIn, args: &[Traced]) -> Option<Traced> {
        let first = args.first()?;
        let whole = self.whole_builtin(builtin, args);
        let elements = first.elements(&self.store)?;
        let Value::List(values) = self.store.get(whole.value?).clone() else { return None };
        let mut used = vec![false; elements.len()];
        let mut kept = Vec::with_capacity(values.len());
        for value in values.iter() {
            let at = elements.iter().enumerate().position(|(at, element)| {
                !used.get(at).copied().unwrap_or(true)
                    && (self.same(element, *value) || by_value(&self.store, element) == Some(*value))
            })?;
            if let Some(used) = used.get_mut(at) {
                *used = true;
            }
            let element = elements.get(at)?;
            kept.push(
                match (&element.kids, by_value(&self.store, element) == Some(*value) && !self.same(element, *value)) {
                    (Kids::Tagged(fields), true) => fields.get(1)?.clone().with(&element.deps),
                    _ => element.clone(),
                },
            );
        }
        let order = whole.deps.there();
        Some(Traced::list(&mut self.store, kept, first.presence().and(&order)))
    }

    /// `group_by([for x in xs by k: x])`
    fn grouped(&mut self, list: &Traced) -> Option<Traced> {
        let mut groups: Vec<(Traced, Vec<Traced>)> = Vec::new();
        let mut shape = list.presence();
        for element in list.elements(&self.store)? {
            let Kids::Tagged(fields) = &element.kids else { return None };
            let (key, value) = (fields.first()?, fields.get(1)?.clone().with(&element.deps));
            let known = self.deep_known(key.value?)?;
            shape = shape.and(&key.forced());
            let key =
                Traced { value: Some(known), deps: element.deps.clone(), content: key.forced(), ..Traced::default() };
            match groups.iter_mut().find(|(other, _)| other.value == key.value) {
                Some((other, values)) => {
                    *other = other.clone().with(&key.all().there());
                    values.push(value);
                }
                None => groups.push((key, vec![value])),
            }
        }
        let mut entries = Vec::with_capacity(groups.len());
        for (key, values) in groups {
            let values = Traced::list(&mut self.store, values, shape.there());
            entries.push((key, values));
        }
        Some(Traced::map(&mut self.store, entries, shape))
    }
}

/// The element of `[for … by k: e]` without its key.
fn by_value(store: &Store, element: &Traced) -> Option<ValueId> {
    match store.get(element.value?) {
        Value::Tagged { tag, fields } if tag.text() == "by" => fields.get(1).copied(),
        _ => None,
    }
}
