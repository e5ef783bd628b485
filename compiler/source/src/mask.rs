//! What messages leave out of the lines of source that they show.

use std::ops::Range;

use crate::suspect::{is_called_secret, literal_at, logins, looks_secret};

/// A message without the logins of the addresses in it: `postgres://***@db`.
pub fn without_logins(text: &str) -> String {
    let found: Vec<&str> = logins(text).filter(|login| login.contains(':')).collect();
    found.into_iter().fold(text.to_owned(), |text, login| text.replace(&format!("://{login}@"), "://***@"))
}

/// The text of a source file without literals that look like secrets, hold one of these texts, or stand at one of these places; of
/// the same length.
pub fn masked(text: &str, withheld: &[String], places: &[Range<usize>]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // `"--password", "hunter2"`: the argument behind an option belongs to it.
    let mut option = false;
    while let Some(at) = rest.find(['"', '/']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let length = if from.starts_with("//") {
            let length = from.find('\n').unwrap_or(from.len());
            out.push_str(&from[..length]);
            length
        } else if from.starts_with('"') {
            let literal = literal_at(from);
            let inner = literal.trim_matches('"');
            let is_withheld = withheld.iter().any(|text| tells(inner, text));
            let here = out.len()..out.len() + literal.len();
            let is_placed = places.iter().any(|place| place.start < here.end && here.start < place.end);
            let hidden =
                is_placed || is_withheld || looks_secret(name_before(&out), inner) || is_option(literal) || option;
            option = inner.starts_with('-') && is_called_secret(inner);
            if hidden {
                hide(literal, &mut out)
            } else {
                out.push_str(literal)
            }
            literal.len()
        } else {
            out.push('/');
            1
        };
        rest = &from[length..];
    }
    out.push_str(rest);
    out
}

/// Whether a literal tells a withheld text, or a part of it; the shortest texts are words that stand everywhere.
fn tells(literal: &str, withheld: &str) -> bool {
    const SHORTEST: usize = 4;
    let holds = |whole: &str, part: &str| part.len() >= SHORTEST && whole.contains(part);
    literal == withheld || holds(literal, withheld) || holds(withheld, literal)
}

/// Whether a literal is an argument that gives a secret: `--password=hunter2`.
fn is_option(literal: &str) -> bool {
    literal.trim_matches('"').split_once('=').is_some_and(|(name, _)| is_called_secret(name))
}

/// The name that a literal is given to: the last word before `=`, `=>` or `:`, quoted or not.
fn name_before(before: &str) -> &str {
    // Names are short, and the text before them may be all quotes.
    const FAR: usize = 256;
    let near = (before.len().saturating_sub(FAR)..).find(|at| before.is_char_boundary(*at)).unwrap_or_default();
    let before = &before[near..];
    let before = before.trim_end().trim_end_matches(['=', '>', ':', '?', '[', '(']).trim_end().trim_end_matches('"');
    let start = before.rfind(|character: char| !(character.is_alphanumeric() || "_-.".contains(character)));
    &before[start.map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8))..]
}

fn hide(literal: &str, out: &mut String) {
    for character in literal.chars() {
        if matches!(character, '"' | '\n') {
            out.push(character);
        } else {
            out.extend(std::iter::repeat_n('*', character.len_utf8()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_secret_is_masked() {
        assert!(masked("args = [\"--password\", \"hunter2\", \"x\"]", &[], &[]).contains("\"*******\", \"x\""));
        let text = "env = { LOG = \"info\", DB_PASS = \"hünter\", \"API_TOKEN\" => \"x\\\"y\" } // \"kept\"\nurl = \"a://u:p@h\"\n";
        let shown = masked(text, &[], &[]);
        assert_eq!(shown.len(), text.len());
        assert_eq!(
            shown,
            "env = { LOG = \"info\", DB_PASS = \"*******\", \"API_TOKEN\" => \"**\"*\" } // \"kept\"\nurl = \"*********\"\n"
        );
        assert!(!masked(text, &["info".to_owned()], &[]).contains("info"));
        let escaped = "let x = upper(\"a\\\"hunter2\")";
        let place = 8..escaped.len();
        assert_eq!(masked(escaped, &[], std::slice::from_ref(&place)), "let x = upper(\"**\"*******\")");
    }
}
