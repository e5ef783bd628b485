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
            self.field(name, |out| out.raw(true));
        }
    }
    /// A number or a truth.
    pub fn raw(&mut self, value: impl std::fmt::Display) {
        // Writing to a String cannot fail.
        let _ = write!(self.out, "{value}");
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

/// A text in quotation marks.
pub(super) fn push_text(out: &mut String, text: &str) {
    out.push('"');
    // Without an early end the whole text is looked at in wide steps.
    if !text
        .bytes()
        .fold(false, |found, byte| found | (byte < 0x20) | (byte == b'"') | (byte == b'\\') | (byte == 0x7f))
    {
        out.push_str(text);
    } else {
        push_escaped(out, text);
    }
    out.push('"');
}

fn push_escaped(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            control if (control as u32) < 0x20 || control == '\u{7f}' => {
                let _ = write!(out, "\\u{:04x}", control as u32);
            }
            other => out.push(other),
        }
    }
}
