//! `parse_json(x)`: an object of JSON as a map of texts. Members that are no texts are given as compact JSON, so that `5432` and
//! `"5432"` read alike; `null` is left out. Targets that read a later text write the same, letter for letter.

use std::collections::BTreeMap;

use super::{Operation, text_argument};
use crate::show::number_text;
use crate::{Fault, Op, Store, ValueId};

pub(super) static OPERATION: Operation = Operation {
    arity: (1, Some(1)),
    docs: "Reads an object of JSON as a map of texts; a member that is no text is given as compact JSON, `null` is left out.",
    evaluate: |store, args, _| match args {
        [text] => {
            let text = text_argument(store, Op::ParseJson, *text)?.to_owned();
            parse(store, &text)
        }
        _ => Ok(Store::ABSENT),
    },
};

/// Deeper nesting is refused.
const DEEPEST: usize = 128;

fn parse(store: &mut Store, text: &str) -> Result<ValueId, Fault> {
    let mut reader = Reader { text, at: 0 };
    let members = reader.object().filter(|_| {
        reader.blank();
        reader.at == text.len()
    });
    let Some(members) = members else {
        let place = format!("it stops making sense after {} bytes", reader.at);
        return Err(Fault::new(
            "bad_json",
            format!("this text is not an object of JSON: {place}"),
            "it looks like `{\"user\":\"api\"}`",
        ));
    };
    let mut entries = Vec::with_capacity(members.len());
    for (name, value) in members {
        if let Some(value) = value {
            entries.push((store.text(name), store.text(value)));
        }
    }
    Ok(store.map(entries))
}

/// A reader by RFC 8259. Nothing is returned where the text is wrong; `at` says how far it was right.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }
    fn blank(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
    }
    fn eat(&mut self, token: &str) -> Option<()> {
        self.blank();
        self.rest().starts_with(token).then(|| self.at += token.len())
    }

    /// Names, and what they have as a text.
    fn object(&mut self) -> Option<Vec<(String, Option<String>)>> {
        self.members(|reader| {
            if reader.rest().starts_with('"') {
                return reader.string().map(Some);
            }
            reader.compact(1).map(|text| (text != "null").then_some(text))
        })
    }

    /// An object: its members in the order of the text.
    fn members<T>(&mut self, mut value: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<(String, T)>> {
        self.eat("{")?;
        let mut members = Vec::new();
        if self.eat("}").is_some() {
            return Some(members);
        }
        loop {
            self.blank();
            let name = self.string()?;
            self.eat(":")?;
            self.blank();
            members.push((name, value(self)?));
            if self.eat("}").is_some() {
                return Some(members);
            }
            self.eat(",")?;
        }
    }

    /// A value as compact JSON: members sorted by name, the last of a name, and numbers in their shortest form.
    fn compact(&mut self, depth: usize) -> Option<String> {
        if depth > DEEPEST {
            return None;
        }
        self.blank();
        if self.rest().starts_with('{') {
            let members: BTreeMap<String, String> =
                self.members(|reader| reader.compact(depth + 1))?.into_iter().collect();
            let members: Vec<String> =
                members.iter().map(|(name, value)| format!("{}:{value}", written(name))).collect();
            return Some(format!("{{{}}}", members.join(",")));
        }
        if self.rest().starts_with('"') {
            return self.string().map(|text| written(&text));
        }
        if self.eat("[").is_some() {
            let mut elements = Vec::new();
            if self.eat("]").is_some() {
                return Some("[]".to_owned());
            }
            loop {
                elements.push(self.compact(depth + 1)?);
                if self.eat("]").is_some() {
                    return Some(format!("[{}]", elements.join(",")));
                }
                self.eat(",")?;
            }
        }
        for word in ["true", "false", "null"] {
            if self.eat(word).is_some() {
                return Some(word.to_owned());
            }
        }
        self.number()
    }

    fn number(&mut self) -> Option<String> {
        let length = self
            .rest()
            .bytes()
            .take_while(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E'))
            .count();
        let text = self.rest().get(..length)?;
        let whole = text.strip_prefix('-').unwrap_or(text);
        let leading_zero =
            whole.len() > 1 && whole.starts_with('0') && whole.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
        let number = crate::scalars::decimal(text).ok().filter(|_| !leading_zero)?;
        self.at += length;
        Some(number_text(&number))
    }

    fn string(&mut self) -> Option<String> {
        self.rest().strip_prefix('"')?;
        self.at += 1;
        let mut out = String::new();
        loop {
            let letter = self.rest().chars().next()?;
            self.at += letter.len_utf8();
            match letter {
                '"' => return Some(out),
                '\\' => {
                    let escaped = self.rest().chars().next()?;
                    self.at += escaped.len_utf8();
                    out.push(match escaped {
                        '"' | '\\' | '/' => escaped,
                        'b' => '\u{8}',
                        'f' => '\u{c}',
                        'n' => '\n',
                        'r' => '\r',
                        't' => '\t',
                        'u' => self.unicode()?,
                        _ => return None,
                    });
                }
                letter if (letter as u32) < 0x20 => return None,
                letter => out.push(letter),
            }
        }
    }

    /// Four digits, and a second escape when they are the first half of a pair.
    fn unicode(&mut self) -> Option<char> {
        let first = self.four_digits()?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first);
        }
        self.rest().strip_prefix("\\u")?;
        self.at += 2;
        let second = self.four_digits().filter(|second| (0xdc00..0xe000).contains(second))?;
        char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00))
    }

    fn four_digits(&mut self) -> Option<u32> {
        let digits = self.rest().get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        let number = u32::from_str_radix(digits, 16).ok()?;
        self.at += 4;
        Some(number)
    }
}

