//! Order and equality of values. [`compare`] is the language's `<`: only what has an order there; [`Store::compare_content`] is
//! a total order by content, for keys and for anything that is sorted before it is shown.

use std::cmp::Ordering;

use bigdecimal::BigDecimal;
use source::Name;

use crate::{Address, AddressId, Fault, Store, Value, ValueId};

/// The language's `<`, `<=`, `>`, `>=`: numbers (an int with a decimal or a ratio too), sizes, durations, dates, texts, addresses.
pub fn compare(store: &Store, left: ValueId, right: ValueId) -> Result<Ordering, Fault> {
    let (left, right) = (store.folded(left), store.folded(right));
    match (store.get(left), store.get(right)) {
        (Value::Int(left), Value::Int(right))
        | (Value::Size(left), Value::Size(right))
        | (Value::Duration(left), Value::Duration(right)) => Ok(left.cmp(right)),
        (Value::Date(left), Value::Date(right)) => Ok(left.cmp(right)),
        (Value::Text(left), Value::Text(right)) => Ok(left.cmp(right)),
        (Value::Ip(left), Value::Ip(right)) => Ok(left.cmp(right)),
        (Value::Bool(left), Value::Bool(right)) => Ok(left.cmp(right)),
        (left_value, right_value) => match (left_value.as_number(), right_value.as_number()) {
            (Some(left), Some(right)) => Ok(left.cmp(&right)),
            _ if store.is_later(left) || store.is_later(right) => Err(Fault::new(
                "later_value",
                format!(
                    "`{}` is known only after it was applied",
                    store.show_short(if store.is_later(left) { left } else { right })
                ),
                "decide by something that is known before",
            )),
            _ => Err(Fault::new(
                "wrong_operands",
                format!("`{}` and `{}` have no order", store.show_short(left), store.show_short(right)),
                "numbers, sizes, durations, dates, texts and addresses are compared with their own sort",
            )),
        },
    }
}

/// Whether two values are equal, references standing for what they are folded to; nothing when only applying will tell.
pub fn equal(store: &Store, left: ValueId, right: ValueId) -> Option<bool> {
    let (left, right) = (store.folded(left), store.folded(right));
    if left == right {
        // The same reference is the same value, whatever it will be.
        return Some(true);
    }
    if store.is_later(left) || store.is_later(right) {
        return None;
    }
    match (store.get(left), store.get(right)) {
        (Value::List(left), Value::List(right)) => all_equal(store, left, right),
        (Value::Tagged { tag: left_tag, fields: left }, Value::Tagged { tag: right_tag, fields: right }) => {
            if left_tag == right_tag { all_equal(store, left, right) } else { Some(false) }
        }
        (Value::Record(left), Value::Record(right)) => {
            if left.len() != right.len() || left.iter().zip(right).any(|(left, right)| left.0 != right.0) {
                return Some(false);
            }
            both(left.iter().zip(right).map(|(left, right)| equal(store, left.1, right.1)))
        }
        (Value::Map(left), Value::Map(right)) => {
            if left.len() != right.len() || left.iter().zip(right).any(|(left, right)| left.0 != right.0) {
                return Some(false);
            }
            both(left.iter().zip(right).map(|(left, right)| equal(store, left.1, right.1)))
        }
        (Value::Range(left_first, left_last), Value::Range(right_first, right_last)) => {
            both([equal(store, *left_first, *right_first), equal(store, *left_last, *right_last)].into_iter())
        }
        (left, right) => match (left.as_number(), right.as_number()) {
            (Some(left), Some(right)) => Some(left == right),
            _ => Some(false),
        },
    }
}

/// Whether two lists have the same elements, in whatever order and however often; anything else as [`equal`].
pub fn equal_sets(store: &Store, left: ValueId, right: ValueId) -> Option<bool> {
    let sorted = |of: ValueId| match store.get(store.folded(of)) {
        Value::List(elements) => {
            let mut elements: Vec<ValueId> = elements.iter().map(|element| store.folded(*element)).collect();
            elements.sort_by(|left, right| store.compare_content(*left, *right));
            elements.dedup();
            Some(elements)
        }
        _ => None,
    };
    match (sorted(left), sorted(right)) {
        (Some(left), Some(right)) => all_equal(store, &left, &right),
        _ => equal(store, left, right),
    }
}

fn all_equal(store: &Store, left: &[ValueId], right: &[ValueId]) -> Option<bool> {
    if left.len() != right.len() {
        return Some(false);
    }
    both(left.iter().zip(right).map(|(left, right)| equal(store, *left, *right)))
}

