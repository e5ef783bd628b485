//! Kinds and platforms that are declared in `.infra`: the library's and the project's own.

use std::collections::BTreeSet;

use check::input::{Input, SourceItem};
use source::{Place, Sources};
use syntax::{Kind as Node, NodeId, Tree, flag};

use super::{Described, Field, Implemented};

/// A declaration and where it stands.
pub struct Declared<'a> {
    pub item: &'a SourceItem,
    pub library: bool,
    /// `acme.service` outside of a package's root.
    pub full_name: String,
}

/// Every kind and platform that users may name, by name: the project's own, then the library's.
pub fn described_kinds(input: &Input) -> Vec<String> {
    let mut names: Vec<String> =
        declarations(input, &["kind", "platform"]).into_iter().map(|found| found.full_name).collect();
    names.sort();
    names.dedup();
    names
}

/// A kind or a platform by its name; the project's own hides the library's.
pub fn describe_item(input: &Input, sources: &Sources, name: &str) -> Option<Described> {
    let plain = name.strip_prefix("std.").unwrap_or(name);
    let found = find(input, &["kind", "platform"], plain, name != plain)?;
    let tree = found.item.tree();
    let is_platform = found.item.words.first().is_some_and(|word| word.text() == "platform");
    let node = tree.child(Tree::ROOT, if is_platform { Node::PlatformDecl } else { Node::KindDecl })?;
    let whose = if found.library { "the standard library" } else { "this project" };
    let (docs, example) = split(&tree.documentation(node));
    let mut described = Described {
        name: found.full_name.clone(),
        what: format!("a {} of {whose}", if is_platform { "platform" } else { "kind" }),
        docs,
        example,
        place: place_of(&found, &tree, tree.child(node, Node::Name).unwrap_or(node)),
        ..Described::default()
    };
    let mut seen = BTreeSet::new();
    collect(input, &found, &found.full_name, &mut described, &mut seen);
    described.implemented = implementations(input, sources, &found.full_name, &described.outputs);
    if is_platform {
        described.outputs.clear();
    }
    let texts: Vec<String> = described.fields.iter().chain(&described.outputs).map(|field| field.ty.clone()).collect();
    named_types(input, &texts, &mut described.types);
    Some(described)
}

/// Every declaration that begins with one of these words (`kind`, `fn`, …) and is not private: the project's, then the library's.
pub fn declarations<'a>(input: &'a Input, words: &[&str]) -> Vec<Declared<'a>> {
    let mut all = Vec::new();
    for package in &input.packages {
        for module in &package.modules {
            let path: Vec<&str> = module.path.iter().map(|name| name.text()).collect();
            for item in &module.items {
                let [first, name, ..] = item.words.as_slice() else { continue };
                if words.contains(&first.text()) {
                    let full_name = path.iter().copied().chain([name.text()]).collect::<Vec<_>>().join(".");
                    all.push(Declared { item, library: package.name == "std", full_name });
                }
            }
        }
    }
    all
}

/// The declaration of this name; a last word is enough where nothing else has it.
pub fn find<'a>(input: &'a Input, words: &[&str], name: &str, library: bool) -> Option<Declared<'a>> {
    let last = |found: &Declared<'_>| found.full_name.rsplit('.').next() == Some(name);
    let mut all = declarations(input, words);
    all.retain(|found| (found.library || !library) && (found.full_name == name || last(found)));
    let exact = all.iter().position(|found| found.full_name == name).unwrap_or(0);
    (exact < all.len()).then(|| all.swap_remove(exact))
}

