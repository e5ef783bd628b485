//! What every word and sign of a file is, for colours: by the tree where it reads the text, by the letters alone where it
//! does not.

mod letters;
mod nodes;

use std::ops::Range;

use program::cut::CutFile;

use crate::places::{clamp_range, slice};

/// A word or sign that has a class. It never goes on over the end of a line, and begins and ends with no blank.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Token {
    pub range: Range<u32>,
    pub class: Class,
    /// Whether the name is given here, rather than used.
    pub declaration: bool,
}

/// What a word or sign is. Brackets, commas, colons and dots (`?.` too) have no class. What a name stands for is said as far as the
/// text around it says so: the case of a union and the name of an instance look the same in an expression.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Class {
    /// `// …`
    Comment,
    /// `/// …` and `//! …`
    Documentation,
    /// `let`, `for`, `is`, `and`, each where it is one and not a name
    Keyword,
    /// `= ?= => -> ... + ?? ..` and all other operators that are no words; `| ? * < >` in types and addresses
    Operator,
    /// What comes before the last dot of a path, and the names of projects, packages and folders
    Namespace,
    /// A kind, a platform or a type
    Kind,
    /// A name for a value: an instance, a `let`, a `param`, an `output`, whatever stands alone in an expression, `self` too
    Variable,
    /// A name that is known only inside of its statement: a parameter of a function, the variable of a loop or of a pattern;
    /// also the name before an argument
    Parameter,
    /// A field, declared, set or read behind a dot
    Field,
    /// A function that is declared or called
    Function,
    /// One of several that are known beforehand: a case of a union in a pattern or with a value of its own, an environment, a
    /// code
    Member,
    /// `@name`
    Annotation,
    /// `true`, `false`, `none`, `null`
    Constant,
    /// A number, an address, a network, a date; of a measure or a port what stands before the unit
    Number,
    /// What a number counts: `s`, `GiB`, `%`, `/tcp`
    Unit,
    /// A text with its quotes, without what the next two are
    Text,
    /// `\n`, `\u{…}` in a text
    Escape,
    /// `${` and `}` in a text
    Interpolation,
}

/// The tokens of a file in order, apart from each other; with `within` those that touch it.
pub fn tokens(file: &CutFile, within: Option<Range<u32>>) -> Vec<Token> {
    let within = within.map_or(0..file.text.len() as u32, |within| clamp_range(file, &within));
    let mut paint = Paint { text: &file.text, tokens: Vec::new() };
    let mut at = 0;
    for item in &file.items {
        let touches = item.start <= within.end && item.end() >= within.start;
        if at <= within.end && item.start >= within.start {
            paint.letters(at..item.start);
        }
        if touches {
            nodes::item(&mut paint, item);
        }
        at = item.end();
    }
    if at <= within.end {
        paint.letters(at..file.text.len() as u32);
    }
    let mut lines = Vec::with_capacity(paint.tokens.len());
    for token in paint.tokens {
        split(&file.text, token, &mut lines);
    }
    lines.retain(|token| token.range.start < within.end && token.range.end > within.start);
    lines
}

/// Where tokens are gathered, in the order of the text.
struct Paint<'a> {
    text: &'a str,
    tokens: Vec<Token>,
}

impl Paint<'_> {
    fn push(&mut self, range: Range<u32>, class: Class, declaration: bool) {
        if range.is_empty() {
            return;
        }
        // A text is one token however many parts it has.
        if let Some(last) = self.tokens.last_mut()
            && last.class == class
            && class == Class::Text
            && last.range.end == range.start
        {
            last.range.end = range.end;
            return;
        }
        self.tokens.push(Token { range, class, declaration });
    }
}

/// One token for each line.
fn split(text: &str, token: Token, lines: &mut Vec<Token>) {
    let mut at = token.range.start;
    for line in slice(text, &token.range).split_inclusive('\n') {
        let before = line.len() - line.trim_ascii_start().len();
        let length = line.trim_ascii().len() as u32;
        if length > 0 {
            let start = at + before as u32;
            lines.push(Token { range: start..start + length, ..token });
        }
        at += line.len() as u32;
    }
}
