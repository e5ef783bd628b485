//! Names of declarations: kinds with a snippet of what they require, native kinds, platforms, types, environments, folders, addresses.

use check::language;
use schema::Role;

use super::fields::value;
use super::{Candidate, Class, escaped};
use crate::context::kind_at;
use crate::key::Key;
use crate::names;
use crate::own::{self, Own};
use crate::shape::{Form, Shape, Shapes};

/// Every declared kind, ready to be made an instance of.
pub(super) fn declared(shapes: &Shapes<'_>, snippets: bool) -> Vec<Candidate> {
    let input = shapes.program.input();
    let kinds = names::declared(input, shapes.path, "kind");
    let made = names::implemented(input);
    kinds
        .into_iter()
        // What the library implements nowhere is what others are; what the project does not yet is being written.
        .filter(|kind| !(snippets && kind.library) || made.contains(kind.name.as_str()))
        .map(|kind| {
            let mut found = Candidate::new(&kind.name, Class::Kind, if kind.library { 30 } else { 25 })
                .detail(if kind.library { "a kind of the library" } else { "a kind of this project" })
                .key(Key::Kind(kind.name.clone()));
            found.fill = snippets.then(|| Shape::Inputs(kind.name.clone()));
            found
        })
        .collect()
}

/// `KIND NAME { … }` with what must be given.
pub(super) fn snippet(shapes: &Shapes<'_>, name: &str, shape: &Shape) -> String {
    let required: Vec<_> = shapes.slots(shape).into_iter().filter(|slot| slot.required).collect();
    let mut text = format!("{} ${{1:name}} {{\n", escaped(name));
    for (at, slot) in required.iter().enumerate() {
        let form = shapes.form(&slot.shape);
        let stop = at + 2;
        let line = match form {
            Form::Record | Form::Records => format!("\t{} {{ ${stop} }}\n", escaped(&slot.name)),
            _ => format!("\t{} = {}\n", escaped(&slot.name), value(shapes, slot, &form, stop)),
        };
        text.push_str(&line);
    }
    text.push_str("\t$0\n}");
    text
}

/// The words that native kinds begin with.
pub(super) fn targets(shapes: &Shapes<'_>, rank: u8) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    for named in &shapes.program.input().schemas {
        let target = named.target.text();
        if !found.iter().any(|candidate| candidate.label == target) {
            let of = Candidate::new(target, Class::NativeKind, rank).detail("native kinds");
            found.push(of.insert(format!("{target}.")).key(Key::Target(target.to_owned())));
        }
    }
    found
}

/// Native kinds by their whole names, where so much is typed that they are meant.
pub(super) fn natives(shapes: &Shapes<'_>, typed: &str) -> Vec<Candidate> {
    if typed.len() < 3 {
        return Vec::new();
    }
    let typed = typed.to_lowercase();
    let all = shapes.program.input().schemas.iter().enumerate();
    let mut found = Vec::new();
    for (at, named) in all {
        for kind in named.schema.kinds().filter(|kind| kind.role() == Role::Resource) {
            let front = front_of(named);
            if kind.name().starts_with(&typed) {
                found.push(native(shapes, at, &format!("{front}.{}", kind.name()), &kind, 50));
            }
        }
    }
    found
}

fn native(shapes: &Shapes<'_>, schema: usize, label: &str, kind: &schema::Kind<'_>, rank: u8) -> Candidate {
    let named = shapes.program.input().schemas.get(schema);
    let whole = named.map_or_else(String::new, |named| format!("{}.{}", front_of(named), kind.name()));
    let mut found = Candidate::new(label, Class::NativeKind, if kind.deprecated() { 70 } else { rank })
        .key(Key::Native(whole, kind.role() == Role::Data));
    found.deprecated = kind.deprecated();
    found.fill = Some(Shape::Row { schema, row: kind.row() });
    found
}

/// What stands before the names of a schema's kinds.
fn front_of(named: &check::input::NamedSchema) -> String {
    match named.prefix.text() {
        prefix if !prefix.is_empty() && !named.has_provider() => format!("{}.{prefix}", named.target.text()),
        _ => named.target.text().to_owned(),
    }
}

