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
    if is_literal(text) {
        let rest = text.trim_end_matches('\n');
        return Style::Literal(match text.len() - rest.len() {
            0 => "-",
            1 => "",
            _ => "+",
        });
    }
    key_style(text)
}

/// Plain or quoted.
pub fn key_style(text: &str) -> Style {
    if is_plain(text) { Style::Plain } else { Style::DoubleQuoted }
}

/// Words that a reader of YAML 1.1 or 1.2 takes for a bool, a null or a number.
const RESERVED: [&str; 12] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "none"];

fn is_plain(text: &str) -> bool {
    is_word(text) || is_quantity(text)
}

/// `250m`, `512Mi`: starts with digits, ends with a unit that no number has.
fn is_quantity(text: &str) -> bool {
    let digits = text.trim_start_matches(|character: char| character.is_ascii_digit());
    digits.len() < text.len() && text.len() < 20 && matches!(digits, "m" | "Ki" | "Mi" | "Gi" | "Ti" | "Pi")
}

/// What may stand in a plain word, by its byte: a look-up, since every key and text of every document is asked.
const IN_A_WORD: [bool; 256] = {
    let mut fits = [false; 256];
    let mut byte = 0u8;
    while byte < 0x80 {
        fits[byte as usize] = byte.is_ascii_alphanumeric()
            || matches!(byte, b'_' | b'-' | b'.' | b'/' | b':' | b'@' | b'+' | b'=' | b',' | b'(' | b')' | b';' | b' ');
        byte += 1;
    }
    fits
};

/// Starts with a letter or a slash, so that it is no number, date or indicator; no `: ` and no ` #` within.
fn is_word(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.first().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'/')
        && bytes.iter().all(|byte| IN_A_WORD.get(*byte as usize).is_some_and(|fits| *fits))
        && !bytes.ends_with(b" ")
        && !bytes.ends_with(b":")
        && (!bytes.contains(&b':') || !text.contains(": "))
        && !is_reserved(text)
}

/// The longest of them has five letters.
fn is_reserved(text: &str) -> bool {
    text.len() <= 5 && RESERVED.iter().any(|word| word.eq_ignore_ascii_case(text))
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
