//! Cuts a file into its top-level items with a scanner that knows strings, comments and brackets and nothing else.

use crate::scan::{Event, Opener, Scanner};

/// One top-level item of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ItemText<'a> {
    /// Where the item begins in the file, its documentation and annotations included.
    pub start: u32,
    pub text: &'a str,
    /// The first words of the statement, without annotations: `server front`, `implement server on aws`, `fn flows_to`.
    /// Fit to identify the item and to know what it declares without parsing it.
    pub head: Head<'a>,
}

/// What the head of an item says.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Head<'a> {
    /// Every word (identifier, dotted path or quoted text) before the first `{`, `=`, `:`, `(` or newline.
    pub words: Vec<&'a str>,
}

/// A mistake that concerns the whole file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileError {
    pub start: u32,
    pub len: u32,
    pub code: &'static str,
    pub message: String,
    pub help: String,
}

/// Cuts a file into items. What stands between them (free comments, `//!` lines, blank lines) belongs to none of them.
/// An error is told for a file that is too large; brackets are told of by [`crate::parse`], at the bracket.
pub fn items(text: &str) -> (Vec<ItemText<'_>>, Vec<FileError>) {
    if text.len() > LARGEST {
        let error = FileError {
            start: 0,
            len: 0,
            code: "file_too_large",
            message: format!("the file has more than {} MiB", LARGEST >> 20),
            help: "split it into several files of the same folder".to_owned(),
        };
        return (Vec::new(), vec![error]);
    }
    // Only when brackets do not pair up is it guessed where an item ends: at a line that looks like the next one.
    let cuts = cuts(text, false).or_else(|| cuts(text, true)).unwrap_or_default();
    let mut items = Vec::with_capacity(cuts.len());
    for (index, start) in cuts.iter().enumerate() {
        let end = cuts.get(index + 1).copied().unwrap_or(text.len());
        let before = items.last().map_or(0, |item: &ItemText<'_>| item.start as usize + item.text.len());
        if let Some(item) = item(text, before, *start, end) {
            items.push(item);
        }
    }
    (items, Vec::new())
}

/// Offsets are 32 bits; nobody writes such a file by hand.
const LARGEST: usize = 256 << 20;

/// What some editors put before the first line; it is not part of the text.
pub(crate) const BYTE_ORDER_MARK: char = '\u{feff}';

/// Where each statement's first line begins; its documentation and annotations stand before. `None` when brackets do not
/// pair up and `recover` is not asked for.
fn cuts(text: &str, recover: bool) -> Option<Vec<usize>> {
    let mut scanner = Scanner::new(text);
    let mut cuts = Vec::new();
    // Whether the statement of the last cut has begun: annotations and comments have not begun it.
    let mut previous = Line { ends_open: false, begun: true };
    // Some editors begin a file with a mark of its encoding.
    let beginning = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 };
    previous = next_line(text, beginning, 0, previous, &mut cuts);
    while let Some(event) = scanner.next() {
        match event {
            Event::Open { .. } | Event::Close { .. } => {}
            Event::Mismatch { .. } if !recover => return None,
            Event::Mismatch { at } => {
                // A closer at the beginning of a line closes all that is open; others are left to the parser.
                if at == 0 || text.as_bytes().get(at - 1) == Some(&b'\n') {
                    scanner.truncate(0);
                }
            }
            Event::Line { at, code_end, broken } => {
                if let Some(broken) = broken {
                    if !recover && scanner.stack.iter().skip(broken).any(|frame| !frame.what.is_text()) {
                        return None;
                    }
                    scanner.truncate(broken);
                }
                let next = at + 1;
                let rest = text.get(next..).unwrap_or("");
                if scanner.depth() == 0 {
                    previous.ends_open = ends_open(text, code_end, previous.ends_open);
                    previous = next_line(text, next, scanner.depth(), previous, &mut cuts);
                } else if recover
                    && rest.starts_with(|first: char| first.is_ascii_alphabetic())
                    && looks_like_item(rest)
                {
                    scanner.truncate(0);
                    previous = Line { ends_open: false, begun: true };
                    previous = next_line(text, next, 0, previous, &mut cuts);
                }
            }
        }
    }
    (recover || scanner.stack.iter().all(|frame| frame.what == Opener::Text)).then_some(cuts)
}

