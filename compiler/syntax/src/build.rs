//! Writes a tree: nodes are opened and closed in preorder, mistakes are told, comments are found in what no leaf covers.

use crate::errors;
use crate::tree::{Kind, Node, SyntaxError, Trivia, TriviaKind, flag};

/// The deepest node of a tree. Readers may recurse.
pub(crate) const DEEPEST_NODE: usize = 900;

/// A tree in the making. All offsets are those of the user's text.
pub(crate) struct Builder<'a> {
    pub(crate) text: &'a str,
    pub(crate) nodes: Vec<Node>,
    pub(crate) errors: Vec<SyntaxError>,
    pub(crate) depth: usize,
    /// Where brackets without a partner stand, sorted.
    brackets: Vec<u32>,
    /// Where a `${` without a partner stands, sorted.
    interpolations: Vec<u32>,
}

impl<'a> Builder<'a> {
    pub(crate) fn new(text: &'a str, errors: Vec<SyntaxError>, mut interpolations: Vec<u32>) -> Self {
        let mut brackets: Vec<u32> = errors.iter().map(|error| error.start).collect();
        brackets.sort_unstable();
        interpolations.sort_unstable();
        Self { text, nodes: Vec::with_capacity(text.len() / 6 + 4), errors, depth: 0, brackets, interpolations }
    }

    /// Whether a `${` of these lines is never closed: the quote that should end its text begins another one.
    pub(crate) fn open_interpolation(&self, start: u32, end: u32) -> bool {
        let text = self.text;
        let line_start = text.get(..start as usize).and_then(|before| before.rfind('\n')).unwrap_or(0) as u32;
        let line_end =
            text.get(end as usize..).and_then(|after| after.find('\n')).map_or(text.len() as u32, |at| end + at as u32);
        let first = self.interpolations.partition_point(|at| *at < line_start);
        self.interpolations.get(first).is_some_and(|at| *at < line_end)
    }

    /// Whether a place lies behind a `${` that is never closed, on its line.
    fn in_open_interpolation(&self, at: u32, end: u32) -> bool {
        let before = self.interpolations.partition_point(|start| *start < at);
        let nearest = before.checked_sub(1).and_then(|index| self.interpolations.get(index)).copied();
        nearest.is_some_and(|start| {
            self.text.get(start as usize..end as usize).is_some_and(|between| !between.contains('\n'))
        })
    }

    /// Begins a node; children follow until it is closed.
    pub(crate) fn open(&mut self, kind: Kind, start: u32) -> usize {
        self.depth += 1;
        self.nodes.push(Node { kind, flags: 0, start, len: 0, subtree: 1 });
        self.nodes.len() - 1
    }

    /// Ends a node. Blanks before `end` are not part of it.
    pub(crate) fn close(&mut self, index: usize, end: u32) {
        self.depth = self.depth.saturating_sub(1);
        let count = self.nodes.len();
        let last = self.nodes.last().map_or(0, |node| node.start + node.len);
        let Some(node) = self.nodes.get_mut(index) else { return };
        let body = self.text.get(node.start as usize..end as usize).unwrap_or("").trim_ascii_end();
        let end = (node.start + body.len() as u32).max(last.max(node.start));
        node.len = end - node.start;
        node.subtree = (count - index) as u32;
    }

    /// Sets flags of a node.
    pub(crate) fn flag(&mut self, index: usize, flags: u8) {
        if let Some(node) = self.nodes.get_mut(index) {
            node.flags |= flags;
        }
    }

    /// A node without children.
    pub(crate) fn leaf(&mut self, kind: Kind, start: u32, end: u32) -> usize {
        self.nodes.push(Node { kind, flags: 0, start, len: end.saturating_sub(start), subtree: 1 });
        self.nodes.len() - 1
    }

    pub(crate) fn name(&mut self, start: u32, end: u32, quoted: bool) {
        let index = self.leaf(Kind::Name, start, end);
        if quoted {
            self.flag(index, flag::QUOTED);
        }
    }

    /// Something is missing at a place.
    pub(crate) fn hole(&mut self, at: u32, error: impl FnOnce(u32) -> SyntaxError) {
        self.leaf(Kind::Hole, at, at);
        // `server a }`, `m[`: the bracket without a partner was told of.
        let before = self.text.get(..at as usize).map_or(0, |before| before.trim_end_matches(' ').len() as u32);
        let behind = self
            .text
            .get(at as usize..)
            .map_or(0, |rest| at + (rest.len() - rest.trim_start_matches(' ').len()) as u32);
        if !self.is_bracket(behind) && !before.checked_sub(1).is_some_and(|last| self.is_bracket(last)) {
            self.tell(error(at));
        }
    }

    /// Whether a bracket without a partner stands here.
    pub(crate) fn is_bracket(&self, at: u32) -> bool {
        self.brackets.binary_search(&at).is_ok()
    }

