//! Texts of a program as a terminal may have them: what moves the cursor, rings, hides or turns text around is shown and not done.

use std::borrow::Cow;

/// Whether a terminal acts on a character instead of showing it: controls, and those that change the direction of text
/// (Unicode's `Bidi_Control`), separate lines or hide at the start of a text. Newline and tab lay out what we print ourselves.
pub fn is_control(letter: char) -> bool {
    match letter {
        '\n' | '\t' => false,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => true,
        letter => letter.is_control(),
    }
}

/// Whether a character is not to stand in what is one line: newlines and tabs too.
pub fn leaves_line(letter: char) -> bool {
    matches!(letter, '\n' | '\t') || is_control(letter)
}

/// The text with its control characters as the language spells them: `\u{1b}`. A carriage return before a newline goes.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_control) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\r' if letters.peek() == Some(&'\n') => {}
            letter if is_control(letter) => out.push_str(&spelt(letter)),
            letter => out.push(letter),
        }
    }
    Cow::Owned(out)
}

/// The same for what is to stay on one line: `\n` and `\t` too.
pub fn on_one_line(text: &str) -> Cow<'_, str> {
    match visible(text) {
        text if text.contains(['\n', '\t']) => Cow::Owned(text.replace('\n', "\\n").replace('\t', "\\t")),
        text => text,
    }
}

/// A control character as the language spells it.
pub fn spelt(letter: char) -> String {
    format!("\\u{{{:x}}}", u32::from(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_act_on_is_shown() {
        assert_eq!(visible("a\u{1b}[2Kb\u{7}\u{202e}c\u{9b}d"), "a\\u{1b}[2Kb\\u{7}\\u{202e}c\\u{9b}d");
        assert_eq!(visible("one\r\ntwo\rthree\n"), "one\ntwo\\u{d}three\n");
        assert_eq!(on_one_line("a\n\tb"), "a\\n\\tb");
    }

    #[test]
    fn letters_of_all_languages_stay() {
        for text in ["größe 日本 👩‍👧 שלום\t\n", ""] {
            assert!(matches!(visible(text), Cow::Borrowed(same) if same == text));
        }
    }
}