/// The fields of a declaration and of what it is, the nearest last.
fn collect(input: &Input, found: &Declared<'_>, asked: &str, described: &mut Described, seen: &mut BTreeSet<String>) {
    if !seen.insert(found.full_name.clone()) {
        return;
    }
    let tree = found.item.tree();
    let Some(node) = tree.child(Tree::ROOT, Node::KindDecl).or_else(|| tree.child(Tree::ROOT, Node::PlatformDecl))
    else {
        return;
    };
    for above in tree.all(node, Node::Super) {
        let Some(path) = tree.child(above, Node::Path) else { continue };
        let is_platform = tree.has(above, flag::PLATFORM);
        let name = tree.text(path);
        if is_platform {
            described.more.push(format!("it is a place where things run, a platform: `infrac explain {name}`"));
        } else if let Some(above) = find(input, &["kind"], name, false) {
            collect(input, &above, asked, described, seen);
        }
    }
    let Some(body) = tree.child(node, Node::Body) else { return };
    let from = (found.full_name != asked).then(|| found.full_name.clone());
    let mut annotated: Option<NodeId> = None;
    for member in tree.children(body) {
        match tree.kind(member) {
            Node::Annotation => annotated = annotated.or(Some(member)),
            Node::Spread => take(input, tree.text(member), asked, described, seen),
            Node::FieldDecl => {
                let begin = annotated.take().unwrap_or(member);
                let only = tree.text(begin).starts_with("@only");
                if let Some(mut field) = field(&tree, member, begin, only, from.clone()) {
                    field.place = place_of(found, &tree, tree.child(member, Node::Name).unwrap_or(member));
                    let list = if tree.has(member, flag::OUT) { &mut described.outputs } else { &mut described.fields };
                    match list.iter_mut().find(|known| known.name == field.name) {
                        Some(known) => {
                            let docs = if field.docs.is_empty() {
                                std::mem::take(&mut known.docs)
                            } else {
                                field.docs.clone()
                            };
                            // What a kind above says holds as long as this one says nothing else.
                            let default = field.default.clone().or_else(|| known.default.take());
                            let rule = field.rule.clone().or_else(|| known.rule.take());
                            let required = field.required && known.required;
                            *known = Field { docs, default, rule, required, ..field };
                        }
                        None => list.push(field),
                    }
                }
            }
            _ => annotated = None,
        }
    }
    // A field of its own says more than one that it shares with other kinds.
    described.fields.sort_by_key(|field| field.from.is_some());
    described.outputs.sort_by_key(|field| field.from.is_some());
}

/// The fields that are taken from another kind: `...inputs(container)`.
fn take(input: &Input, text: &str, asked: &str, described: &mut Described, seen: &mut BTreeSet<String>) {
    let name = text.trim_start_matches('.').strip_prefix("inputs(").and_then(|rest| rest.strip_suffix(')'));
    let Some(of) = name.and_then(|name| find(input, &["kind"], name.trim(), false)) else { return };
    let mut taken = Described::default();
    collect(input, &of, asked, &mut taken, seen);
    let is_new = |field: &Field| !described.fields.iter().any(|known| known.name == field.name);
    let fields: Vec<Field> = taken.fields.into_iter().filter(is_new).collect();
    described.fields.extend(fields);
}

fn field(tree: &Tree, member: NodeId, begin: NodeId, only: bool, from: Option<String>) -> Option<Field> {
    let name = tree.child(member, Node::Name)?;
    let mut values = tree.children(member).filter(|child| !matches!(tree.kind(*child), Node::Name | Node::Where));
    let ty = one_line(tree.text(values.next()?));
    let default = values.next().map(|value| one_line(tree.text(value)));
    let rule = tree.child(member, Node::Where).and_then(|rule| said(tree, tree.nth(rule, 1)?));
    let required = default.is_none() && !ty.ends_with('?') && !only && !tree.has(member, flag::OUT);
    Some(Field {
        name: tree.name(name),
        ty,
        default,
        required,
        docs: tree.documentation(begin).replace('\n', " "),
        rule,
        from,
        place: None,
    })
}

fn place_of(found: &Declared<'_>, tree: &Tree, node: NodeId) -> Option<Place> {
    let node = tree.node(node);
    Some(Place { item: found.item.id, start: node.start, len: node.len })
}

