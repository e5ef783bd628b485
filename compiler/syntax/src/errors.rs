//! What is told about broken text: a code that `infrac explain` documents, what is wrong in about ten words, what to do.

use crate::foreign;
use crate::scan::Opener;
use crate::tree::{Instead, Kind, SyntaxError};

/// A bracket without its other half.
pub const BRACKET: &str = "bracket_without_partner";
/// A text without its closing quote.
pub const TEXT: &str = "text_without_end";
/// A part of a statement, member or expression is missing.
pub const MISSING: &str = "missing_part";
/// Two members on one line, or two elements, without a comma.
pub const COMMA: &str = "missing_comma";
/// `:` where `=` is meant.
pub const COLON: &str = "colon_for_equals";
/// A backslash before a character that needs none.
pub const ESCAPE: &str = "unknown_escape";
/// A token that begins like a number and is none.
pub const NUMBER: &str = "bad_number";
/// Text that fits nothing.
pub const UNEXPECTED: &str = "unexpected_text";
/// Something right in the wrong place.
pub const MISPLACED: &str = "misplaced";
/// Brackets or operators nested deeper than the limit.
pub const DEEP: &str = "nested_too_deeply";
/// An operator that does not chain: `a -> b -> c`.
pub const CHAIN: &str = "chained_operator";

fn error(code: &'static str, start: u32, end: u32, message: impl Into<String>, help: impl Into<String>) -> SyntaxError {
    let len = end.saturating_sub(start);
    SyntaxError { code, start, len, message: message.into(), help: help.into(), instead: None }
}

impl SyntaxError {
    /// The first bytes of it are said so.
    fn instead_of(self, len: usize, text: &'static str) -> Self {
        Self { instead: Some(Instead { len: len as u32, text }), ..self }
    }
}

pub(crate) fn unclosed_bracket(at: usize, what: Opener) -> SyntaxError {
    let (opener, closer) = match what {
        Opener::Brace => ("{", "}"),
        Opener::Bracket => ("[", "]"),
        Opener::Paren => ("(", ")"),
        Opener::Interpolation => ("${", "}"),
        Opener::Text => ("\"", "\""),
        Opener::Block => ("\"\"\"", "\"\"\""),
    };
    error(
        BRACKET,
        at as u32,
        (at + opener.len()) as u32,
        format!("`{opener}` is never closed"),
        format!("add `{closer}` where it ends"),
    )
}

/// `"a ${b"`: the quote that should end the text begins another, so the rest of the line belongs to the mistake.
pub(crate) fn unclosed_interpolation(at: usize, end: usize) -> SyntaxError {
    SyntaxError { len: end.saturating_sub(at) as u32, ..unclosed_bracket(at, Opener::Interpolation) }
}

pub(crate) fn stray_closer(at: usize, closer: char) -> SyntaxError {
    let opener = match closer {
        '}' => '{',
        ']' => '[',
        _ => '(',
    };
    let help = format!("remove it, or add the `{opener}` that it should close");
    error(BRACKET, at as u32, at as u32 + 1, format!("`{closer}` closes nothing"), help)
}

pub(crate) fn unclosed_text(start: u32, end: u32, quotes: &str) -> SyntaxError {
    error(TEXT, start, end, "this text has no end", format!("add `{quotes}` where it ends"))
}

/// What follows a text without an end that ends here in the lines below it, up to its quote: that is no code. None where the next
/// quotes are of texts of their own.
pub fn rest_of_text(item: &str, end: u32) -> Option<std::ops::Range<u32>> {
    let mut at = end as usize;
    for (index, line) in item.get(at..)?.split('\n').enumerate() {
        let next = at + line.len();
        let quotes = line.matches('"').count();
        // `"` that closes, and not one that opens: nothing stands before it that gives a value.
        let opens = line.split('"').next().is_some_and(|before| before.trim_end().ends_with(['=', ',', '[', '(', ':']));
        if index > 0 && quotes % 2 == 1 {
            return (!opens).then_some(end..next as u32);
        }
        at = next + 1;
    }
    None
}

/// `what` is missing at a place; `help` says how to write it.
pub(crate) fn missing(what: impl Into<String>, help: impl Into<String>) -> impl FnOnce(u32) -> SyntaxError {
    move |at| error(MISSING, at, at, format!("{} is missing", what.into()), help)
}

/// What to do about a `once` without a name.
pub(crate) const ONCE: &str = "what it makes stands at this name: `once shared by network { … }`";

/// What to do about `orders:5432`.
const PORT_LABEL: &str = "a port is called by its label: `api.http`, `orders.sql`";

