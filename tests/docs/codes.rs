//! Every code that a message can have has a page for `infrac explain`, and no page is left of a code that is gone.

use std::collections::BTreeSet;
use std::path::Path;

/// Calls whose first text is a code. What a call gets as a variable is found by its own line below.
const CALLS: [&str; 11] = [
    "error(",
    "warning(",
    "placeless(",
    "Fault::new(",
    "fail(",
    "unknown_name(",
    "error_at(",
    "told(",
    "warn(",
    "Told::new(",
    "Trouble::new(",
];

/// Places where a code stands by itself: constants and fields.
const ALONE: [&str; 5] = ["code: \"", ": &str = \"", "\"kind\" => \"", "\"platform\" => \"", "_ => \"unknown_"];

/// How a state names what goes wrong with it.
const OF_A_STATE: &str = "=> \"state_";

fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if path.file_name().is_none_or(|name| name != "tests") {
                sources(&path, found);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && path.file_name().is_none_or(|name| name != "tests.rs")
        {
            let text = std::fs::read_to_string(&path).unwrap();
            // Tests stand at the end of a file.
            found.push(text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned());
        }
    }
}

/// A word in quotes at the beginning of a text: small letters, digits and `_`.
fn quoted(text: &str) -> Option<&str> {
    let word = text.strip_prefix('"')?.split('"').next()?;
    let fits = word.starts_with(|first: char| first.is_ascii_lowercase())
        && word
            .chars()
            .all(|character| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '_');
    fits.then_some(word)
}

/// The codes under which a file of the library warns: `warn CODE "…"`.
fn warned(text: &str) -> impl Iterator<Item = String> {
    text.split("    warn ").skip(1).filter_map(|rest| Some(rest.split_once(" \"")?.0.to_owned()))
}

#[test]
fn every_code_has_a_page() {
    let mut texts = Vec::new();
    for half in ["compiler", "runtime"] {
        for room in std::fs::read_dir(crate::root().join(half)).unwrap() {
            let folder = room.unwrap().path().join("src");
            if folder.is_dir() {
                sources(&folder, &mut texts);
            }
        }
    }
    let mut codes: BTreeSet<String> = BTreeSet::new();
    for text in &texts {
        for call in CALLS {
            // A place may stand before the code: `fault(place, "code", …)` does not, `unknown_name("code", …)` does.
            codes.extend(text.split(call).skip(1).filter_map(|rest| quoted(rest.trim_start())).map(str::to_owned));
        }
    }
    for rest in texts.iter().flat_map(|text| text.split(OF_A_STATE).skip(1)) {
        codes.extend(quoted(&format!("\"state_{rest}")).map(str::to_owned));
    }
    for text in texts.iter().filter(|text| {
        text.contains("infrac explain")
            || text.contains("did_you_mean")
            || text.contains("SyntaxError")
            || text.contains("Refusal")
    }) {
        for alone in ALONE {
            for rest in text.split(alone).skip(1) {
                let start = if alone.ends_with("unknown_") { format!("\"unknown_{rest}") } else { format!("\"{rest}") };
                codes.extend(quoted(&start).map(str::to_owned));
            }
        }
    }
    let of_library: BTreeSet<String> = stdlib::files().iter().flat_map(|(_, text)| warned(text)).collect();
    codes.extend(of_library.clone());
    codes.retain(|code| code.contains('_') || program::explain(code).is_some());
    let without: Vec<&String> = codes.iter().filter(|code| program::explain(code).is_none()).collect();
    assert!(without.is_empty(), "codes without a page in compiler/program/explain: {without:?}");
    let gone: Vec<&str> = program::explained_codes()
        .filter(|code| !of_library.contains(*code) && !texts.iter().any(|text| text.contains(&format!("\"{code}\""))))
        .collect();
    assert!(gone.is_empty(), "pages of codes that no message has: {gone:?}");
    let pages = crate::markdown("compiler/program/explain").len();
    assert_eq!(
        pages,
        program::explained_codes().count(),
        "a file in compiler/program/explain is not in the list of explain.rs"
    );
}
