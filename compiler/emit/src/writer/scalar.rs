//! How a text stands in YAML so that readers of YAML 1.1 (PyYAML, Ansible) and 1.2 (Go, kubectl) all read this text and no
//! number, date, bool or null. Plain only what none of them could take for anything else; everything else in double quotes.

use std::fmt::Write;

/// How a text is to be written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    Plain,
    DoubleQuoted,
    /// `|`, with its chomping: `-`, nothing, or `+`.
    Literal(&'static str),
}

/// The style of a value; keys never are literals ([`key_style`]).
pub fn style(text: &str) -> Style {
    // What is plain has one line, and most texts are.
    if is_plain(text) {
        return Style::Plain;
    }
    if is_literal(text) {
        let rest = text.trim_end_matches('\n');
        return Style::Literal(match text.len() - rest.len() {
            0 => "-",
            1 => "",
            _ => "+",
        });
    }
    Style::DoubleQuoted
}

/// Plain or quoted.
pub fn key_style(text: &str) -> Style {
    if is_plain(text) { Style::Plain } else { Style::DoubleQuoted }
}

/// Words that a reader of YAML 1.1 or 1.2 takes for a bool, a null or a number, by their length.
const RESERVED: [&[&str]; 6] =
    [&[], &["y", "n"], &["no", "on"], &["yes", "off", "nan", "inf"], &["true", "null", "none"], &["false"]];

fn is_plain(text: &str) -> bool {
    is_word(text) || is_quantity(text)
}

/// `250m`, `512Mi`: starts with digits, ends with a unit that no number has.
fn is_quantity(text: &str) -> bool {
    let digits = text.trim_start_matches(|character: char| character.is_ascii_digit());
    digits.len() < text.len() && text.len() < 20 && matches!(digits, "m" | "Ki" | "Mi" | "Gi" | "Ti" | "Pi")
}

/// A byte that may not stand in a plain word.
const FOREIGN: u8 = 1;
/// One that may not stand there before a blank.
const COLON: u8 = 2;

/// What each byte is in a plain word: a look-up, since every key and text of every document is asked.
const IN_A_WORD: [u8; 256] = {
    let mut kinds = [FOREIGN; 256];
    let mut byte = 0u8;
    while byte < 0x80 {
        if byte.is_ascii_alphanumeric()
            || matches!(byte, b'_' | b'-' | b'.' | b'/' | b'@' | b'+' | b'=' | b',' | b'(' | b')' | b';' | b' ')
        {
            kinds[byte as usize] = 0;
        }
        byte += 1;
    }
    kinds[b':' as usize] = COLON;
    kinds
};

/// Starts with a letter or a slash, so that it is no number, date or indicator; no `: ` and no ` #` within.
fn is_word(text: &str) -> bool {
    let bytes = text.as_bytes();
    if !bytes.first().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'/') {
        return false;
    }
    let kinds = bytes.iter().fold(0, |kinds, byte| kinds | IN_A_WORD[usize::from(*byte)]);
    kinds & FOREIGN == 0
        && !matches!(bytes.last(), Some(b' ' | b':'))
        && (kinds & COLON == 0 || !text.contains(": "))
        && !is_reserved(text)
}

fn is_reserved(text: &str) -> bool {
    RESERVED.get(text.len()).is_some_and(|words| words.iter().any(|word| word.eq_ignore_ascii_case(text)))
}

/// Several lines that a literal block holds exactly: printable, and the first line neither empty nor indented.
fn is_literal(text: &str) -> bool {
    let Some((first, _)) = text.split_once('\n') else { return false };
    !first.is_empty() && !first.starts_with([' ', '\t']) && text.chars().all(|character| character == '\n' || is_printable(character))
        // A line of tabs or blanks only could be taken for indentation.
        && text.split('\n').all(|line| line.is_empty() || !line.trim_matches([' ', '\t']).is_empty())
}

/// What every reader takes as it is; a tab is left out, since some take it for indentation.
fn is_printable(character: char) -> bool {
    matches!(character, ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}')
}

/// The text in double quotes.
pub fn write_quoted(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if is_printable(character) => out.push(character),
            // Writing to a string cannot fail.
            _ if (character as u32) < 0x100 => {
                let _ = write!(out, "\\x{:02x}", character as u32);
            }
            _ => {
                let _ = write!(out, "\\u{:04x}", character as u32);
            }
        }
    }
    out.push('"');
}
