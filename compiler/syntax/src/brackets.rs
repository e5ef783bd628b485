//! Pairs up brackets before the grammar runs, by kind and, where that fails, by indentation, so that a mistake in one bracket
//! stays in it. The grammar then reads a copy of the text in which a missing closer is [`MISSING`] and a closer that
//! closes nothing is [`STRAY`]; every offset is mapped back. A text without such mistakes is not copied.

use std::borrow::Cow;

use crate::errors;
use crate::scan::{DEEPEST, Event, Opener, Scanner};
use crate::tree::SyntaxError;

/// Put in where a closer is missing.
pub(crate) const MISSING: char = '\u{2}';
/// Stands where a closer closes nothing.
pub(crate) const STRAY: char = '\u{1}';

/// A text whose brackets pair up.
pub(crate) struct Paired<'a> {
    pub(crate) text: Cow<'a, str>,
    /// Where in `text` something was put in.
    inserted: Vec<u32>,
    pub(crate) errors: Vec<SyntaxError>,
    /// Where each `${` stands whose line ends before its `}`, in order.
    pub(crate) interpolations: Vec<u32>,
}

impl Paired<'_> {
    /// The offset in the user's text of an offset in `text`.
    pub(crate) fn original(&self, offset: usize) -> u32 {
        let before = self.inserted.partition_point(|at| (*at as usize) < offset);
        (offset - before) as u32
    }
}

/// Pairs the brackets of an item. `Err` if more than [`DEEPEST`] are open at once: where.
pub(crate) fn pair_up(text: &str) -> Result<Paired<'_>, usize> {
    if !text.contains(MISSING) && balanced(text)? {
        return Ok(Paired {
            text: Cow::Borrowed(text),
            inserted: Vec::new(),
            errors: Vec::new(),
            interpolations: Vec::new(),
        });
    }
    let mut repair = Repair {
        text,
        marks: Vec::new(),
        missing: Vec::new(),
        stray: Vec::new(),
        wrong: Vec::new(),
        errors: Vec::new(),
        interpolations: Vec::new(),
    };
    repair.run()?;
    Ok(repair.finish())
}

fn balanced(text: &str) -> Result<bool, usize> {
    let mut scanner = Scanner::new(text);
    while let Some(event) = scanner.next() {
        match event {
            Event::Open { at } if scanner.depth() > DEEPEST => return Err(at),
            Event::Open { .. } | Event::Close { .. } | Event::Line { broken: None, .. } => {}
            Event::Mismatch { .. } => return Ok(false),
            Event::Line { broken: Some(broken), .. } => {
                if scanner.stack.iter().skip(broken).any(|frame| !frame.what.is_text()) {
                    return Ok(false);
                }
                scanner.truncate(broken);
            }
        }
    }
    Ok(scanner.stack.iter().all(|frame| frame.what.is_text()))
}

/// What is known of an open bracket.
#[derive(Clone, Copy)]
struct Mark {
    what: Opener,
    at: usize,
    /// The indentation of the line on which it stands.
    indent: usize,
    /// Where it should have been closed: before the first line that is not indented more than its own.
    suspect: Option<usize>,
}

struct Repair<'a> {
    text: &'a str,
    marks: Vec<Mark>,
    missing: Vec<usize>,
    stray: Vec<usize>,
    /// Closers of the wrong kind.
    wrong: Vec<usize>,
    errors: Vec<SyntaxError>,
    interpolations: Vec<u32>,
}

