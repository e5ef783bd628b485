//! Broken text: every prefix, every deletion, random bytes, great depth and length. Parsing ends, and every mistake is told.

use crate::support::{check, check_tree, programs};

/// A small generator, so that the same texts are tried everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below.max(1) as u64) as usize
    }
}

#[test]
fn every_prefix_parses() {
    for (_, text) in programs() {
        for item in syntax::items(&text).0 {
            for (end, _) in item.text.char_indices() {
                check_tree(&syntax::parse(&item.text[..end]));
            }
        }
        // The whole file's prefixes only at some places: the cut is what differs.
        for end in (0..text.len()).step_by(37).filter(|end| text.is_char_boundary(*end)) {
            check(&text[..end]);
        }
    }
}

/// Words, and every other character by itself.
fn tokens(text: &str) -> Vec<(usize, usize)> {
    let mut tokens = Vec::new();
    let mut characters = text.char_indices().peekable();
    while let Some((start, character)) = characters.next() {
        let is_word = |character: char| character.is_alphanumeric() || character == '_';
        let mut end = start + character.len_utf8();
        while is_word(character) {
            let Some((at, next)) = characters.next_if(|(_, next)| is_word(*next)) else { break };
            end = at + next.len_utf8();
        }
        if character != ' ' {
            tokens.push((start, end));
        }
    }
    tokens
}

#[test]
fn every_deletion_of_a_token_parses() {
    for (_, text) in programs() {
        for item in syntax::items(&text).0 {
            for (start, end) in tokens(item.text) {
                check_tree(&syntax::parse(&format!("{}{}", &item.text[..start], &item.text[end..])));
            }
        }
    }
}

#[test]
fn every_token_twice_and_every_swap_parses() {
    for (_, text) in programs() {
        for item in syntax::items(&text).0 {
            let places = tokens(item.text);
            for (index, (start, end)) in places.iter().enumerate() {
                check_tree(&syntax::parse(&format!("{}{}", &item.text[..*end], &item.text[*start..])));
                if let Some((next, after)) = places.get(index + 1) {
                    let (first, second) = (&item.text[*start..*end], &item.text[*next..*after]);
                    let between = &item.text[*end..*next];
                    check_tree(&syntax::parse(&format!("{}{second}{between}{first}{}", &item.text[..*start], &item.text[*after..])));
                }
            }
        }
    }
}

#[test]
fn random_text_parses() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let pieces = [
        "{", "}", "[", "]", "(", ")", "\"", "\"\"\"", "r\"", "${", "}", "\n", " ", ",", "=", "?=", ":", "=>", "->", "..", "...", ".", "?.",
        "+", "-", "*", "/", "//", "///", "++", "??", "==", "!=", "<", ">", "?", "|", "@", "\\", "$", "#", ";", "é", "\u{1}", "\u{2}", "\t", "\r",
        "a", "b_c", "server", "if", "then", "else", "for", "in", "match", "let", "kind", "type", "out", "check", "read", "later", "secret",
        "and", "or", "not", "is", "with", "by", "key", "of", "on", "where", "fn", "moved", "to", "adopt", "private", "once", "environment",
        "1", "4GiB", "10.0.0.0/16", "443/tcp", "2027-03-31", "99.9%", "1..3", "x = 1", "port http = 80/tcp", "server a {", "for x in xs:",
    ];
    for round in 0..20_000 {
        let mut text = String::new();
        for _ in 0..random.next(if round % 10 == 0 { 60 } else { 14 }) {
            text.push_str(pieces[random.next(pieces.len())]);
            if random.next(3) == 0 {
                text.push(' ');
            }
        }
        check(&text);
    }
    for _ in 0..2_000 {
        let bytes: Vec<u8> = (0..random.next(80)).map(|_| random.next(256) as u8).collect();
        check(&String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn great_depth_and_length_end() {
    for opener in ["[", "{", "(", "\"${", "x = [", "a { ", "f(", "if ", "not ", "-", "match ", "later ", "@a ", "for x in ", "a.", "a[", "1 + ",
        "if a then b else ", "[if a: ", "range<", "\"\"\"${", "private ", "a -> ", "x?", "\"", "r\"", "// ", "}", ")", "let a = {", "a, ", ".", "=", "\\"]
    {
        for prefix in ["", "let x = ", "type x = ", "kind a {", "let x = match "] {
            let text = format!("{prefix}{}", opener.repeat(100_000));
            let (items, _) = syntax::items(&text);
            assert!(items.len() < 3);
            check_tree(&syntax::parse(&text));
            let lines = format!("{prefix}{}", format!("{opener}\n").repeat(20_000));
            for item in syntax::items(&lines).0 {
                check_tree(&syntax::parse(item.text));
            }
        }
    }
}
