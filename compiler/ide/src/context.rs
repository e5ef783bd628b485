//! What may stand at a place of a text, also of one that is being typed: the brackets around it and the words before it decide.
//! [`groups`] finds those, [`Reader`] gives them their meaning.

mod expression;
mod groups;
mod head;
mod lexer;
mod meaning;
mod words;

use std::ops::Range;

use crate::Asked;
use crate::own::Own;
use crate::shape::{Shape, Shapes};
use groups::{Groups, Piece};
pub(crate) use lexer::Class as Lexed;
use lexer::{Class, Token};
pub(crate) use meaning::{inputs_of, kind_at};
pub(crate) use words::Words;

/// A field on its way: whose it is, where it stands in that, and what may stand there.
#[derive(Clone, Debug)]
pub(crate) struct Trail {
    pub owner: Owner,
    pub path: Vec<String>,
    pub shape: Shape,
}

/// Who has fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// A declared kind or a platform.
    Kind(String),
    /// A native kind by its whole name; `read`: what exists.
    Native(String, bool),
    Own(Own),
    Nobody,
}

impl Trail {
    pub(crate) fn nowhere() -> Self {
        Trail { owner: Owner::Nobody, path: Vec::new(), shape: Shape::Unknown }
    }
    pub(crate) fn own(own: Own) -> Self {
        Trail { owner: Owner::Own(own), path: Vec::new(), shape: Shape::Own(own) }
    }
    pub(crate) fn of_type(text: &str) -> Self {
        Trail { owner: Owner::Nobody, path: Vec::new(), shape: Shape::Type(text.to_owned()) }
    }
}

/// A body whose members have names.
#[derive(Clone, Debug)]
pub(crate) enum Body {
    File,
    /// What stands in an implementation; `once`: in a `once` of it.
    Implement {
        kind: String,
        once: bool,
    },
    Kind,
    Platform,
    /// Fields of a kind, of a record, of an environment.
    Fields(Trail),
    /// Fields of what an implementation made.
    Adjust(Trail),
    /// The arms of a `match`: what is matched, and what each arm is worth.
    Arms {
        subject: Shape,
        value: Trail,
    },
    /// A record type.
    RecordType,
}

/// What stands in a bracket.
#[derive(Clone, Debug)]
pub(crate) enum Inside {
    Body(Body),
    /// Elements of a list.
    Elements(Trail),
    /// Arguments of what is called.
    Arguments(Callee),
    /// One expression.
    Single(Trail),
    /// Parameters of a `fn`.
    Parameters,
    Types,
    /// The key of an address: `x[…]`.
    Key,
}

/// What is called.
#[derive(Clone, Debug)]
pub(crate) enum Callee {
    Annotation(String),
    /// `x.replace(…)`
    Method(String),
    /// A function, a platform, a case, a place of state: what was expected there tells which.
    Word {
        name: String,
        wanted: Trail,
    },
}

/// What may stand at a place.
#[derive(Clone, Debug)]
pub(crate) enum What {
    Nothing,
    /// The first word of a member; `given`: the names that the others of its body set.
    Member {
        body: Body,
        given: Vec<String>,
    },
    /// A further word of a path that begins a member: `terraform.…`, `backup.…`.
    Path {
        body: Body,
        before: Vec<String>,
    },
    /// Words of the language, and nothing else.
    Keywords(&'static [&'static str]),
    /// The beginning of a value.
    Value(Trail),
    /// Behind a value.
    Operand,
    /// Behind a dot in an expression: the words before it, or what its literal is.
    Dot {
        before: Vec<String>,
        literal: Option<&'static str>,
    },
    /// An argument: its name or its value.
    Argument {
        callee: Callee,
        given: Vec<String>,
        at: usize,
    },
    Type {
        before: Vec<String>,
    },
    Annotation(Body),
    /// A kind: declared or native, as far as it is written; `native`: whether those of makers are meant as well.
    Kind {
        before: Vec<String>,
        native: bool,
        read: bool,
    },
    PlatformName,
    /// What may stand behind `on` in a header.
    Place,
    Environment,
    Folder(Vec<String>),
    /// The next step of an address.
    Address {
        before: Vec<String>,
    },
    /// An output of the kind that is implemented.
    OutName(String),
    /// An input of the kind that is implemented.
    Needs(String),
    /// A child of this implementation.
    Child(Vec<String>),
    Provider(Vec<String>),
}