/// A value, type or name is missing between `before` and `rest`.
pub(crate) fn missing_after(what: &str, before: &str, rest: &str) -> impl FnOnce(u32) -> SyntaxError + use<> {
    let token = last_token(before).to_owned();
    let what = what.to_owned();
    let help = match token == "." && rest.starts_with(|digit: char| digit.is_ascii_digit()) {
        true => format!("{PORT_LABEL}; an element of a list is `xs[0]`"),
        false => format!("write the {what} behind `{token}`"),
    };
    move |at| {
        let start = at.saturating_sub(u32::from(!token.is_empty()));
        let message = if token.is_empty() {
            format!("a {what} is missing")
        } else {
            format!("a {what} is missing after `{token}`")
        };
        error(MISSING, start, at, message, help)
    }
}

/// `a === b`, `0..<3`: an operator of other languages that begins like one of ours; `rest` stands behind it.
pub(crate) fn longer_operator(before: &str, rest: &str) -> Option<impl FnOnce(u32) -> SyntaxError + use<>> {
    let before = before.trim_end_matches(' ');
    let (operator, help) = match rest.bytes().next() {
        Some(b'=') if before.ends_with("==") => ("===", "write `==`"),
        Some(b'<') if before.ends_with("..") => ("..<", "a range holds both of its ends: `0..299`"),
        _ => return None,
    };
    Some(move |at: u32| {
        let told = error(UNEXPECTED, at.saturating_sub(2), at + 1, format!("`{operator}` is no operator"), help);
        if operator == "===" { told.instead_of(3, "==") } else { told }
    })
}

/// The last word or sign of a text.
fn last_token(text: &str) -> &str {
    let text = text.trim_end();
    // Far enough for any word, and a bound for text that is all signs.
    let near = text.char_indices().rev().take(40).last().map_or(0, |(at, _)| at);
    let text = text.get(near..).unwrap_or("");
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    let is_sign = |character: char| "=<>?.+-*/!|:".contains(character);
    let Some(last) = text.chars().next_back() else { return "" };
    let rest = if is_word(last) {
        text.trim_end_matches(is_word)
    } else if is_sign(last) {
        text.trim_end_matches(is_sign)
    } else {
        text.strip_suffix(last).unwrap_or(text)
    };
    text.get(rest.len()..).unwrap_or("")
}

/// A part that this kind of statement must have.
pub(crate) fn missing_part(kind: Kind, head: &str) -> impl FnOnce(u32) -> SyntaxError + use<> {
    let head = shortened(head);
    let (what, help) = match kind {
        Kind::Param => ("the type".to_owned(), format!("write `{head}: string`, or another type")),
        Kind::Parameter => (
            "the type of a parameter".to_owned(),
            format!("write `{head}: TYPE`, as in `fn name(p: TYPE) -> TYPE = VALUE`"),
        ),
        Kind::Fn if head.contains("->") => ("`=` and a value".to_owned(), format!("write `{head} = …`")),
        Kind::Fn if head.contains(')') => {
            ("the type of the result".to_owned(), "write `fn name(p: TYPE) -> TYPE = VALUE`".to_owned())
        }
        Kind::Fn => ("`(` and the parameters".to_owned(), "write `fn name(p: TYPE) -> TYPE = VALUE`".to_owned()),
        Kind::TypeDecl => ("the type".to_owned(), format!("write `{head} = TYPE`")),
        Kind::Check | Kind::Require => ("`else` with the reason".to_owned(), format!("write `{head} else \"why\"`")),
        Kind::ForHeader => ("`in`".to_owned(), "write `for x in xs` or `for key, value in map`".to_owned()),
        Kind::ForElement => ("`:` and the element".to_owned(), "write `for x in xs: element`".to_owned()),
        Kind::Moved => ("`to`".to_owned(), "write `moved \"old\" to new`".to_owned()),
        Kind::Deviation => ("`because`".to_owned(), "write `deviation path because \"why\"`".to_owned()),
        Kind::TypeApply => ("`>`".to_owned(), "write `range<int>`".to_owned()),
        _ => ("`=` and a value".to_owned(), format!("write `{head} = …`")),
    };
    missing(what, help)
}

/// `at_top`: the statement stands at the top of a file, where no fields stand.
pub(crate) fn missing_body(head: &str, at_top: bool) -> impl FnOnce(u32) -> SyntaxError + use<> {
    let head = shortened(head.trim_end_matches([' ', ':']));
    move |at| {
        let help = match head.split_once(' ') {
            _ if let Some(help) = foreign::statement(&head) => help.to_owned(),
            Some(("destroy", name)) if at_top && !name.contains(' ') => {
                return unquoted_address(at.saturating_sub(name.len() as u32), name);
            }
            Some((name, value)) if !at_top && !value.contains(' ') => {
                format!("write `{head} {{ … }}`; a field is `{name} = {value}`, in a kind `{name}: {value}`")
            }
            _ => format!("write `{head} {{ … }}`; without any field `{head} {{}}`"),
        };
        error(MISSING, at, at, format!("`{head}` has no body"), help)
    }
}

