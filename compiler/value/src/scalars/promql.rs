//! Queries of Prometheus, as far as a text can be wrong on its face: it says something, brackets and quotes are in balance.
//! Names, labels and types are for whoever knows the metrics.

use super::{ScalarKind, refuse_because};
use crate::Fault;

/// Checks that a query is not empty and that its brackets and quotes are closed.
pub fn promql(text: &str) -> Result<(), Fault> {
    let because = |why: &str| Err(refuse_because(ScalarKind::Promql, text, why));
    if text.trim().is_empty() {
        return because("it is empty");
    }
    let mut open = Vec::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '(' => open.push(')'),
            '[' => open.push(']'),
            '{' => open.push('}'),
            ')' | ']' | '}' if open.pop() != Some(letter) => return because(&format!("`{letter}` closes nothing")),
            '"' | '\'' | '`' if !skip_text(letter, &mut letters) => {
                return because(&format!("a text that begins with {letter} is not closed"));
            }
            '#' => {
                // A comment ends with its line.
                let _ = letters.find(|letter| *letter == '\n');
            }
            _ => {}
        }
    }
    match open.pop() {
        Some(closer) => because(&format!("`{closer}` is missing")),
        None => Ok(()),
    }
}

/// Whether the quote was found; a backslash keeps the next sign, except between backquotes.
fn skip_text(quote: char, letters: &mut std::str::Chars<'_>) -> bool {
    while let Some(letter) = letters.next() {
        if letter == quote {
            return true;
        }
        if letter == '\\' && quote != '`' {
            let _ = letters.next();
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_and_quotes_are_in_balance() {
        for right in [
            "up",
            r#"rate(http_requests_total{code=~"5..|\")"}[5m]) > 0.01"#,
            "sum by (job) (up) # (\n + 1",
            r"x{a='}'}",
        ] {
            assert_eq!(promql(right), Ok(()), "{right}");
        }
        for wrong in ["", "  ", "rate(x[5m)", "up)", "up{job=\"a}", "sum((up)"] {
            assert!(promql(wrong).is_err(), "{wrong}");
        }
    }
}
