//! Functions over whole lists and maps. Those that have a key read `[for x in xs by x.name: …]`.

mod any;
mod compact;
mod count;
mod count_by;
mod count_entries;
mod count_true;
mod distinct;
mod distinct_by;
mod enumerate;
mod every;
mod first;
mod flatten;
mod group_by;
mod join;
mod keys;
mod last;
mod max;
mod max_by;
mod min;
mod min_by;
mod ordered;
mod reverse;
mod sort;
mod sort_by;
mod sum_by;
mod sum_decimals;
mod sum_durations;
mod sum_ints;
mod sum_ratios;
mod sum_sizes;
mod values;
mod zip;

use bigdecimal::{BigDecimal, ToPrimitive};
use rustc_hash::FxHashMap;
use value::{Fault, Store, Value, ValueId, scalars};

use super::BuiltIn;

pub(super) static ALL: &[&BuiltIn] = &[
    &sum_ints::BUILT_IN,
    &sum_decimals::BUILT_IN,
    &sum_sizes::BUILT_IN,
    &sum_durations::BUILT_IN,
    &sum_ratios::BUILT_IN,
    &sum_by::BUILT_IN,
    &min_by::BUILT_IN,
    &min::BUILT_IN,
    &max_by::BUILT_IN,
    &max::BUILT_IN,
    &any::BUILT_IN,
    &every::BUILT_IN,
    &count_true::BUILT_IN,
    &count_by::BUILT_IN,
    &count_entries::BUILT_IN,
    &count::BUILT_IN,
    &sort_by::BUILT_IN,
    &sort::BUILT_IN,
    &group_by::BUILT_IN,
    &distinct_by::BUILT_IN,
    &distinct::BUILT_IN,
    &zip::BUILT_IN,
    &enumerate::BUILT_IN,
    &keys::BUILT_IN,
    &values::BUILT_IN,
    &flatten::BUILT_IN,
    &ordered::BUILT_IN,
    &compact::BUILT_IN,
    &first::BUILT_IN,
    &last::BUILT_IN,
    &reverse::BUILT_IN,
    &join::BUILT_IN,
];

/// The sum of a list whose elements are of one sort with `zero`.
fn total(store: &mut Store, list: Option<ValueId>, zero: Value) -> Result<ValueId, Fault> {
    let args = [list.unwrap_or(Store::ABSENT)];
    let elements = super::arguments::elements(store, &args, 0)?;
    let wrong = || super::arguments::wrong(store, &args, 0, "list of numbers");
    let too_large = || Fault::new("overflow", "this sum does not fit 64 bits", "use smaller numbers, or decimals");
    let value = match zero {
        Value::Int(_) | Value::Size(_) | Value::Duration(_) => {
            let mut sum = 0i64;
            for element in elements {
                let number = match (&zero, store.get(store.folded(*element))) {
                    (Value::Int(_), Value::Int(number))
                    | (Value::Size(_), Value::Size(number))
                    | (Value::Duration(_), Value::Duration(number)) => *number,
                    _ => return Err(wrong()),
                };
                sum = sum.checked_add(number).ok_or_else(too_large)?;
            }
            match zero {
                Value::Size(_) => Value::Size(sum),
                Value::Duration(_) => Value::Duration(sum),
                _ => Value::Int(sum),
            }
        }
        _ => {
            let mut sum = BigDecimal::from(0);
            for element in elements {
                match (&zero, store.get(store.folded(*element))) {
                    (Value::Decimal(_), Value::Decimal(number)) | (Value::Ratio(_), Value::Ratio(number)) => {
                        sum += number
                    }
                    (Value::Decimal(_), Value::Int(number)) => sum += BigDecimal::from(*number),
                    _ => return Err(wrong()),
                }
            }
            let sum = scalars::bounded(sum).ok_or_else(too_large)?;
            if matches!(zero, Value::Ratio(_)) { Value::Ratio(sum) } else { Value::Decimal(sum) }
        }
    };
    Ok(store.add(value))
}

/// The zero of the sort of these elements.
fn zero_of(store: &Store, elements: &[ValueId]) -> Value {
    // An int among decimals is one of them.
    let known = || elements.iter().map(|element| store.get(store.folded(*element)));
    match known().find(|element| !matches!(element, Value::Int(_))).or_else(|| known().next()) {
        Some(Value::Size(_)) => Value::Size(0),
        Some(Value::Duration(_)) => Value::Duration(0),
        Some(Value::Decimal(_)) => Value::Decimal(BigDecimal::from(0)),
        Some(Value::Ratio(_)) => Value::Ratio(BigDecimal::from(0)),
        _ => Value::Int(0),
    }
}

/// A value as it is compared with others: `1.0` is `1`.
fn whole(store: &mut Store, value: ValueId) -> ValueId {
    let value = store.folded(value);
    match store.get(value) {
        Value::Decimal(number) if number.is_integer() => match number.to_i64() {
            Some(number) => store.add(Value::Int(number)),
            None => value,
        },
        _ => value,
    }
}

/// The elements of each key, keys in the order in which they appear.
fn groups(store: &mut Store, pairs: &[(ValueId, ValueId)]) -> Vec<(ValueId, Vec<ValueId>)> {
    let mut places: FxHashMap<ValueId, usize> = FxHashMap::default();
    let mut groups: Vec<(ValueId, Vec<ValueId>)> = Vec::new();
    for (key, element) in pairs {
        let place = *places.entry(whole(store, *key)).or_insert(groups.len());
        match groups.get_mut(place) {
            Some((_, elements)) => elements.push(*element),
            None => groups.push((*key, vec![*element])),
        }
    }
    groups
}
