//! A file as it is drawn: its control characters are spelt, so places in it are not where they are in the file.

use source::{is_control, spelt};

/// The text and where each of its places is in the file.
#[derive(Clone, Debug, Default)]
pub struct ShownFile {
    text: String,
    /// Where a spelt character ends in the file, and how many bytes more than the file the text has from there on.
    shifts: Vec<(usize, usize)>,
}

impl ShownFile {
    /// For this text of a file. A carriage return before a newline is a blank, so that each line ends where it did.
    pub fn new(file: &str) -> Self {
        if !file.contains(|letter| letter == '\r' || is_control(letter)) {
            return Self { text: file.to_owned(), shifts: Vec::new() };
        }
        let mut shown = Self::default();
        let mut letters = file.char_indices().peekable();
        while let Some((at, letter)) = letters.next() {
            if letter == '\r' && letters.peek().is_some_and(|(_, next)| *next == '\n') {
                shown.text.push(' ');
            } else if is_control(letter) {
                shown.text.push_str(&spelt(letter));
                let end = at + letter.len_utf8();
                shown.shifts.push((end, shown.text.len() - end));
            } else {
                shown.text.push(letter);
            }
        }
        shown
    }
    /// What is drawn.
    pub fn text(&self) -> &str {
        &self.text
    }
    /// Where a byte of the file is in the text.
    pub fn shown(&self, at: usize) -> usize {
        let before = self.shifts.partition_point(|(end, _)| *end <= at);
        at + before.checked_sub(1).and_then(|last| self.shifts.get(last)).map_or(0, |(_, more)| *more)
    }
    /// Where a byte of the text is in the file.
    pub fn in_file(&self, at: usize) -> usize {
        let before = self.shifts.partition_point(|(end, more)| end + more <= at);
        at - before.checked_sub(1).and_then(|last| self.shifts.get(last)).map_or(0, |(_, more)| *more)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_go_there_and_back() {
        let file = "a\u{1b}b\r\n\u{202e}ö\u{7}";
        let shown = ShownFile::new(file);
        assert_eq!(shown.text(), "a\\u{1b}b \n\\u{202e}ö\\u{7}");
        for (at, letter) in file.char_indices() {
            let there = shown.shown(at);
            assert_eq!(shown.in_file(there), at);
            assert!(is_control(letter) || shown.text()[there..].starts_with(letter), "{at}");
        }
        assert_eq!(shown.shown(file.len()), shown.text().len());
    }
}