/// An instance whose name is written as text, as other tools have it.
pub(crate) fn quoted_name(start: u32, end: u32, kind: &str, name: &str) -> SyntaxError {
    let word: String = name
        .trim_matches('"')
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' })
        .collect();
    let help = match kind {
        "resource" => format!("a native resource is `terraform.{word} NAME {{ … }}`"),
        "data" => format!("what exists already is read: `read terraform.{word} NAME {{ … }}`"),
        "variable" => format!("an input is `param {word}: string`"),
        "output" => format!("write `output {word} = …`"),
        _ if let Some(help) = foreign::statement(kind) => help.to_owned(),
        _ => format!("write `{kind} {word} {{ … }}`"),
    };
    error(UNEXPECTED, start, end, "the name of an instance has no quotes", help)
}

pub(crate) fn test_name(start: u32, end: u32, name: &str) -> SyntaxError {
    error(UNEXPECTED, start, end, "the name of a test is text", format!("write `test \"{}\" {{ … }}`", shortened(name)))
}

pub(crate) fn missing_comma(at: u32, between: &str) -> SyntaxError {
    error(
        COMMA,
        at,
        at,
        format!("a comma is missing between two {between}"),
        "write `,` between them, or begin a new line",
    )
}

/// `next`: what stands behind the place.
pub(crate) fn missing_list_comma(at: u32, between: &str, next: &str) -> SyntaxError {
    let help = if next.trim_start().starts_with('{') {
        "write `,` between them; a call has parentheses: `aws(region = \"eu-west-3\")`"
    } else {
        list_comma_help(between)
    };
    error(COMMA, at, at, format!("a comma is missing between two {between}"), help)
}

/// `[x for x in xs]`
pub(crate) fn loop_behind_element(start: u32, end: u32) -> SyntaxError {
    error(
        MISPLACED,
        start,
        end,
        "a loop does not stand behind its element",
        "write `[for x in xs: x]`, with a condition `[for x in xs: if c: x]`",
    )
}

/// `xs.map(x => x + 1)`
pub(crate) fn lambda(start: u32, end: u32) -> SyntaxError {
    error(UNEXPECTED, start, end, "there are no functions without a name", "write a list: `[for x in xs: x + 1]`")
}

fn list_comma_help(between: &str) -> &'static str {
    match between {
        "arguments" => "write `,` between them; an argument with a name is `name = value`",
        _ => "write `,` between them",
    }
}

pub(crate) fn stray_comma(start: u32, end: u32) -> SyntaxError {
    error(UNEXPECTED, start, end, "this comma separates nothing", "remove it").instead_of(1, "")
}

pub(crate) fn colon(start: u32, name: &str) -> SyntaxError {
    let name = shortened(name);
    let help = format!("write `{name} = …`; `:` is for types");
    error(COLON, start, start + 1, "`:` stands where `=` is meant", help).instead_of(1, " =")
}

/// `env:` and a block that is marked by its indentation only.
pub(crate) fn indented_block(start: u32, name: &str) -> SyntaxError {
    let name = name.trim();
    let message = format!("the block of `{}` has no braces", shortened(name));
    error(
        MISSING,
        start,
        start + name.len() as u32 + 1,
        message,
        format!("write `{name} {{ … }}`, for a list `{name} = [ … ]`"),
    )
}

pub(crate) fn no_character(start: u32, end: u32, digits: &str) -> SyntaxError {
    if !digits.is_empty() && digits.bytes().all(|digit| digit == b'0') {
        let message = format!("`\\u{{{digits}}}` ends a text for whoever reads it: it stands in none");
        return error(ESCAPE, start, end, message, "leave it out; bytes that are no text go into a file");
    }
    let message = format!("`\\u{{{digits}}}` is no character");
    let help = "texts have `\\u{1}` to `\\u{d7ff}` and `\\u{e000}` to `\\u{10ffff}`, in hexadecimal digits";
    error(ESCAPE, start, end, message, help)
}

pub(crate) fn escape(start: u32, end: u32, escape: &str) -> SyntaxError {
    let message = format!("`{escape}` is no escape");
    error(ESCAPE, start, end, message, "escapes are `\\n \\t \\r \\\" \\\\ \\$ \\u{…}`; write `\\\\` for a backslash")
}

fn digits_only(token: &str) -> bool {
    token.bytes().all(|byte| byte.is_ascii_digit())
}

