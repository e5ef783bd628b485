//! Expressions and types: what may stand behind what is written of one, and what is expected there.

use super::head::{Read, conditional};
use super::lexer::Class;
use super::words::Words;
use super::{Body, Callee, Inside, Reader, Trail, What};
use crate::own::Own;
use crate::shape::Shape;

/// How far an expression is.
enum State {
    /// A value may begin, of which this is expected.
    Start(Trail),
    /// A value may end; where it began.
    Behind(usize),
    /// `x.`
    Dot(usize),
}

/// What may stand behind the pieces of an expression of which `trail` is expected.
pub(super) fn expression(reader: &Reader<'_>, words: Words<'_>, trail: &Trail) -> Read {
    let mut state = State::Start(trail.clone());
    // `match x` and `base with`: what is said in the braces that follow.
    let mut matched: Option<usize> = None;
    let mut with = false;
    for at in 0..words.len() {
        let Some(token) = words.token(at) else {
            state = behind(state, at);
            continue;
        };
        let said = words.word(at).or_else(|| words.sign(at)).unwrap_or("");
        let is_name = matches!(state, State::Dot(_));
        state = match (token.class, said) {
            (Class::Word, _) if is_name => behind(state, at),
            (Class::Word, "then" | "else") | (Class::Sign, "=>" | "??") => State::Start(trail.clone()),
            (Class::Word, "match") => {
                matched = Some(at + 1);
                State::Start(Trail::nowhere())
            }
            (Class::Word, "with") => {
                with = true;
                State::Start(trail.clone())
            }
            (Class::Word, "if" | "not") => State::Start(Trail::of_type("bool")),
            (Class::Word, "and" | "or") => State::Start(Trail::of_type("bool")),
            (Class::Word, "in" | "is" | "div" | "mod") => State::Start(Trail::nowhere()),
            (Class::Sign, "." | "?.") => match state {
                State::Behind(began) => State::Dot(began),
                _ => State::Dot(at),
            },
            (Class::Sign, "==" | "!=") => State::Start(reader.compared(words, &state)),
            (Class::Sign, _) => State::Start(Trail::nowhere()),
            (Class::Comma, _) => State::Start(Trail::nowhere()),
            _ => behind(state, at),
        };
    }
    read(reader, words, trail, state, matched.filter(|_| !with))
}

fn behind(state: State, at: usize) -> State {
    match state {
        State::Start(_) => State::Behind(at),
        State::Behind(began) | State::Dot(began) => State::Behind(began),
    }
}

fn read(reader: &Reader<'_>, words: Words<'_>, trail: &Trail, state: State, matched: Option<usize>) -> Read {
    match state {
        State::Start(wanted) => Read::new(What::Value(wanted)),
        State::Dot(began) => {
            let chain = words.from(began);
            let (before, length, _) = chain.path();
            let literal = chain.token(0).and_then(|token| literal(token.class, token.text(reader.text)));
            let before = if length == chain.len() { before } else { Vec::new() };
            Read::new(What::Dot { before, literal })
        }
        State::Behind(began) => {
            let chain = words.from(began);
            let read = Read::new(What::Operand).bracket(Inside::Single(Trail::nowhere()));
            let last = words.len() - 1;
            let read = match words.word(last) {
                Some(name) => {
                    let is_method =
                        words.len() > began + 1 && matches!(words.sign(last.saturating_sub(1)), Some("." | "?."));
                    let whole = chain.path();
                    let is_path = whole.1 == chain.len() && !whole.2;
                    let known = is_path && reader.is_function(&whole.0.join("."));
                    let callee = match is_method && !known {
                        true => Callee::Method(name.to_owned()),
                        false => Callee::Word { name: whole.0.join("."), wanted: trail.clone() },
                    };
                    read.paren(Inside::Arguments(callee))
                }
                None => read.paren(Inside::Single(Trail::nowhere())),
            };
            match matched {
                Some(from) => {
                    let subject = reader.subject(words.from(from));
                    read.brace(Inside::Body(Body::Arms { subject, value: trail.clone() }))
                }
                None => read,
            }
        }
    }
}

/// The type of a literal.
fn literal(class: Class, text: &str) -> Option<&'static str> {
    match class {
        Class::Text => Some("string"),
        Class::Number if text.contains('/') && text.contains('.') => Some("cidr"),
        Class::Number if text.contains('/') => Some("port"),
        Class::Number if text.ends_with('B') => Some("size"),
        Class::Number if text.ends_with('%') => Some("ratio"),
        Class::Number if text.ends_with(|last: char| last.is_ascii_alphabetic()) => Some("duration"),
        _ => None,
    }
}

/// An element of a list: also `name = x`, `k => x`, `for … : x`, `if c: x`.
pub(super) fn element(reader: &Reader<'_>, words: Words<'_>, trail: &Trail) -> Read {
    if matches!(words.word(0), Some("for" | "if")) {
        return conditional(reader, words, trail, |rest| element(reader, rest, trail));
    }
    if words.sign(0) == Some("...") {
        return expression(reader, words.from(1), &Trail::nowhere());
    }
    if words.word(0).is_some() && words.sign(1) == Some("=") {
        return expression(reader, words.from(2), trail);
    }
    expression(reader, words, trail)
}

/// What may stand behind the pieces of a type.
pub(super) fn types(words: Words<'_>) -> What {
    read_types(words).what()
}

pub(super) fn read_types(words: Words<'_>) -> Read {
    let fits = |read: Read| read.brace(Inside::Body(Body::RecordType)).bracket(Inside::Types).paren(Inside::Types);
    let Some(last) = words.len().checked_sub(1) else { return fits(Read::new(What::Type { before: Vec::new() })) };
    if words.sign(last) == Some(".") {
        let begin = (0..last).rev().find(|at| at % 2 != last % 2 && words.word(*at).is_none()).map_or(0, |at| at + 1);
        let (before, _, _) = words.from(begin).path();
        return fits(Read::new(What::Type { before }));
    }
    let goes_on = matches!(words.sign(last), Some("|" | "<" | "," | "..." | "->" | ":"))
        || matches!(words.word(last), Some("later" | "secret" | "of"));
    let read = fits(Read::new(if goes_on { What::Type { before: Vec::new() } } else { What::Operand }));
    // `inputs(KIND)`
    match words.word(last) {
        Some(name) if name == "inputs" => {
            let callee = Callee::Word { name: name.to_owned(), wanted: Trail::nowhere() };
            read.paren(Inside::Arguments(callee))
        }
        _ => read,
    }
}

impl Reader<'_> {
    /// What is matched: an environment, its tier, an input of what is implemented, a parameter with a type.
    fn subject(&self, words: Words<'_>) -> Shape {
        match words.written() {
            "environment" => Shape::Own(Own::EnvironmentName),
            "tier()" => Shape::Type(check::TIERS.map(|tier| format!("\"{tier}\"")).join(" | ")),
            name if words.len() == 1 => self.type_of_name(name, words.token(0).map_or(0, |token| token.start)),
            _ => Shape::Unknown,
        }
    }

    /// What stands on the other side of a comparison, where the syntax tells.
    fn compared(&self, words: Words<'_>, state: &State) -> Trail {
        let State::Behind(began) = state else { return Trail::nowhere() };
        let chain = words.from(*began);
        let length = (0..chain.len()).find(|at| matches!(chain.sign(*at), Some("==" | "!="))).unwrap_or(chain.len());
        Trail { shape: self.subject(chain.to(length)), ..Trail::nowhere() }
    }
}