    /// Text behind a statement that has no body: most likely the body, without its `{`.
    pub(crate) fn body_without_opener(&mut self, start: u32, end: u32) -> bool {
        let is_body = |error: &SyntaxError| error.code == errors::MISSING && error.message.ends_with("has no body");
        if !self.errors.iter().any(is_body) {
            return false;
        }
        self.leaf(Kind::Bad, start, end);
        self.errors.retain(|error| error.code != errors::BRACKET || error.start < start);
        if let Some(error) = self.errors.iter_mut().find(|error| is_body(error)) {
            let head = error.message.trim_end_matches(" has no body").to_owned();
            error.len = end - error.start;
            let first = head.trim_start_matches('`').split_whitespace().next().unwrap_or("").to_owned();
            // `paramm domain: string = "x"` is a statement under a wrong word, not one whose body lacks its opener.
            let slip = |word: &str| {
                (first.starts_with(word) && first.len() == word.len() + 1)
                    || (word.starts_with(&first) && word.len() == first.len() + 1)
            };
            if let Some(word) = ["param", "let", "type", "fn", "output", "use"].into_iter().find(|word| slip(word)) {
                error.code = errors::UNEXPECTED;
                error.message = format!("`{first}` begins no statement");
                error.help = format!("did you mean `{word}`?");
                return true;
            }
            if let Some(word) = ["param", "let", "type", "fn", "output"].into_iter().find(|word| *word == first) {
                error.code = errors::UNEXPECTED;
                error.message = format!("the name of a `{word}` has no quotes");
                error.help = format!("write `{}`", head.replace(['"', '`'], ""));
                return true;
            }
            error.message = format!("`{{` is missing after {head}");
            error.help = format!("write {} {{`", head.trim_end_matches('`'));
        }
        true
    }

    /// Text that fits nothing. One mistake is told once: what follows a mistake on its line belongs to it.
    pub(crate) fn bad(&mut self, start: u32, end: u32, error: impl FnOnce(u32, u32) -> SyntaxError) {
        let span = self.text.get(start as usize..end as usize).unwrap_or("").trim_ascii_end();
        let end = start + span.len() as u32;
        if span.is_empty() {
            // Nothing of the user's: a closer that was put in.
            return;
        }
        self.leaf(Kind::Bad, start, end);
        // A closer that closes nothing has been told of by the pairing of brackets.
        let stray = span.len() < 100
            && span.bytes().zip(start..).all(|(byte, at)| byte.is_ascii_whitespace() || self.is_bracket(at));
        if !stray && !self.in_open_interpolation(start, end) {
            self.tell(error(start, end));
        }
    }

    pub(crate) fn tell(&mut self, error: SyntaxError) {
        let text = self.text;
        if let Some(last) = self.errors.last_mut() {
            let last_end = last.start + last.len;
            let touches = error.start >= last.start
                && text
                    .get(last_end as usize..error.start as usize)
                    .is_some_and(|between| between.bytes().all(|b| b == b' '));
            if last.code != errors::BRACKET && (touches || error.start < last_end) && error.start >= last.start {
                last.len = last.len.max(error.start + error.len - last.start);
                // Of two ways to say it, the one that knows what was meant.
                if error.code == errors::UNEXPECTED && !error.message.ends_with("does not fit here") {
                    if last.len <= 1 {
                        (last.start, last.len) = (error.start, error.len);
                    }
                    last.message = error.message;
                    last.help = error.help;
                }
                return;
            }
        }
        self.errors.push(error);
    }

    /// Something that fits nothing stands right behind the member at `index`: what the member was meant to say is not known,
    /// so its value becomes bad too, and nobody reads half of it.
    pub(crate) fn absorb(&mut self, index: usize) {
        let Some(bad) = self.nodes.last().copied().filter(|node| node.kind == Kind::Bad) else { return };
        let Some(member) = self.nodes.get(index).copied() else { return };
        let (mut child, mut last) = (index + 1, index);
        while child < index + member.subtree as usize {
            last = child;
            child += self.nodes.get(child).map_or(1, |node| node.subtree.max(1) as usize);
        }
        let Some(value) = self.nodes.get(last).copied().filter(|_| last > index && child == self.nodes.len() - 1)
        else {
            return;
        };
        if matches!(value.kind, Kind::Body | Kind::Name | Kind::FieldPath | Kind::Where | Kind::Hole | Kind::Bad)
            || member.kind == Kind::Bad
        {
            return;
        }
        self.nodes.truncate(last);
        let end = bad.start + bad.len;
        self.nodes.push(Node { kind: Kind::Bad, flags: 0, start: value.start, len: end - value.start, subtree: 1 });
        if let Some(node) = self.nodes.get_mut(index) {
            node.len = end - node.start;
            node.subtree = (last + 1 - index) as u32;
        }
    }

    /// The last child of the open node at `index`, a bad one, takes in the child before it.
    pub(crate) fn merge_last_two(&mut self, index: usize) {
        let Some(bad) = self.nodes.last().copied().filter(|node| node.kind == Kind::Bad) else { return };
        let Some(first) = self.nodes.get(index + 1).copied() else { return };
        if index + 1 + first.subtree as usize + 1 != self.nodes.len() {
            return;
        }
        self.nodes.truncate(index + 1);
        self.nodes.push(Node { start: first.start, len: bad.start + bad.len - first.start, ..bad });
    }

