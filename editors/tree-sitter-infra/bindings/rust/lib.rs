//! The grammar as tree-sitter takes it: the parser that `tree-sitter generate` wrote, and the queries over its trees.

use tree_sitter_language::LanguageFn;

unsafe extern "C" {
    fn tree_sitter_infra() -> *const ();
}

/// The language, for `tree_sitter::Parser::set_language`.
// The generated function takes nothing and gives a pointer to a constant.
pub const LANGUAGE: LanguageFn = unsafe { LanguageFn::from_raw(tree_sitter_infra) };

/// The class of each token.
pub const HIGHLIGHTS_QUERY: &str = include_str!("../../queries/highlights.scm");
/// Where other languages stand.
pub const INJECTIONS_QUERY: &str = include_str!("../../queries/injections.scm");
/// Which name is meant in which scope.
pub const LOCALS_QUERY: &str = include_str!("../../queries/locals.scm");
/// What is declared, and where it is used.
pub const TAGS_QUERY: &str = include_str!("../../queries/tags.scm");