pub(crate) fn number(start: u32, end: u32, token: &str) -> SyntaxError {
    let spaced = match token.find(['-', '/']) {
        Some(_) if matches!(token.split('-').collect::<Vec<_>>().as_slice(), [day, month, year] if day.len() < 3 && month.len() < 3 && year.len() == 4) => {
            "a date is the year, the month and the day: `2026-12-31`".to_owned()
        }
        Some(at) => {
            let is_range = token.split('-').count() == 2
                && token.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-' || byte == b'.');
            let (left, rest) = token.split_at_checked(at).unwrap_or((token, ""));
            let (operator, right) = rest.split_at_checked(1).unwrap_or((rest, ""));
            match is_range {
                true => format!("a range is `{left}..{right}`, a difference `{left} - {right}`"),
                false => format!("for arithmetic write `{left} {operator} {right}`"),
            }
        }
        None if token.starts_with('0') && digits_only(token) => match i64::from_str_radix(token, 8) {
            Ok(octal) => format!(
                "without the zero it is `{}`; a mode in octal is the number `{octal}` here",
                token.trim_start_matches('0')
            ),
            Err(_) => format!("write it without the zero: `{}`", token.trim_start_matches('0')),
        },
        None if token.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') => {
            format!("a version is text: `\"{token}\"`")
        }
        None => "write a number, a measure (`4GiB`), `99.9%`, an ip, a cidr, a port (`443/tcp`) or a date".to_owned(),
    };
    error(NUMBER, start, end, format!("`{}` is no number, address, port or date", shortened(token)), spaced)
}

pub(crate) fn too_deep(at: u32) -> SyntaxError {
    let message = format!("more than {} brackets are open here", crate::scan::DEEPEST);
    error(DEEP, at, at + 1, message, "give the inner parts names with `let`")
}

pub(crate) fn too_long(start: u32, end: u32) -> SyntaxError {
    error(DEEP, start, end, "this expression is nested too deeply", "split it: give its parts names with `let`")
}

pub(crate) fn chain(start: u32, end: u32, operator: &str) -> SyntaxError {
    let help = match operator {
        "->" => "write one flow for each pair: `a -> b, b -> c`",
        ".." => "a range has two ends: `1..10`",
        _ => "join two comparisons with `and`",
    };
    error(CHAIN, start, end, format!("`{operator}` does not chain"), help)
}

pub(crate) fn header_order(start: u32, end: u32, word: &str) -> SyntaxError {
    let message = format!("`{word}` stands in the wrong order");
    error(MISPLACED, start, end, message, "the order is `for …`, `if …`, `key …`, `on …`")
}

pub(crate) fn misplaced(start: u32, end: u32, what: &str, place: &str, help: &str) -> SyntaxError {
    error(MISPLACED, start, end, format!("{what} does not stand {place}"), help)
}

/// `4 GiB`, `99.9 %`: a number, a blank and its unit.
pub(crate) fn unit_apart(before: &str, text: &str) -> Option<impl FnOnce(u32, u32) -> SyntaxError + use<>> {
    const UNITS: &[&str] = &[
        "B", "kB", "KB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB", "ns", "us", "ms", "s", "min", "h", "d", "w", "%",
    ];
    let unit = text.split([' ', ',', '}', ']', ')']).next().filter(|unit| UNITS.contains(unit))?.to_owned();
    let number = before.strip_suffix(' ')?.trim_end_matches(' ');
    let start = number
        .rfind(|character: char| !character.is_ascii_digit() && character != '.' && character != '_')
        .map_or(0, |at| at + 1);
    let number =
        number.get(start..).filter(|number| number.starts_with(|first: char| first.is_ascii_digit()))?.to_owned();
    Some(move |start, end| {
        let help = match unit.as_str() {
            "%" if !number.contains('.') => {
                format!("a ratio is `{number}%`; the rest of a division is `{number} mod 2`")
            }
            _ => format!("write `{number}{unit}`"),
        };
        error(UNEXPECTED, start, end, format!("a blank stands before the unit `{unit}`"), help)
    })
}

/// `my-files`: a name as other tools have it; `before` ends with its first part. In a field's place it may be one in quotes.
pub(crate) fn dashed_name(before: &str, text: &str) -> Option<SyntaxError> {
    let is_part = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let first = before
        .get(before.trim_end_matches(is_part).len()..)
        .filter(|first| first.starts_with(|letter: char| letter.is_ascii_alphabetic()))?;
    let second = text.get(..text.find(|character| !is_part(character) && character != '-').unwrap_or(text.len()))?;
    if !second.starts_with('-') || !second.get(1..)?.starts_with(is_part) {
        return None;
    }
    let name = format!("{first}{second}");
    let rest = text.get(second.len()..)?.trim_start();
    let is_field = rest.starts_with('=') || rest.starts_with(':');
    let word = name.replace('-', "_");
    let help = if is_field {
        format!("write `{word}`; a name that others give, such as a label, stands in quotes: `\"{name}\"`")
    } else {
        format!("write `{word}`")
    };
    let start = (before.len() - first.len()) as u32;
    Some(error(
        UNEXPECTED,
        start,
        before.len() as u32 + second.len() as u32,
        format!("`-` does not stand in the name `{}`", shortened(&name)),
        help,
    ))
}

