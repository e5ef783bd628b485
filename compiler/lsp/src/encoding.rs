//! Positions as the protocol counts them: a line from 0, and in it bytes, UTF-16 units or letters, as the client has chosen.

use gen_lsp_types::{Position, PositionEncodingKind, Range};

/// What a column counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Encoding {
    Utf8,
    Utf16,
    Utf32,
}

impl Encoding {
    /// The best of those that a client offers; clients that offer none count UTF-16 units.
    pub fn of(offered: Option<&[PositionEncodingKind]>) -> Self {
        let offered = offered.unwrap_or_default();
        if offered.contains(&PositionEncodingKind::UTF8) {
            Self::Utf8
        } else if offered.contains(&PositionEncodingKind::UTF32) && !offered.contains(&PositionEncodingKind::UTF16) {
            Self::Utf32
        } else {
            Self::Utf16
        }
    }
    /// Its name in the protocol.
    pub fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }
    /// How many units a text has.
    pub fn units(self, text: &str) -> usize {
        match self {
            Self::Utf8 => text.len(),
            Self::Utf16 => text.encode_utf16().count(),
            Self::Utf32 => text.chars().count(),
        }
    }
    fn width(self, letter: char) -> usize {
        match self {
            Self::Utf8 => letter.len_utf8(),
            Self::Utf16 => letter.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

/// Where the lines of a text begin. A line ends with `\n`, `\r\n` or `\r`, as the protocol says.
#[derive(Clone, Debug)]
pub struct Lines(Vec<usize>);

impl Lines {
    /// Those of this text.
    pub fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (at, byte) in bytes.iter().enumerate() {
            if *byte == b'\n' || *byte == b'\r' && bytes.get(at + 1) != Some(&b'\n') {
                starts.push(at + 1);
            }
        }
        Self(starts)
    }

    /// The position of a byte. One inside a letter is where the letter begins, one behind the text is its end.
    pub fn position(&self, text: &str, offset: usize, encoding: Encoding) -> Position {
        let offset = floor(text, offset);
        let line = self.0.partition_point(|start| *start <= offset).saturating_sub(1);
        let (start, end) = self.line(text, line);
        let units = text.get(start..offset.min(end)).map_or(0, |before| encoding.units(before));
        Position { line: line as u32, character: units as u32 }
    }

    /// The byte at a position. What lies behind the end of a line is its end, what lies inside a letter is where it begins.
    pub fn offset(&self, text: &str, position: Position, encoding: Encoding) -> usize {
        let line = position.line as usize;
        if line >= self.0.len() {
            return text.len();
        }
        let (start, end) = self.line(text, line);
        let mut left = position.character as usize;
        let mut at = start;
        for letter in text.get(start..end).unwrap_or_default().chars() {
            let width = encoding.width(letter);
            if left < width {
                break;
            }
            left -= width;
            at += letter.len_utf8();
        }
        at
    }

    /// The range between two bytes.
    pub fn range(&self, text: &str, range: std::ops::Range<usize>, encoding: Encoding) -> Range {
        let start = self.position(text, range.start, encoding);
        Range { start, end: self.position(text, range.end.max(range.start), encoding) }
    }

    /// The bytes between two positions, the first of them first.
    pub fn bytes(&self, text: &str, range: Range, encoding: Encoding) -> std::ops::Range<usize> {
        let (one, other) = (self.offset(text, range.start, encoding), self.offset(text, range.end, encoding));
        one.min(other)..one.max(other)
    }

    /// Where a line begins and ends, without what ends it.
    fn line(&self, text: &str, line: usize) -> (usize, usize) {
        let start = self.0.get(line).copied().unwrap_or(text.len());
        let next = self.0.get(line + 1).copied().unwrap_or(text.len());
        let whole = text.get(start..next).unwrap_or_default();
        let shown = match self.0.get(line + 1) {
            Some(_) => whole.strip_suffix("\r\n").or_else(|| whole.strip_suffix(['\n', '\r'])).unwrap_or(whole),
            None => whole,
        };
        (start, start + shown.len())
    }
}

/// The letter border at or before a byte.
fn floor(text: &str, offset: usize) -> usize {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back_in_each_encoding() {
        let text = "a\u{301}日 🦀\r\nb\rc\n\n👩‍👧d";
        let lines = Lines::of(text);
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            for (at, letter) in text.char_indices().filter(|(_, letter)| !matches!(letter, '\r' | '\n')) {
                let position = lines.position(text, at, encoding);
                assert_eq!(lines.offset(text, position, encoding), at, "{letter:?} {encoding:?}");
            }
            let end = lines.position(text, text.len() + 9, encoding);
            assert_eq!(lines.offset(text, end, encoding), text.len());
        }
        assert_eq!(lines.position(text, 11, Encoding::Utf16), Position { line: 0, character: 6 });
        assert_eq!(lines.position(text, 11, Encoding::Utf32), Position { line: 0, character: 5 });
        assert_eq!(lines.position(text, 14, Encoding::Utf8), Position { line: 1, character: 1 });
    }

    #[test]
    fn what_lies_nowhere_is_the_nearest_place() {
        let text = "日x\ny";
        let lines = Lines::of(text);
        let at = |line, character| lines.offset(text, Position { line, character }, Encoding::Utf8);
        assert_eq!([at(0, 1), at(0, 99), at(1, 9), at(7, 0)], [0, 4, 6, 6]);
        assert_eq!(lines.position(text, 2, Encoding::Utf8), Position { line: 0, character: 0 });
    }
}
