//! A text as brackets in brackets, each cut into its members. Nothing else of the grammar is known here, so a text that is being typed
//! has as good a structure as a finished one. Where brackets do not pair up, indentation says what belongs to what.

use super::lexer::{Class, Token, tokens};

/// A bracket and what stands in it; the first is the text as a whole.
#[derive(Clone, Debug, Default)]
pub(crate) struct Group {
    /// `{`, `[`, `(`, `${`; empty for the whole.
    pub opener: String,
    /// Where its content begins and ends.
    pub start: usize,
    pub end: usize,
    /// The group that holds it, and the member in that.
    pub parent: Option<(usize, usize)>,
    pub members: Vec<Member>,
}

/// What stands between two separators.
#[derive(Clone, Debug, Default)]
pub(crate) struct Member {
    pub pieces: Vec<Piece>,
    /// Behind the separator before it, and before the one behind it.
    pub start: usize,
    pub end: usize,
}

/// A part of a member.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Piece {
    Token(Token),
    /// A group by its number.
    Group {
        id: usize,
        start: usize,
        end: usize,
    },
}

impl Piece {
    pub(crate) fn start(&self) -> usize {
        match self {
            Piece::Token(token) => token.start,
            Piece::Group { start, .. } => *start,
        }
    }
    pub(crate) fn end(&self) -> usize {
        match self {
            Piece::Token(token) => token.end,
            Piece::Group { end, .. } => *end,
        }
    }
}

/// All groups of a stretch of a text.
pub(crate) struct Groups<'a> {
    pub text: &'a str,
    pub all: Vec<Group>,
    pub comments: Vec<Token>,
}

impl<'a> Groups<'a> {
    /// Those of `text` from `from` to `to`.
    pub(crate) fn new(text: &'a str, from: usize, to: usize) -> Self {
        let tokens = tokens(text, from, to);
        match Builder::new(text, from, to, false).run(&tokens) {
            (strict, true) => strict,
            (_, false) => Builder::new(text, from, to, true).run(&tokens).0,
        }
    }

    pub(crate) fn group(&self, id: usize) -> Option<&Group> {
        self.all.get(id)
    }

    /// The innermost group that holds an offset, and the member in it.
    pub(crate) fn at(&self, offset: usize) -> (usize, usize) {
        let mut group = 0;
        loop {
            let Some(of) = self.group(group) else { return (0, 0) };
            let after = of.members.partition_point(|member| member.start <= offset);
            let member = after.saturating_sub(1);
            let inside = of.members.get(member).and_then(|member| {
                member.pieces.iter().find_map(|piece| match piece {
                    Piece::Group { id, .. } => {
                        self.group(*id).filter(|inner| inner.start <= offset && offset <= inner.end).map(|_| *id)
                    }
                    Piece::Token(_) => None,
                })
            });
            match inside {
                Some(inner) => group = inner,
                None => return (group, member),
            }
        }
    }
}

struct Builder<'a> {
    groups: Groups<'a>,
    /// What is open, outermost first: the group and how far the line of its opener is indented.
    open: Vec<(usize, usize)>,
    /// Whether brackets are taken to be wrong where they do not pair up.
    mends: bool,
    line_start: usize,
    /// How far the line is indented on which the current token stands.
    indent: usize,
    /// Brackets that are open beyond the deepest.
    beyond: usize,
}

/// Nobody nests deeper by hand.
const DEEPEST: usize = 120;

