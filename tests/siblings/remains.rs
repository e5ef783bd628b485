//! What is left when something was taken away: every name as it was, every list at most shorter by what was taken.

use serde_json::Value;

/// A piece of a body that is there before and not after.
#[derive(Debug)]
pub struct Dropped {
    /// Whose body it is.
    pub of: String,
    pub path: String,
    pub text: String,
}

/// Whether `after` is `before` but for elements of lists and entries of maps that are no longer there; these are collected.
pub fn remains(after: &Value, before: &Value, path: &str, dropped: &mut Vec<Dropped>) -> Result<(), String> {
    match (after, before) {
        (Value::Object(after), Value::Object(before)) => {
            for (name, value) in after {
                let Some(was) = before.get(name) else { return Err(format!("{path}.{name} is new: {value}")) };
                remains(value, was, &format!("{path}.{name}"), dropped)?;
            }
            for (name, value) in before {
                if !after.contains_key(name) {
                    dropped.push(Dropped {
                        of: String::new(),
                        path: format!("{path}.{name}"),
                        text: format!("{name}: {value}"),
                    });
                }
            }
            Ok(())
        }
        (Value::Array(after), Value::Array(before)) => elements(after, before, path, dropped),
        (Value::String(after), Value::String(before)) if after != before => texts(after, before, path, dropped),
        (after, before) if after == before => Ok(()),
        (after, before) => Err(format!("{path} changed:\n  before {before}\n  after  {after}")),
    }
}

/// A list is what it was without some of its elements, in the same order.
fn elements(after: &[Value], before: &[Value], path: &str, dropped: &mut Vec<Dropped>) -> Result<(), String> {
    let mut left = before.iter();
    for (at, value) in after.iter().enumerate() {
        let path = format!("{path}[{at}]");
        let mut last = format!("{path} is new: {value}");
        loop {
            let Some(was) = left.next() else { return Err(last) };
            let mut inside = Vec::new();
            match remains(value, was, &path, &mut inside) {
                Ok(()) => {
                    dropped.append(&mut inside);
                    break;
                }
                Err(cause) => last = cause,
            }
            dropped.push(Dropped { of: String::new(), path: path.clone(), text: was.to_string() });
        }
    }
    dropped.extend(left.map(|was| Dropped { of: String::new(), path: path.to_owned(), text: was.to_string() }));
    Ok(())
}

/// Texts that hold a list: JSON, an expression, or words between commas.
fn texts(after: &str, before: &str, path: &str, dropped: &mut Vec<Dropped>) -> Result<(), String> {
    let json = |text: &str| serde_json::from_str::<Value>(text).ok().filter(|value| !value.is_number());
    if let (Some(after), Some(before)) = (json(after), json(before)) {
        return remains(&after, &before, path, dropped);
    }
    // The last of a list that is an expression is followed by the brackets that end it.
    let word = |word: &str| Value::String(word.trim_end_matches([' ', ']', '}', ')', '"']).to_owned());
    let words = |text: &str| text.split(", ").map(word).collect::<Vec<_>>();
    if before.contains(", ") {
        return elements(&words(after), &words(before), path, dropped);
    }
    Err(format!("{path} changed:\n  before {before:?}\n  after  {after:?}"))
}

#[test]
fn lists_may_be_shorter_and_names_may_not_change() {
    let left = |after: &str, before: &str| {
        let mut dropped = Vec::new();
        let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        remains(&read(after), &read(before), "", &mut dropped).ok().map(|()| dropped.len())
    };
    assert_eq!(left(r#"{"a": [1, 3]}"#, r#"{"a": [1, 2, 3], "b": 1}"#), Some(2));
    assert_eq!(left(r#"{"a": [3, 1]}"#, r#"{"a": [1, 2, 3]}"#), None);
    assert_eq!(left(r#"{"a": "x"}"#, r#"{"a": "x-1"}"#), None);
    assert_eq!(left(r#"{"a": 1, "c": 1}"#, r#"{"a": 1}"#), None);
    assert_eq!(left(r#""one, three""#, r#""one, two, three""#), Some(1));
    assert_eq!(left(r#"[{"n": "b", "l": [1]}]"#, r#"[{"n": "a", "l": [1]}, {"n": "b", "l": [1, 2]}]"#), Some(2));
}