/// What follows the word under the cursor.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Next {
    Nothing,
    /// `=`, `?=` or `:`
    Equals,
    Brace,
    Paren,
    /// A word or whatever else.
    Other,
}

/// A place of a text with its meaning.
pub(crate) struct Spot {
    /// The word under the cursor, which is replaced.
    pub word: Range<u32>,
    /// As it is written.
    pub text: String,
    /// How much of it stands before the cursor.
    pub typed: String,
    pub class: Option<Class>,
    pub what: What,
    pub next: Next,
    /// The innermost call around it.
    pub call: Option<Call>,
    /// The name of the instance or the environment that it stands in or before.
    pub own: Option<String>,
}

/// The innermost call around a place.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub callee: Callee,
    /// The number of the argument, and its name where it has one.
    pub at: usize,
    pub named: Option<String>,
}

/// Gives brackets and words their meaning.
pub(crate) struct Reader<'a> {
    pub text: &'a str,
    pub groups: Groups<'a>,
    pub shapes: Shapes<'a>,
}

/// What may stand at an offset.
pub(crate) fn spot(asked: &Asked<'_>, offset: u32) -> Spot {
    let text: &str = &asked.file.text;
    let offset = clamp(text, offset as usize);
    let (from, to) = stretch(asked, offset);
    let reader = Reader {
        text,
        groups: Groups::new(text, from, to),
        shapes: Shapes { program: asked.program, path: asked.path },
    };
    reader.spot(offset)
}