impl<'a> Builder<'a> {
    fn new(text: &'a str, from: usize, to: usize, mends: bool) -> Self {
        let whole = Group { start: from, end: to, members: vec![member(from)], ..Group::default() };
        Self {
            groups: Groups { text, all: vec![whole], comments: Vec::new() },
            open: Vec::new(),
            mends,
            line_start: text.get(..from).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1),
            indent: 0,
            beyond: 0,
        }
    }

    fn top(&self) -> usize {
        self.open.last().map_or(0, |open| open.0)
    }

    fn current(&mut self) -> Option<&mut Member> {
        let top = self.top();
        self.groups.all.get_mut(top).and_then(|group| group.members.last_mut())
    }

    fn opener(&self) -> &str {
        self.groups.all.get(self.top()).map_or("", |group| group.opener.as_str())
    }

    /// The groups, and whether brackets pair up.
    fn run(mut self, tokens: &[Token]) -> (Groups<'a>, bool) {
        let mut first_of_line = true;
        for (at, token) in tokens.iter().enumerate() {
            if first_of_line && !matches!(token.class, Class::Newline | Class::Comment) {
                self.indent = self.indent_of(token);
                if self.mends {
                    self.mend_by_indent(token, tokens.get(at..).unwrap_or(&[]));
                }
                first_of_line = false;
            }
            match token.class {
                Class::Comment => self.groups.comments.push(*token),
                Class::Newline => {
                    first_of_line = true;
                    self.line_start = token.end;
                    self.newline(token, tokens.get(at + 1..).unwrap_or(&[]));
                }
                Class::Comma if self.comma_goes_on() => self.piece(Piece::Token(*token)),
                Class::Comma => self.separate(token.start, token.end),
                Class::Open if self.open.len() >= DEEPEST => self.beyond += 1,
                Class::Open => self.open(token),
                Class::Close if self.beyond > 0 => self.beyond -= 1,
                Class::Close if !self.close(token) && !self.mends => return (self.groups, false),
                Class::Close => {}
                _ => self.piece(Piece::Token(*token)),
            }
        }
        if !self.open.is_empty() && !self.mends {
            return (self.groups, false);
        }
        let end = self.groups.all.first().map_or(0, |whole| whole.end);
        while !self.open.is_empty() {
            self.end_group(end, end);
        }
        self.separate_end(end);
        (self.groups, true)
    }

    /// `for k, v in …`, `kind a is b, c`, `implement k needs a, b`: there a comma separates nothing.
    fn comma_goes_on(&mut self) -> bool {
        let text = self.groups.text;
        // No head is so long.
        let Some(member) = self.current().filter(|member| member.pieces.len() < 200) else { return false };
        let word = |piece: &Piece| match piece {
            Piece::Token(token) if token.class == Class::Word => Some(token.text(text)),
            _ => None,
        };
        let ends = matches!(member.pieces.last(), Some(Piece::Group { id: _, start, .. }) if text.get(*start..).is_some_and(|rest| rest.starts_with('{')));
        let has = |wanted: &str| member.pieces.iter().position(|piece| word(piece) == Some(wanted));
        let is_head = match member.pieces.first().and_then(word) {
            Some("kind") => has("is").is_some(),
            Some("implement") => has("needs").is_some(),
            _ => has("for").is_some_and(|at| {
                let rest = member.pieces.get(at..).unwrap_or(&[]);
                !rest.iter().any(|piece| matches!(piece, Piece::Token(token) if token.text(text) == ":"))
            }),
        };
        is_head && !ends
    }

    fn piece(&mut self, piece: Piece) {
        if let Some(member) = self.current() {
            member.pieces.push(piece);
        }
    }

    fn separate_end(&mut self, at: usize) {
        if let Some(member) = self.current() {
            member.end = at;
        }
    }

    fn separate(&mut self, before: usize, after: usize) {
        self.separate_end(before);
        let top = self.top();
        if let Some(group) = self.groups.all.get_mut(top) {
            group.members.push(member(after));
        }
    }

    fn open(&mut self, token: &Token) {
        let opener = token.text(self.groups.text).to_owned();
        self.begin_group(opener, token.start, token.end);
    }

    fn begin_group(&mut self, opener: String, at: usize, start: usize) {
        let parent = self.top();
        let of = self.groups.all.get(parent).map_or(0, |group| group.members.len().saturating_sub(1));
        let id = self.groups.all.len();
        self.groups.all.push(Group {
            opener,
            start,
            end: start,
            parent: Some((parent, of)),
            members: vec![member(start)],
        });
        self.piece(Piece::Group { id, start: at, end: start });
        self.open.push((id, self.indent));
    }

    fn end_group(&mut self, end: usize, after: usize) {
        self.separate_end(end);
        let Some((id, _)) = self.open.pop() else { return };
        if let Some(group) = self.groups.all.get_mut(id) {
            group.end = end;
        }
        if let Some(Piece::Group { end, .. }) = self.current().and_then(|member| member.pieces.last_mut()) {
            *end = after;
        }
    }

    /// Whether the closer closes what is open.
    fn close(&mut self, token: &Token) -> bool {
        let wanted = token.text(self.groups.text);
        if closes(self.opener(), wanted) {
            self.end_group(token.start, token.end);
            return true;
        }
        if self.mends {
            let known = self
                .open
                .iter()
                .rposition(|(id, _)| self.groups.all.get(*id).is_some_and(|group| closes(&group.opener, wanted)));
            if let Some(known) = known {
                while self.open.len() > known + 1 {
                    self.end_group(token.start, token.start);
                }
                self.end_group(token.start, token.end);
            }
        }
        false
    }

    fn newline(&mut self, token: &Token, rest: &[Token]) {
        if matches!(self.opener(), "[" | "(" | "${") {
            return;
        }
        let text = self.groups.text;
        let last = self.current().and_then(|member| member.pieces.last().copied());
        let Some(last) = last else { return self.separate(token.start, token.end) };
        let next = || rest.iter().filter(|token| !matches!(token.class, Class::Newline | Class::Comment));
        let open_end = match last {
            Piece::Token(token) if token.class == Class::Sign => !matches!(token.text(text), "@" | "?" | "."),
            Piece::Token(token) if token.class == Class::Word => {
                matches!(token.text(text), "and" | "or" | "then" | "else" | "in" | "is" | "not" | "div" | "mod")
            }
            Piece::Token(_) | Piece::Group { .. } => false,
        };
        let leads = next().next().is_some_and(|token| match token.class {
            Class::Sign => matches!(token.text(text), "." | "?." | "->" | "++" | "??" | "|"),
            Class::Word => matches!(token.text(text), "and" | "or" | "then" | "else" | "where" | "until" | "warn"),
            _ => false,
        });
        // Nothing goes on with the body of a statement.
        let is_value = |piece: &Piece| matches!(piece, Piece::Token(token) if matches!(token.text(text), "=" | "?=" | "match" | "with"));
        let is_body = matches!(last, Piece::Group { id, .. } if self.groups.all.get(id).is_some_and(|group| group.opener == "{"))
            && self.current().is_some_and(|member| !member.pieces.iter().any(is_value));
        // A word that leads may as well be the name of a field.
        let leads = leads && !begins_member(text, next());
        if is_body || !(leads || open_end && !begins_member(text, next())) {
            self.separate(token.start, token.end);
        }
    }

    /// How far a line is indented, in levels of two blanks: a word that was taken away leaves one.
    fn indent_of(&self, first: &Token) -> usize {
        let wide = first.start.saturating_sub(self.line_start);
        let blanks = self.groups.text.get(self.line_start..first.start).unwrap_or("");
        if self.mends && !blanks.contains('\t') { wide - wide % 2 } else { wide }
    }

    /// A line that stands no deeper than the line of an opener is outside of it; one that stands deeper than a head is inside.
    fn mend_by_indent(&mut self, token: &Token, rest: &[Token]) {
        let text = self.groups.text;
        if token.class == Class::Close {
            let wanted = token.text(text);
            let fits = |(id, indent): &(usize, usize), all: &[Group]| {
                *indent == self.indent && all.get(*id).is_some_and(|group| closes(&group.opener, wanted))
            };
            if let Some(known) = self.open.iter().rposition(|open| fits(open, &self.groups.all)) {
                while self.open.len() > known + 1 {
                    self.end_group(token.start, token.start);
                }
            }
            return;
        }
        while self.open.last().is_some_and(|(_, indent)| *indent >= self.indent) {
            let at = self.line_start.saturating_sub(1);
            self.end_group(at, at);
            self.separate(at, self.line_start);
        }
        // A field without a name is one that is being written.
        let begins = begins_member(text, rest.iter()) || matches!(token.text(text), "=" | "?=" | ".");
        if !matches!(self.opener(), "" | "{") || !begins {
            return;
        }
        // `container api` without its brace, and its fields below.
        let above = self
            .groups
            .all
            .get(self.top())
            .and_then(|group| group.members.iter().rev().find(|member| !member.pieces.is_empty()));
        let Some(above) = above else { return };
        let (Some(first), Some(last)) = (above.pieces.first().map(Piece::start), above.pieces.last().map(Piece::end))
        else {
            return;
        };
        let line = text.get(..first).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
        let is_head = !above.pieces.iter().any(|piece| match piece {
            Piece::Token(token) => matches!(token.text(text), "=" | "@" | ":") && token.class == Class::Sign,
            Piece::Group { id, .. } => self.groups.all.get(*id).is_some_and(|group| group.opener == "{"),
        });
        if self.indent > first - line && is_head {
            // The member above is the head: what follows goes into a bracket of it.
            if let Some(group) = self.groups.all.get_mut(self.open.last().map_or(0, |open| open.0)) {
                while group.members.last().is_some_and(|member| member.pieces.is_empty()) {
                    group.members.pop();
                }
            }
            let begin = text.get(last..).and_then(|rest| rest.find('\n')).map_or(self.line_start, |at| last + at + 1);
            let indent = std::mem::replace(&mut self.indent, first - line);
            self.begin_group("{".to_owned(), begin, begin);
            self.indent = indent;
        }
    }
}

