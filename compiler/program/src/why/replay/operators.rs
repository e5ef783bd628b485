//! Operators on two values: with which of their parts the result goes.

use check::code::BinaryOperator;
use source::Name;
use value::{Arithmetic, Value};

use super::{Kids, Replay, Traced};

impl Replay<'_, '_> {
    pub(super) fn binary(&mut self, operator: BinaryOperator, left: &Traced, right: &Traced) -> Traced {
        let known = |me: &mut Self, of: &Traced| of.value.and_then(|value| me.deep_known(value));
        let deps = left.forced().and(&right.forced());
        match operator {
            BinaryOperator::Equal | BinaryOperator::NotEqual => {
                let is_empty = |me: &Self, of: &Traced| match of.value.map(|value| me.store.get(value)) {
                    Some(Value::Absent) => true,
                    Some(Value::List(elements)) => elements.is_empty(),
                    Some(Value::Map(entries)) => entries.is_empty(),
                    Some(Value::Record(fields)) => fields.is_empty(),
                    Some(_) | None => false,
                };
                // Presence is known where the value itself is not.
                let by_presence = is_empty(self, left) || is_empty(self, right);
                let is_of_resource = |me: &Self, of: &Traced| {
                    of.value.is_some_and(|value| matches!(me.store.get(value), Value::Ref { .. }))
                };
                let may_be_sets = is_of_resource(self, left) || is_of_resource(self, right);
                let equal = match (known(self, left), known(self, right)) {
                    // Its maker knows whether the order counts.
                    (Some(left), Some(right))
                        if may_be_sets
                            && value::equal(&self.store, left, right)
                                != value::equal_sets(&self.store, left, right) =>
                    {
                        None
                    }
                    (Some(left), Some(right)) => value::equal(&self.store, left, right),
                    _ if by_presence && left.value.is_some() && right.value.is_some() => Some(false),
                    _ => None,
                };
                let deps = if by_presence { left.presence().and(&right.presence()) } else { deps };
                let value =
                    equal.map(|equal| self.store.add(Value::Bool(equal == (operator == BinaryOperator::Equal))));
                Traced::made(value, deps)
            }
            BinaryOperator::Range => {
                let value = left.value.zip(right.value).map(|(left, right)| self.store.add(Value::Range(left, right)));
                Traced { value, kids: Kids::Range((left.clone(), right.clone()).into()), ..Traced::default() }
            }
            BinaryOperator::Concatenate => self.concatenated(left, right),
            BinaryOperator::In => {
                let values = known(self, left).zip(right.known().value);
                let found = values.and_then(|(left, right)| value::contains(&self.store, left, right).ok());
                // What is there is there whatever else is.
                if let (Some(true), Some((wanted, _)), Kids::List(elements)) = (found, values, &right.known().kids)
                    && let Some(element) = elements
                        .iter()
                        .find(|element| element.value.is_some_and(|value| self.store.folded(value) == wanted))
                {
                    let deps = left.forced().and(&element.forced()).and(&right.presence().there());
                    return Traced::leaf(self.store.add(Value::Bool(true)), deps);
                }
                Traced::made(found.map(|found| self.store.add(Value::Bool(found))), deps)
            }
            BinaryOperator::Less
            | BinaryOperator::LessOrEqual
            | BinaryOperator::Greater
            | BinaryOperator::GreaterOrEqual => {
                let values = known(self, left).zip(known(self, right));
                let order = values.and_then(|(left, right)| value::compare(&self.store, left, right).ok());
                let answer = order.map(|order| match operator {
                    BinaryOperator::Less => order.is_lt(),
                    BinaryOperator::LessOrEqual => order.is_le(),
                    BinaryOperator::Greater => order.is_gt(),
                    _ => order.is_ge(),
                });
                Traced::made(answer.map(|answer| self.store.add(Value::Bool(answer))), deps)
            }
            BinaryOperator::Add
            | BinaryOperator::Subtract
            | BinaryOperator::Multiply
            | BinaryOperator::Divide
            | BinaryOperator::IntegerDivide
            | BinaryOperator::Modulo => {
                let arithmetic = match operator {
                    BinaryOperator::Add => Arithmetic::Add,
                    BinaryOperator::Subtract => Arithmetic::Subtract,
                    BinaryOperator::Multiply => Arithmetic::Multiply,
                    BinaryOperator::Divide => Arithmetic::Divide,
                    BinaryOperator::IntegerDivide => Arithmetic::IntegerDivide,
                    _ => Arithmetic::Modulo,
                };
                let values = known(self, left).zip(known(self, right));
                let value =
                    values.and_then(|(left, right)| value::calculate(&mut self.store, arithmetic, left, right).ok());
                Traced::made(value, deps)
            }
        }
    }

    /// `left ++ right`
    fn concatenated(&mut self, left: &Traced, right: &Traced) -> Traced {
        let kind = left.known().value.map(|value| self.store.get(self.store.folded(value)).clone());
        let shape = left.shape.and(&right.shape);
        match kind {
            Some(Value::List(_)) => match (left.elements(&self.store), right.elements(&self.store)) {
                (Some(mut elements), Some(more)) => {
                    elements.extend(more);
                    Traced::list(&mut self.store, elements, shape)
                }
                _ => Traced::unknown(left.all().and(&right.all())),
            },
            Some(Value::Map(_) | Value::Record(_)) => {
                match (left.entries(&mut self.store), right.entries(&mut self.store)) {
                    (Some(mut entries), Some(more)) => {
                        entries.extend(more);
                        if let Some(Value::Record(_)) = kind {
                            let name = |me: &Self, key: &Traced| match key.value.map(|key| me.store.get(key)) {
                                Some(Value::Text(text)) => Name::new(text),
                                Some(_) | None => Name::new(""),
                            };
                            let fields =
                                entries.into_iter().map(|(key, value)| (name(self, &key), key.all(), value)).collect();
                            return Traced::record(&mut self.store, fields, shape);
                        }
                        Traced::map(&mut self.store, entries, shape)
                    }
                    _ => Traced::unknown(left.all().and(&right.all())),
                }
            }
            _ => {
                let values = left.value.zip(right.value);
                let value = values.and_then(|(left, right)| {
                    if self.store.holds(left).reference() || self.store.holds(right).reference() {
                        self.text_of(&[left, right])
                    } else {
                        value::concatenate(&mut self.store, left, right).ok()
                    }
                });
                Traced::made(value, left.all().and(&right.all()))
            }
        }
    }
}
