//! What each token of a text is, as the compiler's own parser reads it.

use std::ops::Range;

use serde_json::{Value, json};
use syntax::{Kind, NodeId, Tree, TriviaKind, flag};

/// What a reader sees in one colour.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Class {
    Comment,
    Documentation,
    Text,
    Escape,
    Number,
    Constant,
    Keyword,
    Operator,
    Punctuation,
    Annotation,
    Type,
    Function,
    Property,
    Variable,
}

/// A token and its place in bytes.
pub type Token = (Range<usize>, Class);

/// All tokens of a file without mistakes, in order; nothing but blanks lies between them.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut end = 0;
    for item in syntax::items(text).0 {
        let start = item.start as usize;
        comments(text, end..start, &mut found);
        let tree = syntax::parse(item.text);
        let mut reader = Reader { tree: &tree, at: start, found: &mut found };
        reader.trivia();
        reader.node(Tree::ROOT, Kind::Item, 0);
        end = start + item.text.len();
    }
    comments(text, end..text.len(), &mut found);
    found.sort_by_key(|(range, _)| (range.start, range.end));
    signs(text, &mut found);
    found
}

/// The tokens of a file as a script reads them: `[start, end, class]`.
pub fn as_json(tokens: &[Token]) -> Value {
    tokens.iter().map(|(range, class)| json!([range.start, range.end, format!("{class:?}")])).collect()
}

/// Comments between items.
fn comments(text: &str, range: Range<usize>, found: &mut Vec<Token>) {
    let mut at = range.start;
    for line in text[range].split_inclusive('\n') {
        if let Some(comment) = line.find("//") {
            let end = at + line.trim_end().len();
            found.push((at + comment..end, comment_class(&line[comment..])));
        }
        at += line.len();
    }
}

fn comment_class(comment: &str) -> Class {
    if comment.starts_with("///") || comment.starts_with("//!") { Class::Documentation } else { Class::Comment }
}

struct Reader<'t, 'f> {
    tree: &'t Tree,
    /// Where the item begins in its file.
    at: usize,
    found: &'f mut Vec<Token>,
}

impl Reader<'_, '_> {
    fn put(&mut self, start: usize, end: usize, class: Class) {
        if end > start {
            self.found.push((self.at + start..self.at + end, class));
        }
    }

    fn trivia(&mut self) {
        for trivia in &self.tree.trivia {
            if trivia.what != TriviaKind::BlankLine {
                let start = trivia.at as usize;
                let text = self.tree.text[start..start + trivia.len as usize].trim_end();
                self.put(start, start + text.len(), comment_class(text));
            }
        }
    }

    /// A node; `nth` of its parent's children.
    fn node(&mut self, id: NodeId, parent: Kind, nth: usize) {
        let tree = self.tree;
        let node = tree.node(id);
        let (start, end) = (node.start as usize, (node.start + node.len) as usize);
        match node.kind {
            Kind::Name if tree.has(id, flag::QUOTED) => self.literal(start, end),
            Kind::Name => self.put(start, end, name_class(parent, nth)),
            Kind::Ident if parent == Kind::Call && nth == 0 => self.put(start, end, Class::Function),
            Kind::Ident => self.put(start, end, Class::Variable),
            Kind::Text => self.text(id),
            Kind::Number | Kind::Measure | Kind::Percent | Kind::Ip | Kind::Cidr | Kind::Port | Kind::Date => {
                self.put(start, end, Class::Number);
            }
            Kind::Bool | Kind::NoneValue | Kind::Null => self.put(start, end, Class::Constant),
            kind => {
                if kind == Kind::Annotation {
                    self.put(start, start + 1, Class::Annotation);
                }
                // The name of a method stands in a dot that is called, the names of a path in what it belongs to.
                let within = match kind {
                    Kind::Dot | Kind::SafeDot if parent == Kind::Call && nth == 0 => Kind::Call,
                    Kind::Path if parent == Kind::Use => Kind::Use,
                    other => other,
                };
                for (nth, child) in tree.children(id).enumerate() {
                    let is_expression = within != kind && kind != Kind::Path && nth == 0;
                    self.node(child, if is_expression { kind } else { within }, nth);
                }
            }
        }
    }

