//! What the word under the cursor names: what could be offered in its place and is called like it.

use std::ops::Range;

use crate::Asked;
use crate::completion::{Candidate, candidates};
use crate::context::{Callee, Lexed, Next, Spot, What, spot};
use crate::key::Key;
use crate::shape::{Form, Shapes};

/// A word and what it names.
pub(crate) struct Word {
    pub range: Range<u32>,
    pub key: Key,
}

/// The word at an offset.
pub(crate) fn word(asked: &Asked<'_>, offset: u32) -> Option<Word> {
    let shapes = Shapes { program: asked.program, path: asked.path };
    let spot = spot(asked, offset);
    let range = spot.word.clone();
    let key = match spot.class? {
        Lexed::Number => {
            let unit = spot.text.trim_start_matches(|letter: char| !letter.is_ascii_alphabetic());
            return Some(Word { key: Key::Unit(unit.to_owned()), range });
        }
        Lexed::Word | Lexed::Text => named(&shapes, &spot)?,
        _ => return None,
    };
    Some(Word { range, key })
}

fn named(shapes: &Shapes<'_>, spot: &Spot) -> Option<Key> {
    if let Some(key) = called(shapes, spot) {
        return Some(key);
    }
    let mut found = candidates(shapes, spot);
    found.retain(|candidate| candidate.label == spot.text && candidate.key.is_some());
    found.sort_by_key(|candidate| fits(candidate, spot.next));
    match found.into_iter().next() {
        Some(candidate) => candidate.key,
        None => others(shapes, spot),
    }
}

/// `port http = …` is a field and no statement; of several meanings the one whose form follows.
fn fits(candidate: &Candidate, next: Next) -> u8 {
    let is_keyword = matches!(candidate.key, Some(Key::Word(_)));
    match next {
        Next::Equals => u8::from(is_keyword),
        _ => candidate.rank,
    }
}

/// A name before brackets.
fn called(shapes: &Shapes<'_>, spot: &Spot) -> Option<Key> {
    if spot.next != Next::Paren {
        return None;
    }
    match &spot.what {
        What::Dot { before, .. } => {
            let whole = before.iter().map(String::as_str).chain([spot.text.as_str()]).collect::<Vec<_>>().join(".");
            let known = crate::calls::called(
                shapes,
                &Callee::Word { name: whole.clone(), wanted: crate::context::Trail::nowhere() },
            );
            match (before.is_empty(), known.is_empty()) {
                (false, false) => Some(Key::Function(whole)),
                _ => Some(Key::Method(spot.text.clone())),
            }
        }
        _ => None,
    }
}

/// What is not offered and has a meaning: what the maker decides, a method without brackets, a label.
fn others(shapes: &Shapes<'_>, spot: &Spot) -> Option<Key> {
    match &spot.what {
        What::Dot { before, .. } if before.is_empty() && spot.next != Next::Paren => {
            (!check::builtins::named(&spot.text).is_empty()).then(|| Key::Method(spot.text.clone()))
        }
        What::Member { body: crate::context::Body::Fields(trail), .. } => {
            let slot = shapes.slot(&trail.shape, spot.text.trim_matches('"'))?;
            let mut path = trail.path.clone();
            path.push(slot.name);
            Some(Key::Field(trail.owner.clone(), path))
        }
        What::Value(trail) => match shapes.form(&trail.shape) {
            // An instance where one is expected.
            Form::Instance(_) => instance(shapes, &spot.text),
            _ => None,
        },
        What::Member { .. } | What::Operand => {
            let known = program::explain_word(&spot.text).is_some();
            known.then(|| Key::Word(spot.text.clone()))
        }
        _ => None,
    }
}

fn instance(shapes: &Shapes<'_>, name: &str) -> Option<Key> {
    let known = crate::names::instances(shapes.program.input(), shapes.path);
    known.iter().any(|(named, _)| named.name == name).then(|| Key::Instance(name.to_owned()))
}
