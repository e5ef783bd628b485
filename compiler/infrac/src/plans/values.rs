//! Values of a plan on one line, and texts of many lines by what changes in them. A secret is never shown.

use similar::{ChangeTag, TextDiff};
use state::{Tree, TreeStep};

/// The longest text that is shown whole.
const LONGEST: usize = 60;
/// The most lines of a difference.
const LINES: usize = 24;

/// A path as it is read: `env.LOG`, `ports[0]`.
pub fn path_text(path: &[TreeStep]) -> String {
    let text: String = path.iter().map(TreeStep::to_string).collect();
    text.strip_prefix('.').unwrap_or(&text).to_owned()
}

/// A value on one line.
pub fn shown(tree: Option<&Tree>) -> String {
    let Some(tree) = tree else { return "nothing".to_owned() };
    match tree {
        Tree::Null => "null".to_owned(),
        Tree::Bool(truth) => truth.to_string(),
        Tree::Number(number) => number.to_string(),
        Tree::Text(text) if text.contains('\n') => {
            let lines = text.lines().count();
            format!("{lines} {}", if lines == 1 { "line" } else { "lines" })
        }
        Tree::Text(text) if text.chars().count() > LONGEST => {
            let cut: String = text.chars().take(LONGEST).collect();
            format!("{}…", value::quoted(&cut))
        }
        Tree::Text(text) => value::quoted(text),
        Tree::Later => "(known later)".to_owned(),
        Tree::Secret(_) | Tree::Sealed(_) => "(secret)".to_owned(),
        Tree::List(elements) => collection('[', ']', elements.iter().map(|element| shown(Some(element)))),
        Tree::Map(entries) => {
            collection('{', '}', entries.iter().map(|(key, value)| format!("{key} = {}", shown(Some(value)))))
        }
    }
}

fn collection(open: char, close: char, parts: impl Iterator<Item = String>) -> String {
    let parts: Vec<String> = parts.collect();
    let text = parts.join(", ");
    match text.chars().count() > LONGEST && !parts.is_empty() {
        true => format!("{open}{} {}{close}", parts.len(), if parts.len() == 1 { "part" } else { "parts" }),
        false => format!("{open}{text}{close}"),
    }
}

/// How a text of many lines changes, line by line with what stands around; none: they are not two such texts.
pub fn lines(before: Option<&Tree>, after: Option<&Tree>) -> Option<Vec<String>> {
    let (Some(Tree::Text(before)), Some(Tree::Text(after))) = (before, after) else { return None };
    if !before.contains('\n') && !after.contains('\n') {
        return None;
    }
    let diff = TextDiff::from_lines(&**before, &**after);
    let mut lines: Vec<String> = Vec::new();
    for group in diff.grouped_ops(1) {
        if !lines.is_empty() {
            lines.push("  …".to_owned());
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let sign = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            lines.push(format!("{sign} {}", change.value().trim_end_matches(['\n', '\r'])));
        }
    }
    let left = lines.len().saturating_sub(LINES);
    if left > 0 {
        lines.truncate(LINES);
        lines.push(format!("  … {left} more lines"));
    }
    Some(lines)
}
