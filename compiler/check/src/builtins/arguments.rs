//! Reading the arguments of a built-in. The checker has seen their types, so what does not fit is a fault of infrac itself;
//! references count as what they are folded to.

use std::net::IpAddr;

use bigdecimal::BigDecimal;
use ipnet::IpNet;
use source::Name;
use value::{Fault, Store, Value, ValueId};

/// The fault of an argument that the checker should have refused.
pub(super) fn wrong(store: &Store, args: &[ValueId], at: usize, wanted: &str) -> Fault {
    let found = args.get(at).map_or_else(|| "nothing".to_owned(), |id| format!("`{}`", store.show_short(*id)));
    Fault::new("internal", format!("a {wanted} is needed and {found} was given"), "this is a bug in infrac")
}

fn value<'a>(store: &'a Store, args: &[ValueId], at: usize) -> &'a Value {
    store.get(store.folded(args.get(at).copied().unwrap_or(Store::ABSENT)))
}

pub(super) fn flag(store: &Store, args: &[ValueId], at: usize) -> Result<bool, Fault> {
    match value(store, args, at) {
        Value::Bool(flag) => Ok(*flag),
        _ => Err(wrong(store, args, at, "bool")),
    }
}

pub(super) fn int(store: &Store, args: &[ValueId], at: usize) -> Result<i64, Fault> {
    match value(store, args, at) {
        Value::Int(number) => Ok(*number),
        _ => Err(wrong(store, args, at, "int")),
    }
}

/// How many of something: an int that is not below zero.
pub(super) fn count(store: &Store, args: &[ValueId], at: usize) -> Result<usize, Fault> {
    let number = int(store, args, at)?;
    usize::try_from(number).map_err(|_| {
        Fault::new(
            "out_of_range",
            format!("there are no {number} of something"),
            "count from 0; from the end by `length - 1`",
        )
    })
}

/// An int that may be left out.
pub(super) fn optional_int(store: &Store, args: &[ValueId], at: usize, default: i64) -> Result<i64, Fault> {
    if at < args.len() { int(store, args, at) } else { Ok(default) }
}

/// An int, decimal or ratio.
pub(super) fn number(store: &Store, args: &[ValueId], at: usize) -> Result<BigDecimal, Fault> {
    match value(store, args, at) {
        Value::Int(number) => Ok(BigDecimal::from(*number)),
        Value::Decimal(number) | Value::Ratio(number) => Ok(number.clone()),
        _ => Err(wrong(store, args, at, "number")),
    }
}

pub(super) fn text<'a>(store: &'a Store, args: &[ValueId], at: usize) -> Result<&'a str, Fault> {
    match value(store, args, at) {
        Value::Text(text) => Ok(text),
        _ => Err(wrong(store, args, at, "string")),
    }
}

/// A text that may be left out.
pub(super) fn optional_text(store: &Store, args: &[ValueId], at: usize, default: &str) -> Result<String, Fault> {
    if at < args.len() { text(store, args, at).map(str::to_owned) } else { Ok(default.to_owned()) }
}

pub(super) fn elements<'a>(store: &'a Store, args: &[ValueId], at: usize) -> Result<&'a [ValueId], Fault> {
    match value(store, args, at) {
        Value::List(elements) => Ok(elements),
        Value::Ref { .. } | Value::Op { .. } => Err(Fault::new(
            "later_value",
            format!(
                "how long `{}` is is known only after it was applied",
                store.show_short(args.get(at).copied().unwrap_or(Store::ABSENT))
            ),
            "use a list whose length is known before",
        )),
        _ => Err(wrong(store, args, at, "list")),
    }
}

/// Keys and values of a map; a record counts as a map from its names.
pub(super) fn entries(store: &mut Store, args: &[ValueId], at: usize) -> Result<Vec<(ValueId, ValueId)>, Fault> {
    match value(store, args, at) {
        Value::Map(entries) => Ok(entries.to_vec()),
        Value::Record(fields) => {
            let fields = fields.clone();
            Ok(fields.iter().map(|(name, value)| (store.text(name.text()), *value)).collect())
        }
        _ => Err(wrong(store, args, at, "map")),
    }
}

/// Key and element of each `by k: e`.
pub(super) fn pairs(store: &Store, args: &[ValueId], at: usize) -> Result<Vec<(ValueId, ValueId)>, Fault> {
    let mut pairs = Vec::new();
    for element in elements(store, args, at)? {
        match store.get(*element) {
            Value::Tagged { tag, fields } if tag.text() == "by" => match fields.as_ref() {
                [key, element] => pairs.push((store.folded(*key), *element)),
                _ => return Err(wrong(store, args, at, "list with keys")),
            },
            _ => return Err(wrong(store, args, at, "list with keys")),
        }
    }
    Ok(pairs)
}

pub(super) fn ip(store: &Store, args: &[ValueId], at: usize) -> Result<IpAddr, Fault> {
    match value(store, args, at) {
        Value::Ip(address) => Ok(*address),
        _ => Err(wrong(store, args, at, "ip")),
    }
}

pub(super) fn cidr(store: &Store, args: &[ValueId], at: usize) -> Result<IpNet, Fault> {
    match value(store, args, at) {
        Value::Cidr(range) => Ok(*range),
        _ => Err(wrong(store, args, at, "cidr")),
    }
}

/// First and last number and the protocol.
pub(super) fn port(store: &Store, args: &[ValueId], at: usize) -> Result<(u16, u16, Name), Fault> {
    match value(store, args, at) {
        Value::Port { first, last, protocol } => Ok((*first, *last, *protocol)),
        _ => Err(wrong(store, args, at, "port")),
    }
}

/// Nanoseconds.
pub(super) fn duration(store: &Store, args: &[ValueId], at: usize) -> Result<i64, Fault> {
    match value(store, args, at) {
        Value::Duration(nanoseconds) => Ok(*nanoseconds),
        _ => Err(wrong(store, args, at, "duration")),
    }
}

/// Bytes.
pub(super) fn size(store: &Store, args: &[ValueId], at: usize) -> Result<i64, Fault> {
    match value(store, args, at) {
        Value::Size(bytes) => Ok(*bytes),
        _ => Err(wrong(store, args, at, "size")),
    }
}

/// Days since 1970-01-01.
pub(super) fn date(store: &Store, args: &[ValueId], at: usize) -> Result<i32, Fault> {
    match value(store, args, at) {
        Value::Date(days) => Ok(*days),
        _ => Err(wrong(store, args, at, "date")),
    }
}

/// First and last value.
pub(super) fn range(store: &Store, args: &[ValueId], at: usize) -> Result<(ValueId, ValueId), Fault> {
    match value(store, args, at) {
        Value::Range(first, last) => Ok((*first, *last)),
        _ => Err(wrong(store, args, at, "range")),
    }
}
