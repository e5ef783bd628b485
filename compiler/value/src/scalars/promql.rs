//! Queries of Prometheus, read by a parser of their language. Names of metrics and labels are for whoever knows what is measured.

use std::borrow::Cow;

use promql_parser::parser::value::ValueType;
use promql_parser::parser::{Expr, parse};
use promql_parser::util::{ExprVisitor, walk_expr};

use super::{ScalarKind, refuse_because};
use crate::Fault;

/// The parser follows what is nested on the stack, and nobody writes so long a query.
const LONGEST_QUERY: usize = 1 << 14;

/// Aggregations that Prometheus refuses unless it is started with features that may change at any time; of functions the parser knows it.
const EXPERIMENTAL: [&str; 2] = ["limit_ratio", "limitk"];

/// Checks that a text is a query.
pub fn promql(text: &str) -> Result<(), Fault> {
    read(text).map(|_| ())
}

/// What a query gives: `vector`, `scalar`, `matrix` or `string`.
pub fn promql_result(text: &str) -> Result<&'static str, Fault> {
    Ok(match read(text)?.value_type() {
        ValueType::Vector => "vector",
        ValueType::Scalar => "scalar",
        ValueType::Matrix => "matrix",
        ValueType::String => "string",
    })
}

fn read(text: &str) -> Result<Expr, Fault> {
    let because = |why: &str| refuse_because(ScalarKind::Promql, text, why);
    if text.trim().is_empty() {
        return Err(because("it is empty"));
    }
    if text.len() > LONGEST_QUERY {
        return Err(because("it is longer than 16 KiB"));
    }
    closed(text).map_err(|why| because(&why))?;
    let query = parse(&plain(text)).map_err(|why| because(cause(&why)))?;
    walk_expr(&mut Looked, &query).map_err(|why| because(&why))?;
    Ok(query)
}

/// What the parser says, in one line.
fn cause(told: &str) -> &str {
    match told.lines().map(str::trim).find(|line| !line.is_empty()) {
        None | Some("invalid promql query") => "it does not follow the grammar: something is missing, or too much",
        Some(line) => line,
    }
}

/// Refuses what the parser takes beyond Prometheus as it is started without more.
struct Looked;

impl ExprVisitor for Looked {
    type Error = String;

    fn pre_visit(&mut self, query: &Expr) -> Result<bool, String> {
        let selector = match query {
            Expr::VectorSelector(selector) => Some(selector),
            Expr::MatrixSelector(selector) => Some(&selector.vs),
            _ => None,
        };
        if selector.is_some_and(|selector| !selector.matchers.or_matchers.is_empty()) {
            return Err("`or` stands between queries, and not between labels".to_owned());
        }
        let experiment = match query {
            Expr::Call(call) => call.func.experimental.then(|| call.func.name.to_owned()),
            Expr::Aggregate(aggregate) => {
                Some(aggregate.op.to_string()).filter(|name| EXPERIMENTAL.contains(&name.as_str()))
            }
            _ => None,
        };
        match experiment {
            Some(name) => Err(format!("`{name}` is experimental, and Prometheus refuses it as it is")),
            None => Ok(true),
        }
    }
}

/// Says which bracket or quote is not closed.
fn closed(text: &str) -> Result<(), String> {
    let mut open = Vec::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '(' => open.push(')'),
            '[' => open.push(']'),
            '{' => open.push('}'),
            ')' | ']' | '}' if open.pop() != Some(letter) => return Err(format!("`{letter}` closes nothing")),
            '"' | '\'' | '`' if quoted(letter, &mut letters).is_none() => {
                return Err(format!("a text that begins with {letter} is not closed"));
            }
            '#' => {
                // A comment ends with its line.
                let _ = letters.find(|letter| *letter == '\n');
            }
            _ => {}
        }
    }
    open.pop().map_or(Ok(()), |closer| Err(format!("`{closer}` is missing")))
}

/// What stands before the quote; a backslash keeps the next sign, except between backquotes.
fn quoted(quote: char, letters: &mut std::str::Chars<'_>) -> Option<String> {
    let mut inside = String::new();
    loop {
        let letter = letters.next()?;
        if letter == quote {
            return Some(inside);
        }
        inside.push(letter);
        if letter == '\\' && quote != '`' {
            inside.extend(letters.next());
        }
    }
}

/// The same query without what the parser does not know: texts between backquotes, in which no sign means anything, and `_` in numbers.
fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains('`') && !text.contains('_') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    let mut letters = text.chars();
    // Of the word that is being read.
    let mut first: Option<char> = None;
    while let Some(letter) = letters.next() {
        let is_of_word = letter.is_alphanumeric() || letter == '_' || letter == ':';
        first = if is_of_word { first.or(Some(letter)) } else { None };
        match letter {
            '"' | '\'' => {
                let inside = quoted(letter, &mut letters).unwrap_or_default();
                out.push_str(&format!("{letter}{inside}{letter}"));
            }
            '`' => {
                let inside = quoted(letter, &mut letters).unwrap_or_default();
                let escaped = inside.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
                out.push_str(&format!("\"{escaped}\""));
            }
            '#' => {
                let _ = letters.find(|letter| *letter == '\n');
                out.push('\n');
            }
            '_' if first.is_some_and(|first| first.is_ascii_digit())
                && letters.as_str().starts_with(|next: char| next.is_ascii_digit()) => {}
            _ => out.push(letter),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What promtool takes, as it is started without more.
    const RIGHT: &str = include_str!("promql/right.txt");
    /// What it refuses.
    const WRONG: &str = include_str!("promql/wrong.txt");

    fn queries(text: &str) -> impl Iterator<Item = String> {
        text.lines().filter(|line| !line.is_empty()).map(|line| line.replace("\\n", "\n"))
    }

    #[test]
    fn what_prometheus_takes_is_taken_and_nothing_else() {
        for right in queries(RIGHT) {
            assert_eq!(promql(&right), Ok(()), "{right}");
        }
        for wrong in queries(WRONG) {
            assert!(promql(&wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn it_is_said_what_is_wrong_in_one_line() {
        let why = |text: &str| promql(text).unwrap_err().message.rsplit(": ").next().unwrap().to_owned();
        assert_eq!(why("up{"), "`}` is missing");
        assert_eq!(why("up)"), "`)` closes nothing");
        assert_eq!(why("up up"), "something is missing, or too much");
        assert_eq!(why("info(up)"), "`info` is experimental, and Prometheus refuses it as it is");
        for wrong in queries(WRONG) {
            assert!(!promql(&wrong).unwrap_err().message.contains('\n'), "{wrong}");
        }
    }

    #[test]
    fn what_is_nested_deeply_or_is_long_ends() {
        let deep = |count: usize| format!("{}a{}", "sum(".repeat(count), ")".repeat(count));
        assert_eq!(promql(&deep(1_000)), Ok(()));
        assert!(promql(&deep(100_000)).is_err());
        assert!(promql(&"-".repeat(20_000)).is_err());
    }

    #[test]
    fn a_query_gives_one_of_four() {
        let given = ["up", "1", "up[5m]", "'a'"].map(promql_result);
        assert_eq!(given, ["vector", "scalar", "matrix", "string"].map(Ok));
    }
}