/// What is known of the line above.
#[derive(Clone, Copy)]
struct Line {
    /// It ends with an operator or a comma, so the next line goes on.
    ends_open: bool,
    /// A statement has begun since the last cut.
    begun: bool,
}

/// Looks at the line that begins at `start`, outside of brackets.
fn next_line(text: &str, start: usize, depth: usize, previous: Line, cuts: &mut Vec<usize>) -> Line {
    debug_assert_eq!(depth, 0, "only called outside of brackets");
    let line = text.get(start..).unwrap_or("");
    let code = line.trim_start_matches([' ', '\t', '\r']);
    let at = start + line.len() - code.len();
    let Some(first) = code.chars().next() else { return previous };
    if first == '\n' || code.starts_with("//") {
        return previous;
    }
    let indented = at > start;
    let goes_on = match first {
        '@' => false,
        _ if !previous.begun => true,
        _ if first.is_ascii_alphabetic() || first == '_' => {
            let may_go_on = leading_word(code) || ((indented || previous.ends_open) && !looks_like_item(code));
            may_go_on && !cuts.is_empty()
        }
        // Whatever else: operators, brackets, closers and text go on with what stands before.
        _ => !cuts.is_empty(),
    };
    if goes_on {
        return Line { ends_open: previous.ends_open, begun: true };
    }
    if first == '@' && !previous.begun {
        return previous;
    }
    cuts.push(at);
    Line { ends_open: false, begun: first != '@' }
}

/// Whether the code that ends here asks for more.
fn ends_open(text: &str, code_end: usize, before: bool) -> bool {
    let code = text.get(..code_end).unwrap_or("");
    let Some(last) = code.bytes().next_back() else { return before };
    match last {
        // A line without code, or with a comment only: as before.
        b'\n' => before,
        b'=' | b'+' | b'-' | b'*' | b',' | b'|' | b'<' => true,
        b'>' => code.ends_with("->") || code.ends_with("=>"),
        b'?' => code.ends_with("??"),
        b'.' => code.ends_with(".."),
        _ => {
            let word = code.rsplit(|character: char| !character.is_ascii_alphanumeric() && character != '_').next();
            matches!(word, Some("and" | "or" | "then" | "else" | "in" | "is" | "not" | "div" | "mod"))
        }
    }
}

/// A word that goes on with the line before.
fn leading_word(line: &str) -> bool {
    let word = line.split(|character: char| !character.is_ascii_alphanumeric() && character != '_').next();
    matches!(word, Some("and" | "or" | "then" | "else" | "where" | "until"))
}

/// Whether a line begins like a statement: a keyword and a name, or `KIND NAME` and a body or header.
fn looks_like_item(line: &str) -> bool {
    let line = line.lines().next().unwrap_or("");
    let mut words = line.split_ascii_whitespace();
    let (Some(first), Some(second)) = (words.next(), words.next()) else { return false };
    if !first.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.') {
        return false;
    }
    let name_like = second.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_' || first == '"');
    let keyword = matches!(
        first,
        "project"
            | "package"
            | "environment"
            | "use"
            | "param"
            | "let"
            | "type"
            | "fn"
            | "kind"
            | "platform"
            | "implement"
            | "read"
            | "adjust"
            | "policy"
            | "test"
            | "output"
            | "moved"
            | "forget"
            | "adopt"
            | "private"
    ) || (first == "destroy" && second.starts_with('"'));
    if !name_like || keyword {
        return name_like && keyword;
    }
    let is_name = second.trim_end_matches('{').bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let third = words.next().unwrap_or("");
    is_name
        && (second.ends_with('{') || third.starts_with('{') || matches!(third, "for" | "if" | "key" | "on"))
        && !matches!(
            first,
            "if" | "for" | "check" | "require" | "out" | "match" | "not" | "given" | "refuses" | "provider"
        )
}

