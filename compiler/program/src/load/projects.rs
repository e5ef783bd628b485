//! Which project a folder is about. A program is one project: its `project` stands in the folder that was named. A folder above
//! several, a folder inside one, or a project within another is told once, and what lies in the wrong place is not checked.

use check::input::{Module, SourceItem};
use source::{Diagnostic, Name, Place, World};

use super::{DEEPEST, Loaded, join};

/// Keeps the modules of one project. What is told of the others replaces whatever else was found in them.
pub(super) fn one_project(world: &dyn World, root: &str, modules: &mut Vec<Module>, loaded: &mut Loaded) {
    let found: Vec<Vec<Name>> =
        modules.iter().filter(|module| project_of(module).is_some()).map(|module| module.path.clone()).collect();
    let outermost: Vec<&Vec<Name>> =
        found.iter().filter(|path| !found.iter().any(|other| is_below(path, other))).collect();
    let named_is_empty = modules.first().is_none_or(|module| module.items.is_empty());
    let elsewhere = match outermost.as_slice() {
        [] if modules.iter().all(|module| module.items.is_empty()) => None,
        [] => above(world, root).map(|folder| {
            Diagnostic::placeless("which_project", format!("this folder belongs to the project in `{folder}`"))
                .help(format!("name the folder of the project: `{folder}`"))
        }),
        [only] if !only.is_empty() && named_is_empty => {
            let folder = folder_of(root, only);
            Some(
                Diagnostic::placeless("which_project", format!("the project lies in `{folder}`"))
                    .help(format!("name its folder: `{folder}`")),
            )
        }
        [_] => None,
        several => {
            let folders: Vec<String> = several.iter().map(|path| folder_of(root, path)).collect();
            let message = format!("this folder holds {} projects", folders.len());
            Some(
                Diagnostic::placeless("which_project", message)
                    .help(format!("name one: {}", source::list_of(folders.iter().map(String::as_str)))),
            )
        }
    };
    if let Some(diagnostic) = elsewhere {
        modules.clear();
        loaded.told = vec![diagnostic];
        return;
    }
    inside_another(&found, modules, loaded);
}

/// A project within a project is a second one: it is told, and left out with all that lies below it.
fn inside_another(found: &[Vec<Name>], modules: &mut Vec<Module>, loaded: &mut Loaded) {
    let inner: Vec<&Vec<Name>> = found.iter().filter(|path| found.iter().any(|other| is_below(path, other))).collect();
    let first = modules.iter().find_map(project_of).and_then(name_of);
    for path in &inner {
        let Some(place) = modules.iter().find(|module| module.path == **path).and_then(project_of).and_then(name_of)
        else {
            continue;
        };
        let mut diagnostic = Diagnostic::error("declared_twice", place, "a project lies inside another")
            .help("move its folder out of the other project, or remove this `project` to make the folder a module");
        if let Some(first) = first {
            diagnostic = diagnostic.also(first, "the other project");
        }
        loaded.told.push(diagnostic);
    }
    modules.retain(|module| !inner.iter().any(|path| module.path == **path || is_below(&module.path, path)));
}

fn project_of(module: &Module) -> Option<&SourceItem> {
    module.items.iter().find(|item| item.words.first().is_some_and(|word| word.text() == "project"))
}

/// Where the name of a project stands.
fn name_of(item: &SourceItem) -> Option<Place> {
    let tree = item.tree();
    let project = tree.child(syntax::Tree::ROOT, syntax::Kind::Project)?;
    let name = tree.node(tree.child(project, syntax::Kind::Name)?);
    Some(Place { item: item.id, start: name.start, len: name.len })
}

fn is_below(path: &[Name], other: &[Name]) -> bool {
    path.len() > other.len() && path.starts_with(other)
}

fn folder_of(root: &str, path: &[Name]) -> String {
    path.iter().fold(root.to_owned(), |folder, name| join(&folder, name.text()))
}

/// The nearest folder above that holds a project.
pub(super) fn above(world: &dyn World, root: &str) -> Option<String> {
    let mut folder = root.to_owned();
    for _ in 0..DEEPEST {
        folder = parent(&folder)?;
        let entries = world.list(&folder).ok()?;
        for entry in entries.iter().filter(|entry| entry.ends_with(".infra")) {
            let Some(text) = world.read(&join(&folder, entry)).ok().and_then(|bytes| String::from_utf8(bytes).ok())
            else {
                continue;
            };
            if syntax::items(&text).0.iter().any(|item| item.head.words.first() == Some(&"project")) {
                return Some(if folder.is_empty() { ".".to_owned() } else { folder });
            }
        }
    }
    None
}

/// The folder above another, as one would write it; none above the root of the disk.
fn parent(folder: &str) -> Option<String> {
    if folder == "/" {
        return None;
    }
    if folder.is_empty() || folder == "." {
        return Some("..".to_owned());
    }
    if folder == ".." || folder.ends_with("/..") {
        return Some(format!("{folder}/.."));
    }
    match folder.trim_end_matches('/').rsplit_once('/') {
        Some(("", _)) => Some("/".to_owned()),
        Some((above, _)) => Some(above.to_owned()),
        None => Some(String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_above() {
        let above: Vec<_> =
            ["", "..", "../..", "shop", "shop/data", "/a/b", "/a", "/"].into_iter().map(parent).collect();
        let expected =
            [Some(".."), Some("../.."), Some("../../.."), Some(""), Some("shop"), Some("/a"), Some("/"), None];
        assert_eq!(above, expected.map(|folder| folder.map(str::to_owned)));
    }
}
