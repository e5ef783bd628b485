//! Rules of the repository that no compiler checks: which room may know which, how files begin and how long they are, what
//! never stands in them, what lies at the top, that everything in the language is laid out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// How high a room stands: it may know those below it and no other.
const LAYERS: &[(&str, u32)] = &[
    ("tree-sitter-infra", 0),
    ("zed", 0),
    ("picture", 0),
    ("source", 0),
    ("value", 1),
    ("syntax", 1),
    ("schema", 1),
    ("graph", 2),
    ("check", 2),
    ("plugin", 2),
    ("state", 2),
    ("stdlib", 2),
    ("eval", 3),
    ("drivers", 3),
    ("emit", 3),
    ("engine", 4),
    ("lock", 4),
    ("program", 5),
    ("ide", 6),
    ("lsp", 7),
    ("infrac", 8),
    ("tests", 9),
];

/// What the half that runs a graph must never have heard of, and the other way round.
const RUNTIME_NEVER: [&str; 4] = ["syntax", "check", "eval", "program"];
const COMPILER_NEVER: [&str; 4] = ["plugin", "state", "drivers", "engine"];

const LONGEST: usize = 900;

const TOP: [&str; 15] = [
    ".ci",
    ".gitignore",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "clippy.toml",
    "compiler",
    "editors",
    "examples",
    "runtime",
    "rustfmt.toml",
    "stdlib",
    "tests",
];

/// At the top of a working copy, and never part of the repository.
const NOT_OURS: [&str; 2] = [".git", "target"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Files below a folder of the repository, without what is built or fetched.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() && !path.is_symlink() {
            if !["target", ".git", ".cache", "out", ".infrac", ".terraform", "node_modules"].contains(&name) {
                files(&path, found);
            }
        } else {
            found.push(path);
        }
    }
}

fn with_ending(ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    files(root(), &mut found);
    let found = found.into_iter().filter(|path| path.extension().is_some_and(|other| other == ending));
    found
        .map(|path| {
            (path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(&path).unwrap())
        })
        .collect()
}

/// The rooms of a manifest that `[dependencies]` names (and `[build-dependencies]`; tests may use what they like).
fn dependencies(manifest: &str) -> Vec<String> {
    let mut named = Vec::new();
    let mut inside = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = matches!(line.trim(), "[dependencies]" | "[build-dependencies]");
        } else if inside && let Some((name, _)) = line.split_once(['.', '=', ' ']) {
            named.push(name.trim().to_owned());
        }
    }
    named
}