/// One item: from its documentation to the end of its last line; `before` is where the one above ends.
fn item(text: &str, before: usize, cut: usize, end: usize) -> Option<ItemText<'_>> {
    let start = documentation_start(text, before, cut);
    // Comments that document the next item, and free ones, follow the last line of code.
    let code = text.get(cut..end)?;
    let mut length = code.len();
    let mut end_of_blocks = None;
    for line in code.split_inclusive('\n').rev() {
        let trimmed = line.trim_ascii();
        let first_line = length == line.len();
        if first_line || !(trimmed.is_empty() || trimmed.starts_with("//")) {
            break;
        }
        // What looks like a comment may be the last line of a text.
        if line.contains("\"\"\"")
            && *end_of_blocks.get_or_insert_with(|| Scanner::end_of_blocks(code)) > length - line.len()
        {
            break;
        }
        length -= line.len();
    }
    let body = code.get(..length)?.trim_ascii_end();
    if body.is_empty() {
        return None;
    }
    let head = Head { words: head_words(body) };
    Some(ItemText { start: start as u32, text: text.get(start..cut + body.len())?, head })
}

/// The comment lines right above, without a blank line between, belong to the item; `//!` lines belong to the file.
fn documentation_start(text: &str, end_above: usize, cut: usize) -> usize {
    let before = text.get(..cut).unwrap_or("");
    let indent = before.len() - before.trim_end_matches([' ', '\t']).len();
    let mut start = cut - indent;
    let mut found = cut;
    while let Some(above) = text.get(..start).and_then(|above| above.strip_suffix('\n')) {
        let line_start = above.rfind('\n').map_or(0, |newline| newline + 1);
        let line = above.get(line_start..).unwrap_or("").trim_start_matches(BYTE_ORDER_MARK).trim_ascii();
        if !line.starts_with("//") || line.starts_with("//!") || line_start < end_above {
            break;
        }
        start = line_start;
        found = line_start + above.get(line_start..).map_or(0, |whole| whole.find('/').unwrap_or(0));
    }
    found
}

/// The words of the head, behind annotations.
fn head_words(item: &str) -> Vec<&str> {
    let mut rest = item;
    loop {
        rest = rest.trim_ascii_start();
        if rest.starts_with("//") {
            rest = rest.split_once('\n').map_or("", |(_, after)| after);
        } else if let Some(annotation) = rest.strip_prefix('@') {
            let name = annotation.find(|character: char| !character.is_ascii_alphanumeric() && character != '_');
            rest = annotation.get(name.unwrap_or(annotation.len())..).unwrap_or("");
            if rest.starts_with('(') {
                rest = rest.get(bracket_length(rest)..).unwrap_or("");
            }
        } else {
            break;
        }
    }
    let mut words = Vec::new();
    loop {
        rest = rest.trim_start_matches([' ', '\t']);
        let length = match rest.bytes().next() {
            Some(b'"') => rest.get(1..).and_then(|inner| inner.find(['"', '\n'])).map_or(rest.len(), |quote| quote + 2),
            Some(byte) if byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.' => rest
                .find(|character: char| !character.is_ascii_alphanumeric() && character != '_' && character != '.')
                .unwrap_or(rest.len()),
            Some(b',' | b'[' | b']' | b'*') => {
                rest = rest.get(1..).unwrap_or("");
                continue;
            }
            _ => break,
        };
        let (word, after) = rest.split_at_checked(length.min(rest.len())).unwrap_or((rest, ""));
        words.push(word);
        rest = after;
    }
    words
}

/// How long the bracket is that a text begins with.
fn bracket_length(text: &str) -> usize {
    let mut scanner = Scanner::new(text);
    while let Some(event) = scanner.next() {
        match event {
            Event::Close { at } if scanner.depth() == 0 => return at + 1,
            Event::Line { broken: Some(broken), .. } => scanner.truncate(broken),
            Event::Open { .. } | Event::Close { .. } | Event::Mismatch { .. } | Event::Line { .. } => {}
        }
    }
    text.len()
}
