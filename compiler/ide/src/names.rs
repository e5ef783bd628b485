//! What is declared where: kinds, platforms, types, functions, environments and instances by their names, as a file may write them.

use check::input::{Input, SourceItem};
use source::Place;
use syntax::{Kind as Node, NodeId, Tree};

/// A declaration as a file may name it.
#[derive(Clone)]
pub(crate) struct Named<'a> {
    /// `service` in its own folder, `acme.service` elsewhere.
    pub name: String,
    pub item: &'a SourceItem,
    pub library: bool,
}

/// Words that a statement begins with; whatever else begins with a kind.
pub(crate) const STATEMENTS: [&str; 22] = [
    "adjust",
    "adopt",
    "check",
    "delegate",
    "destroy",
    "environment",
    "fn",
    "forget",
    "implement",
    "kind",
    "let",
    "moved",
    "once",
    "out",
    "output",
    "package",
    "param",
    "platform",
    "policy",
    "project",
    "test",
    "type",
];

/// The folder of a file, step by step.
pub(crate) fn folder_of(path: &str) -> Vec<&str> {
    let mut steps: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
    steps.pop();
    steps
}

/// Everything that begins with `keyword`, as the file at `path` may name it; the nearest first, what is hidden left out.
pub(crate) fn declared<'a>(input: &'a Input, path: &str, keyword: &str) -> Vec<Named<'a>> {
    items(input, path, |words| match words {
        [first, name, ..] if *first == keyword => Some((*name).to_owned()),
        _ => None,
    })
}

/// The declaration of a name, as the file at `path` means it; a last word is enough.
pub(crate) fn find<'a>(input: &'a Input, path: &str, keyword: &str, name: &str) -> Option<Named<'a>> {
    let (plain, of_library) = match name.strip_prefix("std.") {
        Some(plain) => (plain, true),
        None => (name, false),
    };
    let wanted = plain.rsplit('.').next().unwrap_or(plain);
    let mut all = items(input, path, |words| match words {
        [first, name, ..] if *first == keyword && *name == wanted => Some((*name).to_owned()),
        _ => None,
    });
    all.retain(|named| !of_library || named.library);
    let exact = all.iter().position(|named| named.name == plain);
    let last = || all.iter().position(|named| named.name.rsplit('.').next() == Some(plain));
    exact.or_else(last).map(|at| all.swap_remove(at))
}

/// The instances of the project: their kinds are the first of their words.
pub(crate) fn instances<'a>(input: &'a Input, path: &str) -> Vec<(Named<'a>, String)> {
    let kind_of = |item: &SourceItem| {
        let words: Vec<&str> = item.words.iter().map(|word| word.text()).collect();
        let words = words.strip_prefix(&["private"]).unwrap_or(&words);
        let words = words.strip_prefix(&["read"]).unwrap_or(words);
        words.first().map_or_else(String::new, |kind| (*kind).to_owned())
    };
    let all = items(input, path, |words| match words.strip_prefix(&["read"]).unwrap_or(words) {
        [first, name, ..] if !STATEMENTS.contains(first) && !matches!(*first, "use" | "read" | "provider") => {
            Some((*name).to_owned())
        }
        _ => None,
    });
    all.into_iter().filter(|named| !named.library).map(|named| (named.clone(), kind_of(named.item))).collect()
}

fn items<'a>(input: &'a Input, path: &str, name: impl Fn(&[&str]) -> Option<String>) -> Vec<Named<'a>> {
    let own = folder_of(path);
    let mut all: Vec<Named<'a>> = Vec::new();
    for package in &input.packages {
        let library = !package.name.is_empty();
        for module in &package.modules {
            let folder: Vec<&str> = module.path.iter().map(|name| name.text()).collect();
            let here = !library && folder == own;
            for item in &module.items {
                let words: Vec<&str> = item.words.iter().map(|word| word.text()).collect();
                let (private, words) = match words.split_first() {
                    Some((&"private", rest)) => (true, rest),
                    _ => (false, words.as_slice()),
                };
                // What is private elsewhere cannot be named here.
                if private && !here {
                    continue;
                }
                let Some(found) = name(words) else { continue };
                let steps = if here { [].as_slice() } else { folder.as_slice() };
                let shown = steps.iter().copied().chain([found.as_str()]).collect::<Vec<_>>().join(".");
                all.push(Named { name: shown, item, library });
            }
        }
    }
    // A name of the project hides the library's.
    all.sort_by_key(|named| (named.library, named.name.contains('.')));
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|named| seen.insert(named.name.clone()));
    all
}