#[test]
fn arrows_between_rooms_go_down() {
    let layers: BTreeMap<&str, u32> = LAYERS.iter().copied().collect();
    let mut wrong = Vec::new();
    let mut rooms = 0;
    for (path, text) in with_ending("toml").into_iter().filter(|(path, _)| path.ends_with("/Cargo.toml")) {
        rooms += 1;
        let folder = path.trim_end_matches("/Cargo.toml");
        let name = folder.rsplit('/').next().unwrap();
        if !text.contains(&format!("name = \"{name}\"")) {
            wrong.push(format!("{path}: the package is not named as its folder"));
        }
        let Some(layer) = layers.get(name) else {
            wrong.push(format!("{path}: no layer is given for `{name}` in tests/tidy"));
            continue;
        };
        for used in dependencies(&text) {
            let up = layers.get(used.as_str()).is_some_and(|other| other >= layer);
            let across = folder.starts_with("runtime/") && RUNTIME_NEVER.contains(&used.as_str())
                || folder.starts_with("compiler/") && name != "infrac" && COMPILER_NEVER.contains(&used.as_str());
            if up || across {
                wrong.push(format!("{path}: `{name}` must not know `{used}`"));
            }
        }
    }
    assert!(rooms >= LAYERS.len(), "only {rooms} manifests were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_say_what_they_are_for_and_stay_short() {
    let mut wrong = Vec::new();
    for (path, text) in with_ending("rs") {
        if !text.starts_with("//! ") && !text.starts_with("#![") {
            wrong.push(format!("{path}: opens without `//!`: say what the file is for"));
        }
        let lines = text.lines().count();
        if lines > LONGEST {
            wrong.push(format!("{path}: {lines} lines; split it by its ideas"));
        }
        let name = path.rsplit('/').next().unwrap();
        if ["utils.rs", "util.rs", "common.rs", "helpers.rs", "misc.rs"].contains(&name) {
            wrong.push(format!("{path}: a file is named by its idea"));
        }
    }
    for (path, text) in with_ending("infra")
        .into_iter()
        .filter(|(path, _)| path.starts_with("stdlib/") || path.starts_with("examples/"))
    {
        if !text.starts_with("//! ") {
            wrong.push(format!("{path}: opens without `//!`: say what the file is for"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_is_left_undone_and_no_machine_is_named() {
    // Written in two parts, so that this file does not find itself.
    let never = [
        (["to", "do!("].concat(), "do it"),
        (["un", "implemented!("].concat(), "do it"),
        (["#[ig", "nore"].concat(), "assert what happens today, with a note, or mend it"),
        (["/wo", "rk/"].concat(), "a path of one machine"),
        (["/ro", "ot/"].concat(), "a path of one machine"),
        (["/tmp/", "team"].concat(), "a path of one machine"),
        (["/ho", "me/"].concat(), "a path of one machine"),
    ];
    let mut wrong = Vec::new();
    let texts =
        ["rs", "infra", "toml", "md", "sh", "pest", "yaml", "py", "json", "overlay"].into_iter().flat_map(with_ending);
    for (path, text) in texts.filter(|(path, _)| path != "Cargo.lock") {
        for (number, line) in text.lines().enumerate() {
            for (word, why) in &never {
                if line.contains(word.as_str()) {
                    wrong.push(format!("{path}:{}: `{word}`: {why}", number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_library_and_the_examples_are_laid_out() {
    let laid_out = with_ending("infra")
        .into_iter()
        .filter(|(path, _)| path.starts_with("stdlib/") || path.starts_with("examples/"));
    let wrong: Vec<String> = laid_out
        .filter(|(_, text)| syntax::format(text) != *text)
        .map(|(path, _)| format!("{path}: run `infrac fmt {path}`"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_top_holds_what_a_visitor_expects() {
    let entries = std::fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let wrong: Vec<String> =
        entries.filter(|name| !TOP.contains(&name.as_str()) && !NOT_OURS.contains(&name.as_str())).collect();
    assert!(wrong.is_empty(), "at the top of the repository: {}", wrong.join(", "));
}

/// What names tools: their own folders, what talks to them, and what says to those who come from them how it is written here.
const ABOUT_TOOLS: [&str; 7] = [
    "compiler/emit/src/kubernetes/",
    "compiler/emit/src/terraform/",
    "compiler/schema/src/pack/",
    "compiler/infrac/src/commands/schema.rs",
    "compiler/check/src/foreign.rs",
    "compiler/syntax/src/foreign.rs",
    "runtime/",
];

/// Where a tool is named besides, and why.
const ABOUT_TOOLS_AS_WELL: [(&str, &str); 17] = [
    ("compiler/emit/src/target.rs", "the list of targets, and nothing else"),
    ("compiler/emit/src/lib.rs", "the folders of targets, and what infra.lock holds of theirs"),
    ("compiler/schema/src/layout.rs", "the numbers of makers in packs that are committed"),
    ("compiler/check/src/state.rs", "`state = s3(…)` of an environment takes Terraform's backends"),
    ("compiler/program/src/explain.rs", "the heading of that section, and the code `later_in_kubernetes`"),
    ("compiler/check/src/builtins/sizes/kubernetes.rs", "`.kubernetes` of a size is a built-in"),
    ("compiler/check/src/builtins/sizes/mod.rs", "lists it"),
    ("compiler/check/src/expressions.rs", "a help offers it"),
    ("compiler/value/src/ops/json.rs", "a help offers it"),
    ("compiler/value/src/show.rs", "a help offers it"),
    ("compiler/check/src/builtins/conversions/base64.rs", "its documentation says who wants it"),
    ("compiler/value/src/ops/base64.rs", "its documentation says who wants it"),
    ("compiler/check/src/builtins/durations/go.rs", "its documentation says who wants it"),
    ("compiler/check/src/statements.rs", "helps show how a native kind and a platform are written"),
    ("compiler/check/src/type_syntax.rs", "a help shows how a native kind is written"),
    ("compiler/syntax/src/errors.rs", "a help shows how a native kind is written"),
    ("compiler/infrac/src/commands/explain.rs", "a help shows how a native kind is written"),
];

#[test]
fn tools_are_named_in_their_own_folders() {
    let names_one = |line: &str| {
        let line = line.trim().to_lowercase();
        // Comments may give examples.
        !line.starts_with("//") && ["terraform", "kubernetes", "kubectl"].iter().any(|tool| line.contains(tool))
    };
    let is_test = |path: &str| {
        let folders = ["/tests/", "/examples/", "/benches/"];
        path.starts_with("tests/") || path.ends_with("/tests.rs") || folders.iter().any(|folder| path.contains(folder))
    };
    let mut wrong = Vec::new();
    let mut named: Vec<&str> = Vec::new();
    for (path, text) in with_ending("rs").into_iter().filter(|(path, _)| !is_test(path)) {
        // Tests stand at the end of a file.
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let Some((number, line)) = text.lines().enumerate().find(|(_, line)| names_one(line)) else { continue };
        match ABOUT_TOOLS_AS_WELL.iter().find(|known| known.0 == path) {
            Some((known, _)) => named.push(known),
            None if ABOUT_TOOLS.iter().any(|folder| path.starts_with(folder)) => {}
            None => wrong.push(format!("{path}:{}: `{}` names a tool: see ABOUT_TOOLS", number + 1, line.trim())),
        }
    }
    let idle = ABOUT_TOOLS_AS_WELL.iter().filter(|(path, _)| !named.contains(path));
    wrong.extend(idle.map(|(path, _)| format!("{path}: names no tool any more: take it out of ABOUT_TOOLS_AS_WELL")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
