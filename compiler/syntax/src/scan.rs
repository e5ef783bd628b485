//! A byte scanner that knows texts, comments and brackets and nothing else. [`crate::items`] cuts files with it and
//! [`crate::brackets`] pairs brackets with it; the grammar reads the same texts and comments in the same way.
//! Its memory is bounded: beyond [`DEEPEST`] open brackets it only counts.

/// The most brackets (texts and their `${` counted) that may be open at once.
pub(crate) const DEEPEST: usize = 256;

/// What is open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Opener {
    Brace,
    Bracket,
    Paren,
    /// `${` in a text
    Interpolation,
    /// `"`, which ends with its line
    Text,
    /// `"""`
    Block,
}

impl Opener {
    /// Whether this byte closes it.
    pub(crate) fn closed_by(self, closer: u8) -> bool {
        match self {
            Opener::Brace | Opener::Interpolation => closer == b'}',
            Opener::Bracket => closer == b']',
            Opener::Paren => closer == b')',
            Opener::Text | Opener::Block => false,
        }
    }
    /// Whether it is a text and not a bracket.
    pub(crate) fn is_text(self) -> bool {
        matches!(self, Opener::Text | Opener::Block)
    }
}

/// Something that is open.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    pub(crate) what: Opener,
    pub(crate) at: usize,
    /// The lowest frame of the stack that must end with the line: a one-line text, with no block text above it.
    line_text: Option<u32>,
}

/// What the scanner met.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Event {
    /// A bracket was opened; it is on the stack (unless too many are).
    Open { at: usize },
    /// The bracket on top of the stack was closed and taken off.
    Close { at: usize },
    /// A closer that does not close what is on top; the stack is as it was.
    Mismatch { at: usize },
    /// A newline outside of texts, at `at`; code of the line ends at `code_end`. Texts that had to end here still stand on
    /// the stack from `broken` on.
    Line { at: usize, code_end: usize, broken: Option<usize> },
}

/// Walks over a text from event to event.
pub(crate) struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    line_start: usize,
    /// Where the comment of the current line begins.
    comment: Option<usize>,
    pub(crate) stack: Vec<Frame>,
    /// Openers beyond the deepest.
    overflow: usize,
    /// No `"""` follows: every block text from here on is unclosed. Spares a search to the end for each.
    no_block_end: bool,
    /// Where the last `"""…"""` ends.
    block_end: usize,
}

const OTHER: u8 = 0;
const STOP: u8 = 1;
const WORD: u8 = 2;

/// Which bytes the inner loop must look at.
const CLASS: [u8; 256] = {
    let mut table = [OTHER; 256];
    let stops = b"\n\"/{}[]()";
    let mut index = 0;
    while index < stops.len() {
        table[stops[index] as usize] = STOP;
        index += 1;
    }
    let mut byte = 0;
    while byte < 256 {
        let value = byte as u8;
        if value.is_ascii_alphanumeric() || value == b'_' {
            table[byte] = WORD;
        }
        byte += 1;
    }
    table
};

