//! The programs of the design, and what must hold for every tree.

use std::fs;
use std::path::PathBuf;

use syntax::{Kind, NodeId, Tree};

/// Name and text of each program.
pub fn programs() -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/programs")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push((
                    path.file_name().unwrap().to_string_lossy().into_owned(),
                    fs::read_to_string(&path).unwrap(),
                ));
            }
        }
    }
    files.sort();
    files
}

/// Every error of a file as `line: message`.
pub fn told(text: &str) -> Vec<String> {
    let mut told = Vec::new();
    for item in syntax::items(text).0 {
        for error in &syntax::parse(item.text).errors {
            let line = text[..(item.start + error.start) as usize].matches('\n').count() + 1;
            told.push(format!("{line}: {}; {}", error.message, error.help));
        }
    }
    told
}

/// Parses a text as an item and as a file and checks what must hold for any text.
pub fn check(text: &str) {
    let mut end = 0;
    for item in syntax::items(text).0 {
        assert!(item.start as usize >= end, "items overlap in {text:?}");
        end = item.start as usize + item.text.len();
        assert_eq!(&text[item.start as usize..end], item.text);
        check_tree(&syntax::parse(item.text));
    }
    check_tree(&syntax::parse(text));
}

pub fn check_tree(tree: &Tree) {
    let text = &tree.text;
    let length = text.len() as u32;
    assert_eq!(tree.node(Tree::ROOT).subtree as usize, tree.nodes.len());
    for (index, node) in tree.nodes.iter().enumerate() {
        let id = NodeId(index as u32);
        let end = node.start + node.len;
        assert!(
            end <= length && text.is_char_boundary(node.start as usize) && text.is_char_boundary(end as usize),
            "{node:?} in {text:?}"
        );
        let mut at = node.start;
        let mut counted = 1;
        for child in tree.children(id) {
            let child = tree.node(child);
            counted += child.subtree;
            assert!(child.start >= at && child.start + child.len <= end, "{child:?} leaves {node:?} in {text:?}");
            at = child.start + child.len;
        }
        assert_eq!(counted, node.subtree, "{node:?} in {text:?}");
        if matches!(node.kind, Kind::Hole | Kind::Bad | Kind::Unclosed) {
            assert!(!tree.errors.is_empty(), "nothing is told of {node:?} in {text:?}");
        }
        if node.kind == Kind::Bad {
            let covered = tree.errors.iter().any(|error| {
                // What was read before the mistake on its line is not read further, but is not wrong either.
                let ends_with_it = error.start >= node.start && error.start + error.len >= end && error.start <= end;
                // An item with too many brackets is not read at all; what is told points at the bracket.
                error.start <= node.start && error.start + error.len >= end
                    || ends_with_it
                    || error.code == "nested_too_deeply"
            });
            let shown: String = tree.text(id).chars().take(200).collect();
            assert!(covered, "nothing covers {shown:?} in {:?}\n{:?}", &text[..text.len().min(300)], tree.errors);
        }
    }
    for error in &tree.errors {
        assert!(error.start + error.len <= length, "{error:?} in {text:?}");
        assert!(
            text.is_char_boundary(error.start as usize) && text.is_char_boundary((error.start + error.len) as usize),
            "{error:?} {text:?}"
        );
        // The grammar takes every text: only depth may refuse one.
        let deep = text.len() > 20_000;
        assert!(error.code != "nested_too_deeply" || deep, "the grammar does not take {text:?}");
    }
}

/// A small generator, so that the same texts are tried everywhere.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below.max(1) as u64) as usize
    }

    /// A text made of words and signs of the language.
    pub fn text(&mut self, length: usize) -> String {
        let mut text = String::new();
        for _ in 0..self.next(length) {
            text.push_str(PIECES[self.next(PIECES.len())]);
            if self.next(3) == 0 {
                text.push(' ');
            }
        }
        text
    }
}

const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "\"",
    "\"\"\"",
    "r\"",
    "${",
    "}",
    "\n",
    "\n",
    " ",
    ",",
    "=",
    "?=",
    ":",
    "=>",
    "->",
    "..",
    "...",
    ".",
    "?.",
    "+",
    "-",
    "*",
    "/",
    "//",
    "///",
    "++",
    "??",
    "==",
    "!=",
    "<",
    ">",
    "?",
    "|",
    "@",
    "\\",
    "$",
    "#",
    ";",
    "é",
    "\u{1}",
    "\u{2}",
    "\t",
    "\r",
    "a",
    "b_c",
    "server",
    "if",
    "then",
    "else",
    "for",
    "in",
    "match",
    "let",
    "kind",
    "type",
    "out",
    "check",
    "read",
    "later",
    "secret",
    "and",
    "or",
    "not",
    "is",
    "with",
    "by",
    "key",
    "of",
    "on",
    "where",
    "fn",
    "moved",
    "to",
    "adopt",
    "private",
    "once",
    "environment",
    "1",
    "4GiB",
    "10.0.0.0/16",
    "443/tcp",
    "2027-03-31",
    "99.9%",
    "1..3",
    "x = 1",
    "port http = 80/tcp",
    "server a {",
    "for x in xs:",
    "// note\n",
    "\n\n",
    "let x = ",
    "[a, b]",
    "f(x, y = 1)",
    "{ a = 1 }",
    "\"text\"",
    "match x { a => 1 }",
    "if a then b else c",
];