    /// Quotes, what stands between them, and in `${ … }` whatever it is.
    fn text(&mut self, id: NodeId) {
        let tree = self.tree;
        let node = tree.node(id);
        let raw = tree.has(id, flag::RAW);
        let mut at = node.start as usize;
        for child in tree.children(id).filter(|child| tree.kind(*child) == Kind::Interpolation) {
            let inner = tree.node(child);
            let (start, end) = (inner.start as usize, (inner.start + inner.len) as usize);
            self.part(at, start, raw);
            self.put(start, start + 2, Class::Punctuation);
            for (nth, expression) in tree.children(child).enumerate() {
                self.node(expression, Kind::Interpolation, nth);
            }
            self.put(end - 1, end, Class::Punctuation);
            at = end;
        }
        self.part(at, (node.start + node.len) as usize, raw);
    }

    fn literal(&mut self, start: usize, end: usize) {
        self.part(start, end, false);
    }

    /// Literal text with its escapes.
    fn part(&mut self, start: usize, end: usize, raw: bool) {
        let mut at = start;
        while let Some(found) = self.tree.text[at..end].find('\\').filter(|_| !raw) {
            let escape = at + found;
            let after = &self.tree.text[escape + 1..end];
            let width = match after.strip_prefix("u{").and_then(|code| code.find('}')) {
                Some(code) => code + 3,
                None => after.chars().next().map_or(0, char::len_utf8),
            };
            self.put(at, escape, Class::Text);
            self.put(escape, escape + 1 + width, Class::Escape);
            at = escape + 1 + width;
        }
        self.put(at, end, Class::Text);
    }
}

/// What a name is, by what it is the `nth` child of.
fn name_class(parent: Kind, nth: usize) -> Class {
    match parent {
        Kind::Annotation => Class::Annotation,
        Kind::Fn | Kind::Call => Class::Function,
        Kind::PatternCase if nth == 0 => Class::Function,
        Kind::TypeDecl | Kind::KindDecl | Kind::PlatformDecl | Kind::Path | Kind::TypeCase => Class::Type,
        Kind::FieldPath
        | Kind::FieldDecl
        | Kind::Shorthand
        | Kind::Entry
        | Kind::Needs
        | Kind::Dot
        | Kind::SafeDot
        | Kind::Arg
        | Kind::Out
        | Kind::AddressName => Class::Property,
        _ => Class::Variable,
    }
}

/// What lies between the tokens: words of the language and signs.
fn signs(text: &str, found: &mut Vec<Token>) {
    let mut all = Vec::with_capacity(found.len() * 2);
    let mut end = 0;
    for token in found.drain(..) {
        between(text, end..token.0.start, &mut all);
        end = token.0.end;
        all.push(token);
    }
    between(text, end..text.len(), &mut all);
    *found = all;
}

fn between(text: &str, range: Range<usize>, all: &mut Vec<Token>) {
    let is_word = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let mut at = range.start;
    while at < range.end {
        let rest = &text[at..range.end];
        let word = rest.find(|character| !is_word(character)).unwrap_or(rest.len());
        let blank = rest.len()
            - rest.trim_start_matches(|character: char| character.is_whitespace() || character == '\u{feff}').len();
        if word > 0 {
            all.push((at..at + word, Class::Keyword));
            at += word;
        } else if blank > 0 {
            at += blank;
        } else {
            let width = sign(rest);
            let punctuation = matches!(&rest[..width], "(" | ")" | "[" | "]" | "{" | "}" | "," | "." | ":" | "?.");
            all.push((at..at + width, if punctuation { Class::Punctuation } else { Class::Operator }));
            at += width;
        }
    }
}

/// How long the sign is that begins here.
fn sign(rest: &str) -> usize {
    const LONG: [&str; 12] = ["...", "->", "++", "==", "!=", "<=", ">=", "=>", "?=", "??", "?.", ".."];
    LONG.iter()
        .find(|sign| rest.starts_with(**sign))
        .map_or_else(|| rest.chars().next().map_or(1, char::len_utf8), |sign| sign.len())
}