/// Kinds behind what is written of their names.
pub(super) fn below(shapes: &Shapes<'_>, before: &[String], is_native: bool, read: bool) -> Vec<Candidate> {
    if before.is_empty() {
        let mut found = if read { Vec::new() } else { declared(shapes, is_native) };
        found.extend(if is_native { targets(shapes, 20) } else { Vec::new() });
        return found;
    }
    let role = if read { Role::Data } else { Role::Resource };
    let front = before.join(".");
    let mut found = Vec::new();
    for (at, named) in shapes.program.input().schemas.iter().enumerate() {
        let of = front_of(named);
        if of == front {
            let kinds = named
                .schema
                .kinds()
                .filter(|kind| kind.role() == role || (read && !named.has_provider() && kind.role() == Role::Resource));
            found.extend(kinds.map(|kind| native(shapes, at, kind.name(), &kind, 20)));
        } else if let Some(rest) = of.strip_prefix(&front).and_then(|rest| rest.strip_prefix('.')) {
            found.push(Candidate::new(rest, Class::NativeKind, 15).insert(format!("{rest}.")));
        }
    }
    // `acme.service`, `std.server`
    let front = format!("{front}.");
    for kind in names::declared(shapes.program.input(), shapes.path, "kind") {
        let rest =
            if front == "std." && kind.library { Some(kind.name.as_str()) } else { kind.name.strip_prefix(&front) };
        let Some(rest) = rest else { continue };
        let mut of = Candidate::new(rest, Class::Kind, 10).key(Key::Kind(kind.name.clone()));
        of.fill = is_native.then(|| Shape::Inputs(kind.name.clone()));
        found.push(of);
    }
    found
}

/// Platforms by their names alone, and kinds that are one.
pub(super) fn platforms(shapes: &Shapes<'_>) -> Vec<Candidate> {
    let found = names::declared(shapes.program.input(), shapes.path, "platform");
    found
        .into_iter()
        .map(|named| {
            let key = Key::Platform(named.name.clone());
            Candidate::new(&named.name, Class::Platform, 10).detail("a platform").key(key)
        })
        .collect()
}

/// What may stand behind `on` in a header: names that environments list, platforms, instances that are one.
pub(super) fn places(shapes: &Shapes<'_>) -> Vec<Candidate> {
    let input = shapes.program.input();
    let mut found = platforms(shapes);
    for environment in names::declared(input, shapes.path, "environment") {
        for name in listed(environment.item) {
            if !found.iter().any(|known| known.label == name) {
                found.push(Candidate::new(&name, Class::Platform, 8).detail("listed by an environment"));
            }
        }
    }
    for (named, kind) in names::instances(input, shapes.path) {
        let is_platform = shapes
            .described(&kind)
            .is_some_and(|described| described.more.iter().any(|line| line.contains("a place where things run")));
        if is_platform {
            let key = Key::Instance(named.name.clone());
            found.push(Candidate::new(&named.name, Class::Instance, 12).detail(&kind).key(key));
        }
    }
    found
}

/// The names under which an environment lists its platforms, where it says them.
fn listed(item: &check::input::SourceItem) -> Vec<String> {
    use syntax::Kind as Node;
    let tree = item.tree();
    let mut found = Vec::new();
    let fields = names::statement(&tree).and_then(|node| tree.child(node, Node::Body));
    for field in fields.into_iter().flat_map(|body| tree.all(body, Node::Field)) {
        let is_on = tree.child(field, Node::FieldPath).is_some_and(|path| tree.text(path) == "on");
        let list = tree.children(field).nth(1).filter(|list| is_on && tree.kind(*list) == Node::List);
        for element in list.into_iter().flat_map(|list| tree.children(list)) {
            match tree.kind(element) {
                Node::Field => {
                    found.extend(tree.child(element, Node::FieldPath).map(|path| tree.text(path).to_owned()))
                }
                Node::Ident => found.push(tree.text(element).to_owned()),
                _ => {}
            }
        }
    }
    found
}

pub(super) fn environments(shapes: &Shapes<'_>) -> Vec<Candidate> {
    let found = names::declared(shapes.program.input(), shapes.path, "environment");
    found
        .into_iter()
        .map(|named| {
            let key = Key::Environment(named.name.clone());
            Candidate::new(&named.name, Class::Environment, 10).detail("an environment").key(key)
        })
        .collect()
}

/// What may stand as a type.
pub(super) fn types(shapes: &Shapes<'_>, before: &[String]) -> Vec<Candidate> {
    let input = shapes.program.input();
    if !before.is_empty() {
        let mut found = below(shapes, before, false, false);
        for candidate in &mut found {
            candidate.fill = None;
        }
        return found;
    }
    let mut found: Vec<Candidate> = language::TYPES
        .iter()
        .map(|(word, docs)| {
            let insert = match *word {
                "range" => "range<$1>".to_owned(),
                "later" | "secret" => format!("{word} $1"),
                _ => (*word).to_owned(),
            };
            Candidate::new(word, Class::Type, 20).detail(docs).insert(insert).key(Key::TypeWord((*word).to_owned()))
        })
        .collect();
    for (keyword, class, rank) in [("type", Class::Type, 15), ("kind", Class::Kind, 30)] {
        for named in names::declared(input, shapes.path, keyword) {
            let key = if keyword == "type" { Key::Type(named.name.clone()) } else { Key::Kind(named.name.clone()) };
            let rank = if named.library { rank } else { rank - 5 };
            found.push(Candidate::new(&named.name, class, rank).detail(keyword).key(key));
        }
    }
    found.push(
        Candidate::new("inputs", Class::Type, 40)
            .insert("inputs($1)".to_owned())
            .key(Key::BuiltIn("inputs".to_owned())),
    );
    found.push(
        Candidate::new("key", Class::Keyword, 45).insert("key of $1".to_owned()).key(Key::Word("key".to_owned())),
    );
    found.extend(targets(shapes, 50));
    found
}