/// The last words of the kinds that something implements.
pub(crate) fn implemented(input: &Input) -> std::collections::BTreeSet<&'static str> {
    let items = input.packages.iter().flat_map(|package| &package.modules).flat_map(|module| &module.items);
    items
        .filter_map(|item| match item.words.as_slice() {
            [first, kind, ..] if first.text() == "implement" => kind.text().rsplit('.').next(),
            _ => None,
        })
        .collect()
}

/// The folders of the project that are modules, as `use` names them.
pub(crate) fn folders(input: &Input) -> Vec<Vec<String>> {
    let mut found: Vec<Vec<String>> = Vec::new();
    for module in input.packages.iter().filter(|package| package.name.is_empty()).flat_map(|package| &package.modules) {
        if !module.path.is_empty() && !module.items.is_empty() {
            found.push(module.path.iter().map(|name| name.text().to_owned()).collect());
        }
    }
    found.sort();
    found
}

/// What a folder declares, as `use folder.name` may bring it in: each with the word that declares it.
pub(crate) fn of_folder<'a>(input: &'a Input, folder: &[String]) -> Vec<(String, String, &'a SourceItem)> {
    let mut found = Vec::new();
    for module in input.packages.iter().filter(|package| package.name.is_empty()).flat_map(|package| &package.modules) {
        if !module.path.iter().map(|name| name.text()).eq(folder.iter().map(String::as_str)) {
            continue;
        }
        for item in &module.items {
            let words: Vec<&str> = item.words.iter().map(|word| word.text()).collect();
            if let [first, name, ..] = words.as_slice()
                && !matches!(*first, "private" | "use" | "implement" | "adjust" | "environment" | "project")
            {
                found.push(((*first).to_owned(), (*name).to_owned(), item));
            }
        }
    }
    found
}

/// The statement of an item: the first child that is no annotation.
pub(crate) fn statement(tree: &Tree) -> Option<NodeId> {
    tree.children(Tree::ROOT).find(|node| tree.kind(*node) != Node::Annotation)
}

/// Where the name of an item stands.
pub(crate) fn name_place(item: &SourceItem) -> Option<Place> {
    let tree = item.tree();
    let node = statement(&tree)?;
    let name = tree.child(node, Node::Name).unwrap_or(node);
    let at = tree.node(name);
    Some(Place { item: item.id, start: at.start, len: at.len })
}

/// The documentation of an item, without its example.
pub(crate) fn documentation(item: &SourceItem) -> String {
    let tree = item.tree();
    let docs = statement(&tree).map(|node| tree.documentation(node)).unwrap_or_default();
    docs.split("```").next().unwrap_or_default().trim().to_owned()
}

/// The children that the implementations of a kind make: their names, the kinds of them, and where they stand. Those of a `once` stand
/// below its name.
pub(crate) fn children(input: &Input, kind: &str) -> Vec<Child> {
    let mut found = Vec::new();
    let last = kind.rsplit('.').next().unwrap_or(kind);
    for item in input.packages.iter().flat_map(|package| &package.modules).flat_map(|module| &module.items) {
        let words: Vec<&str> = item.words.iter().take(2).map(|word| word.text()).collect();
        let implements = matches!(words.as_slice(), ["implement", of] if of.rsplit('.').next() == Some(last));
        let is_platform = matches!(words.as_slice(), ["platform", of] if *of == last);
        if !implements && !is_platform {
            continue;
        }
        let tree = item.tree();
        let Some(body) = statement(&tree).and_then(|node| tree.child(node, Node::Body)) else { continue };
        below(item, &tree, body, None, &mut found);
    }
    found
}

/// A child of an implementation.
pub(crate) struct Child {
    pub name: String,
    /// What it is made of; empty: a `once`.
    pub kind: String,
    /// The `once` that it stands in.
    pub once: Option<String>,
    pub place: Place,
}

fn below(item: &SourceItem, tree: &Tree, body: NodeId, once: Option<&str>, found: &mut Vec<Child>) {
    for node in tree.children(body) {
        let Some(name) = tree.child(node, Node::Name) else { continue };
        let at = tree.node(name);
        let place = Place { item: item.id, start: at.start, len: at.len };
        let mut child = |kind: String| {
            found.push(Child { name: tree.name(name), kind, once: once.map(str::to_owned), place });
        };
        match tree.kind(node) {
            Node::Instance => {
                child(tree.child(node, Node::Path).map_or_else(String::new, |path| tree.text(path).into()))
            }
            Node::Once => {
                child(String::new());
                if let Some(inner) = tree.child(node, Node::Body) {
                    below(item, tree, inner, Some(&tree.name(name)), found);
                }
            }
            _ => {}
        }
    }
}
