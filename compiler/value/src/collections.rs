//! `in`, `++` and `..`: what is contained in what, what is joined to what, ranges.

use ipnet::IpNet;
use source::Name;

use crate::order::{compare, equal};
use crate::{Fault, Op, Store, Value, ValueId, ops};

/// The most bytes that one text may have.
pub const LONGEST_TEXT: usize = 64 << 20;
/// The most elements that one list may have when it is computed: four for each instance that a program may have.
pub const MOST_ELEMENTS: usize = 4_000_000;

/// `element in collection`: an element of a list, a key of a map or field of a record, a value in a range, an address or a
/// range in a cidr, a port in a range of ports. A list is in a list when each of its elements is.
pub fn contains(store: &Store, element: ValueId, collection: ValueId) -> Result<bool, Fault> {
    let (element, collection) = (store.folded(element), store.folded(collection));
    let later = || {
        Err(Fault::new(
            "later_value",
            format!(
                "only applying tells whether `{}` is in `{}`",
                store.show_short(element),
                store.show_short(collection)
            ),
            "decide by something that is known before",
        ))
    };
    match (store.get(element), store.get(collection)) {
        (_, Value::List(elements)) => match is_element(store, element, elements) {
            Some(true) => Ok(true),
            Some(false) => match store.get(element) {
                Value::List(parts) => {
                    for part in parts {
                        match is_element(store, *part, elements) {
                            Some(true) => {}
                            Some(false) => return Ok(false),
                            None => return later(),
                        }
                    }
                    Ok(true)
                }
                _ => Ok(false),
            },
            None => later(),
        },
        _ if store.is_later(element) || store.is_later(collection) => later(),
        (_, Value::Map(_)) => Ok(store.entry(collection, element).is_some()),
        (Value::Text(name), Value::Record(_)) => Ok(store.field(collection, Name::new(name)).is_some()),
        (Value::Range(first, last), Value::Range(from, to)) => {
            Ok(compare(store, *first, *from)?.is_ge() && compare(store, *last, *to)?.is_le())
        }
        (_, Value::Range(from, to)) => {
            Ok(compare(store, element, *from)?.is_ge() && compare(store, element, *to)?.is_le())
        }
        (Value::Ip(address), Value::Cidr(range)) => Ok(range.trunc().contains(address)),
        (Value::Cidr(inner), Value::Cidr(outer)) => Ok(within(inner, outer)),
        (Value::Port { first, last, protocol }, Value::Port { first: from, last: to, protocol: other }) => {
            Ok(protocol == other && first >= from && last <= to)
        }
        (Value::Text(_), Value::Text(_)) => {
            Err(Fault::new("wrong_operands", "`in` does not look into a text", "write `text.contains(\"part\")`"))
        }
        _ => Err(Fault::new(
            "wrong_operands",
            format!("nothing is in `{}`", store.show_short(collection)),
            "`in` looks into lists, maps, records, ranges and cidrs",
        )),
    }
}

fn is_element(store: &Store, element: ValueId, elements: &[ValueId]) -> Option<bool> {
    // The same id is the same value; looking deeper costs more.
    if elements.contains(&element) {
        return Some(true);
    }
    let scalar = matches!(
        store.get(element),
        Value::Text(_) | Value::Int(_) | Value::Instance(_) | Value::Endpoint(..) | Value::Ip(_)
    );
    let mut answer = Some(false);
    for other in elements {
        if scalar
            && !store.holds(*other).reference()
            && !matches!(store.get(*other), Value::Decimal(_) | Value::Ratio(_))
        {
            continue;
        }
        match equal(store, element, *other) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => answer = None,
        }
    }
    answer
}

/// Whether every address of a range lies in another.
pub fn within(inner: &IpNet, outer: &IpNet) -> bool {
    outer.trunc().contains(&inner.trunc())
}

/// Whether two ranges have an address in common.
pub fn overlap(left: &IpNet, right: &IpNet) -> bool {
    within(left, right) || within(right, left)
}

/// `left ++ right`: texts, lists, records and maps; of two entries with one name the right one stays.
pub fn concatenate(store: &mut Store, left: ValueId, right: ValueId) -> Result<ValueId, Fault> {
    let (left_known, right_known) = (store.folded(left), store.folded(right));
    for operand in [left_known, right_known] {
        if let Value::Unknown(_) = store.get(operand) {
            return Ok(operand);
        }
    }
    match (store.get(left_known), store.get(right_known)) {
        (Value::Text(first), Value::Text(second)) => {
            if first.len() + second.len() > LONGEST_TEXT {
                return Err(too_long("text"));
            }
            let joined = format!("{first}{second}");
            Ok(store.text(joined))
        }
        (Value::Text(_), Value::Ref { .. } | Value::Op { .. })
        | (Value::Ref { .. } | Value::Op { .. }, Value::Text(_) | Value::Ref { .. } | Value::Op { .. }) => {
            ops::apply(store, Op::Text, &[left, right], None)
        }
        (Value::List(first), Value::List(second)) => {
            if first.len() + second.len() > MOST_ELEMENTS {
                return Err(too_long("list"));
            }
            let joined: Vec<ValueId> = first.iter().chain(second).copied().collect();
            Ok(store.list(joined))
        }
        (Value::Record(first), Value::Record(second)) => {
            let kept = first.iter().filter(|(name, _)| !second.iter().any(|(other, _)| other == name));
            let joined = kept.chain(second).copied().collect();
            Ok(store.record(joined))
        }
        (Value::Map(first), Value::Map(second)) => {
            let joined = first.iter().chain(second).copied().collect();
            Ok(store.map(joined))
        }
        // A record literal may stand where a map of texts is meant.
        (Value::Record(fields), Value::Map(entries)) => {
            let (fields, entries) = (fields.clone(), entries.clone());
            let mut joined = record_entries(store, &fields);
            joined.extend(entries);
            Ok(store.map(joined))
        }
        (Value::Map(entries), Value::Record(fields)) => {
            let (fields, entries) = (fields.clone(), entries.clone());
            let mut joined = entries.into_vec();
            joined.extend(record_entries(store, &fields));
            Ok(store.map(joined))
        }
        _ => Err(Fault::new(
            "wrong_operands",
            format!("`++` does not join `{}` and `{}`", store.show_short(left), store.show_short(right)),
            "it joins two texts, two lists, two records or two maps",
        )),
    }
}