/// `app.kubernetes.io/name = "x"`: a name that is no word, where a field should stand.
pub(crate) fn unquoted_name(text: &str) -> Option<impl FnOnce(u32, u32) -> SyntaxError + use<>> {
    let name = text.get(..text.find(['=', ':'])?)?.trim_end();
    let fits = |character: char| character.is_ascii_alphanumeric() || "_-./".contains(character);
    let is_name =
        name.contains('/') && name.chars().all(fits) && name.starts_with(|first: char| first.is_ascii_alphabetic());
    let (message, help) = (
        format!("`{}` is no name by itself", shortened(name)),
        format!("put it in quotes: `\"{}\" = …`", shortened(name)),
    );
    is_name.then_some(move |start, end| error(UNEXPECTED, start, end, message, help))
}

/// `f"hi"`: a letter before the quotes of a text.
pub(crate) fn prefixed_text(before: &str, text: &str) -> Option<SyntaxError> {
    let is_part = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let word =
        before.get(before.trim_end_matches(is_part).len()..).filter(|word| word.len() == 1 && text.starts_with('"'))?;
    let start = (before.len() - 1) as u32;
    Some(error(
        UNEXPECTED,
        start,
        before.len() as u32 + text.len() as u32,
        format!("`{word}` does not begin a text"),
        "write `\"… ${x} …\"`, without a letter before it",
    ))
}

/// `moved "front["a"]" to …`: the quotes of a key inside the text of an address; `rest` stands behind the text that they end.
pub(crate) fn unescaped_key(before: &str, rest: &str) -> Option<SyntaxError> {
    let line = before.rsplit('\n').next().unwrap_or("");
    let word = line.split_whitespace().next()?;
    let inside = line.get(line.find('"')?..).filter(|inside| inside.ends_with("[\"") && inside.len() > 2)?;
    let rest = rest.lines().next().unwrap_or("");
    let end = end_of_address(rest)?;
    let address = format!("{}{}", inside.get(1..)?, rest.get(..end)?);
    let after = without_comment(rest.get(end + 1..)?);
    let (message, help) = match word {
        "moved" | "forget" | "destroy" => {
            let address = address.replace('"', "\\\"");
            ("the quotes of a key end the text", format!("escape them: `{word} \"{address}\"{}`", new_address(after)))
        }
        "adopt" => ("what is in the program is named without quotes", format!("write `adopt {address}{after}`")),
        _ => return None,
    };
    let start = (before.len() - inside.len()) as u32;
    let end = (before.len() + end + 1) as u32;
    Some(error(UNEXPECTED, start, end, message, help))
}

/// The last quote of a text with the quotes of a key in it: a blank or nothing stands behind it.
fn end_of_address(text: &str) -> Option<usize> {
    let closed = text.find("\"]")? + 2;
    let is_end =
        |at: &usize| text.get(at + 1..).is_some_and(|after| after.is_empty() || after.starts_with([' ', '\t']));
    text.match_indices('"').map(|(at, _)| at).filter(|at| *at >= closed).find(is_end)
}

/// The rest of a line up to its comment.
fn without_comment(rest: &str) -> &str {
    let is_comment = |at: &usize| rest.get(..*at).is_some_and(|before| before.matches('"').count() % 2 == 0);
    let end = rest.match_indices(" //").map(|(at, _)| at).find(is_comment);
    rest.get(..end.unwrap_or(rest.len())).unwrap_or(rest).trim_end()
}

/// ` to "web["a"]"` without the quotes around the address.
fn new_address(after: &str) -> String {
    let quoted = after.strip_prefix(" to \"").and_then(|new| Some((new, end_of_address(new)?)));
    match quoted.and_then(|(new, end)| Some((new.get(..end)?, new.get(end + 1..)?))) {
        Some((address, rest)) => format!(" to {address}{rest}"),
        None => after.to_owned(),
    }
}

/// `destroy "x" in test because "…"`
pub(crate) fn late_reason(before: &str, text: &str) -> Option<SyntaxError> {
    let line = before.rsplit('\n').next().unwrap_or("");
    let word = line.split_whitespace().next()?;
    let (what, environment) = line.trim().rsplit_once(" in ")?;
    if !matches!(word, "forget" | "destroy") || !text.starts_with("because ") {
        return None;
    }
    let reason = text.lines().next().unwrap_or(text).trim_end();
    let (start, end) = (before.len() as u32, (before.len() + reason.len()) as u32);
    let help = format!("the environment is last: `{what} {reason} in {environment}`");
    Some(error(MISPLACED, start, end, "`because` stands in the wrong order", help))
}