/// What a rule says, when it says the same of every value.
fn said(tree: &Tree, message: NodeId) -> Option<String> {
    let plain =
        tree.kind(message) == Node::Text && tree.children(message).all(|part| tree.kind(part) == Node::TextPart);
    plain.then(|| tree.text(message).trim_matches('"').replace("\\\"", "\""))
}

/// `outputs` are those that the kind itself has.
fn implementations(input: &Input, sources: &Sources, name: &str, outputs: &[Field]) -> Vec<Implemented> {
    let last = name.rsplit('.').next().unwrap_or(name);
    let mut found = Vec::new();
    for item in input.packages.iter().flat_map(|package| &package.modules).flat_map(|module| &module.items) {
        let words: Vec<&str> = item.words.iter().map(|word| word.text()).collect();
        if words.first() != Some(&"implement") {
            continue;
        }
        let tree = item.tree();
        let Some(node) = tree.child(Tree::ROOT, Node::Implement) else { continue };
        let Some(path) = tree.child(node, Node::Path).map(|path| tree.text(path)) else { continue };
        if path != name && path.rsplit('.').next() != Some(last) {
            continue;
        }
        let on = tree
            .child(node, Node::OnPlatform)
            .and_then(|on| tree.child(on, Node::Path))
            .map_or("any platform", |path| tree.text(path));
        let place = Place { item: item.id, start: tree.node(node).start, len: 1 };
        let shown = sources.show(place);
        let line = shown.rsplit_once(':').map_or(shown.as_str(), |(line, _)| line);
        let body = tree.child(node, Node::Body);
        let outs = body
            .into_iter()
            .flat_map(|body| tree.all(body, Node::Out))
            .filter_map(|out| tree.child(out, Node::Name))
            .map(|out| tree.name(out));
        let more = outs.filter(|out| !outputs.iter().any(|output| output.name == *out)).collect();
        found.push(Implemented { platform: on.to_owned(), place: line.to_owned(), more });
    }
    found
}

/// The declarations of the types that are named in these texts, and of those that they name.
fn named_types(input: &Input, texts: &[String], types: &mut Vec<(String, String)>) {
    let declared = declarations(input, &["type"]);
    let mut open: Vec<String> = texts.to_vec();
    while let Some(text) = open.pop() {
        for word in text
            .split(|character: char| !character.is_ascii_alphanumeric() && character != '_')
            .filter(|word| !word.is_empty())
        {
            let Some(found) = declared.iter().find(|found| found.full_name.rsplit('.').next() == Some(word)) else {
                continue;
            };
            let tree = found.item.tree();
            let Some(node) = tree.child(Tree::ROOT, Node::TypeDecl) else { continue };
            let Some(ty) = tree.children(node).nth(1).map(|ty| one_line(tree.text(ty))) else { continue };
            let line = format!("type {word} = {ty}");
            if !types.iter().any(|(known, _)| *known == line) {
                types.push((line, tree.documentation(node).replace('\n', " ")));
                open.push(ty);
            }
        }
    }
    types.sort();
}

/// Docs without their example, and the example.
fn split(docs: &str) -> (String, Option<String>) {
    let Some((before, rest)) = docs.split_once("```infra\n") else { return (docs.trim().to_owned(), None) };
    let (example, after) = rest.split_once("```").unwrap_or((rest, ""));
    let words =
        [before.trim(), after.trim()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n");
    (words, Some(example.to_owned()))
}

/// A type or a value that stands on several lines, on one.
fn one_line(text: &str) -> String {
    let mut line = String::new();
    for part in text.lines().map(str::trim).filter(|part| !part.is_empty() && !part.starts_with("//")) {
        let joins = line.is_empty()
            || line.ends_with(['{', '(', '[', ',', '|', '='])
            || part.starts_with(['}', ')', ']', '|', '.']);
        line.push_str(if line.is_empty() {
            ""
        } else if joins {
            " "
        } else {
            ", "
        });
        line.push_str(part);
    }
    line
}
