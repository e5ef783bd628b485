//! Names of a whole project, searched by a few letters.

use std::ops::Range;

use program::Program;

use crate::outline::{Symbol, SymbolClass, outline};

/// A name that was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    pub name: String,
    /// What it stands in: the entry around it, else the folder of its file; may be empty.
    pub container: String,
    pub class: SymbolClass,
    /// The path of its file in the project.
    pub path: String,
    /// Its name.
    pub range: Range<u32>,
}

/// More than anybody reads.
const MOST: usize = 256;

/// Statements, and what is declared or stands as an instance in their bodies, whose names have the letters of the query in
/// this order, the likest first. An empty query finds all statements.
pub fn symbols(program: &Program, query: &str) -> Vec<Found> {
    let query: Vec<char> =
        query.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase).collect();
    let mut paths: Vec<&String> = program.files().keys().collect();
    paths.sort();
    let mut found: Vec<(u32, Found)> = Vec::new();
    for path in paths {
        let Some(file) = program.files().get(path) else { continue };
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        gather(&outline(file), folder, path, &query, true, &mut found);
    }
    // Stable: in the order of files and lines where two are as like.
    found.sort_by_key(|(likeness, symbol)| (*likeness, if query.is_empty() { 0 } else { symbol.name.len() }));
    found.into_iter().take(MOST).map(|(_, symbol)| symbol).collect()
}

fn gather(
    symbols: &[Symbol],
    container: &str,
    path: &str,
    query: &[char],
    is_top: bool,
    found: &mut Vec<(u32, Found)>,
) {
    for symbol in symbols {
        let is_declared = matches!(symbol.class, SymbolClass::Instance | SymbolClass::Output | SymbolClass::Let);
        let is_wanted = is_top || !query.is_empty() && is_declared;
        if let Some(likeness) = likeness(&symbol.name, query).filter(|_| is_wanted) {
            let symbol = Found {
                name: symbol.name.clone(),
                container: container.to_owned(),
                class: symbol.class,
                path: path.to_owned(),
                range: symbol.selection.clone(),
            };
            found.push((likeness, symbol));
        }
        gather(&symbol.children, &symbol.name, path, query, false, found);
    }
}

/// How much a name is like a query, 0 being the same; nothing when it lacks one of its letters.
fn likeness(name: &str, query: &[char]) -> Option<u32> {
    let name: Vec<char> = name.chars().flat_map(char::to_lowercase).collect();
    let mut letters = query.iter().copied().peekable();
    for letter in &name {
        letters.next_if_eq(letter);
    }
    if letters.peek().is_some() {
        return None;
    }
    let begins_word = |at: usize| {
        at.checked_sub(1).and_then(|before| name.get(before)).is_none_or(|before| !before.is_alphanumeric())
    };
    let place = name.windows(query.len().max(1)).position(|part| part == query);
    Some(match place {
        _ if name == query => 0,
        Some(0) => 1,
        Some(at) if begins_word(at) => 2,
        Some(_) => 3,
        None if query.is_empty() => 1,
        None => 4,
    })
}