/// False when one is false; else undecided when one is; else true.
fn both(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut all = Some(true);
    for answer in answers {
        match answer {
            Some(false) => return Some(false),
            None => all = None,
            Some(true) => {}
        }
    }
    all
}

impl Value {
    /// An int, a decimal or a ratio as a number.
    pub(crate) fn as_number(&self) -> Option<BigDecimal> {
        match self {
            Value::Int(number) => Some(BigDecimal::from(*number)),
            Value::Decimal(number) | Value::Ratio(number) => Some(number.clone()),
            _ => None,
        }
    }
}

impl Store {
    /// A total order by content: first by sort of value (numbers are of one), then by what it says. Ids decide nothing.
    pub fn compare_content(&self, left: ValueId, right: ValueId) -> Ordering {
        if left == right {
            return Ordering::Equal;
        }
        let each = |left: &[ValueId], right: &[ValueId]| self.compare_lists(left, right);
        match (self.get(left), self.get(right)) {
            (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
            (Value::Int(left), Value::Int(right))
            | (Value::Size(left), Value::Size(right))
            | (Value::Duration(left), Value::Duration(right)) => left.cmp(right),
            (Value::Decimal(left), Value::Decimal(right)) | (Value::Ratio(left), Value::Ratio(right)) => {
                left.cmp(right)
            }
            (Value::Text(left), Value::Text(right)) => left.cmp(right),
            (Value::Ip(left), Value::Ip(right)) => left.cmp(right),
            (Value::Cidr(left), Value::Cidr(right)) => left.cmp(right),
            (Value::Date(left), Value::Date(right)) => left.cmp(right),
            (Value::Port { first: a, last: b, protocol: c }, Value::Port { first: x, last: y, protocol: z }) => {
                (a, b, c.text()).cmp(&(x, y, z.text()))
            }
            (Value::List(left), Value::List(right)) => each(left, right),
            (Value::Tagged { tag: left_tag, fields: left }, Value::Tagged { tag: right_tag, fields: right }) => {
                left_tag.text().cmp(right_tag.text()).then_with(|| each(left, right))
            }
            (Value::Op { op: left_op, args: left }, Value::Op { op: right_op, args: right }) => {
                left_op.cmp(right_op).then_with(|| each(left, right))
            }
            (Value::Range(a, b), Value::Range(x, y)) => each(&[*a, *b], &[*x, *y]),
            (
                Value::Flow { key: left_key, from, to, alone: [callers, called] },
                Value::Flow { key: right_key, from: other_from, to: other_to, alone: [other_callers, other_called] },
            ) => self
                .compare_content(*left_key, *right_key)
                .then_with(|| each(from, other_from))
                .then_with(|| each(to, other_to))
                .then_with(|| each(callers, other_callers))
                .then_with(|| each(called, other_called)),
            (Value::Record(left), Value::Record(right)) => {
                let parts = left.iter().zip(right);
                parts
                    .map(|(left, right)| {
                        left.0.text().cmp(right.0.text()).then_with(|| self.compare_content(left.1, right.1))
                    })
                    .find(|order| order.is_ne())
                    .unwrap_or_else(|| left.len().cmp(&right.len()))
            }
            (Value::Map(left), Value::Map(right)) => {
                let parts = left.iter().zip(right);
                parts
                    .map(|(left, right)| {
                        self.compare_content(left.0, right.0).then_with(|| self.compare_content(left.1, right.1))
                    })
                    .find(|order| order.is_ne())
                    .unwrap_or_else(|| left.len().cmp(&right.len()))
            }
            (Value::Instance(left), Value::Instance(right)) => self.compare_addresses(*left, *right),
            (Value::Endpoint(left, left_port), Value::Endpoint(right, right_port)) => {
                self.compare_addresses(*left, *right).then_with(|| left_port.text().cmp(right_port.text()))
            }
            (
                left_value @ (Value::Ref { .. } | Value::Platform { .. }),
                right_value @ (Value::Ref { .. } | Value::Platform { .. }),
            ) => rank(left_value).cmp(&rank(right_value)).then_with(|| self.show(left).cmp(&self.show(right))),
            (left, right) => match (left.as_number(), right.as_number()) {
                // `1.5` stands between `1` and `2`.
                (Some(left_number), Some(right_number)) => {
                    left_number.cmp(&right_number).then_with(|| rank(left).cmp(&rank(right)))
                }
                _ => rank(left).cmp(&rank(right)),
            },
        }
    }

    fn compare_lists(&self, left: &[ValueId], right: &[ValueId]) -> Ordering {
        let unequal =
            left.iter().zip(right).map(|(left, right)| self.compare_content(*left, *right)).find(|order| order.is_ne());
        unequal.unwrap_or_else(|| left.len().cmp(&right.len()))
    }

    /// Address order: step by step from the top, by name, then by key; an address comes before what is beneath it.
    pub fn compare_addresses(&self, left: AddressId, right: AddressId) -> Ordering {
        let (left_depth, right_depth) = (self.depth(left), self.depth(right));
        let mut at = (
            self.above(left, left_depth.saturating_sub(right_depth)),
            self.above(right, right_depth.saturating_sub(left_depth)),
        );
        if at.0 == at.1 {
            return left_depth.cmp(&right_depth);
        }
        // Both stand equally deep: the steps right beneath what they have in common decide.
        loop {
            let (left, right) = (self.step(at.0), self.step(at.1));
            match (left.parent, right.parent) {
                (Some(left), Some(right)) if left != right => at = (left, right),
                _ => return compare_steps(left, right),
            }
        }
    }

    /// How many addresses an address stands beneath.
    fn depth(&self, id: AddressId) -> usize {
        std::iter::successors(self.step(id).parent, |above| self.step(*above).parent).count()
    }

    /// The address so many steps above this one.
    fn above(&self, id: AddressId, steps: usize) -> AddressId {
        (0..steps).fold(id, |at, _| self.step(at).parent.unwrap_or(at))
    }

    /// The steps of an address from the top.
    pub fn steps(&self, id: AddressId) -> Vec<Address> {
        let mut steps = Vec::new();
        let mut next = Some(id);
        while let Some(id) = next {
            let step = self.step(id);
            next = step.parent;
            steps.push(step);
        }
        steps.reverse();
        steps
    }
}

fn compare_steps(left: Address, right: Address) -> Ordering {
    let by_name = if left.name == right.name { Ordering::Equal } else { left.name.text().cmp(right.name.text()) };
    by_name.then_with(|| left.key.map(Name::text).cmp(&right.key.map(Name::text)))
}

/// The order of the sorts of values among each other.
fn rank(value: &Value) -> u8 {
    match value {
        Value::Absent => 0,
        Value::Null => 1,
        Value::Unknown(_) => 2,
        Value::Bool(_) => 3,
        Value::Int(_) => 4,
        Value::Decimal(_) => 5,
        Value::Ratio(_) => 6,
        Value::Size(_) => 7,
        Value::Duration(_) => 8,
        Value::Date(_) => 9,
        Value::Text(_) => 10,
        Value::Ip(_) => 11,
        Value::Cidr(_) => 12,
        Value::Port { .. } => 13,
        Value::Range(..) => 14,
        Value::List(_) => 15,
        Value::Record(_) => 16,
        Value::Map(_) => 17,
        Value::Tagged { .. } => 18,
        Value::Instance(_) => 19,
        Value::Endpoint(..) => 20,
        Value::Flow { .. } => 21,
        Value::Platform { .. } => 22,
        Value::Ref { .. } => 23,
        Value::Op { .. } => 24,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_ordered_by_what_they_say() {
        let mut store = Store::default();
        let zebra = store.text("zebra");
        let ant = store.text("ant");
        let one = store.add(Value::Int(1));
        let map = store.map(vec![(zebra, one), (ant, one)]);
        assert_eq!(store.get(map), &Value::Map([(ant, one), (zebra, one)].into()));
    }

    #[test]
    fn addresses_are_ordered_step_by_step() {
        let mut store = Store::default();
        let mut add = |parent, name: &str, key: Option<&str>| {
            store.address(Address { parent, name: Name::new(name), key: key.map(Name::new) })
        };
        let front_b = add(None, "front", Some("b"));
        let front_a = add(None, "front", Some("a"));
        let guard = add(Some(front_a), "guard", None);
        let front2 = add(None, "front2", None);
        let door = add(Some(front2), "door", None);
        let lock = add(Some(guard), "lock", None);
        let mut all = [door, front2, front_b, lock, guard, front_a];
        all.sort_by(|left, right| store.compare_addresses(*left, *right));
        assert_eq!(all, [front_a, guard, lock, front_b, front2, door]);
    }
}