/// `destroy shopdb because "x"`: `text` is what does not fit behind `before`.
pub(crate) fn unquoted_destroy(before: &str, text: &str) -> Option<SyntaxError> {
    let line = before.rsplit('\n').next().unwrap_or("").trim_start();
    let name = line.strip_prefix("destroy ")?.trim_start();
    let rest = text.split_once("because").map_or(text, |(rest, _)| rest);
    if !text.starts_with("because") && !text.starts_with(['[', '.']) {
        return None;
    }
    let address = format!("{name}{rest}");
    let start = (before.len() - name.len()) as u32;
    // Up to the end: that the statement has no body is no other mistake.
    Some(SyntaxError { len: (name.len() + text.len()) as u32, ..unquoted_address(start, address.trim()) })
}

/// What leaves the program, named as if it were there.
fn unquoted_address(start: u32, address: &str) -> SyntaxError {
    let end = start + address.len() as u32;
    let help = format!("write `destroy \"{}\" because \"…\"`", address.replace('"', "\\\""));
    error(UNEXPECTED, start, end, "what leaves the program is named by a text", help)
}

/// `= return x`
pub(crate) fn returned(before: &str, text: &str) -> Option<SyntaxError> {
    let start = before.strip_suffix(' ')?.strip_suffix("return").filter(|start| start.ends_with(' '))?.len() as u32;
    Some(error(
        UNEXPECTED,
        start,
        before.len() as u32 + text.len() as u32,
        "`return` is not written",
        "write the value itself, behind `=`",
    ))
}

pub(crate) fn single_equals(start: u32, end: u32) -> SyntaxError {
    error(UNEXPECTED, start, end, "`=` sets a field, it does not compare", "write `==` to compare").instead_of(1, "==")
}

/// `["a")`: a closer of another kind.
pub(crate) fn wrong_closer(at: usize, closer: char, what: Opener) -> SyntaxError {
    let (opener, right) = match what {
        Opener::Bracket => ("[", "]"),
        Opener::Paren => ("(", ")"),
        Opener::Interpolation => ("${", "}"),
        Opener::Brace | Opener::Text | Opener::Block => ("{", "}"),
    };
    error(
        BRACKET,
        at as u32,
        at as u32 + 1,
        format!("`{closer}` does not close `{opener}`"),
        format!("write `{right}`"),
    )
}

pub(crate) fn keyed_field(start: u32, end: u32) -> SyntaxError {
    error(
        MISPLACED,
        start,
        end,
        "a key does not stand in the path of a field",
        "only an `adjust` selects an element; here write the list",
    )
}

/// Text that fits nothing; `place` says what could stand there.
pub(crate) fn unexpected(text: &str, wanted: &str) -> impl FnOnce(u32, u32) -> SyntaxError + use<> {
    let (message, help) = describe(text, wanted);
    let instead = OPERATORS.iter().find(|(theirs, _)| text.starts_with(theirs));
    move |start, end| {
        let told = error(UNEXPECTED, start, end, message, help);
        match instead {
            Some((theirs, ours)) => told.instead_of(theirs.len(), ours),
            None => told,
        }
    }
}

/// Signs of other languages that mean what a word of ours means, wherever they stand.
const OPERATORS: &[(&str, &str)] = &[("&&", "and"), ("||", "or"), ("#", "//")];