/// A text in JSON as Terraform's `jsonencode` writes it: without the letters that HTML knows, and with the short escapes.
fn written(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            letter if (letter as u32) < 0x20 || matches!(letter, '<' | '>' | '&' | '\u{2028}' | '\u{2029}') => {
                out.push_str(&format!("\\u{:04x}", letter as u32));
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_become_texts() {
        let mut store = Store::default();
        let map = parse(
            &mut store,
            r#" {"user":"api","password":"a\"\u00e9\ud83d\ude00\n","port":5432,"x":null,"deep":{"a":[1,true]}} "#,
        )
        .unwrap();
        assert_eq!(
            store.show(map),
            "{ deep = \"{\\\"a\\\":[1,true]}\", password = \"a\\\"é😀\\n\", port = \"5432\", user = \"api\" }"
        );
        let empty = parse(&mut store, "{}").unwrap();
        assert_eq!(store.show(empty), "{}");
    }

    #[test]
    fn members_that_are_no_texts_are_compact_json() {
        let mut store = Store::default();
        let map = parse(
            &mut store,
            r#"{"n": 1.50, "e": 1e3, "b": true, "o": { "z" : 1.0, "a" : [ "<", null ] }, "l": [ ], "t": "1.50"}"#,
        )
        .unwrap();
        assert_eq!(
            store.show(map),
            r#"{ b = "true", e = "1000", l = "[]", n = "1.5", o = "{\"a\":[\"\\u003c\",null],\"z\":1}", t = "1.50" }"#
        );
    }

    #[test]
    fn what_is_no_object_is_refused() {
        let mut store = Store::default();
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        for wrong in [
            "",
            "[]",
            "{",
            "{\"a\":}",
            "{\"a\":01}",
            "{\"a\":1,}",
            "{\"a\":\"\\x\"}",
            "{\"a\":\"\\ud800\"}",
            "{} x",
            "{\"a\":\"\n\"}",
            "{a:1}",
            &deep,
        ] {
            assert_eq!(parse(&mut store, wrong).unwrap_err().code, "bad_json", "{}", &wrong[..wrong.len().min(20)]);
        }
    }
}