/// What a declaration is by the word that it begins with.
pub(super) fn class_of(word: &str) -> Class {
    match word {
        "fn" => Class::Function,
        "kind" => Class::Kind,
        "type" => Class::Type,
        "platform" => Class::Platform,
        "let" | "param" => Class::Value,
        _ => Class::Instance,
    }
}

/// Folders of the project, and what they declare.
pub(super) fn folders(shapes: &Shapes<'_>, before: &[String]) -> Vec<Candidate> {
    let input = shapes.program.input();
    let mut found: Vec<Candidate> = Vec::new();
    for folder in names::folders(input) {
        let Some(rest) = folder.strip_prefix(before) else { continue };
        let Some(next) = rest.first() else { continue };
        if folder.iter().map(String::as_str).eq(names::folder_of(shapes.path)) {
            continue;
        }
        let whole = before.iter().chain([next]).cloned().collect::<Vec<_>>().join(".");
        if !found.iter().any(|known| known.label == *next) {
            found.push(Candidate::new(next, Class::Folder, 10).detail("a folder").key(Key::Folder(whole)));
        }
    }
    if !before.is_empty() {
        for (word, name, _) in names::of_folder(input, before) {
            let key = Key::Member(before.join("."), name.clone());
            found.push(Candidate::new(&name, class_of(&word), 20).detail(&word).key(key));
        }
    }
    found
}

/// The next step of an address: an instance, then what its implementations make.
pub(super) fn addresses(shapes: &Shapes<'_>, before: &[String]) -> Vec<Candidate> {
    let input = shapes.program.input();
    if before.is_empty() {
        let own = names::instances(input, shapes.path).into_iter().map(|(named, kind)| {
            let name = named.name.rsplit('.').next().unwrap_or(&named.name).to_owned();
            Candidate::new(&name, Class::Instance, 10).detail(&kind).key(Key::Instance(named.name))
        });
        let platforms = names::declared(input, shapes.path, "platform");
        let platforms = platforms.into_iter().map(|named| {
            let key = Key::Platform(named.name.clone());
            Candidate::new(&named.name, Class::Platform, 40).detail("what a platform makes").key(key)
        });
        return own.chain(platforms).collect();
    }
    let steps: Vec<&str> = before.iter().map(String::as_str).filter(|step| !step.starts_with('[')).collect();
    // The last step may be a `once`, whose children stand below its name.
    let (kind, once) = match kind_at(shapes, &steps) {
        Some(kind) => (kind, None),
        None => match steps.split_last().and_then(|(last, above)| Some((kind_at(shapes, above)?, *last))) {
            Some((kind, once)) => (kind, Some(once)),
            None => return Vec::new(),
        },
    };
    let children = names::children(input, &kind).into_iter().filter(|child| child.once.as_deref() == once);
    children
        .map(|child| {
            let what = if child.kind.is_empty() { "once" } else { child.kind.as_str() };
            Candidate::new(&child.name, Class::Instance, 10)
                .detail(what)
                .key(Key::Child(kind.clone(), child.name.clone()))
        })
        .collect()
}

/// Providers behind what is written of their names.
pub(super) fn providers(shapes: &Shapes<'_>, before: &[String]) -> Vec<Candidate> {
    if before.is_empty() {
        return targets(shapes, 10);
    }
    let front = before.join(".");
    let all = shapes.program.input().schemas.iter();
    all.filter(|named| named.target.text() == front && named.has_provider())
        .map(|named| {
            let name = named.prefix.text();
            Candidate::new(name, Class::Platform, 10).detail("a provider").insert(format!("{name} {{\n\t$0\n}}"))
        })
        .collect()
}

/// The values of one of the language's own forms.
pub(super) fn own_values(shapes: &Shapes<'_>, of: &Own) -> Vec<Candidate> {
    let class = match of {
        Own::Platform => Class::Platform,
        Own::EnvironmentName => Class::Environment,
        _ => Class::Value,
    };
    own::choices(shapes, of)
        .into_iter()
        .enumerate()
        .map(|(at, choice)| {
            let key = match of {
                Own::Platform => Key::Platform(choice.text.clone()),
                Own::EnvironmentName => Key::Environment(choice.text.clone()),
                Own::Warning => Key::Warning(choice.text.clone()),
                _ => Key::Value(choice.text.clone(), choice.docs.clone()),
            };
            // In the order in which they are listed: the project's own before the library's.
            Candidate::new(&choice.text, class, 10 + at.min(10) as u8).insert(choice.snippet).key(key)
        })
        .collect()
}
