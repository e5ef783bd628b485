//! Documents in the manner of Wadler and Prettier: text, possible line ends and groups, and the printer that decides which
//! groups are broken. Documents lie in an arena, so that two layouts can share their parts.

/// An index into [`Docs`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Doc(u32);

#[derive(Clone, Debug)]
enum Part<'a> {
    /// Text, which may have newlines (a block text, something kept as it is).
    Text(&'a str),
    /// A blank, or a newline where the group is broken. `blank`: an empty line before it, then.
    Line {
        blank: bool,
    },
    /// Nothing, or a newline where the group is broken.
    Soft {
        blank: bool,
    },
    /// A newline in any case.
    Hard {
        blank: bool,
    },
    /// Text only where the group is broken.
    IfBroken(&'a str),
    /// Text only where it is not.
    IfFlat(&'a str),
    All(Vec<Doc>),
    Indent(Doc),
    Group {
        content: Doc,
        broken: bool,
    },
    /// Broken only where it must be: a head, which has no better place for a newline.
    Flat(Doc),
    /// A comment at the end of a line: it may be as wide as it is.
    Comment(&'a str),
    /// A bracket whose last member shares its lines with it where `head` and the first line of `last` fit, else `broken`.
    Hug {
        head: Doc,
        last: Doc,
        close: Doc,
        broken: Doc,
    },
}

/// All documents of one item.
#[derive(Default)]
pub(crate) struct Docs<'a> {
    parts: Vec<Part<'a>>,
    /// Whether the part has a newline in any layout.
    many_lines: Vec<bool>,
}

impl<'a> Docs<'a> {
    fn add(&mut self, part: Part<'a>, many_lines: bool) -> Doc {
        self.parts.push(part);
        self.many_lines.push(many_lines);
        Doc(self.parts.len() as u32 - 1)
    }

    pub(crate) fn has_many_lines(&self, doc: Doc) -> bool {
        self.many_lines.get(doc.0 as usize).copied().unwrap_or(false)
    }

    pub(crate) fn text(&mut self, text: &'a str) -> Doc {
        self.add(Part::Text(text), text.contains('\n'))
    }

    pub(crate) fn line(&mut self, blank: bool) -> Doc {
        self.add(Part::Line { blank }, false)
    }

    pub(crate) fn soft(&mut self, blank: bool) -> Doc {
        self.add(Part::Soft { blank }, false)
    }

    pub(crate) fn hard(&mut self, blank: bool) -> Doc {
        self.add(Part::Hard { blank }, true)
    }

    pub(crate) fn if_broken(&mut self, text: &'a str) -> Doc {
        self.add(Part::IfBroken(text), false)
    }

    pub(crate) fn if_flat(&mut self, text: &'a str) -> Doc {
        self.add(Part::IfFlat(text), false)
    }

    pub(crate) fn all(&mut self, docs: Vec<Doc>) -> Doc {
        let many_lines = docs.iter().any(|doc| self.has_many_lines(*doc));
        self.add(Part::All(docs), many_lines)
    }

    pub(crate) fn indent(&mut self, doc: Doc) -> Doc {
        let many_lines = self.has_many_lines(doc);
        self.add(Part::Indent(doc), many_lines)
    }

    /// `broken`: one line is not even tried.
    pub(crate) fn group(&mut self, content: Doc, broken: bool) -> Doc {
        let many_lines = broken || self.has_many_lines(content);
        self.add(Part::Group { content, broken }, many_lines)
    }

    pub(crate) fn flat(&mut self, doc: Doc) -> Doc {
        let many_lines = self.has_many_lines(doc);
        self.add(Part::Flat(doc), many_lines)
    }

    pub(crate) fn comment(&mut self, text: &'a str) -> Doc {
        self.add(Part::Comment(text), false)
    }

    pub(crate) fn hug(&mut self, head: Doc, last: Doc, close: Doc, broken: Doc) -> Doc {
        let many_lines = self.has_many_lines(last);
        self.add(Part::Hug { head, last, close, broken }, many_lines)
    }

    /// The text of a document in lines of at most `width` characters where that can be.
    pub(crate) fn print(&self, doc: Doc, width: usize) -> String {
        let mut printer = Printer { docs: self, width, out: String::new(), column: 0, newlines: 0, indent: 0 };
        printer.run(Command { indent: 0, broken: true, doc });
        printer.out
    }
}

#[derive(Clone, Copy)]
struct Command {
    indent: usize,
    broken: bool,
    doc: Doc,
}

struct Printer<'d, 'a> {
    docs: &'d Docs<'a>,
    width: usize,
    out: String,
    column: usize,
    /// Newlines that wait for the next text, so that no blanks stand at the end of a line.
    newlines: usize,
    indent: usize,
}

impl Printer<'_, '_> {
    fn run(&mut self, first: Command) {
        let mut stack = vec![first];
        while let Some(Command { indent, broken, doc }) = stack.pop() {
            let Some(part) = self.docs.parts.get(doc.0 as usize) else { continue };
            match part {
                Part::Text(text) | Part::Comment(text) => self.write(text),
                Part::Line { blank } if broken => self.newline(indent, *blank),
                Part::Line { .. } => self.write(" "),
                Part::Soft { blank } if broken => self.newline(indent, *blank),
                Part::Soft { .. } => {}
                Part::Hard { blank } => self.newline(indent, *blank),
                Part::IfBroken(text) if broken => self.write(text),
                Part::IfFlat(text) if !broken => self.write(text),
                Part::IfBroken(_) | Part::IfFlat(_) => {}
                Part::All(docs) => stack.extend(docs.iter().rev().map(|doc| Command { indent, broken, doc: *doc })),
                Part::Indent(doc) => stack.push(Command { indent: indent + 2, broken, doc: *doc }),
                Part::Group { content, broken: forced } => {
                    let flat = Command { indent, broken: false, doc: *content };
                    let break_it = *forced || (broken && !self.fits(&[flat], &stack));
                    stack.push(Command { broken: break_it, ..flat });
                }
                Part::Flat(doc) => stack.push(Command { indent, broken: false, doc: *doc }),
                Part::Hug { head, last, close, broken: all_broken } => {
                    let flat = |doc: &Doc| Command { indent, broken: false, doc: *doc };
                    let open_last = Command { indent, broken: true, doc: *last };
                    if self.fits(&[flat(close), flat(last), flat(head)], &stack) {
                        stack.extend([flat(close), flat(last), flat(head)]);
                    } else if self.fits(&[open_last, flat(head)], &[]) {
                        stack.extend([flat(close), open_last, flat(head)]);
                    } else {
                        stack.push(Command { indent, broken: true, doc: *all_broken });
                    }
                }
            }
        }
    }

    fn write(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if self.newlines > 0 {
            let newlines = if self.out.is_empty() { 0 } else { self.newlines };
            self.out.extend(std::iter::repeat_n('\n', newlines));
            self.out.extend(std::iter::repeat_n(' ', self.indent));
            self.column = self.indent;
            self.newlines = 0;
        }
        self.out.push_str(text);
        match text.rsplit_once('\n') {
            Some((_, last)) => self.column = last.chars().count(),
            None => self.column += text.chars().count(),
        }
    }

    fn newline(&mut self, indent: usize, blank: bool) {
        self.newlines = self.newlines.max(if blank { 2 } else { 1 });
        self.indent = indent;
    }

    /// Whether the document fits on the line, up to the first newline in it or behind it.
    fn fits(&self, first: &[Command], rest: &[Command]) -> bool {
        let column = if self.newlines > 0 { self.indent } else { self.column };
        let Some(mut left) = self.width.checked_sub(column) else { return false };
        let mut stack = first.to_vec();
        let mut rest = rest.iter().rev();
        loop {
            let Some(Command { indent, broken, doc }) = stack.pop().or_else(|| rest.next().copied()) else {
                return true;
            };
            let Some(part) = self.docs.parts.get(doc.0 as usize) else { continue };
            let used = match part {
                Part::Text(text) => match text.split_once('\n') {
                    Some((line, _)) => return line.chars().count() <= left,
                    None => text.chars().count(),
                },
                Part::Line { .. } | Part::Soft { .. } if broken => return true,
                Part::Hard { .. } => return true,
                Part::Line { .. } => 1,
                Part::Soft { .. } => 0,
                Part::IfBroken(text) if broken => text.chars().count(),
                Part::IfFlat(text) if !broken => text.chars().count(),
                Part::IfBroken(_) | Part::IfFlat(_) => 0,
                Part::All(docs) => {
                    stack.extend(docs.iter().rev().map(|doc| Command { indent, broken, doc: *doc }));
                    0
                }
                Part::Indent(doc) => {
                    stack.push(Command { indent, broken, doc: *doc });
                    0
                }
                Part::Group { content, broken: forced } => {
                    // What stands behind may still be broken.
                    stack.push(Command { indent, broken: *forced || broken, doc: *content });
                    0
                }
                Part::Flat(doc) => {
                    stack.push(Command { indent, broken: false, doc: *doc });
                    0
                }
                Part::Comment(_) => 0,
                Part::Hug { head, last, close, .. } => {
                    let command = |doc: &Doc| Command { indent, broken, doc: *doc };
                    stack.extend([command(close), command(last), command(head)]);
                    0
                }
            };
            match left.checked_sub(used) {
                Some(remaining) => left = remaining,
                None => return false,
            }
        }
    }
}