fn record_entries(store: &mut Store, fields: &[(Name, ValueId)]) -> Vec<(ValueId, ValueId)> {
    fields.iter().map(|(name, id)| (store.text(name.text()), *id)).collect()
}

/// `first..last`, both included. Beside a decimal an int counts as one.
pub fn range(store: &mut Store, first: ValueId, last: ValueId) -> Result<ValueId, Fault> {
    let (mut first, mut last) = (store.folded(first), store.folded(last));
    if let (Value::Int(_), Value::Decimal(_)) | (Value::Decimal(_), Value::Int(_)) = (store.get(first), store.get(last))
    {
        first = as_decimal(store, first);
        last = as_decimal(store, last);
    }
    if compare(store, first, last)?.is_gt() {
        return Err(Fault::new(
            "empty_range",
            format!("`{}..{}` ends before it begins", store.show_short(first), store.show_short(last)),
            "write the smaller value first",
        ));
    }
    Ok(store.add(Value::Range(first, last)))
}

fn as_decimal(store: &mut Store, id: ValueId) -> ValueId {
    match store.get(id) {
        Value::Int(number) => {
            let number = bigdecimal::BigDecimal::from(*number).normalized();
            store.add(Value::Decimal(number))
        }
        _ => id,
    }
}

fn too_long(what: &str) -> Fault {
    Fault::new(
        "budget",
        format!("this {what} is longer than one value may be"),
        format!("a text has at most {LONGEST_TEXT} bytes, a list {MOST_ELEMENTS} elements"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ScalarKind, parse_scalar};

    fn read(store: &mut Store, text: &str) -> ValueId {
        let kinds = [
            ScalarKind::Number,
            ScalarKind::Measure,
            ScalarKind::Ratio,
            ScalarKind::Date,
            ScalarKind::Ip,
            ScalarKind::Cidr,
            ScalarKind::Port,
        ];
        let value = kinds.into_iter().find_map(|kind| parse_scalar(kind, text).ok()).unwrap();
        store.add(value)
    }

    #[test]
    fn addresses_values_and_elements_are_in() {
        let mut store = Store::default();
        for (element, collection, expected) in [
            ("10.1.2.3", "10.1.0.0/16", true),
            ("10.2.2.3", "10.1.0.0/16", false),
            ("10.1.2.0/24", "10.1.0.5/16", true),
            ("10.0.0.0/8", "10.1.0.0/16", false),
            ("2001:db8::1", "10.1.0.0/16", false),
            ("443/tcp", "400-500/tcp", true),
            ("443/udp", "400-500/tcp", false),
        ] {
            let (element_id, collection_id) = (read(&mut store, element), read(&mut store, collection));
            assert_eq!(contains(&store, element_id, collection_id), Ok(expected), "{element} in {collection}");
        }
        let (one, two, half) = (read(&mut store, "1"), read(&mut store, "2"), read(&mut store, "1.5"));
        let range = range(&mut store, one, two).unwrap();
        assert_eq!(contains(&store, half, range), Ok(true));
        let list = store.list([one, two]);
        let part = store.list([two]);
        assert_eq!(contains(&store, two, list), Ok(true));
        assert_eq!(contains(&store, half, list), Ok(false));
        assert_eq!(contains(&store, part, list), Ok(true));
        assert_eq!(contains(&store, list, part), Ok(false));
        assert!(contains(&store, one, two).is_err());
    }

    #[test]
    fn joining_keeps_the_right_of_two() {
        let mut store = Store::default();
        let (one, two) = (read(&mut store, "1"), read(&mut store, "2"));
        let left = store.record(vec![(Name::new("a"), one), (Name::new("b"), one)]);
        let right = store.record(vec![(Name::new("b"), two)]);
        let joined = concatenate(&mut store, left, right).unwrap();
        assert_eq!(store.show(joined), "{ a = 1, b = 2 }");
        let key = store.text("c");
        let map = store.map(vec![(key, one)]);
        let joined = concatenate(&mut store, joined, map).unwrap();
        assert_eq!(store.show(joined), "{ a = 1, b = 2, c = 1 }");
        assert!(concatenate(&mut store, one, two).is_err());
    }

    #[test]
    fn ranges_begin_with_the_smaller_value() {
        let mut store = Store::default();
        let (quarter, one) = (read(&mut store, "0.25"), read(&mut store, "1"));
        let cpu = range(&mut store, quarter, one).unwrap();
        assert_eq!(store.show(cpu), "0.25..1");
        assert_eq!(range(&mut store, one, quarter).unwrap_err().code, "empty_range");
        let size = read(&mut store, "1GiB");
        assert!(range(&mut store, one, size).is_err());
    }
}