/// Looks at what a newcomer may have meant.
fn describe(text: &str, wanted: &str) -> (String, String) {
    let text = text.trim();
    let first = text.split([' ', '\t', '\n']).next().unwrap_or("");
    if text.starts_with("/*") {
        return ("`/* … */` is no comment".to_owned(), "write `//` before each line of it".to_owned());
    }
    if text.starts_with('#') {
        return ("`#` begins no comment".to_owned(), "write `//` before it".to_owned());
    }
    if text.starts_with(['\'', '`']) {
        return (
            format!("`{}` does not quote text", text.get(..1).unwrap_or("")),
            "write text in double quotes: `\"…\"`".to_owned(),
        );
    }
    if text.starts_with("&&") || text.starts_with("||") {
        let word = if text.starts_with('&') { "and" } else { "or" };
        return (format!("`{}` is no operator", text.get(..2).unwrap_or("")), format!("write `{word}`"));
    }
    if text.starts_with("${") {
        return ("`${…}` stands in texts only".to_owned(), "write the value itself, without `${` and `}`".to_owned());
    }
    if text.starts_with('*') && wanted == "the closing bracket" {
        return ("`[*]` selects nothing here".to_owned(), "write `[for key, x in xs: x.name]`".to_owned());
    }
    if first.starts_with(':') && (first.contains("::") || first.matches(':').count() > 2) {
        return (
            format!("`{}` does not fit here", shortened(first)),
            "an address of IPv6 stands in quotes: `\"fd00::1\"`, `\"fd00::/64\"`".to_owned(),
        );
    }
    if text.starts_with(':') && text.as_bytes().get(1).is_some_and(u8::is_ascii_digit) {
        return match wanted {
            "the closing bracket" => (
                "`:` takes no part of a list".to_owned(),
                "the first ones are `xs.take(2)`, the rest `xs.drop(2)`".to_owned(),
            ),
            _ if wanted.starts_with("an element") => {
                (format!("`{}` names no port", shortened(first)), PORT_LABEL.to_owned())
            }
            _ => (
                format!("`{}` does not fit here", shortened(first)),
                "a text stands in quotes: `image = \"nginx:1.27\"`".to_owned(),
            ),
        };
    }
    if text.starts_with("<<") {
        return ("`<<` begins no text".to_owned(), "a text of several lines stands between two `\"\"\"`".to_owned());
    }
    if text.starts_with('$') {
        return (
            "`$` names nothing".to_owned(),
            "an input of the project is a `param`; in a text it is `${name}`".to_owned(),
        );
    }
    if text.starts_with(',') && text.bytes().skip(1).take(3).filter(u8::is_ascii_digit).count() == 3 {
        return ("`,` does not stand in a number".to_owned(), "leave it out, or write `_`: `1_000`".to_owned());
    }
    if text.starts_with('/') && text.chars().nth(1).is_some_and(|letter| letter.is_ascii_alphabetic()) {
        return (
            "`/` does not join names".to_owned(),
            "folders are joined by dots: `use net.edge`; a text stands in quotes".to_owned(),
        );
    }
    if text.starts_with(',') && wanted == "the closing parenthesis" {
        return ("`,` does not stand in `( … )`".to_owned(), "a list is written `[a, b]`".to_owned());
    }
    if text.starts_with('!') {
        return ("`!` is no operator".to_owned(), "write `not`".to_owned());
    }
    if text.starts_with('=') && !text.starts_with("=>") {
        return ("`=` does not fit here".to_owned(), format!("expected {wanted}"));
    }
    if let Some(invisible) = text
        .chars()
        .next()
        .filter(|first| matches!(first, '\u{a0}' | '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}'))
    {
        return (
            format!("an invisible character (U+{:04X}) does not fit here", invisible as u32),
            "write an ordinary blank".to_owned(),
        );
    }
    if text.starts_with(['“', '”', '„', '‘', '’', '«']) {
        return ("these quotes do not quote text".to_owned(), "write text in straight quotes: `\"…\"`".to_owned());
    }
    if text.starts_with("?:")
        || (text.starts_with('?') && text.chars().nth(1).is_some_and(char::is_alphabetic) && text.contains(':'))
    {
        return ("`?` does not stand here".to_owned(), "it stands behind the type: `name: string?`".to_owned());
    }
    if text.starts_with('?') && !text.starts_with("?.") && !text.starts_with("??") {
        return ("`?` is no operator".to_owned(), "write `if c then a else b`".to_owned());
    }
    if text.starts_with("=>") {
        return (
            "`=>` does not fit here".to_owned(),
            "a flow is written `a -> b.port`; `=>` stands in `match` and in maps".to_owned(),
        );
    }
    if text.starts_with(';') {
        return ("`;` does not fit here".to_owned(), "a newline or a comma ends a member".to_owned());
    }
    (format!("`{}` does not fit here", shortened(first)), format!("expected {wanted}"))
}

pub(crate) fn missing_arms(at: u32) -> SyntaxError {
    error(MISSING, at, at, "this `match` has no arms", "write `match x { a => …, b => … }`")
}

pub(crate) fn missing_field_type(start: u32, end: u32, name: &str) -> SyntaxError {
    error(
        MISSING,
        start,
        end,
        format!("the type of `{name}` is missing"),
        format!("write `{name}: string`, or another type"),
    )
}

/// `type size = "s" or "m"`
pub(crate) fn joined_types(start: u32, end: u32) -> SyntaxError {
    error(UNEXPECTED, start, end, "types are not joined like this", "one of several is `\"a\" | \"b\"`")
}

