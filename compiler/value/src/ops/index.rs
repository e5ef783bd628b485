//! `m[k]` and `list[i]`.

use source::{Name, did_you_mean, list_of};

use super::Operation;
use crate::{Fault, Store, Value, ValueId};

pub(super) static OPERATION: Operation = Operation {
    arity: (2, Some(2)),
    docs: "The element at a position of a list (from 0), at a key of a map, or a field of a record; it must be there.",
    evaluate: |store, args, _| match args {
        [collection, key] => index(store, *collection, *key),
        _ => Ok(Store::ABSENT),
    },
};

fn index(store: &mut Store, collection: ValueId, key: ValueId) -> Result<ValueId, Fault> {
    let (collection, key) = (store.folded(collection), store.folded(key));
    match (store.get(collection), store.get(key)) {
        (Value::List(elements), Value::Int(at)) => {
            usize::try_from(*at).ok().and_then(|at| elements.get(at)).copied().ok_or_else(|| {
                let help = match elements.len() {
                    0 => "the list is empty".to_owned(),
                    1 => "it has one element, at 0".to_owned(),
                    many => format!("it has {many} elements, from 0 to {}", many - 1),
                };
                Fault::new("no_such_key", format!("there is no element {at} in this list"), help)
            })
        }
        (Value::Map(entries), _) => store.entry(collection, key).ok_or_else(|| {
            let keys: Vec<String> = entries
                .iter()
                .take(1000)
                .map(|(key, _)| store.text_of(*key).unwrap_or_else(|_| store.show_short(*key)))
                .collect();
            missing(store, key, &keys)
        }),
        (Value::Record(fields), Value::Text(name)) => store.field(collection, Name::new(name)).ok_or_else(|| {
            let keys: Vec<String> = fields.iter().map(|(name, _)| name.text().to_owned()).collect();
            missing(store, key, &keys)
        }),
        _ => Err(Fault::new(
            "wrong_operands",
            format!("`{}` has no `[{}]`", store.show_short(collection), store.show_short(key)),
            "lists are indexed by an int, maps by their keys",
        )),
    }
}

fn missing(store: &Store, key: ValueId, keys: &[String]) -> Fault {
    let written = store.text_of(key).unwrap_or_default();
    let names = || keys.iter().map(String::as_str);
    let help = match did_you_mean(&written, names()) {
        _ if keys.is_empty() => "the map is empty; `m.get(k)` may be absent".to_owned(),
        Some(near) => format!("did you mean `{near}`? it has {}", list_of(names())),
        None => format!("it has {}; `m.get(k)` may be absent", list_of(names())),
    };
    Fault::new("no_such_key", format!("there is no key `{}` in this map", store.show_short(key)), help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_key_lists_the_keys() {
        let mut store = Store::default();
        let (web, db, wrong, one) =
            (store.text("web1"), store.text("db1"), store.text("web2"), store.add(Value::Int(1)));
        let map = store.map(vec![(web, one), (db, one)]);
        assert_eq!(index(&mut store, map, db), Ok(one));
        let fault = index(&mut store, map, wrong).unwrap_err();
        assert_eq!(fault.message, "there is no key `\"web2\"` in this map");
        assert!(fault.help.starts_with("did you mean `web1`?"), "{}", fault.help);
        let list = store.list([one]);
        assert_eq!(index(&mut store, list, one).unwrap_err().help, "it has one element, at 0");
    }
}
