//! JSON as a tree that remembers where each part stands. What is not JSON, or nests too deep, is refused with its place.

use std::borrow::Cow;

use super::ReadError;

/// The most brackets inside each other; what is saved has fewer.
const DEEPEST: u32 = 256;

/// A part of the text.
#[derive(Debug)]
pub(super) struct Json<'t> {
    /// The byte at which it begins.
    pub at: usize,
    pub what: What<'t>,
}

/// What stands there. Numbers are whole: all others are saved as texts.
#[derive(Debug)]
pub(super) enum What<'t> {
    Null,
    Bool(bool),
    Int(i64),
    Text(Cow<'t, str>),
    List(Vec<Json<'t>>),
    Object(Vec<(Cow<'t, str>, Json<'t>)>),
}

/// Reads a whole text.
pub(super) fn parse(text: &str) -> Result<Json<'_>, ReadError> {
    let mut parser = Parser { text, at: 0, depth: 0 };
    let value = parser.value()?;
    parser.blanks();
    match text.len() > parser.at {
        true => Err(parser.refuse("something follows the end of the graph")),
        false => Ok(value),
    }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    depth: u32,
}

impl<'t> Parser<'t> {
    fn refuse(&self, cause: impl Into<String>) -> ReadError {
        ReadError::at(self.text, self.at, cause)
    }
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\t' | b'\r')) {
            self.at += 1;
        }
    }
    fn takes(&mut self, byte: u8) -> bool {
        let is_it = self.peek() == Some(byte);
        self.at += usize::from(is_it);
        is_it
    }
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn value(&mut self) -> Result<Json<'t>, ReadError> {
        self.blanks();
        let at = self.at;
        let what = match self.peek() {
            None => return Err(self.refuse("the text ends before the graph does")),
            Some(b'"') => What::Text(self.text()?),
            Some(b'[') => self.nested(Self::list)?,
            Some(b'{') => self.nested(Self::object)?,
            Some(b'-' | b'0'..=b'9') => What::Int(self.int()?),
            Some(_) => {
                let words = [("null", What::Null), ("true", What::Bool(true)), ("false", What::Bool(false))];
                let rest = self.rest();
                let Some((word, what)) = words.into_iter().find(|(word, _)| rest.starts_with(word)) else {
                    return Err(self.refuse("this is no JSON"));
                };
                self.at += word.len();
                what
            }
        };
        Ok(Json { at, what })
    }

    fn nested(&mut self, inside: impl FnOnce(&mut Self) -> Result<What<'t>, ReadError>) -> Result<What<'t>, ReadError> {
        if self.depth >= DEEPEST {
            return Err(self.refuse(format!("more than {DEEPEST} brackets stand inside each other")));
        }
        self.depth += 1;
        self.at += 1;
        let what = inside(self)?;
        self.depth -= 1;
        Ok(what)
    }

    fn list(&mut self) -> Result<What<'t>, ReadError> {
        let mut elements = Vec::new();
        self.blanks();
        if self.takes(b']') {
            return Ok(What::List(elements));
        }
        loop {
            elements.push(self.value()?);
            self.blanks();
            if self.takes(b']') {
                return Ok(What::List(elements));
            }
            if !self.takes(b',') {
                return Err(self.refuse("the list goes on with `,` or ends with `]`"));
            }
        }
    }

    fn object(&mut self) -> Result<What<'t>, ReadError> {
        let mut members: Vec<(Cow<'t, str>, Json<'t>)> = Vec::new();
        self.blanks();
        if self.takes(b'}') {
            return Ok(What::Object(members));
        }
        loop {
            self.blanks();
            if self.peek() != Some(b'"') {
                return Err(self.refuse("a name in quotation marks begins a member"));
            }
            let name = self.text()?;
            self.blanks();
            if !self.takes(b':') {
                return Err(self.refuse("`:` follows the name of a member"));
            }
            members.push((name, self.value()?));
            self.blanks();
            if self.takes(b'}') {
                break;
            }
            if !self.takes(b',') {
                return Err(self.refuse("the object goes on with `,` or ends with `}`"));
            }
        }
        let mut names: Vec<(&str, usize)> = members.iter().map(|(name, value)| (name.as_ref(), value.at)).collect();
        names.sort_unstable();
        let twice = names.windows(2).find(|pair| matches!(pair, [(one, _), (other, _)] if one == other));
        if let Some([_, (name, at)]) = twice {
            return Err(ReadError::at(self.text, *at, format!("`{}` stands twice in one object", shortened(name))));
        }
        Ok(What::Object(members))
    }

    fn int(&mut self) -> Result<i64, ReadError> {
        let length =
            self.rest().bytes().take_while(|byte| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9'));
        let digits = self.rest().get(..length.count()).unwrap_or_default();
        // The other spellings of a number are not ours.
        match digits.parse::<i64>() {
            Ok(number) if number.to_string() == digits => {
                self.at += digits.len();
                Ok(number)
            }
            Ok(_) | Err(_) => Err(self.refuse("a number is whole, has at most 64 bits and no zeros in front")),
        }
    }

    fn text(&mut self) -> Result<Cow<'t, str>, ReadError> {
        self.at += 1;
        let start = self.at;
        let plain = self.rest().bytes().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1f)).count();
        self.at += plain;
        let plain = self.text.get(start..self.at).unwrap_or_default();
        if self.takes(b'"') {
            return Ok(Cow::Borrowed(plain));
        }
        let mut text = plain.to_owned();
        loop {
            let Some(next) = self.rest().chars().next() else {
                return Err(self.refuse("the text ends within quotation marks"));
            };
            match next {
                '"' => {
                    self.at += 1;
                    return Ok(Cow::Owned(text));
                }
                '\\' => text.push(self.escape()?),
                '\0'..='\u{1f}' => return Err(self.refuse("a control character stands in a text")),
                other => {
                    text.push(other);
                    self.at += other.len_utf8();
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, ReadError> {
        let (character, length) = match self.rest().as_bytes().get(1) {
            Some(b'"') => ('"', 2),
            Some(b'\\') => ('\\', 2),
            Some(b'/') => ('/', 2),
            Some(b'n') => ('\n', 2),
            Some(b't') => ('\t', 2),
            Some(b'r') => ('\r', 2),
            Some(b'b') => ('\u{8}', 2),
            Some(b'f') => ('\u{c}', 2),
            Some(b'u') => self.unicode()?,
            Some(_) | None => return Err(self.refuse("there is no such escape")),
        };
        self.at += length;
        Ok(character)
    }

    fn unicode(&self) -> Result<(char, usize), ReadError> {
        let unit = |from: usize| {
            let digits =
                self.rest().get(from..from + 4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
            digits.and_then(|digits| u16::from_str_radix(digits, 16).ok())
        };
        let high = unit(2);
        let low = if self.rest().get(6..8) == Some("\\u") { unit(8) } else { None };
        let units: Vec<u16> = high.into_iter().chain(low).collect();
        match char::decode_utf16(units).next() {
            Some(Ok(character)) => Ok((character, if (character as u32) > 0xffff { 12 } else { 6 })),
            Some(Err(_)) | None => Err(self.refuse("this escape is no character")),
        }
    }
}

/// A text of a message.
pub(super) fn shortened(text: &str) -> String {
    text.chars().take(60).collect()
}