/// The nearest offset between two letters.
pub(crate) fn clamp(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// From the item that begins a line at or before the offset to the next that does.
fn stretch(asked: &Asked<'_>, offset: usize) -> (usize, usize) {
    let text = &asked.file.text;
    let begins_line = |start: usize| start == 0 || text.as_bytes().get(start - 1) == Some(&b'\n');
    let starts = || asked.file.items.iter().map(|item| item.start as usize).filter(|start| begins_line(*start));
    let from = starts().take_while(|start| *start <= offset).last().unwrap_or(0);
    let to = starts().find(|start| *start > offset).unwrap_or(text.len());
    (from, to.max(offset))
}

impl Reader<'_> {
    fn spot(&self, offset: usize) -> Spot {
        let nothing = |range: Range<u32>| Spot {
            word: range,
            text: String::new(),
            typed: String::new(),
            class: None,
            what: What::Nothing,
            next: Next::Nothing,
            call: None,
            own: None,
        };
        let here = offset as u32..offset as u32;
        if self.groups.comments.iter().any(|comment| comment.start < offset && offset <= comment.end) {
            return nothing(here);
        }
        let (group, member) = self.groups.at(offset);
        let pieces = self
            .groups
            .group(group)
            .and_then(|group| group.members.get(member))
            .map_or(&[][..], |member| member.pieces.as_slice());
        let word = pieces.iter().find_map(|piece| match piece {
            Piece::Token(token) if touches(token, offset, self.text) => Some(*token),
            _ => None,
        });
        let (start, end) = word.map_or((offset, offset), |word| (word.start, word.end));
        let before: Vec<Piece> =
            pieces.iter().copied().filter(|piece| piece.end() <= start && piece.start() < start).collect();
        let after: Vec<Piece> =
            pieces.iter().copied().filter(|piece| piece.start() >= end && piece.end() > end).collect();
        // Between the parts of a text stands nothing of the language.
        let is_part = word.is_some_and(|word| word.class == Class::Text && !whole_text(word.text(self.text)));
        let what = if is_part { What::Nothing } else { self.what(group, member, &before) };
        Spot {
            word: start as u32..end as u32,
            text: self.text.get(start..end).unwrap_or("").to_owned(),
            typed: self.text.get(start..offset.min(end)).unwrap_or("").to_owned(),
            class: word.map(|word| word.class),
            what,
            next: self.next(&after),
            call: self.call(group, member, &before),
            own: self.declared_around(offset),
        }
    }

    /// The name that the statement around an offset, or the next below its annotations, gives to an instance or an environment.
    fn declared_around(&self, offset: usize) -> Option<String> {
        let members = self.groups.group(0)?.members.as_slice();
        let from = members.iter().rposition(|member| member.start <= offset)?;
        let is_statement = |words: &Words<'_>| !words.is_empty() && words.sign(0) != Some("@");
        let words = members.get(from..)?.iter().map(|member| Words::new(self, &member.pieces)).find(is_statement)?;
        let (path, length, _) = words.path();
        let first = path.first()?.as_str();
        let names_one = first == "environment" || !crate::names::STATEMENTS.contains(&first);
        words.word(length).filter(|_| names_one).map(str::to_owned)
    }

    fn next(&self, after: &[Piece]) -> Next {
        match after.first() {
            None => Next::Nothing,
            Some(Piece::Token(token)) => match token.text(self.text) {
                "=" | "?=" | ":" => Next::Equals,
                _ => Next::Other,
            },
            Some(Piece::Group { id, .. }) => match self.opener(*id) {
                "{" => Next::Brace,
                "(" => Next::Paren,
                _ => Next::Other,
            },
        }
    }

    pub(crate) fn opener(&self, group: usize) -> &str {
        self.groups.group(group).map_or("", |group| group.opener.as_str())
    }

    /// What may stand behind these pieces of a member.
    pub(crate) fn what(&self, group: usize, member: usize, before: &[Piece]) -> What {
        let words = Words::new(self, before);
        if words.are_endless() {
            return What::Nothing;
        }
        match self.inside(group) {
            Inside::Body(body) => {
                let given = self.given(group, member);
                head::member(self, &body, words, given).what()
            }
            Inside::Elements(trail) => expression::element(self, words, &trail).what(),
            Inside::Single(trail) => expression::expression(self, words, &trail).what(),
            Inside::Arguments(callee) => self.argument(group, member, &callee, words),
            Inside::Parameters => head::parameter(self, words).what(),
            Inside::Types => expression::types(words),
            Inside::Key => What::Nothing,
        }
    }

    /// What stands in a bracket: what is expected where it opens.
    pub(crate) fn inside(&self, group: usize) -> Inside {
        let Some((of, member)) = self.groups.group(group).and_then(|group| group.parent) else {
            return Inside::Body(Body::File);
        };
        let opener = self.opener(group);
        if opener == "${" {
            return Inside::Single(Trail::nowhere());
        }
        let before = self.before(of, member, group);
        let words = Words::new(self, &before);
        if words.are_endless() {
            return Inside::Single(Trail::nowhere());
        }
        let outer = self.inside(of);
        let read = match &outer {
            Inside::Body(body) => head::member(self, body, words, Vec::new()),
            Inside::Elements(trail) => expression::element(self, words, trail),
            Inside::Single(trail) => expression::expression(self, words, trail),
            Inside::Arguments(callee) => {
                let (trail, rest) = self.argument_value(member, callee, words);
                expression::expression(self, rest, &trail)
            }
            Inside::Parameters => head::parameter(self, words),
            Inside::Types => return if opener == "{" { Inside::Body(Body::RecordType) } else { Inside::Types },
            Inside::Key => return Inside::Single(Trail::nowhere()),
        };
        read.inside(self, opener)
    }

    /// The pieces of a member before one of its groups.
    fn before(&self, group: usize, member: usize, inner: usize) -> Vec<Piece> {
        let pieces = self
            .groups
            .group(group)
            .and_then(|group| group.members.get(member))
            .map_or(&[][..], |member| member.pieces.as_slice());
        pieces.iter().copied().take_while(|piece| !matches!(piece, Piece::Group { id, .. } if *id == inner)).collect()
    }

    /// The names that the other members of a bracket begin with.
    fn given(&self, group: usize, member: usize) -> Vec<String> {
        let Some(group) = self.groups.group(group) else { return Vec::new() };
        let others = group.members.iter().enumerate().filter(|(at, _)| *at != member);
        others
            .filter_map(|(_, member)| {
                let words = Words::new(self, &member.pieces);
                // `port http = …` gives one entry of a field: more may follow.
                let entry = words.word(0).is_some() && words.word(1).is_some();
                let block = matches!(member.pieces.get(1), Some(Piece::Group { .. }));
                let name = words.word(0).or_else(|| words.quoted(0))?;
                let name = if name == "out" { words.word(1)? } else { name };
                Some(match (entry && name != "out", block) {
                    (true, _) => format!("{name} "),
                    (_, true) => format!("{name} {{"),
                    _ => name.to_owned(),
                })
            })
            .collect()
    }

    /// The names of the arguments beside one, and how many stand before it.
    fn argument(&self, group: usize, member: usize, callee: &Callee, words: Words<'_>) -> What {
        if words.is_empty() {
            let members = self.groups.group(group).map_or(&[][..], |group| group.members.as_slice());
            let others = members.iter().enumerate().filter(|(at, _)| *at != member);
            let given = others
                .filter_map(|(_, member)| {
                    let words = Words::new(self, &member.pieces);
                    words.word(0).filter(|_| words.sign(1) == Some("=")).map(str::to_owned)
                })
                .collect();
            return What::Argument { callee: callee.clone(), given, at: member };
        }
        let (trail, rest) = self.argument_value(member, callee, words);
        expression::expression(self, rest, &trail).what()
    }

    /// The value of an argument: what is expected, and what is written of it.
    fn argument_value<'w>(&self, member: usize, callee: &Callee, words: Words<'w>) -> (Trail, Words<'w>) {
        match (words.word(0), words.sign(1)) {
            (Some(name), Some("=" | ":")) => (self.parameter(callee, Some(name), member), words.from(2)),
            _ => (self.parameter(callee, None, member), words),
        }
    }

    /// The innermost call around a place.
    fn call(&self, group: usize, member: usize, before: &[Piece]) -> Option<Call> {
        let (mut group, mut member, mut before) = (group, member, before.to_vec());
        loop {
            match self.inside(group) {
                Inside::Arguments(callee) => {
                    let words = Words::new(self, &before);
                    let named = words.word(0).filter(|_| words.sign(1) == Some("=")).map(str::to_owned);
                    return Some(Call { callee, at: member, named });
                }
                Inside::Body(_) => return None,
                _ => {}
            }
            let inner = group;
            (group, member) = self.groups.group(group)?.parent?;
            before = self.before(group, member, inner);
        }
    }
}

/// Whether a word is under the cursor: it may stand at both of its ends.
fn touches(token: &Token, offset: usize, text: &str) -> bool {
    match token.class {
        Class::Word | Class::Number => token.start <= offset && offset <= token.end,
        // Behind its closing quote a text is over.
        Class::Text => {
            let said = token.text(text);
            let closed = said.len() > 1 && said.ends_with('"');
            token.start < offset && (offset < token.end || (offset == token.end && !closed))
        }
        _ => false,
    }
}

/// Whether a token is a text from its first quote on.
fn whole_text(text: &str) -> bool {
    text.starts_with('"') && !text.starts_with("\"\"\"")
}
