//! The codes of warnings, and where the project accepts them: `@allow(CODE, because = "…", until = DATE)` covers what it stands before.

use rustc_hash::FxHashSet;
use source::{Name, Place};
use syntax::{Kind as Node, NodeId, Tree};
use value::Value;

use crate::checked::Allowance;
use crate::checker::Checker;
use crate::input::{Input, SourceItem};

/// The code of `check … warn "…"` without one of its own.
pub const ADVICE: &str = "advice";

/// Warnings of an `@allow` itself, or of what has an end of its own: another one before it would be no better.
const OF_ALLOWANCES: [&str; 3] = ["allow_ended", "allow_nothing", "ended"];

/// What the compiler itself warns of.
pub(crate) const OF_COMPILER: [&str; 7] =
    [ADVICE, "deprecated", "no_schema", "repeated_flow", "unused", "unwatched", "use_without_flow"];

/// The codes that libraries and the project give their own warnings: `check … warn CODE "…"`.
pub(crate) fn codes_of_checks(input: &Input) -> FxHashSet<Name> {
    let items = input.packages.iter().flat_map(|package| &package.modules).flat_map(|module| &module.items);
    items.flat_map(|item| codes_in(&item.text)).map(Name::new).collect()
}

/// Found in the text, since most of a library is never parsed.
fn codes_in(text: &str) -> impl Iterator<Item = &str> {
    text.split("warn ").skip(1).filter_map(|rest| {
        let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')?;
        let (code, behind) = rest.split_at_checked(end)?;
        (!code.is_empty() && behind.trim_start().starts_with('"')).then_some(code)
    })
}

impl Checker<'_> {
    /// Every code under which something may be warned of, in the order of the alphabet.
    pub(crate) fn all_warning_codes(&self) -> Vec<Name> {
        let mut all: Vec<Name> = self.warning_codes.iter().copied().collect();
        all.extend(OF_COMPILER.iter().chain(&OF_ALLOWANCES).map(|code| Name::new(code)));
        all.sort_by_key(|code| code.text());
        all.dedup();
        all
    }

    /// Whether something warns under this code; all others are those of linters.
    pub(crate) fn is_warning(&self, code: &str) -> bool {
        OF_COMPILER.contains(&code) || self.warning_codes.contains(&Name::new(code))
    }

    /// The code that an `@allow` names, when it is one of ours.
    pub(crate) fn allowed_code<'t>(&self, tree: &'t Tree, annotation: NodeId) -> Option<&'t str> {
        let name = tree.child(annotation, Node::Name).map(|name| tree.text(name));
        let first = tree.child(annotation, Node::Arg).filter(|_| name == Some("allow"))?;
        let code = tree.text(first).trim_matches('"');
        self.is_warning(code).then_some(code)
    }

    /// Notes what the project accepts with an `@allow` before a node, the last part of `place` included.
    pub(crate) fn note_allowance(&mut self, item: &SourceItem, tree: &Tree, annotation: NodeId, covers: Place) {
        let Some(code) = self.allowed_code(tree, annotation) else { return };
        let argument = |label: &str| {
            let mut all = tree.all(annotation, Node::Arg);
            let arg = all.find(|arg| tree.child(*arg, Node::Name).is_some_and(|name| tree.text(name) == label))?;
            tree.children(arg).last()
        };
        let because = argument("because").map(|text| tree.text(text).trim_matches('"').to_owned()).unwrap_or_default();
        let until =
            argument("until").and_then(|date| match value::parse_scalar(value::ScalarKind::Date, tree.text(date)) {
                Ok(Value::Date(days)) => Some(days),
                Ok(_) | Err(_) => None,
            });
        let node = tree.node(annotation);
        let place = Place { item: item.id, start: node.start, len: node.len };
        self.out.allowances.push(Allowance { code: Name::new(code), because, until, place, covers });
    }
}