impl Repair<'_> {
    fn run(&mut self) -> Result<(), usize> {
        let mut scanner = Scanner::new(self.text);
        let mut last_code_end = 0;
        let (mut indent, mut first) = self.indentation(0);
        while let Some(event) = scanner.next() {
            match event {
                Event::Open { at } => {
                    if scanner.depth() > DEEPEST {
                        return Err(at);
                    }
                    self.marks.truncate(scanner.stack.len() - 1);
                    for frame in scanner.stack.iter().skip(self.marks.len()) {
                        self.marks.push(Mark { what: frame.what, at: frame.at, indent, suspect: None });
                    }
                }
                Event::Close { at } => {
                    // `}` under an outer opener although an inner one is open: the inner one was forgotten.
                    let top = scanner.stack.len();
                    let begins_line = at == first;
                    if begins_line && self.marks.get(top).is_some_and(|mark| mark.indent > indent) {
                        let what = self.marks.get(top).map(|mark| mark.what);
                        let outer = (0..top).rev().take_while(|index| self.is_bracket(*index));
                        let mut outer = outer.filter(|index| {
                            self.marks.get(*index).is_some_and(|mark| mark.indent == indent && Some(mark.what) == what)
                        });
                        if let Some(index) = outer.next() {
                            self.forget(index + 1, top + 1, last_code_end);
                            scanner.truncate(index);
                        }
                    }
                }
                Event::Mismatch { at } => {
                    let closer = self.text.as_bytes().get(at).copied().unwrap_or(0);
                    let top = scanner.stack.len();
                    self.marks.truncate(top);
                    for frame in scanner.stack.iter().skip(self.marks.len()) {
                        self.marks.push(Mark { what: frame.what, at: frame.at, indent, suspect: None });
                    }
                    let mut open = (0..top).rev().take_while(|index| self.is_bracket(*index));
                    match open.find(|index| self.marks.get(*index).is_some_and(|mark| mark.what.closed_by(closer))) {
                        Some(index) => {
                            let before = self.text.get(..at).unwrap_or("").trim_end_matches([' ', '\t']).len();
                            self.forget(index + 1, top, if at == first { last_code_end } else { before });
                            scanner.truncate(index);
                        }
                        None if self.is_wrong_closer(top, at, at == first, indent) => {
                            // `["a")`: the grammar reads it as the closer that is missing.
                            let what = self.marks.last().map_or(Opener::Brace, |mark| mark.what);
                            self.wrong.push(at);
                            self.errors.push(errors::wrong_closer(at, closer as char, what));
                            scanner.truncate(top - 1);
                            self.marks.truncate(top - 1);
                        }
                        None => {
                            self.stray.push(at);
                            self.errors.push(errors::stray_closer(at, closer as char));
                        }
                    }
                }
                Event::Line { at, code_end, broken } => {
                    if let Some(broken) = broken {
                        self.break_text(&mut scanner, broken, code_end);
                    }
                    if code_end > first {
                        last_code_end = code_end;
                    }
                    let (next_indent, next_first) = self.indentation(at + 1);
                    let next = self.text.as_bytes().get(next_first).copied().unwrap_or(b'\n');
                    (indent, first) = (next_indent, next_first);
                    if matches!(next, b'\n' | b'\r' | b'}' | b']' | b')' | b'/') {
                        continue;
                    }
                    let top = scanner.stack.len();
                    if let Some(mark) = top.checked_sub(1).and_then(|top| self.marks.get_mut(top))
                        && next_indent <= mark.indent
                        && mark.suspect.is_none()
                        && !mark.what.is_text()
                    {
                        mark.suspect = Some(last_code_end.max(mark.at + 1));
                    }
                }
            }
        }
        if let Some(broken) = scanner.broken_text() {
            self.break_text(&mut scanner, broken, self.text.len());
        }
        let open_text = scanner.stack.iter().any(|frame| frame.what.is_text());
        let code_end = scanner.code_end(self.text.len());
        let end = if open_text {
            self.text.len()
        } else if code_end > first {
            code_end
        } else {
            last_code_end
        };
        let top = scanner.stack.len();
        self.marks.truncate(top);
        for frame in scanner.stack.iter().skip(self.marks.len()) {
            self.marks.push(Mark { what: frame.what, at: frame.at, indent, suspect: None });
        }
        // A block text that never ends has swallowed the closers of what stands around it.
        let swallowed = self.marks.iter().rposition(|mark| mark.what == Opener::Block).map_or(0, |block| block + 1);
        self.forget(swallowed, top, end);
        let around = self.marks.iter().filter(|mark| !mark.what.is_text()).count();
        self.missing.extend(std::iter::repeat_n(end, around));
        Ok(())
    }

    /// The line ends, and the one-line text at `broken` with it. Brackets in it are closed; one mistake is told.
    fn break_text(&mut self, scanner: &mut Scanner<'_>, broken: usize, line_end: usize) {
        for frame in scanner.stack.iter().skip(broken).rev().filter(|frame| !frame.what.is_text()) {
            self.missing.push(line_end);
            if frame.what == Opener::Interpolation {
                self.interpolations.push(frame.at as u32);
                self.errors.push(errors::unclosed_interpolation(frame.at, line_end));
            }
        }
        scanner.truncate(broken);
        self.marks.truncate(broken);
    }

    /// The brackets `from..to` of the stack were never closed: tells it, and closes them where they should have been.
    fn forget(&mut self, from: usize, to: usize, end: usize) {
        for mark in self.marks.get(from..to).unwrap_or(&[]).iter().rev().filter(|mark| !mark.what.is_text()) {
            let width = if mark.what == Opener::Interpolation { 2 } else { 1 };
            self.missing.push(mark.suspect.unwrap_or(end).max(mark.at + width));
            self.errors.push(errors::unclosed_bracket(mark.at, mark.what));
        }
        self.marks.truncate(from);
    }

    /// Whether the closer at `at`, which closes nothing that is open, is meant for the innermost bracket: they stand on one
    /// line that has no better closer, or it begins a line under the opener's.
    fn is_wrong_closer(&self, top: usize, at: usize, begins_line: bool, indent: usize) -> bool {
        let Some(mark) = top.checked_sub(1).and_then(|top| self.marks.get(top)).filter(|mark| !mark.what.is_text())
        else {
            return false;
        };
        if begins_line {
            return mark.indent == indent;
        }
        let rest = self.text.get(at + 1..).unwrap_or("");
        let line = rest.lines().next().unwrap_or("");
        let same_line = self.text.get(mark.at..at).is_some_and(|between| !between.contains('\n'));
        // Bounded, so that a line of closers is not read once for each of them.
        same_line
            && mark.what != Opener::Brace
            && line.len() < 1_000
            && !line.bytes().any(|byte| mark.what.closed_by(byte))
    }

    fn is_bracket(&self, index: usize) -> bool {
        self.marks.get(index).is_some_and(|mark| !mark.what.is_text())
    }

    /// How many blanks begin the line at `start`, and where they end.
    fn indentation(&self, start: usize) -> (usize, usize) {
        let rest = self.text.as_bytes().get(start..).unwrap_or(&[]);
        let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        (blanks, start + blanks)
    }

    fn finish(mut self) -> Paired<'static> {
        self.missing.sort_unstable();
        self.interpolations.sort_unstable();
        let mut inserted = Vec::with_capacity(self.missing.len());
        let mut copy = String::with_capacity(self.text.len() + self.missing.len());
        let mut missing = self.missing.iter().peekable();
        let mut stray = self.stray.iter().peekable();
        let mut wrong = self.wrong.iter().peekable();
        for (at, character) in self.text.char_indices() {
            while missing.next_if(|place| **place <= at).is_some() {
                inserted.push(copy.len() as u32);
                copy.push(MISSING);
            }
            if wrong.next_if(|place| **place == at).is_some() {
                copy.push(MISSING);
                continue;
            }
            let is_stray = stray.next_if(|place| **place == at).is_some();
            copy.push(if is_stray || character == MISSING { STRAY } else { character });
        }
        for _ in missing {
            inserted.push(copy.len() as u32);
            copy.push(MISSING);
        }
        Paired { text: Cow::Owned(copy), inserted, errors: self.errors, interpolations: self.interpolations }
    }
}
