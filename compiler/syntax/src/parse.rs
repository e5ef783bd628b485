//! One item becomes a tree. This module and `infra.pest` are all that knows of pest: the grammar is total, and what it calls
//! a hole or junk becomes a node and an error here. Precedence, and what nests without brackets, is settled here too.

mod members;
mod operators;
mod statements;
mod types;
mod values;

use pest::Parser;
use pest::iterators::Pair;
use pest_derive::Parser;

use crate::brackets::{self, Paired};
use crate::build::Builder;
use crate::errors;
use crate::tree::{Kind, SyntaxError, Tree};

#[derive(Parser)]
#[grammar = "infra.pest"]
struct Grammar;

type P<'i> = Pair<'i, Rule>;

/// Parses one item. Never fails: what is wrong stands in the tree and in its errors.
pub fn parse(text: &str) -> Tree {
    parse_as(text, Rule::item)
}

/// Parses an expression by itself; the root has it as its only child.
pub fn parse_expression(text: &str) -> Tree {
    parse_as(text, Rule::lone_expression)
}

fn parse_as(text: &str, rule: Rule) -> Tree {
    let paired = match brackets::pair_up(text) {
        Ok(paired) => paired,
        Err(at) => return refused(text, errors::too_deep(at as u32)),
    };
    // The grammar takes any text, so only the stack's guard can stop it.
    let Some(root) = Grammar::parse(rule, &paired.text).ok().and_then(|mut pairs| pairs.next()) else {
        return refused(text, errors::too_long(0, text.len() as u32));
    };
    let mut builder = Builder::new(text, paired.errors.clone(), paired.interpolations.clone());
    let mut reader = Reader { paired: &paired, to: &mut builder, in_adjust: false, colon_told: false };
    reader.item(root);
    finished(builder)
}

fn finished(mut builder: Builder<'_>) -> Tree {
    builder.forgive_open_texts();
    builder.errors.sort_by_key(|error| (error.start, error.len));
    let trivia = builder.trivia().into_boxed_slice();
    Tree {
        text: builder.text.into(),
        nodes: builder.nodes.into_boxed_slice(),
        trivia,
        errors: builder.errors.into_boxed_slice(),
    }
}

/// The tree of an item that is not read at all.
fn refused(text: &str, error: SyntaxError) -> Tree {
    let mut builder = Builder::new(text, vec![error], Vec::new());
    let item = builder.open(Kind::Item, 0);
    builder.leaf(Kind::Bad, 0, text.trim_ascii_end().len() as u32);
    builder.close(item, text.len() as u32);
    finished(builder)
}

/// Where members stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// At the top of a file
    File,
    Body,
    Record,
}

struct Reader<'p, 'b, 't> {
    paired: &'p Paired<'p>,
    to: &'b mut Builder<'t>,
    /// Inside of an `adjust`, where the path of a field may have keys.
    in_adjust: bool,
    /// Who writes `:` for `=` does so in each field of a statement: that is one mistake.
    colon_told: bool,
}

impl<'i> Reader<'i, '_, '_> {
    fn start(&self, pair: &P<'i>) -> u32 {
        self.paired.original(pair.as_span().start())
    }

    fn end(&self, pair: &P<'i>) -> u32 {
        self.paired.original(pair.as_span().end())
    }

    /// A node around whatever `children` writes.
    fn node(&mut self, kind: Kind, pair: &P<'i>, children: impl FnOnce(&mut Self)) -> usize {
        let index = self.to.open(kind, self.start(pair));
        children(self);
        self.to.close(index, self.end(pair));
        index
    }

    fn leaf(&mut self, kind: Kind, pair: &P<'i>) {
        let (start, end) = (self.start(pair), self.end(pair));
        self.to.leaf(kind, start, end);
    }

    fn hole(&mut self, pair: &P<'i>, error: impl FnOnce(u32) -> SyntaxError) {
        let at = self.start(pair);
        self.to.hole(at, error);
    }

    fn bad(&mut self, pair: &P<'i>, wanted: &str) {
        let (start, end) = (self.start(pair), self.end(pair));
        if pair.as_rule() == Rule::stray_comma {
            self.to.bad(start, end, errors::stray_comma);
        } else {
            let text = self.to.text.get(start as usize..end as usize).unwrap_or("");
            let before = self.to.text.get(..start as usize).unwrap_or("");
            if let Some(error) = errors::unit_apart(before, text) {
                self.to.bad(start, end, error);
            } else if let Some(error) = errors::unescaped_key(before, text) {
                self.to.bad(start, end, |_, _| error);
            } else if let Some(error) = errors::dashed_name(before, text)
                .or_else(|| errors::prefixed_text(before, text))
                .or_else(|| errors::returned(before, text))
                .or_else(|| errors::late_reason(before, text))
            {
                self.to.bad(start, end, |_, end| SyntaxError { len: end.saturating_sub(error.start), ..error });
            } else if before.trim_start().starts_with("type ") && (text.starts_with("or ") || text.starts_with(',')) {
                self.to.bad(start, end, errors::joined_types);
            } else if pair.as_rule() == Rule::bad_header && text.starts_with('=') {
                self.to.bad(start, end, errors::single_equals);
            } else {
                self.to.bad(start, end, errors::unexpected(text, wanted));
            }
        }
    }

    fn item(&mut self, pair: P<'i>) {
        let index = self.to.open(Kind::Item, 0);
        let end = self.end(&pair);
        let mut members = 0;
        let mut statement = None;
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::annotation => self.annotation(child),
                Rule::EOI if members == 0 => {
                    self.hole(
                        &child,
                        errors::missing("a statement", "write one, such as `let name = …` or `KIND NAME { … }`"),
                    );
                }
                Rule::EOI => {}
                Rule::tail => {
                    let wanted = "the end of the statement: the next one begins on its own line";
                    members += 1;
                    let text = self.to.text.get(..self.end(&child) as usize).unwrap_or("").trim_ascii_end();
                    let start = self.start(&child);
                    let same_line = !self
                        .to
                        .text
                        .get(..start as usize)
                        .unwrap_or("")
                        .trim_end_matches([' ', '\t', '\r'])
                        .ends_with('\n');
                    if self.to.text.trim_start().starts_with("/*") && !same_line {
                        // The comment was told of where it begins.
                        self.leaf(Kind::Bad, &child);
                    } else if !self.to.body_without_opener(start, text.len() as u32) {
                        self.bad(&child, wanted);
                        if let Some(index) = statement.filter(|_| same_line) {
                            self.to.absorb(index);
                        }
                    }
                }
                Rule::expression | Rule::no_value => {
                    members += 1;
                    self.value(child);
                }
                _ => {
                    members += 1;
                    statement = Some(self.to.nodes.len());
                    self.member(child, Place::File);
                }
            }
        }
        self.to.close(index, end);
    }
}