/// What does not fit before the braces of a statement.
pub(crate) fn head(kind: Kind, text: &str, head: &str) -> impl FnOnce(u32, u32) -> SyntaxError + use<> {
    let first = text.split([' ', '\t', '{']).next().unwrap_or("").to_owned();
    let name = head.split([' ', ':']).nth(1).unwrap_or("name");
    let (message, help) = match (kind, first.as_str()) {
        (Kind::KindDecl, "extends" | ":" | "<" | "implements") => {
            (format!("`{first}` does not extend a kind"), format!("write `kind {name} is OTHER {{ … }}`"))
        }
        (Kind::KindDecl, _) => describe(text, "`is KIND` or `{`"),
        (Kind::Implement, "for" | ":" | "in") => {
            (format!("`{first}` does not name a platform"), format!("write `implement {name} on PLATFORM {{ … }}`"))
        }
        (Kind::Implement, _) => describe(text, "`on PLATFORM`, `needs INPUT`, `as NAME` or `{`"),
        (Kind::Instance, "when" | "unless" | "where") => {
            (format!("`{first}` begins no condition"), format!("write `{} if CONDITION {{ … }}`", shortened(head)))
        }
        (Kind::Instance | Kind::Adjust | Kind::Project | Kind::Environment, "=" | ":") => (
            format!("`{first}` does not stand before `{{`"),
            format!("write `{} {{ … }}`", shortened(head.trim_end_matches([' ', '=', ':']))),
        ),
        (Kind::Instance, _) => describe(text, "`for …`, `if …`, `key …`, `on …` or `{`"),
        _ => describe(text, "`{`"),
    };
    move |start, end| error(UNEXPECTED, start, end, message, help)
}

/// `prod -> 1` or `prod: 1` in a `match`; `rest` stands behind the pattern.
pub(crate) fn slip_of_arm(rest: &str) -> Option<impl FnOnce(u32) -> SyntaxError + use<>> {
    let rest = rest.trim_start_matches(' ');
    let message = match rest.bytes().next()? {
        b'-' if rest.starts_with("->") => "`->` joins the ends of a flow",
        b':' => "`:` does not begin the value of an arm",
        b'=' => "`=` does not begin the value of an arm",
        _ => return None,
    };
    Some(move |at: u32| error(UNEXPECTED, at, at, message, "an arm is `pattern => value`"))
}

/// `case prod => 1` in a `match`.
pub(crate) fn case_of_arm(start: u32, end: u32) -> SyntaxError {
    error(UNEXPECTED, start, end, "`case` begins no arm", "an arm is `pattern => value`")
}

/// A name and a value without `=` between them.
pub(crate) fn missing_equals(start: u32, end: u32, name: &str, value: &str) -> SyntaxError {
    let (name, value) = (shortened(name), shortened(value));
    if matches!(
        name.as_str(),
        "let" | "param" | "type" | "fn" | "kind" | "output" | "use" | "policy" | "environment" | "implement"
    ) {
        return error(
            MISSING,
            start,
            end,
            format!("a name is missing after `{name}`"),
            "a name begins with a letter or `_`",
        );
    }
    error(MISSING, start, end, format!("`=` is missing after `{name}`"), format!("write `{name} = {value}`"))
}

/// `"${a}" = 1` in a record.
pub(crate) fn computed_key(start: u32, end: u32) -> SyntaxError {
    error(UNEXPECTED, start, end, "a key that is computed has no `=`", "write `key => value`: such a literal is a map")
}

/// What is told of `size: "s", "m", "l"`, once.
pub(crate) const VALUE_OF_UNION: &str = "a comma does not join the values of a type";

/// A value without a name; `line` stands before it.
pub(crate) fn lone_text(start: u32, end: u32, text: &str, line: &str) -> SyntaxError {
    if text.starts_with('"') && line.contains(" where ") {
        return error(
            UNEXPECTED,
            start,
            end,
            "a comma does not stand before the reason",
            format!("write `else {}`", shortened(text)),
        );
    }
    if text.starts_with('"') && line.contains(": \"") {
        return error(UNEXPECTED, start, end, VALUE_OF_UNION, "one of several is `\"a\" | \"b\"`");
    }
    no_member(start, end, text)
}

pub(crate) fn no_member(start: u32, end: u32, text: &str) -> SyntaxError {
    if let Some((name, value)) = text.split_once("==") {
        let help = format!("write `{} = {}`", shortened(name), shortened(value));
        return error(UNEXPECTED, start, end, "`==` compares, it does not set a field", help);
    }
    if text.contains("->") {
        let help = format!("flows stand in a list: `allow = [{}]`", shortened(text));
        return error(UNEXPECTED, start, end, "a flow has no name here", help);
    }
    let text = shortened(text);
    error(UNEXPECTED, start, end, format!("`{text}` has no name here"), format!("give it one: `name = {text}`"))
}

/// What begins a line at the top of a file and begins no statement.
pub(crate) fn no_statement(start: u32, end: u32, first: &str, help: &str) -> SyntaxError {
    error(UNEXPECTED, start, end, format!("`{}` begins no statement", shortened(first)), help)
}

/// At most a few words of a text, on one line, for a message.
pub(crate) fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or("").trim();
    let mut short: String = line.chars().take(40).collect();
    if short.len() < text.trim().len() {
        short.push('…');
    }
    short
}
