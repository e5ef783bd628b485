//! `yaml({ a = 1, b = ["x", "y z"] })` is `"a: 1\nb:\n  - x\n  - \"y z\"\n"`.

use value::ops::{self, json_text};
use value::{Fault, LONGEST_TEXT, Op, Store, Value, ValueId};

use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "yaml",
    signature: "(value: json) -> string",
    docs: "A value as YAML in blocks, members sorted. Sizes, durations, ratios and ports must say their form. What is known later is written as JSON, which YAML reads.",
    examples: &[
        (r#"yaml({ a = 1, b = ["x", "y z"] })"#, r#""a: 1\nb:\n  - x\n  - \"y z\"\n""#),
        ("yaml([])", r#""[]\n""#),
    ],
    evaluate,
    later: Later::Parts,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let value = args.first().copied().unwrap_or(Store::ABSENT);
    let mut written = Written::default();
    write(store, value, 0, &mut written)?;
    written.flush(store);
    ops::apply(store, Op::Text, &written.parts, None)
}

/// Bytes of a key that stands in one line with its value; some readers look no further than 1,024 letters for the colon.
const LONGEST_KEY: usize = 128;

/// The text so far, between what is passed on.
#[derive(Default)]
struct Written {
    parts: Vec<ValueId>,
    length: usize,
    text: String,
}

impl Written {
    fn flush(&mut self, store: &mut Store) {
        self.length += self.text.len();
        self.parts.push(store.text(std::mem::take(&mut self.text)));
    }
}

/// A node that begins in the current line, at this indentation, and ends its last line.
fn write(store: &mut Store, id: ValueId, indentation: usize, out: &mut Written) -> Result<(), Fault> {
    if indentation > 512 || out.length + out.text.len() > LONGEST_TEXT {
        return Err(Fault::new(
            "budget",
            "this YAML is larger than one value may be",
            format!("a text has at most {LONGEST_TEXT} bytes and 256 levels"),
        ));
    }
    let passed_on = store.holds(id).reference();
    let known = store.folded(id);
    match store.get(known).clone() {
        Value::List(elements) if !elements.is_empty() => {
            for (nth, element) in elements.iter().enumerate() {
                indent(if nth > 0 { indentation } else { 0 }, &mut out.text);
                out.text.push_str("- ");
                write(store, *element, indentation + 2, out)?;
            }
        }
        Value::Record(fields) if !fields.is_empty() => {
            for (nth, (name, value)) in fields.iter().enumerate() {
                indent(if nth > 0 { indentation } else { 0 }, &mut out.text);
                member(store, name.text(), *value, indentation, out)?;
            }
        }
        Value::Map(entries) if !entries.is_empty() => {
            for (nth, (key, value)) in entries.iter().enumerate() {
                indent(if nth > 0 { indentation } else { 0 }, &mut out.text);
                let key = store.text_of(*key)?;
                member(store, &key, *value, indentation, out)?;
            }
        }
        Value::Record(_) | Value::Map(_) => out.text.push_str("{}\n"),
        // A reference stays one, known or not: it says what has to be there before.
        _ if passed_on => {
            out.flush(store);
            let json = store.add(Value::Op { op: Op::Json, args: [id].into() });
            out.parts.push(json);
            out.text.push('\n');
        }
        Value::Text(text) => {
            out.text.push_str(&scalar(&text));
            out.text.push('\n');
        }
        // Numbers, words, empty lists and the texts of addresses and dates are the same in both.
        _ => {
            out.text.push_str(&json_text(store, known)?);
            out.text.push('\n');
        }
    }
    Ok(())
}

fn member(store: &mut Store, name: &str, value: ValueId, indentation: usize, out: &mut Written) -> Result<(), Fault> {
    let key = scalar(name);
    let is_long = key.len() > LONGEST_KEY;
    if is_long {
        out.text.push_str("? ");
    }
    out.text.push_str(&key);
    if is_long {
        out.text.push('\n');
        indent(indentation, &mut out.text);
    }
    let nested = match store.get(store.folded(value)) {
        Value::List(elements) => !elements.is_empty(),
        Value::Record(fields) => !fields.is_empty(),
        Value::Map(entries) => !entries.is_empty(),
        _ => false,
    };
    out.text.push_str(if nested { ":\n" } else { ": " });
    if nested {
        indent(indentation + 2, &mut out.text);
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
            letter
                if letter.is_control()
                    || matches!(letter, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}') =>
            {
                out.push_str(&format!("\\u{:04x}", letter as u32))
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}