    /// Takes back all that was built since `nodes`, and puts one bad node in its place.
    pub(crate) fn refuse(&mut self, nodes: usize, errors: usize, error: SyntaxError) {
        self.nodes.truncate(nodes);
        let brackets: Vec<SyntaxError> =
            self.errors.drain(errors..).filter(|error| error.code == errors::BRACKET).collect();
        self.errors.extend(brackets);
        self.leaf(Kind::Bad, error.start, error.start + error.len);
        self.errors.push(error);
    }

    /// A text that does not end with its line has swallowed what closes the brackets around it, and makes nonsense of its line:
    /// only the text is told of.
    pub(crate) fn forgive_open_texts(&mut self) {
        let mut texts: Vec<(u32, u32)> = Vec::new();
        for error in self.errors.iter().filter(|error| error.code == errors::TEXT) {
            let line = self
                .text
                .get(..error.start as usize)
                .and_then(|before| before.rfind('\n'))
                .map_or(0, |newline| newline + 1);
            texts.push((line as u32, error.start + error.len));
        }
        if texts.is_empty() {
            return;
        }
        texts.sort_unstable();
        let text = self.text;
        let line_of = |at: u32| {
            let nearest = texts.partition_point(|(start, _)| *start <= at).checked_sub(1)?;
            texts.get(nearest).copied().filter(|(_, end)| at <= *end)
        };
        let mut earliest: Vec<(u32, u32)> = Vec::new();
        self.errors.retain(|error| {
            if error.code == errors::TEXT {
                return true;
            }
            if let Some((line, _)) = line_of(error.start) {
                if error.code != errors::BRACKET {
                    earliest.push((line, error.start));
                }
                return false;
            }
            // An opener on a line above, whose closer may be in the text.
            let next = texts.partition_point(|(start, _)| *start <= error.start);
            let swallowed =
                texts.get(next).and_then(|(start, end)| text.get(*start as usize..*end as usize)).unwrap_or("");
            let closer = error.help.trim_start_matches("add `").chars().next().unwrap_or(' ');
            !(error.code == errors::BRACKET && error.message.ends_with("is never closed") && swallowed.contains(closer))
        });
        for error in self.errors.iter_mut().filter(|error| error.code == errors::TEXT) {
            let line =
                text.get(..error.start as usize).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1)
                    as u32;
            let first = earliest.iter().filter(|(other, _)| *other == line).map(|(_, start)| *start).min();
            if let Some(first) = first.filter(|first| *first < error.start) {
                error.len += error.start - first;
                error.start = first;
            }
        }
    }

    /// The comments and blank lines between leaves.
    pub(crate) fn trivia(&self) -> Vec<Trivia> {
        let mut trivia = Vec::new();
        let mut at = 0;
        let mut index = 0;
        while let Some(node) = self.nodes.get(index) {
            // A text is one token: what looks like a comment in it is text.
            let is_leaf = node.subtree == 1 || matches!(node.kind, Kind::Text | Kind::Bad);
            if is_leaf && node.len > 0 && !(node.subtree == 1 && is_bracketed(node.kind)) {
                gap(self.text, at, node.start as usize, &mut trivia);
                at = (node.start + node.len) as usize;
            }
            index += if is_leaf { node.subtree as usize } else { 1 };
        }
        gap(self.text, at, self.text.len(), &mut trivia);
        trivia
    }
}

/// Kinds that may be empty brackets, with a comment between them.
fn is_bracketed(kind: Kind) -> bool {
    matches!(kind, Kind::Body | Kind::List | Kind::Record | Kind::TypeRecord | Kind::Item)
}

fn gap(text: &str, from: usize, to: usize, trivia: &mut Vec<Trivia>) {
    let Some(between) = text.get(from..to) else { return };
    if !between.contains(['\n', '/']) {
        return;
    }
    let mut at = from;
    let mut lines_without_code = 0;
    for piece in between.split_inclusive('\n') {
        let blanks = piece.len() - piece.trim_ascii_start().len();
        if let Some(comment) = piece.find("//") {
            let body = piece.get(comment..).unwrap_or("").trim_ascii_end();
            let documentation = (body.starts_with("///") && !body.starts_with("////")) || body.starts_with("//!");
            let what = if documentation { TriviaKind::Documentation } else { TriviaKind::Comment };
            trivia.push(Trivia { at: (at + comment) as u32, len: body.len() as u32, what });
            lines_without_code = 1;
        } else if piece.ends_with('\n') && blanks == piece.len() {
            // The first newline ends a line of code (or the text begins with it).
            if lines_without_code > 0 || at == 0 {
                trivia.push(Trivia { at: at as u32, len: piece.len() as u32, what: TriviaKind::BlankLine });
            }
            lines_without_code += 1;
        } else {
            lines_without_code = 1;
        }
        at += piece.len();
    }
}