impl<'a> Scanner<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self {
            bytes: text.as_bytes(),
            at: 0,
            line_start: 0,
            comment: None,
            stack: Vec::new(),
            overflow: 0,
            no_block_end: false,
            block_end: 0,
        }
    }

    /// Where the last `"""…"""` of a text ends; 0 where it has none.
    pub(crate) fn end_of_blocks(text: &str) -> usize {
        if !text.contains("\"\"\"") {
            return 0;
        }
        let mut scanner = Scanner::new(text);
        while scanner.next().is_some() {}
        scanner.block_end
    }

    /// How many brackets are open.
    pub(crate) fn depth(&self) -> usize {
        self.stack.len() + self.overflow
    }

    /// Forgets what is open from this frame on.
    pub(crate) fn truncate(&mut self, frames: usize) {
        self.overflow = 0;
        self.stack.truncate(frames);
    }

    /// The lowest frame that ends with this line.
    pub(crate) fn broken_text(&self) -> Option<usize> {
        self.stack.last().and_then(|frame| frame.line_text).map(|frame| frame as usize)
    }

    /// The byte at a place, 0 behind the end.
    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    fn starts_block(&self, at: usize) -> bool {
        self.bytes.get(at..at + 3) == Some(b"\"\"\"".as_slice())
    }

    fn push(&mut self, what: Opener, at: usize) {
        if self.stack.len() > DEEPEST + 8 {
            self.overflow += 1;
            return;
        }
        let below = self.stack.last().and_then(|frame| frame.line_text);
        let line_text = match what {
            Opener::Block => None,
            Opener::Text => below.or(Some(self.stack.len() as u32)),
            Opener::Brace | Opener::Bracket | Opener::Paren | Opener::Interpolation => below,
        };
        self.stack.push(Frame { what, at, line_text });
    }

    /// Where the code of the current line ends, seen from `end`.
    pub(crate) fn code_end(&self, end: usize) -> usize {
        let mut at = self.comment.unwrap_or(end).min(end);
        while at > self.line_start && matches!(self.byte(at - 1), b' ' | b'\t' | b'\r') {
            at -= 1;
        }
        at
    }

    /// The next event, or nothing at the end of the text.
    pub(crate) fn next(&mut self) -> Option<Event> {
        loop {
            match self.stack.last().map(|frame| frame.what) {
                Some(Opener::Text) if self.overflow == 0 => {
                    if let Some(event) = self.text()? {
                        return Some(event);
                    }
                }
                Some(Opener::Block) if self.overflow == 0 => {
                    if let Some(event) = self.block()? {
                        return Some(event);
                    }
                }
                _ => {
                    if let Some(event) = self.code()? {
                        return Some(event);
                    }
                }
            }
        }
    }

    /// Inside of `"…"`: up to its end or an interpolation. The outer `None` is the end of the file.
    fn text(&mut self) -> Option<Option<Event>> {
        loop {
            match self.byte(self.at) {
                b'"' => {
                    self.at += 1;
                    self.stack.pop();
                    return Some(None);
                }
                b'\\' if self.byte(self.at + 1) != b'\n' => self.at += 2,
                b'$' if self.byte(self.at + 1) == b'{' => return Some(Some(self.open(Opener::Interpolation, 2))),
                b'\n' => {
                    let broken = self.broken_text();
                    let event = Event::Line { at: self.at, code_end: self.at, broken };
                    self.newline();
                    return Some(Some(event));
                }
                _ => self.at += 1,
            }
            if self.at >= self.bytes.len() {
                return None;
            }
        }
    }

    /// Inside of `"""…"""`.
    fn block(&mut self) -> Option<Option<Event>> {
        loop {
            if self.at >= self.bytes.len() {
                return None;
            }
            match self.byte(self.at) {
                b'"' if self.starts_block(self.at) => {
                    self.at += 3;
                    self.block_end = self.at;
                    self.stack.pop();
                    return Some(None);
                }
                b'\\' if self.byte(self.at + 1) != b'\n' => self.at += 2,
                b'$' if self.byte(self.at + 1) == b'{' => return Some(Some(self.open(Opener::Interpolation, 2))),
                b'\n' => self.newline(),
                _ => self.at += 1,
            }
        }
    }

    fn code(&mut self) -> Option<Option<Event>> {
        loop {
            let byte = *self.bytes.get(self.at)?;
            match CLASS.get(byte as usize).copied().unwrap_or(OTHER) {
                OTHER => {
                    self.at += 1;
                    continue;
                }
                WORD => {
                    let start = self.at;
                    while CLASS.get(self.byte(self.at) as usize).copied() == Some(WORD) {
                        self.at += 1;
                    }
                    if byte == b'r' && self.at == start + 1 && self.byte(self.at) == b'"' {
                        self.raw();
                    }
                    continue;
                }
                _ => {}
            }
            match byte {
                b'\n' => {
                    let broken = self.broken_text();
                    let event = Event::Line { at: self.at, code_end: self.code_end(self.at), broken };
                    self.newline();
                    return Some(Some(event));
                }
                b'/' => {
                    if self.byte(self.at + 1) == b'/' {
                        self.comment = Some(self.at);
                        while self.at < self.bytes.len() && self.byte(self.at) != b'\n' {
                            self.at += 1;
                        }
                    } else {
                        self.at += 1;
                    }
                }
                b'"' => {
                    let block = self.starts_block(self.at);
                    if self.overflow > 0 {
                        self.skip_text(block);
                    } else if block {
                        self.push(Opener::Block, self.at);
                        self.at += 3;
                        return Some(None);
                    } else {
                        self.push(Opener::Text, self.at);
                        self.at += 1;
                        return Some(None);
                    }
                }
                b'{' => return Some(Some(self.open(Opener::Brace, 1))),
                b'[' => return Some(Some(self.open(Opener::Bracket, 1))),
                b'(' => return Some(Some(self.open(Opener::Paren, 1))),
                _ => {
                    let at = self.at;
                    self.at += 1;
                    if self.overflow > 0 {
                        self.overflow -= 1;
                        return Some(Some(Event::Close { at }));
                    }
                    return Some(Some(match self.stack.last() {
                        Some(frame) if frame.what.closed_by(byte) => {
                            self.stack.pop();
                            Event::Close { at }
                        }
                        _ => Event::Mismatch { at },
                    }));
                }
            }
        }
    }

    fn open(&mut self, what: Opener, width: usize) -> Event {
        let at = self.at;
        self.push(what, at);
        self.at += width;
        Event::Open { at }
    }

    fn newline(&mut self) {
        self.at += 1;
        self.line_start = self.at;
        self.comment = None;
    }

    /// `r"…"` or `r"""…"""`, the place being at the first quote.
    fn raw(&mut self) {
        if self.starts_block(self.at) {
            self.at += 3;
            self.skip_block();
        } else {
            self.at += 1;
            while self.at < self.bytes.len() && !matches!(self.byte(self.at), b'"' | b'\n') {
                self.at += 1;
            }
            if self.byte(self.at) == b'"' {
                self.at += 1;
            }
        }
    }

    /// A text where too much is open to look into it.
    fn skip_text(&mut self, block: bool) {
        if block {
            self.at += 3;
            self.skip_block();
            return;
        }
        self.at += 1;
        while self.at < self.bytes.len() && !matches!(self.byte(self.at), b'"' | b'\n') {
            self.at += if self.byte(self.at) == b'\\' && self.byte(self.at + 1) != b'\n' { 2 } else { 1 };
        }
        if self.byte(self.at) == b'"' {
            self.at += 1;
        }
    }

    fn skip_block(&mut self) {
        while !self.no_block_end && self.at < self.bytes.len() && !self.starts_block(self.at) {
            if self.byte(self.at) == b'\n' {
                self.line_start = self.at + 1;
            }
            self.at += 1;
        }
        if self.starts_block(self.at) {
            self.at += 3;
            self.block_end = self.at;
        } else {
            self.no_block_end = true;
            self.at = self.bytes.len();
        }
    }
}
