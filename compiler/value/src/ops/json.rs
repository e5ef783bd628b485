//! `json(x)`: compact JSON, members sorted by name, so that equal values are equal texts.

use super::Operation;
use crate::collections::LONGEST_TEXT;
use crate::show::number_text;
use crate::{Fault, Store, Value, ValueId};

pub(super) static OPERATION: Operation = Operation {
    arity: (1, Some(1)),
    docs: "Writes a value as compact JSON with sorted members; addresses, ranges of them and dates become texts.",
    evaluate: |store, args, _| {
        let text = match args {
            [value] => json_text(store, *value)?,
            _ => String::new(),
        };
        Ok(store.text(text))
    },
};

/// The value as compact JSON. Sizes, durations, ratios and ports must say their form; absent fields are left out.
pub fn json_text(store: &Store, id: ValueId) -> Result<String, Fault> {
    let mut out = String::new();
    write(store, id, &mut out, 0)?;
    Ok(out)
}

fn write(store: &Store, id: ValueId, out: &mut String, depth: usize) -> Result<(), Fault> {
    if depth > 256 || out.len() > LONGEST_TEXT {
        return Err(Fault::new(
            "budget",
            "this JSON is larger than one value may be",
            format!("a text has at most {LONGEST_TEXT} bytes and 256 levels"),
        ));
    }
    let id = store.folded(id);
    match store.get(id) {
        Value::Absent | Value::Null => out.push_str("null"),
        Value::Bool(answer) => out.push_str(if *answer { "true" } else { "false" }),
        Value::Int(number) => out.push_str(&number.to_string()),
        Value::Decimal(number) => out.push_str(&number_text(number)),
        Value::Text(text) => write_text(text, out),
        Value::Ip(_) | Value::Cidr(_) | Value::Date(_) => write_text(&store.text_of(id)?, out),
        Value::List(elements) => {
            out.push('[');
            for (nth, element) in elements.iter().enumerate() {
                out.push_str(if nth > 0 { "," } else { "" });
                write(store, *element, out, depth + 1)?;
            }
            out.push(']');
        }
        Value::Record(fields) => {
            out.push('{');
            for (nth, (name, value)) in fields.iter().enumerate() {
                out.push_str(if nth > 0 { "," } else { "" });
                write_text(name.text(), out);
                out.push(':');
                write(store, *value, out, depth + 1)?;
            }
            out.push('}');
        }
        Value::Map(entries) => {
            out.push('{');
            for (nth, (key, value)) in entries.iter().enumerate() {
                out.push_str(if nth > 0 { "," } else { "" });
                write_text(&store.text_of(*key)?, out);
                out.push(':');
                write(store, *value, out, depth + 1)?;
            }
            out.push('}');
        }
        Value::Tagged { tag, fields } if fields.is_empty() => write_text(tag.text(), out),
        Value::Size(_) => return Err(form(store, id, "`.bytes`, `.in(MiB)`, `.kubernetes`")),
        Value::Duration(_) => return Err(form(store, id, "`.seconds`, `.go`, `.prometheus`, `.iso8601`")),
        Value::Ratio(_) => return Err(form(store, id, "`.decimal` or `.percent`")),
        Value::Port { .. } => return Err(form(store, id, "`.first`, `.last`, `.protocol`")),
        Value::Range(..) => return Err(form(store, id, "`.first`, `.last`")),
        Value::Instance(_)
        | Value::Endpoint(..)
        | Value::Flow { .. }
        | Value::Platform { .. }
        | Value::Tagged { .. } => {
            return Err(form(store, id, "one of its fields"));
        }
        Value::Unknown(_) => out.push_str("null"),
        Value::Ref { .. } | Value::Op { .. } => {
            return Err(Fault::new(
                "later_value",
                format!("`{}` has no JSON yet", store.show_short(id)),
                "it is written after it was applied",
            ));
        }
    }
    Ok(())
}

fn form(store: &Store, id: ValueId, how: &str) -> Fault {
    Fault::new(
        "say_form",
        format!("JSON has no form of its own for `{}`", store.show_short(id)),
        format!("say which: {how}"),
    )
}

/// Escapes what RFC 8259 asks for, and nothing else.
fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            letter if (letter as u32) < 0x20 => out.push_str(&format!("\\u{:04x}", letter as u32)),
            letter => out.push(letter),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use source::Name;

    use super::*;

    #[test]
    fn members_are_sorted_and_texts_escaped() {
        let mut store = Store::default();
        let (text, half) =
            (store.text("a\"\n\u{1}é"), store.add(Value::Decimal(crate::scalars::decimal("0.50").unwrap())));
        let list = store.list([half, Store::ABSENT]);
        let record = store.record(vec![(Name::new("z"), text), (Name::new("a"), list)]);
        assert_eq!(json_text(&store, record).unwrap(), "{\"a\":[0.5,null],\"z\":\"a\\\"\\n\\u0001é\"}");
        let size = store.add(Value::Size(1));
        assert_eq!(json_text(&store, size).unwrap_err().code, "say_form");
        let mut doubled = text;
        for _ in 0..60 {
            doubled = store.list([doubled, doubled]);
        }
        assert_eq!(json_text(&store, doubled).unwrap_err().code, "budget");
    }
}
