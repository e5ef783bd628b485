//! JSON as text: with one member a line for the places, and compact for the graph.

use std::fmt::Write as _;

const BLANKS: &str = "                                                                ";

/// JSON with two spaces of indentation, written as it goes.
#[derive(Default)]
pub(super) struct Pretty {
    pub out: String,
    indent: usize,
}

impl Pretty {
    fn line(&mut self) {
        self.out.push('\n');
        let mut columns = 2 * self.indent;
        while columns > 0 {
            let some = columns.min(BLANKS.len());
            self.out.push_str(&BLANKS[..some]);
            columns -= some;
        }
    }
    fn comma(&mut self) {
        if !matches!(self.out.as_bytes().last(), Some(b'{' | b'[')) {
            self.out.push(',');
        }
        self.line();
    }
    pub fn object(&mut self, members: impl FnOnce(&mut Self)) {
        self.nested('{', '}', members);
    }
    pub fn list<T>(&mut self, elements: &[T], mut each: impl FnMut(&mut Self, &T)) {
        self.nested('[', ']', |out| {
            for element in elements {
                out.comma();
                each(out, element);
            }
        });
    }
    fn nested(&mut self, open: char, close: char, inside: impl FnOnce(&mut Self)) {
        self.out.push(open);
        self.indent += 1;
        let before = self.out.len();
        inside(self);
        self.indent -= 1;
        if self.out.len() > before {
            self.line();
        }
        self.out.push(close);
    }
    pub fn field(&mut self, name: &str, value: impl FnOnce(&mut Self)) {
        self.comma();
        self.text(name);
        self.out.push_str(": ");
        value(self);
    }
    pub fn raw(&mut self, value: impl std::fmt::Display) {
        // Writing to a String cannot fail.
        let _ = write!(self.out, "{value}");
    }
    pub fn text(&mut self, text: &str) {
        push_text(&mut self.out, text);
    }
}

/// Compact JSON, written as it goes.
#[derive(Default)]
pub(super) struct Compact {
    pub out: String,
}

impl Compact {
    /// `{…}` or `[…]`, with what `inside` writes in it.
    pub fn nested(&mut self, open: char, close: char, inside: impl FnOnce(&mut Self)) {
        self.out.push(open);
        inside(self);
        self.out.push(close);
    }
    /// A comma, unless nothing was written in this bracket yet.
    pub fn comma(&mut self) {
        if !matches!(self.out.as_bytes().last(), Some(b'{' | b'[' | b'\n' | b':')) {
            self.out.push(',');
        }
    }
    /// A member of an object.
    pub fn field(&mut self, name: &str, value: impl FnOnce(&mut Self)) {
        self.comma();
        self.text(name);
        self.out.push(':');
        value(self);
    }
    /// A member that is a text.
    pub fn text_field(&mut self, name: &str, text: &str) {
        self.field(name, |out| out.text(text));
    }
    /// A member that is left out when it is not so.
    pub fn flag(&mut self, name: &str, is_so: bool) {
        if is_so {
            self.field(name, |out| out.out.push_str("true"));
        }
    }
    /// Something that stands as it is shown.
    pub fn raw(&mut self, value: impl std::fmt::Display) {
        // Writing to a String cannot fail.
        let _ = write!(self.out, "{value}");
    }
    /// A position or a count.
    pub fn number(&mut self, number: usize) {
        push_number(&mut self.out, number);
    }
    /// A text in quotation marks.
    pub fn text(&mut self, text: &str) {
        push_text(&mut self.out, text);
    }
    /// All of them in brackets.
    pub fn list<T>(&mut self, elements: impl IntoIterator<Item = T>, mut each: impl FnMut(&mut Self, T)) {
        self.nested('[', ']', |out| {
            for element in elements {
                out.comma();
                each(out, element);
            }
        });
    }
}

/// A number in digits. Every mention of an address or a shared value is one: it takes no formatter.
fn push_number(out: &mut String, mut number: usize) {
    let mut digits = [0; 20];
    let mut from = digits.len();
    while from > 0 {
        from -= 1;
        digits[from] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.extend(digits[from..].iter().map(|digit| char::from(*digit)));
}

/// A text in quotation marks.
pub(super) fn push_text(out: &mut String, text: &str) {
    out.push('"');
    if has_escapes(text) {
        push_escaped(out, text);
    } else {
        out.push_str(text);
    }
    out.push('"');
}

/// Whether something in a text cannot stand in JSON as it is. Without an early end sixteen bytes are looked at in one step.
fn has_escapes(text: &str) -> bool {
    let (steps, rest) = text.as_bytes().as_chunks::<16>();
    let in_step = |step: &[u8; 16]| step.iter().fold(false, |found, byte| found | is_escaped(*byte));
    steps.iter().any(in_step) || rest.iter().fold(false, |found, byte| found | ESCAPED[usize::from(*byte)])
}

const fn is_escaped(byte: u8) -> bool {
    (byte < 0x20) | (byte == b'"') | (byte == b'\\') | (byte == 0x7f)
}

/// [`is_escaped`] by the byte: most texts are shorter than a step.
const ESCAPED: [bool; 256] = {
    let mut escaped = [false; 256];
    let mut byte = 0u8;
    while byte < 0x80 {
        escaped[byte as usize] = is_escaped(byte);
        byte += 1;
    }
    escaped
};

/// What lies between two escapes is written at once.
fn push_escaped(out: &mut String, mut text: &str) {
    while let Some(at) = text.bytes().position(|byte| ESCAPED[usize::from(byte)]) {
        let (before, rest) = text.split_at(at);
        out.push_str(before);
        let mut rest = rest.chars();
        match rest.next() {
            Some('"') => out.push_str("\\\""),
            Some('\\') => out.push_str("\\\\"),
            Some('\n') => out.push_str("\\n"),
            Some('\t') => out.push_str("\\t"),
            Some('\r') => out.push_str("\\r"),
            Some(control) => {
                let _ = write!(out, "\\u{:04x}", control as u32);
            }
            None => {}
        }
        text = rest.as_str();
    }
    out.push_str(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_they_are_shown() {
        for number in [0, 7, 10, 1_234_567_890, usize::MAX] {
            let mut out = String::new();
            push_number(&mut out, number);
            assert_eq!(out, number.to_string());
        }
    }

    #[test]
    fn what_json_cannot_hold_is_escaped() {
        let mut out = String::new();
        push_text(&mut out, "é\"a\\\n\t\r\u{1}\u{7f}é\u{2028}");
        assert_eq!(out, "\"é\\\"a\\\\\\n\\t\\r\\u0001\\u007fé\u{2028}\"");
    }

    #[test]
    fn what_json_cannot_hold_is_found_anywhere_in_a_text() {
        for (at, sign) in [(0, '"'), (5, '\\'), (15, '\n'), (16, '\u{7f}'), (40, '\u{1}')] {
            let mut text = "é".repeat(at);
            assert!(!has_escapes(&text));
            text.push(sign);
            text.push_str("ende");
            assert!(has_escapes(&text), "{text:?}");
        }
    }
}