fn member(start: usize) -> Member {
    Member { pieces: Vec::new(), start, end: start }
}

fn closes(opener: &str, closer: &str) -> bool {
    matches!((opener, closer), ("{" | "${", "}") | ("[", "]") | ("(", ")"))
}

/// `a.b =`, `a {`, `KIND NAME`, `...`, `@` and closers: what no expression goes on with.
fn begins_member<'a>(text: &str, mut tokens: impl Iterator<Item = &'a Token>) -> bool {
    let Some(first) = tokens.next() else { return true };
    match first.class {
        Class::Close => return true,
        Class::Sign => return matches!(first.text(text), "..." | "@"),
        Class::Word | Class::Text => {}
        _ => return false,
    }
    let mut last = *first;
    loop {
        let Some(next) = tokens.next() else { return false };
        let said = next.text(text);
        match next.class {
            Class::Sign if said == "." => {
                if tokens.next().is_none_or(|token| token.class != Class::Word) {
                    return false;
                }
            }
            Class::Sign => return matches!(said, "=" | "?=" | ":"),
            Class::Open => return said == "{",
            Class::Word => {
                let blank = next.start > last.end;
                let joins = matches!(
                    said,
                    "and" | "or" | "in" | "is" | "then" | "else" | "div" | "mod" | "with" | "for" | "if" | "key" | "on"
                );
                return blank && !joins && !matches!(first.text(text), "if" | "not" | "match" | "then" | "else");
            }
            _ => return false,
        }
        last = *next;
    }
}
