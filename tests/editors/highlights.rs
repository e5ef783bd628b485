//! What each token of a text is, as tree-sitter's grammar and queries read it.

use std::ops::Range;

use tree_sitter::{Language, Parser, Query, QueryCursor, StreamingIterator, Tree};

use crate::classes::Class;

pub fn language() -> Language {
    tree_sitter_infra::LANGUAGE.into()
}

pub fn parse(text: &str) -> Tree {
    let mut parser = Parser::new();
    parser.set_language(&language()).unwrap();
    parser.parse(text, None).unwrap()
}

/// Where each capture of a query stands, in order.
pub fn captures(query: &str, text: &str) -> Vec<(Range<usize>, String)> {
    let query = Query::new(&language(), query).unwrap();
    let tree = parse(text);
    let mut cursor = QueryCursor::new();
    let mut captures = cursor.captures(&query, tree.root_node(), text.as_bytes());
    let mut found = Vec::new();
    while let Some((matched, index)) = captures.next() {
        let capture = matched.captures()[*index];
        found.push((capture.node.byte_range(), query.capture_names()[capture.index as usize].to_owned()));
    }
    found.sort_by_key(|(range, _)| (range.start, range.end));
    found
}

/// The class that a capture's name stands for.
pub fn class(capture: &str) -> Class {
    match capture {
        "comment" => Class::Comment,
        "comment.documentation" => Class::Documentation,
        "string" => Class::Text,
        "string.escape" => Class::Escape,
        "number" => Class::Number,
        "boolean" | "constant.builtin" => Class::Constant,
        "keyword" => Class::Keyword,
        "operator" => Class::Operator,
        "punctuation.bracket" | "punctuation.delimiter" | "punctuation.special" => Class::Punctuation,
        "attribute" => Class::Annotation,
        "type" => Class::Type,
        "function" => Class::Function,
        "property" => Class::Property,
        "variable" => Class::Variable,
        other => panic!("no class is given for the capture `{other}`"),
    }
}

/// Notes which patterns of a query match somewhere in a text.
pub fn matched_patterns(query: &Query, text: &str, matched: &mut [bool]) {
    let tree = parse(text);
    let mut cursor = QueryCursor::new();
    let mut matches = cursor.matches(query, tree.root_node(), text.as_bytes());
    while let Some(found) = matches.next() {
        matched[found.pattern_index] = true;
    }
}
