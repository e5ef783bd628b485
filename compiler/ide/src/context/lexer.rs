//! A text as words, numbers, texts, brackets and signs. Total: whatever stands there, every byte is in a token or is blank.

/// What a token is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Class {
    Word,
    /// Whatever begins with a digit: `30d`, `443/tcp`, `10.0.0.0/16`.
    Number,
    /// A stretch of a text, its quotes included.
    Text,
    Comment,
    /// `{`, `[`, `(`, and `${` in a text.
    Open,
    Close,
    /// `=`, `->`, `.`, `@`, `...`, …
    Sign,
    Comma,
    Newline,
}

/// A token and where it stands, in bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Token {
    pub class: Class,
    pub start: usize,
    pub end: usize,
}

impl Token {
    pub(crate) fn text<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Inside of a bracket.
    Code,
    /// Inside of `${ }`.
    Interpolation,
    Line,
    Block,
}

/// Longer signs first.
const SIGNS: [&str; 15] = ["...", "?.", "?=", "??", "=>", "->", "==", "!=", "<=", ">=", "++", "..", "=", ".", "@"];

/// The tokens of a text from `from` to `to`.
pub(crate) fn tokens(text: &str, from: usize, to: usize) -> Vec<Token> {
    let mut reader = Reader { text, bytes: text.as_bytes(), at: from, to, modes: Vec::new(), found: Vec::new() };
    while reader.at < to {
        match reader.modes.last() {
            Some(Mode::Line | Mode::Block) => reader.in_text(reader.at),
            _ => reader.in_code(),
        }
    }
    reader.found
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    to: usize,
    modes: Vec<Mode>,
    found: Vec<Token>,
}

impl Reader<'_> {
    fn byte(&self, at: usize) -> u8 {
        if at < self.to { self.bytes.get(at).copied().unwrap_or(0) } else { 0 }
    }

    fn push(&mut self, class: Class, start: usize, end: usize) {
        if end > start {
            self.found.push(Token { class, start, end });
        }
        self.at = end;
    }

    fn while_word(&self, mut at: usize) -> usize {
        while self.byte(at).is_ascii_alphanumeric() || self.byte(at) == b'_' {
            at += 1;
        }
        at
    }

    fn in_code(&mut self) {
        let at = self.at;
        match self.byte(at) {
            b' ' | b'\t' | b'\r' => self.at += 1,
            b'\n' => self.newline(),
            b'/' if self.byte(at + 1) == b'/' => {
                let end = self.text.get(at..self.to).and_then(|rest| rest.find('\n')).map_or(self.to, |end| at + end);
                self.push(Class::Comment, at, end);
            }
            b'"' => self.open_text(at, at),
            b'r' if self.byte(at + 1) == b'"' => self.raw(at),
            byte if byte.is_ascii_alphabetic() || byte == b'_' => self.push(Class::Word, at, self.while_word(at)),
            byte if byte.is_ascii_digit() => self.push(Class::Number, at, self.number(at)),
            b'{' | b'[' | b'(' => {
                self.modes.push(Mode::Code);
                self.push(Class::Open, at, at + 1);
            }
            b'}' | b']' | b')' => {
                if matches!(self.modes.last(), Some(Mode::Code | Mode::Interpolation)) {
                    self.modes.pop();
                }
                self.push(Class::Close, at, at + 1);
            }
            b',' => self.push(Class::Comma, at, at + 1),
            _ => self.sign(at),
        }
    }

    fn sign(&mut self, at: usize) {
        let rest = self.text.get(at..self.to).unwrap_or("");
        let known = SIGNS.iter().find(|sign| rest.starts_with(**sign)).map(|sign| sign.len());
        let length = known.or_else(|| rest.chars().next().map(char::len_utf8)).unwrap_or(1);
        self.push(Class::Sign, at, (at + length).min(self.to));
    }

    fn newline(&mut self) {
        // What began in a text of one line ends with the line.
        if let Some(broken) = self.modes.iter().position(|mode| *mode == Mode::Line)
            && !self.modes.iter().skip(broken).any(|mode| *mode == Mode::Block)
        {
            self.modes.truncate(broken);
        }
        self.push(Class::Newline, self.at, self.at + 1);
    }

    /// `443/tcp`, `8000-8100/udp`, `10.0.0.0/16`: signs belong to it where something follows without a blank.
    fn number(&self, mut at: usize) -> usize {
        loop {
            let next = self.byte(at + 1);
            let goes_on = match self.byte(at) {
                b'%' => true,
                b'.' | b'-' => next.is_ascii_digit(),
                b'/' => next.is_ascii_alphanumeric(),
                byte => byte.is_ascii_alphanumeric() || byte == b'_',
            };
            if !goes_on {
                return at;
            }
            at += 1;
        }
    }

    fn raw(&mut self, at: usize) {
        let rest = self.text.get(at + 1..self.to).unwrap_or("");
        let end = match rest.strip_prefix("\"\"\"") {
            Some(inside) => inside.find("\"\"\"").map_or(rest.len(), |end| end + 6),
            None => rest.get(1..).and_then(|inside| inside.find(['"', '\n'])).map_or(rest.len(), |end| {
                let quoted = rest.as_bytes().get(end + 1) == Some(&b'"');
                end + 1 + usize::from(quoted)
            }),
        };
        self.push(Class::Text, at, at + 1 + end);
    }

    fn open_text(&mut self, start: usize, quote: usize) {
        let block = self.byte(quote + 1) == b'"' && self.byte(quote + 2) == b'"';
        self.modes.push(if block { Mode::Block } else { Mode::Line });
        self.at = quote + if block { 3 } else { 1 };
        self.in_text(start);
    }

    /// Up to the end of the text, the end of its line, or an interpolation.
    fn in_text(&mut self, start: usize) {
        let block = self.modes.last() == Some(&Mode::Block);
        let mut at = self.at;
        loop {
            match self.byte(at) {
                0 if at >= self.to => break,
                b'\\' if self.byte(at + 1) != b'\n' => at += 2,
                b'$' if self.byte(at + 1) == b'{' => {
                    self.push(Class::Text, start, at);
                    self.modes.push(Mode::Interpolation);
                    self.push(Class::Open, at, at + 2);
                    return;
                }
                b'"' if !block => {
                    at += 1;
                    self.modes.pop();
                    break;
                }
                b'"' if self.byte(at + 1) == b'"' && self.byte(at + 2) == b'"' => {
                    at += 3;
                    self.modes.pop();
                    break;
                }
                b'\n' if !block => {
                    self.push(Class::Text, start, at);
                    self.newline();
                    return;
                }
                _ => at += 1,
            }
        }
        self.push(Class::Text, start, at.min(self.to));
        self.at = at.min(self.to);
    }
}
