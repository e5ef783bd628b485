//! `yaml({ a = 1, b = ["x", "y z"] })` is `"a: 1\nb:\n  - x\n  - \"y z\"\n"`.

use value::ops::json_text;
use value::{Fault, LONGEST_TEXT, Store, Value, ValueId};

use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "yaml",
    signature: "(value: json) -> string",
    docs: "A value as YAML in blocks, members sorted. Sizes, durations, ratios and ports must say their form.",
    examples: &[
        (r#"yaml({ a = 1, b = ["x", "y z"] })"#, r#""a: 1\nb:\n  - x\n  - \"y z\"\n""#),
        ("yaml([])", r#""[]\n""#),
    ],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let value = args.first().copied().unwrap_or(Store::ABSENT);
    let mut out = String::new();
    write(store, value, 0, &mut out)?;
    Ok(store.text(out))
}

/// A node that begins in the current line, at this indentation, and ends its last line.
fn write(store: &Store, id: ValueId, indentation: usize, out: &mut String) -> Result<(), Fault> {
    if indentation > 512 || out.len() > LONGEST_TEXT {
        return Err(Fault::new(
            "budget",
            "this YAML is larger than one value may be",
            format!("a text has at most {LONGEST_TEXT} bytes and 256 levels"),
        ));
    }
    let id = store.folded(id);
    match store.get(id) {
        Value::List(elements) if !elements.is_empty() => {
            for (nth, element) in elements.iter().enumerate() {
                indent(if nth > 0 { indentation } else { 0 }, out);
                out.push_str("- ");
                write(store, *element, indentation + 2, out)?;
            }
        }
        Value::Record(fields) if !fields.is_empty() => {
            for (nth, (name, value)) in fields.iter().enumerate() {
                indent(if nth > 0 { indentation } else { 0 }, out);
                member(store, name.text(), *value, indentation, out)?;
            }
        }
        Value::Map(entries) if !entries.is_empty() => {
            for (nth, (key, value)) in entries.iter().enumerate() {
                indent(if nth > 0 { indentation } else { 0 }, out);
                member(store, &store.text_of(*key)?, *value, indentation, out)?;
            }
        }
        Value::Record(_) | Value::Map(_) => out.push_str("{}\n"),
        Value::Text(text) => {
            out.push_str(&scalar(text));
            out.push('\n');
        }
        // Numbers, words, empty lists and the texts of addresses and dates are the same in both.
        _ => {
            out.push_str(&json_text(store, id)?);
            out.push('\n');
        }
    }
    Ok(())
}

fn member(store: &Store, name: &str, value: ValueId, indentation: usize, out: &mut String) -> Result<(), Fault> {
    out.push_str(&scalar(name));
    let nested = match store.get(store.folded(value)) {
        Value::List(elements) => !elements.is_empty(),
        Value::Record(fields) => !fields.is_empty(),
        Value::Map(entries) => !entries.is_empty(),
        _ => false,
    };
    out.push_str(if nested { ":\n" } else { ": " });
    if nested {
        indent(indentation + 2, out);
    }
    write(store, value, indentation + 2, out)
}

fn indent(indentation: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', indentation));
}

/// Bare when no reader of YAML 1.1 or 1.2 can take it for anything but this text; else in quotation marks, escaped as in JSON.
fn scalar(text: &str) -> String {
    let bare = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/'))
        && !["y", "n", "yes", "no", "on", "off", "true", "false", "null"]
            .iter()
            .any(|word| text.eq_ignore_ascii_case(word));
    if bare {
        return text.to_owned();
    }
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            letter if letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                out.push_str(&format!("\\u{:04x}", letter as u32))
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}
