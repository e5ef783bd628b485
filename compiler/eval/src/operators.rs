//! Operators on values: what is known is computed, texts and equality of later values remain as residuals, the rest is too late.

use std::cmp::Ordering;

use check::code::BinaryOperator;
use source::Place;
use value::{Arithmetic, Fault, Op, Store, Value, ValueId};

use crate::evaluate::Evaluation;

impl Evaluation<'_> {
    /// The value of an operator on two values.
    pub(crate) fn binary(&mut self, operator: BinaryOperator, left: ValueId, right: ValueId, place: Place) -> ValueId {
        if self.is_unknown(left) {
            return left;
        }
        if self.is_unknown(right) {
            return right;
        }
        match operator {
            BinaryOperator::Equal | BinaryOperator::NotEqual => {
                self.equality(operator == BinaryOperator::Equal, left, right, place)
            }
            BinaryOperator::Concatenate => self.concatenate(left, right, place),
            BinaryOperator::In => self.membership(left, right, place),
            BinaryOperator::Range => match (self.known(left), self.known(right)) {
                (Some(first), Some(last)) => self.computed(place, |store| value::range(store, first, last)),
                _ => self.store.add(Value::Range(left, right)),
            },
            BinaryOperator::Add => self.calculate(Arithmetic::Add, left, right, place),
            BinaryOperator::Subtract => self.calculate(Arithmetic::Subtract, left, right, place),
            BinaryOperator::Multiply => self.calculate(Arithmetic::Multiply, left, right, place),
            BinaryOperator::Divide => self.calculate(Arithmetic::Divide, left, right, place),
            BinaryOperator::IntegerDivide => self.calculate(Arithmetic::IntegerDivide, left, right, place),
            BinaryOperator::Modulo => self.calculate(Arithmetic::Modulo, left, right, place),
            BinaryOperator::Less => self.comparison(Ordering::is_lt, left, right, place),
            BinaryOperator::LessOrEqual => self.comparison(Ordering::is_le, left, right, place),
            BinaryOperator::Greater => self.comparison(Ordering::is_gt, left, right, place),
            BinaryOperator::GreaterOrEqual => self.comparison(Ordering::is_ge, left, right, place),
        }
    }

    fn calculate(&mut self, operator: Arithmetic, left: ValueId, right: ValueId, place: Place) -> ValueId {
        match self.both_known(left, right, place) {
            Ok((left, right)) => match value::calculate(&mut self.store, operator, left, right) {
                Ok(value) => value,
                Err(fault) => self.fault_of(place, &fault, &[left, right]),
            },
            Err(unknown) => unknown,
        }
    }

    fn comparison(&mut self, holds: fn(Ordering) -> bool, left: ValueId, right: ValueId, place: Place) -> ValueId {
        match self.both_known(left, right, place) {
            Ok((left, right)) => self.computed(place, |store| {
                value::compare(store, left, right).map(|order| store.add(Value::Bool(holds(order))))
            }),
            Err(unknown) => unknown,
        }
    }

    fn both_known(&mut self, left: ValueId, right: ValueId, place: Place) -> Result<(ValueId, ValueId), ValueId> {
        match (self.known(left), self.known(right)) {
            (Some(left), Some(right)) => Ok((left, right)),
            (None, _) => Err(self.too_late(left, place)),
            (Some(_), None) => Err(self.too_late(right, place)),
        }
    }

    /// The result of an operation on values, or its fault told.
    pub(crate) fn computed(
        &mut self,
        place: Place,
        operation: impl FnOnce(&mut Store) -> Result<ValueId, Fault>,
    ) -> ValueId {
        match operation(&mut self.store) {
            Ok(value) => value,
            Err(fault) => self.fault(place, &fault),
        }
    }

    /// `-x`
    pub(crate) fn negate(&mut self, of: ValueId, place: Place) -> ValueId {
        if self.is_unknown(of) {
            return of;
        }
        let Some(known) = self.known(of) else { return self.too_late(of, place) };
        self.computed(place, |store| value::negate(store, known))
    }

    fn equality(&mut self, wanted: bool, left: ValueId, right: ValueId, place: Place) -> ValueId {
        let known = match (self.deep_known(left), self.deep_known(right)) {
            (Some(known_left), Some(known_right)) if self.is_set(left) || self.is_set(right) => {
                value::equal_sets(&self.store, known_left, known_right)
            }
            (Some(left), Some(right)) => value::equal(&self.store, left, right),
            // The same reference is the same value, whatever it will be.
            _ => (left == right).then_some(true),
        };
        if let Some(equal) = known {
            return self.store.add(Value::Bool(equal == wanted));
        }
        let equal = self.residual(Op::Equal, &[left, right], place);
        if wanted {
            return equal;
        }
        let (yes, no) = (self.store.add(Value::Bool(true)), self.store.add(Value::Bool(false)));
        self.residual(Op::If, &[equal, no, yes], place)
    }

    fn concatenate(&mut self, left: ValueId, right: ValueId, place: Place) -> ValueId {
        let (known_left, known_right) = (self.known(left), self.known(right));
        let is_text =
            |known: Option<ValueId>| known.is_none_or(|known| matches!(self.store.get(known), Value::Text(_)));
        let reference = self.store.holds(left).reference() || self.store.holds(right).reference();
        if reference && is_text(known_left) && is_text(known_right) {
            return self.residual(Op::Text, &[left, right], place);
        }
        let (Some(known_left), Some(known_right)) = (known_left, known_right) else {
            let late = if known_left.is_none() { left } else { right };
            return self.too_late(late, place);
        };
        match value::concatenate(&mut self.store, known_left, known_right) {
            Ok(value) if self.spend_value(value, place) => value,
            Ok(_) => self.unknown(place, "the budget is used up"),
            Err(fault) => self.fault(place, &fault),
        }
    }

    /// `x in xs`: element of a list, key of a map, value of a range, address of a cidr; a list is in a list with all it has.
    fn membership(&mut self, element: ValueId, collection: ValueId, place: Place) -> ValueId {
        let Some(known) = self.known(collection) else { return self.too_late(collection, place) };
        // Later elements of a list may still leave the answer open, which `contains` tells.
        let known = self.deep_known(known).unwrap_or(known);
        let element = self.deep_known(element).unwrap_or(element);
        match value::contains(&self.store, element, known) {
            Ok(found) => self.store.add(Value::Bool(found)),
            Err(fault) => self.fault(place, &fault),
        }
    }
}
