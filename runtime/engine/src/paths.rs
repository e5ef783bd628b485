//! Putting something where a path leads.

use state::{Tree, TreeStep};

/// Puts something at a path; where the way there is missing, nothing is done.
pub(crate) fn put(tree: &mut Tree, path: &[TreeStep], value: Tree) {
    match (path, tree) {
        ([], tree) => *tree = value,
        ([TreeStep::Key(key)], Tree::Map(entries)) => drop(entries.insert(key.clone(), value)),
        ([TreeStep::Key(key), rest @ ..], Tree::Map(entries)) => {
            if let Some(entry) = entries.get_mut(key) {
                put(entry, rest, value);
            }
        }
        ([TreeStep::Index(at), rest @ ..], Tree::List(elements)) => {
            if let Some(element) = elements.get_mut(*at as usize) {
                put(element, rest, value);
            }
        }
        _ => {}
    }
}
