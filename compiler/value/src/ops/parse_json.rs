//! `parse_json(x)`: an object of JSON as a map of texts. Members that are no texts are given as the JSON that they are, so that
//! `5432` and `"5432"` read alike; `null` is left out.

use super::{Operation, text_argument};
use crate::{Fault, Op, Store, ValueId};

pub(super) static OPERATION: Operation = Operation {
    arity: (1, Some(1)),
    docs: "Reads an object of JSON as a map of texts; a member that is no text is given as the JSON that it is, `null` is left out.",
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
    let members = reader.object(0).filter(|_| {
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
    fn object(&mut self, depth: usize) -> Option<Vec<(String, Option<String>)>> {
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
            let from = self.at;
            let value = if self.rest().starts_with('"') {
                Some(self.string()?)
            } else {
                self.skip(depth + 1)?;
                self.text.get(from..self.at).filter(|value| *value != "null").map(str::to_owned)
            };
            members.push((name, value));
            if self.eat("}").is_some() {
                return Some(members);
            }
            self.eat(",")?;
        }
    }

    fn skip(&mut self, depth: usize) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        self.blank();
        if self.rest().starts_with('{') {
            return self.object(depth).map(|_| ());
        }
        if self.rest().starts_with('"') {
            return self.string().map(|_| ());
        }
        if self.eat("[").is_some() {
            if self.eat("]").is_some() {
                return Some(());
            }
            loop {
                self.skip(depth + 1)?;
                if self.eat("]").is_some() {
                    return Some(());
                }
                self.eat(",")?;
            }
        }
        for word in ["true", "false", "null"] {
            if self.eat(word).is_some() {
                return Some(());
            }
        }
        self.number()
    }

    fn number(&mut self) -> Option<()> {
        let length = self
            .rest()
            .bytes()
            .take_while(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E'))
            .count();
        let number = self.rest().get(..length)?;
        let whole = number.strip_prefix('-').unwrap_or(number);
        let leading_zero =
            whole.len() > 1 && whole.starts_with('0') && whole.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
        if leading_zero || crate::scalars::decimal(number).is_err() {
            return None;
        }
        self.at += length;
        Some(())
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
