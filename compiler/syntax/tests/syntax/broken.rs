//! Broken text: every prefix, every deletion, random bytes, great depth and length. Parsing ends, and every mistake is told.

use crate::support::{Random, check, check_tree, programs};

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
                    check_tree(&syntax::parse(&format!(
                        "{}{second}{between}{first}{}",
                        &item.text[..*start],
                        &item.text[*after..]
                    )));
                }
            }
        }
    }
}

#[test]
fn random_text_parses() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for round in 0..8_000 {
        check(&random.text(if round % 10 == 0 { 60 } else { 14 }));
    }
    for _ in 0..2_000 {
        let bytes: Vec<u8> = (0..random.next(80)).map(|_| random.next(256) as u8).collect();
        check(&String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn great_depth_and_length_end() {
    for opener in [
        "[",
        "{",
        "(",
        "\"${",
        "x = [",
        "a { ",
        "f(",
        "if ",
        "not ",
        "-",
        "match ",
        "later ",
        "@a ",
        "for x in ",
        "a.",
        "a[",
        "1 + ",
        "if a then b else ",
        "[if a: ",
        "range<",
        "\"\"\"${",
        "private ",
        "a -> ",
        "x?",
        "\"",
        "r\"",
        "// ",
        "}",
        ")",
        "let a = {",
        "a, ",
        ".",
        "=",
        "\\",
    ] {
        for prefix in ["", "let x = ", "type x = ", "kind a {"] {
            let text = format!("{prefix}{}", opener.repeat(20_000));
            let (items, _) = syntax::items(&text);
            assert!(items.len() < 3);
            ends(&syntax::parse(&text));
            let lines = format!("{prefix}{}", format!("{opener}\n").repeat(4_000));
            for item in syntax::items(&lines).0 {
                ends(&syntax::parse(item.text));
            }
        }
        assert_eq!(
            syntax::items(&opener.repeat(100_000)).0.len().min(2),
            syntax::items(&opener.repeat(100)).0.len().min(2),
            "{opener}"
        );
        ends(&syntax::parse(&opener.repeat(100_000)));
    }
}

/// What must hold for any tree, without looking at every pair of node and error.
fn ends(tree: &syntax::Tree) {
    assert_eq!(tree.node(syntax::Tree::ROOT).subtree as usize, tree.nodes.len());
    let mut open = Vec::new();
    for (index, node) in tree.nodes.iter().enumerate() {
        while open.last().is_some_and(|end| *end <= index) {
            open.pop();
        }
        open.push(index + node.subtree as usize);
        // Readers recurse over trees.
        assert!(open.len() < 2_000);
    }
}
