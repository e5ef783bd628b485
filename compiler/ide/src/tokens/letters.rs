//! Tokens by the letters alone: what lies between the leaves of a tree, and text that fits nothing.

use std::ops::Range;

use super::{Class, Paint};
use crate::places::slice;

/// Signs that are operators outside of expressions, the longer ones first.
const SIGNS: [&str; 10] = ["...", "?=", "=>", "->", "=", "|", "?", "*", "<", ">"];

/// Words that are no name wherever they stand.
const ALWAYS: [&str; 11] = ["if", "then", "else", "and", "or", "not", "in", "is", "div", "mod", "match"];

/// Words that begin a statement when another word follows.
const STATEMENTS: [&str; 26] = [
    "let",
    "param",
    "type",
    "fn",
    "use",
    "project",
    "package",
    "environment",
    "policy",
    "platform",
    "kind",
    "implement",
    "adjust",
    "test",
    "output",
    "moved",
    "forget",
    "adopt",
    "out",
    "check",
    "require",
    "once",
    "destroy",
    "read",
    "private",
    "for",
];

impl Paint<'_> {
    /// What stands between two leaves of a tree: comments, keywords and signs.
    pub(super) fn gap(&mut self, range: Range<u32>) {
        let mut at = range.start;
        while at < range.end {
            let rest = slice(self.text, &(at..range.end));
            let Some(length) = self.comment(rest, at).or_else(|| self.sign(rest, at)) else {
                let word = word(rest);
                if !word.is_empty() {
                    self.push(at..at + word.len() as u32, Class::Keyword, false);
                }
                at += word.len().max(rest.chars().next().map_or(1, char::len_utf8)) as u32;
                continue;
            };
            at += length;
        }
    }

    /// Text of which nothing is known.
    pub(super) fn letters(&mut self, range: Range<u32>) {
        let mut at = range.start;
        while at < range.end {
            let rest = slice(self.text, &(at..range.end));
            let first = rest.chars().next().unwrap_or(' ');
            let length = match first {
                '/' if rest.starts_with("//") => self.comment(rest, at),
                '"' => Some(self.quoted(rest, at)),
                'r' if rest.starts_with("r\"") => Some(self.quoted(rest, at)),
                '@' => {
                    let length = 1 + word(rest.get(1..).unwrap_or("")).len() as u32;
                    self.push(at..at + length, Class::Annotation, false);
                    Some(length)
                }
                '0'..='9' => {
                    let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && !"_.%/-".contains(letter));
                    let number = rest.get(..end.unwrap_or(rest.len())).unwrap_or("");
                    let number = number.split("//").next().unwrap_or("").split("..").next().unwrap_or("");
                    let number = number.trim_end_matches(['.', '/', '-']);
                    self.number(number, at);
                    Some(number.len() as u32)
                }
                'a'..='z' | 'A'..='Z' | '_' => {
                    let word = word(rest);
                    if let Some(class) = self.class_of(word, at) {
                        self.push(at..at + word.len() as u32, class, false);
                    }
                    Some(word.len() as u32)
                }
                _ => self.sign(rest, at),
            };
            at += length.unwrap_or(0).max(first.len_utf8() as u32);
        }
    }

    /// A number with what it counts.
    pub(super) fn number(&mut self, number: &str, at: u32) {
        let unit = match number.find('/') {
            // `10.0.0.0/16` counts nothing.
            Some(slash) => number.get(slash + 1..).is_some_and(|unit| !starts_with_digit(unit)).then_some(slash),
            None if number.contains('-') => None,
            None => number.find(|letter: char| letter.is_ascii_alphabetic() || letter == '%'),
        };
        let middle = at + unit.unwrap_or(number.len()) as u32;
        self.push(at..middle, Class::Number, false);
        self.push(middle..at + number.len() as u32, Class::Unit, false);
    }

    /// A comment up to the end of its line, and how long it is.
    fn comment(&mut self, rest: &str, at: u32) -> Option<u32> {
        if !rest.starts_with("//") {
            return None;
        }
        let line = rest.split('\n').next().unwrap_or("").trim_ascii_end();
        let documents = line.starts_with("///") && !line.starts_with("////") || line.starts_with("//!");
        self.push(at..at + line.len() as u32, if documents { Class::Documentation } else { Class::Comment }, false);
        Some(line.len() as u32)
    }

    fn sign(&mut self, rest: &str, at: u32) -> Option<u32> {
        if rest.starts_with("?.") {
            return Some(2);
        }
        let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign))?;
        self.push(at..at + sign.len() as u32, Class::Operator, false);
        Some(sign.len() as u32)
    }

    /// A text with its quotes, which may lack its end, and how long it is.
    fn quoted(&mut self, rest: &str, at: u32) -> u32 {
        let raw = rest.starts_with('r');
        let open = usize::from(raw);
        let is_block = rest.get(open..).is_some_and(|text| text.starts_with("\"\"\""));
        let quotes = if is_block { "\"\"\"" } else { "\"" };
        let mut end = open + quotes.len();
        while let Some(text) = rest.get(end..).filter(|text| !text.is_empty()) {
            if text.starts_with(quotes) {
                end += quotes.len();
                break;
            }
            let mut letters = text.chars();
            let letter = letters.next().unwrap_or('\n');
            if letter == '\n' && !is_block {
                break;
            }
            end += letter.len_utf8();
            if letter == '\\' && !raw {
                end += letters.next().filter(|next| *next != '\n').map_or(0, char::len_utf8);
            }
        }
        self.push(at..at + end as u32, Class::Text, false);
        end as u32
    }

    /// What a word is by its place in its line.
    fn class_of(&self, word: &str, at: u32) -> Option<Class> {
        let before = slice(self.text, &(0..at));
        let begins_line = before.rsplit('\n').next().unwrap_or("").trim_ascii().is_empty();
        let behind = self.text.get(at as usize + word.len()..).unwrap_or("");
        let next = behind.trim_start_matches([' ', '\t']);
        if begins_line && (next.starts_with('=') && !next.starts_with("==") || next.starts_with("?=")) {
            return Some(Class::Field);
        }
        let begins_name = |letter: char| letter.is_ascii_alphabetic() || letter == '_' || letter == '"';
        let is_followed = next.len() < behind.len() && next.starts_with(begins_name);
        let is_keyword = ALWAYS.contains(&word) || begins_line && is_followed && STATEMENTS.contains(&word);
        is_keyword.then_some(Class::Keyword)
    }
}

/// The word that a text begins with, or nothing.
fn word(text: &str) -> &str {
    if starts_with_digit(text) {
        return "";
    }
    let end = text.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap_or(text.len());
    text.get(..end).unwrap_or("")
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_ascii_digit())
}
