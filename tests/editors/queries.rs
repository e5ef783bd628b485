//! Every query of every editor fits the grammar, and those that are told twice say the same.

use std::path::{Path, PathBuf};

use tree_sitter::Query;

use crate::highlights;
use crate::texts::{root, with_ending};

fn editors() -> PathBuf {
    root().join("editors")
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|problem| panic!("{}: {problem}", path.display()))
}

fn grammar_query(name: &str) -> String {
    read(&editors().join("tree-sitter-infra/queries").join(name))
}

/// A query in the words of another editor.
fn in_words_of(query: &str, words: &[(&str, &str)]) -> String {
    let mut pieces = query.split('@');
    let mut said = pieces.next().unwrap_or("").to_owned();
    for piece in pieces {
        let end =
            piece.find(|character: char| !character.is_ascii_lowercase() && character != '.').unwrap_or(piece.len());
        let (capture, rest) = piece.split_at(end);
        let other = words.iter().find(|(ours, _)| *ours == capture).map_or(capture, |(_, theirs)| theirs);
        said.push_str(&format!("@{other}{rest}"));
    }
    said
}

#[test]
fn every_query_of_every_editor_fits_the_grammar() {
    let queries = with_ending(&editors(), "scm");
    for path in &queries {
        let query = Query::new(&highlights::language(), &read(path))
            .unwrap_or_else(|problem| panic!("{}: {problem}", path.display()));
        assert!(query.pattern_count() > 0, "{} has no pattern", path.display());
    }
    println!("{} queries", queries.len());
    assert!(queries.len() > 15, "only {} queries were found", queries.len());
}

/// A pattern that matches nothing of what is written is of no use, or is wrong.
#[test]
fn every_pattern_matches_something() {
    let texts = crate::texts::well_formed();
    for path in with_ending(&editors(), "scm") {
        let source = read(&path);
        let query = Query::new(&highlights::language(), &source).unwrap();
        let mut matched = vec![false; query.pattern_count()];
        for text in &texts {
            highlights::matched_patterns(&query, &text.text, &mut matched);
        }
        if let Some(idle) = matched.iter().position(|matched| !matched) {
            let line = source[query.start_byte_for_pattern(idle)..].lines().next().unwrap_or("");
            panic!("{}: `{line}` matches nothing", path.display());
        }
    }
}

#[test]
fn neovim_has_the_queries_of_the_grammar() {
    for path in with_ending(&editors().join("tree-sitter-infra/queries"), "scm") {
        let name = path.file_name().unwrap();
        let copy = editors().join("neovim/queries/infra").join(name);
        assert!(read(&copy) == read(&path), "{}: copy it from tree-sitter-infra/queries", copy.display());
    }
}

#[test]
fn helix_says_the_same_in_its_own_words() {
    let words = [
        ("comment", "comment.line"),
        ("comment.documentation", "comment.line.documentation"),
        ("string.escape", "constant.character.escape"),
        ("number", "constant.numeric"),
        ("boolean", "constant.builtin.boolean"),
        ("property", "variable.other.member"),
    ];
    let helix = editors().join("helix/queries/infra");
    assert_eq!(read(&helix.join("highlights.scm")), in_words_of(&grammar_query("highlights.scm"), &words));
    assert_eq!(read(&helix.join("injections.scm")), grammar_query("injections.scm"));
}

#[test]
fn zed_says_the_same_in_its_own_words() {
    let zed = editors().join("zed/languages/infra");
    let words = [("comment.documentation", "comment.doc")];
    assert_eq!(read(&zed.join("highlights.scm")), in_words_of(&grammar_query("highlights.scm"), &words));
    assert_eq!(read(&zed.join("injections.scm")), grammar_query("injections.scm"));
}
