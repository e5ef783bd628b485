//! The pieces of a member, read from the left.

use super::Reader;
use super::groups::{Groups, Piece};
use super::lexer::{Class, Token};

/// The most members that are read in each other without a bracket.
const DEEPEST: usize = 50;

/// Some pieces of a member.
#[derive(Clone, Copy)]
pub(crate) struct Words<'w> {
    text: &'w str,
    groups: &'w Groups<'w>,
    pieces: &'w [Piece],
}

impl<'w> Words<'w> {
    pub(super) fn new(reader: &'w Reader<'_>, pieces: &'w [Piece]) -> Self {
        Self { text: reader.text, groups: &reader.groups, pieces }
    }
    pub(super) fn len(&self) -> usize {
        self.pieces.len()
    }
    pub(super) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }
    /// Those from the `at`-th on.
    pub(super) fn from(&self, at: usize) -> Self {
        Self { pieces: self.pieces.get(at..).unwrap_or(&[]), ..*self }
    }
    /// Those before the `at`-th.
    pub(super) fn to(&self, at: usize) -> Self {
        Self { pieces: self.pieces.get(..at).unwrap_or(self.pieces), ..*self }
    }
    pub(super) fn token(&self, at: usize) -> Option<Token> {
        match self.pieces.get(at) {
            Some(Piece::Token(token)) => Some(*token),
            _ => None,
        }
    }
    fn of(&self, at: usize, class: Class) -> Option<&'w str> {
        self.token(at).filter(|token| token.class == class).map(|token| token.text(self.text))
    }
    pub(super) fn word(&self, at: usize) -> Option<&'w str> {
        self.of(at, Class::Word)
    }
    pub(super) fn sign(&self, at: usize) -> Option<&'w str> {
        self.of(at, Class::Sign).or_else(|| self.of(at, Class::Comma))
    }
    /// A name in quotes, without them.
    pub(super) fn quoted(&self, at: usize) -> Option<&'w str> {
        self.of(at, Class::Text).map(|text| text.trim_matches('"'))
    }
    /// What a group opens with.
    pub(super) fn group(&self, at: usize) -> Option<&'w str> {
        match self.pieces.get(at) {
            Some(Piece::Group { id, .. }) => self.groups.group(*id).map(|group| group.opener.as_str()),
            _ => None,
        }
    }
    /// Whether so many members stand in each other, `if a: if b: …`, that nobody wrote them.
    pub(super) fn are_endless(&self) -> bool {
        let nests = |at: &usize| matches!(self.sign(*at), Some(":" | "@")) || self.word(*at) == Some("private");
        (0..self.len()).filter(nests).count() > DEEPEST
    }
    /// The only word or text in a group.
    pub(super) fn in_group(&self, at: usize) -> Option<&'w str> {
        match self.pieces.get(at) {
            Some(Piece::Group { id, .. }) => {
                let group = self.groups.group(*id)?;
                self.text.get(group.start..group.end).map(str::trim)
            }
            _ => None,
        }
    }
    /// Whether a piece begins right where the one before it ends.
    pub(super) fn joined(&self, at: usize) -> bool {
        match (at.checked_sub(1).and_then(|before| self.pieces.get(before)), self.pieces.get(at)) {
            (Some(before), Some(piece)) => before.end() == piece.start(),
            _ => false,
        }
    }
    /// The first place of a word.
    pub(super) fn find_word(&self, wanted: &str) -> Option<usize> {
        (0..self.len()).find(|at| self.word(*at) == Some(wanted))
    }
    /// The last place of a word.
    pub(super) fn last_word(&self, wanted: &[&str]) -> Option<usize> {
        (0..self.len()).rev().find(|at| self.word(*at).is_some_and(|word| wanted.contains(&word)))
    }
    pub(super) fn find_sign(&self, wanted: &str) -> Option<usize> {
        (0..self.len()).find(|at| self.sign(*at) == Some(wanted))
    }
    /// As they are written.
    pub(super) fn written(&self) -> &'w str {
        match (self.pieces.first(), self.pieces.last()) {
            (Some(first), Some(last)) => self.text.get(first.start()..last.end()).unwrap_or("").trim(),
            _ => "",
        }
    }
    /// The words of a dotted path at the beginning, how many pieces they are, and whether a dot ends them.
    pub(super) fn path(&self) -> (Vec<String>, usize, bool) {
        let mut words = Vec::new();
        let mut at = 0;
        loop {
            match self.word(at).or_else(|| self.quoted(at)) {
                Some(word) => words.push(word.to_owned()),
                None => return (words, at, at > 0),
            }
            at += 1;
            // `containers["api"]` selects an element.
            while self.group(at) == Some("[") && self.joined(at) {
                if let Some(key) = self.in_group(at) {
                    words.push(format!("[{key}]"));
                }
                at += 1;
            }
            if self.sign(at) != Some(".") {
                return (words, at, false);
            }
            at += 1;
        }
    }
}
