//! The readers of a file: what cuts it into items and makes trees of them, and what lays it out.

use crate::changes::{Draws, changed, damaged};
use crate::corpus::TEXTS;
use crate::round::fuzz;

/// A changed file, damaged as well now and then.
fn make(draws: &mut Draws) -> Vec<u8> {
    let text = draws.one(&TEXTS);
    let other = draws.one(&TEXTS);
    let text = changed(draws, text, other);
    if draws.below(10) == 0 { damaged(draws, text.as_bytes()) } else { text.into_bytes() }
}

/// Every item lies in the file, behind the one before, and its tree has its text.
fn parsed(input: &[u8]) -> Result<bool, String> {
    let text = String::from_utf8_lossy(input);
    let (items, errors) = syntax::items(&text);
    let (mut at, mut mistakes) = (0, errors.len());
    for item in &items {
        let start = item.start as usize;
        if start < at || text.get(start..start + item.text.len()) != Some(item.text) {
            return Err(format!("the item at {start} is not that part of the text"));
        }
        at = start + item.text.len();
        let tree = syntax::parse(item.text);
        mistakes += tree.errors.len();
        if let Some(error) = tree.errors.iter().find(|error| (error.start + error.len) as usize > item.text.len()) {
            return Err(format!("`{}` is told behind the end of the item", error.message));
        }
    }
    Ok(mistakes == 0)
}

/// Laid out once is laid out for good, and what has no mistakes has none then.
fn laid_out(input: &[u8]) -> Result<bool, String> {
    let text = String::from_utf8_lossy(input);
    let once = syntax::format(&text);
    let again = syntax::format(&once);
    if once != again {
        return Err(format!("laid out again it is another text:\n{once}\n-- again --\n{again}"));
    }
    let sound = mistakes(&text).is_empty();
    match mistakes(&once).first() {
        Some(mistake) if sound => Err(format!("it is `{mistake}` now:\n{once}")),
        _ => Ok(sound),
    }
}

/// The codes of what cannot be read.
pub fn mistakes(text: &str) -> Vec<&'static str> {
    let (items, errors) = syntax::items(text);
    let mut codes: Vec<&str> = errors.iter().map(|error| error.code).collect();
    codes.extend(items.iter().flat_map(|item| syntax::parse(item.text).errors.into_iter().map(|error| error.code)));
    codes
}

#[test]
fn whatever_stands_in_a_file_is_parsed() {
    fuzz("parse", 1_500, &make, &parsed);
}

#[test]
fn what_is_laid_out_stays_so() {
    fuzz("format", 800, &make, &laid_out);
}
