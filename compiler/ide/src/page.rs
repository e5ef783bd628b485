//! What is known of a name, as text to read: for hover and for what a completion says of itself.

use std::fmt::Write;

use check::builtins::{self, BuiltIn};
use check::language;
use program::describe::{self, Described};
use source::Place;
use value::scalars::{DURATION_UNITS, SIZE_UNITS};

use crate::calls;
use crate::context::Owner;
use crate::key::Key;
use crate::names;
use crate::shape::{Shape, Shapes, Slot};

/// The page of a name, as Markdown; none where nothing is known.
pub(crate) fn page(shapes: &Shapes<'_>, key: &Key) -> Option<String> {
    let input = shapes.program.input();
    match key {
        Key::Kind(name) | Key::Platform(name) => Some(described(&shapes.described(name)?)),
        Key::Native(name, read) => {
            let found = describe::describe_native(input, name).ok()?;
            let is_read = |described: &&Described| described.what.starts_with("read ") == *read;
            let chosen = found.iter().find(is_read).or_else(|| found.first())?;
            Some(described(chosen))
        }
        Key::Target(name) => target(shapes, name),
        Key::Type(name) => {
            let found = names::find(input, shapes.path, "type", name)?;
            Some(declaration(&found, found.item.text.as_ref()))
        }
        Key::Function(name) => {
            let found = names::find(input, shapes.path, "fn", name)?;
            let called = calls::declared(&found)?;
            Some(section(&format!("fn {}", called.label()), &called.docs, &whose(&found)))
        }
        Key::BuiltIn(name) => {
            let own = language::FUNCTIONS.iter().find(|function| function.name == name);
            match own {
                Some(own) => {
                    let called = calls::from_signature(own.name, own.signature, own.docs);
                    Some(section(&called.label(), own.docs, "a function of the language"))
                }
                None => built_ins(builtins::named(name).iter().filter(|of| !of.is_method())),
            }
        }
        Key::Method(name) => built_ins(builtins::named(name).iter().filter(|of| of.is_method())),
        Key::Word(word) => word_of_language(word),
        Key::TypeWord(word) => {
            let (word, docs) = language::TYPES.iter().find(|known| known.0 == word)?;
            Some(section(word, docs, "a word of types"))
        }
        Key::Annotation(name) => {
            let form = language::ANNOTATIONS.iter().find(|form| form.name == name)?;
            Some(section(&format!("@{}{}", form.name, form.signature), form.docs, "an annotation"))
        }
        Key::Environment(name) => {
            let found = names::find(input, shapes.path, "environment", name)?;
            Some(declaration(&found, found.item.text.as_ref()))
        }
        Key::Unit(unit) => units(unit),
        Key::Folder(name) => folder(shapes, name),
        Key::Instance(name) => {
            let (named, kind) =
                names::instances(input, shapes.path).into_iter().find(|(named, _)| named.name == *name)?;
            Some(section(&format!("{kind} {name}"), &names::documentation(named.item), &place_of(shapes, key)))
        }
        Key::Member(folder, name) => {
            let steps: Vec<String> = folder.split('.').map(str::to_owned).collect();
            let (word, _, item) = names::of_folder(input, &steps).into_iter().find(|(_, known, _)| known == name)?;
            Some(section(&format!("{word} {name}"), &names::documentation(item), &format!("of the folder `{folder}`")))
        }
        Key::Field(owner, path) => field(shapes, owner, path),
        Key::Output(kind, name) => {
            let described = shapes.described(kind)?;
            let output = described.outputs.iter().find(|output| output.name == *name)?;
            Some(section(&format!("out {name}: {}", output.ty), &output.docs, &format!("an output of `{kind}`")))
        }
        Key::Child(kind, name) => {
            let child = names::children(input, kind).into_iter().find(|child| child.name == *name)?;
            let what = if child.kind.is_empty() { "once" } else { child.kind.as_str() };
            Some(section(&format!("{what} {name}"), "", &format!("made by `{kind}`")))
        }
        Key::Value(text, docs) => {
            (!docs.is_empty()).then(|| section(docs, "", &format!("`{text}` is one of the values of this type")))
        }
        Key::Described(code, docs) => Some(section(code, docs, "")),
        Key::Warning(code) => {
            let page = program::explain(code)?;
            // What it means; the programs of the page stand in the terminal.
            let said = page.split("```").next()?.trim().trim_end_matches("Wrong:").trim_end();
            Some(said.trim_start_matches("# ").to_owned())
        }
    }
}

/// Where a name is declared.
pub(crate) fn place(shapes: &Shapes<'_>, key: &Key) -> Option<Place> {
    let input = shapes.program.input();
    let declared = |keyword: &str, name: &str| {
        names::find(input, shapes.path, keyword, name).and_then(|found| names::name_place(found.item))
    };
    match key {
        Key::Kind(name) => declared("kind", name),
        Key::Platform(name) => declared("platform", name).or_else(|| declared("kind", name)),
        Key::Type(name) => declared("type", name),
        Key::Function(name) => declared("fn", name),
        Key::Environment(name) => declared("environment", name),
        Key::Instance(name) => {
            let found = names::instances(input, shapes.path).into_iter().find(|(named, _)| named.name == *name)?;
            names::name_place(found.0.item)
        }
        Key::Member(folder, name) => {
            let steps: Vec<String> = folder.split('.').map(str::to_owned).collect();
            let found = names::of_folder(input, &steps).into_iter().find(|(_, known, _)| known == name)?;
            names::name_place(found.2)
        }
        Key::Folder(name) => {
            let steps: Vec<String> = name.split('.').map(str::to_owned).collect();
            let found = names::of_folder(input, &steps);
            found.first().map(|(_, _, item)| Place { item: item.id, start: 0, len: 0 })
        }
        Key::Field(owner, path) => {
            let (last, before) = path.split_last()?;
            let shape = walked(shapes, owner, before)?;
            shapes.slot(&shape, last)?.place
        }
        Key::Output(kind, name) => {
            shapes.described(kind)?.outputs.into_iter().find(|output| output.name == *name)?.place
        }
        Key::Child(kind, name) => {
            names::children(input, kind).into_iter().find(|child| child.name == *name).map(|child| child.place)
        }
        _ => None,
    }
}

fn place_of(shapes: &Shapes<'_>, key: &Key) -> String {
    place(shapes, key).map_or_else(String::new, |place| format!("declared at {}", shapes.program.sources().show(place)))
}

/// The record that a path leads to.
fn walked(shapes: &Shapes<'_>, owner: &Owner, path: &[String]) -> Option<Shape> {
    let mut shape = match owner {
        Owner::Kind(name) => Shape::Inputs(name.clone()),
        Owner::Native(name, read) => shapes.native(name, *read).or_else(|| provider(shapes, name))?,
        Owner::Own(own) => Shape::Own(*own),
        Owner::Nobody => return None,
    };
    for step in path {
        let record = shapes.record_in(&shape);
        shape = match shapes.form(&record) {
            crate::shape::Form::Map => shapes.element(&record),
            _ => shapes.slot(&record, step)?.shape,
        };
    }
    Some(shapes.record_in(&shape))
}

/// The arguments of a provider by its whole name.
fn provider(shapes: &Shapes<'_>, name: &str) -> Option<Shape> {
    shapes.program.input().schemas.iter().enumerate().find_map(|(at, named)| {
        let prefix = named.prefix.text();
        let kind = named.schema.kind(prefix, schema::Role::Provider)?;
        (name == format!("{}.{prefix}", named.target.text())).then(|| Shape::Row { schema: at, row: kind.row() })
    })
}

fn field(shapes: &Shapes<'_>, owner: &Owner, path: &[String]) -> Option<String> {
    let (last, before) = path.split_last()?;
    let slot = shapes.slot(&walked(shapes, owner, before)?, last)?;
    let whole = path.join(".");
    let of = match owner {
        Owner::Kind(name) => {
            let from = slot.from.as_ref().unwrap_or(name);
            let whose = shapes.described(name).map_or_else(String::new, |described| described.what);
            let above = if from == name { String::new() } else { format!(", which is a `{from}`") };
            format!("`{whole}` of `{name}`{above}, {whose}")
        }
        Owner::Native(name, _) => {
            let found = describe::describe_native(shapes.program.input(), name).ok();
            let maker = found
                .and_then(|found| found.into_iter().next())
                .map_or_else(String::new, |of| format!(", {}", of.what));
            format!("`{whole}` of `{name}`{maker}")
        }
        Owner::Own(own) => format!("`{whole}` of `{}`", own.word()),
        Owner::Nobody => String::new(),
    };
    Some(section(&declared_as(&slot), &notes(&slot), &of))
}

/// `keep: duration = 14d`
pub(crate) fn declared_as(slot: &Slot) -> String {
    let default = slot.default.as_ref().map_or_else(String::new, |default| format!(" = {default}"));
    format!("{}: {}{default}", slot.name, slot.ty)
}

fn notes(slot: &Slot) -> String {
    let mut lines: Vec<String> = Vec::new();
    if !slot.docs.is_empty() {
        lines.push(slot.docs.clone());
    }
    if let Some(rule) = &slot.rule {
        lines.push(format!("Must hold: {rule}"));
    }
    if slot.required {
        lines.push("Required.".to_owned());
    }
    if slot.decided {
        lines.push("Decided by its maker: it is read, never set.".to_owned());
    }
    lines.join("\n\n")
}

/// Code, what it means, and where that is said.
fn section(code: &str, docs: &str, of: &str) -> String {
    let mut text = format!("```infra\n{}\n```", code.trim());
    for part in [docs.trim(), of.trim()].into_iter().filter(|part| !part.is_empty()) {
        let _ = write!(text, "\n\n{part}");
    }
    text
}

fn described(of: &Described) -> String {
    let required = of.fields.iter().filter(|field| field.required);
    let fields: Vec<String> = required.map(|field| format!("`{}`", field.name)).collect();
    let mut docs = of.docs.clone();
    if let Some(example) = &of.example {
        let _ = write!(docs, "\n\n```infra\n{}\n```", example.trim_end());
    }
    if !fields.is_empty() {
        let _ = write!(docs, "\n\nRequired: {}", fields.join(", "));
    }
    let mut platforms: Vec<&str> = of.implemented.iter().map(|place| place.platform.as_str()).collect();
    platforms.dedup();
    if !platforms.is_empty() {
        let _ = write!(docs, "\n\nImplemented on {}", platforms.join(", "));
    }
    let keyword = if of.native {
        ""
    } else if of.what.starts_with("a platform") {
        "platform "
    } else {
        "kind "
    };
    let all = format!("{}; all of it: `infrac explain {}`", of.what, of.name);
    section(&format!("{keyword}{}", of.name), &docs, &all)
}

/// A declaration as it is written, without its documentation.
fn declaration(found: &names::Named<'_>, text: &str) -> String {
    let code: Vec<&str> = text.lines().skip_while(|line| line.trim_start().starts_with("//")).take(20).collect();
    section(&code.join("\n"), &names::documentation(found.item), &whose(found))
}

fn whose(found: &names::Named<'_>) -> String {
    if found.library { "of the standard library".to_owned() } else { "of this project".to_owned() }
}

/// Every built-in of one name.
fn built_ins<'b>(all: impl Iterator<Item = &'b &'static BuiltIn>) -> Option<String> {
    let parts: Vec<String> = all
        .map(|of| {
            let code = if of.is_method() {
                let receiver = of.signature.trim_start_matches("(self: ").split([',', ')']).next().unwrap_or("");
                let called = calls::built_in(of);
                let receiver = if of.signature.starts_with("(self: {") { "{K: V}" } else { receiver };
                format!("{receiver}.{}", called.label())
            } else {
                format!("{}{}", of.name, of.signature)
            };
            let examples: Vec<String> = of.examples.iter().map(|(code, value)| format!("{code} // {value}")).collect();
            section(&code, &format!("{}\n\n```infra\n{}\n```", of.docs, examples.join("\n")), "")
        })
        .collect();
    (!parts.is_empty()).then(|| parts.join("\n\n---\n\n"))
}

/// The beginning of the section of the reference that says what a word means.
fn word_of_language(word: &str) -> Option<String> {
    let (text, page) = program::explain_word(word)?;
    let of = format!("the reference, {page}; all of it: `infrac explain {word}`");
    let row = text.lines().find(|line| line.strip_prefix("| `").is_some_and(|rest| first_word(rest) == word));
    if let Some((form, meaning)) = row.and_then(|row| row.trim_matches(['|', ' ']).rsplit_once(" | ")) {
        return Some(section(&form.replace('`', ""), &without_links(meaning), &of));
    }
    // A heading, then what is said first; programs and tables stand in the reference.
    let said = text.split("\n\n").skip(1).find(|part| !part.starts_with(['#', '|', '`']))?;
    let plain = without_links(said);
    Some(section(word, &plain, &of))
}

fn first_word(text: &str) -> &str {
    text.split(|letter: char| !letter.is_ascii_alphanumeric()).next().unwrap_or("")
}

/// Links of the reference lead to its other pages: only their words stay.
fn without_links(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        plain.push_str(before);
        match after.split_once("](").and_then(|(words, target)| Some((words, target.split_once(')')?.1))) {
            Some((words, behind)) if !words.contains(['[', '\n']) => {
                plain.push_str(words);
                rest = behind;
            }
            _ => {
                plain.push('[');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    plain
}

fn units(unit: &str) -> Option<String> {
    let size = SIZE_UNITS.iter().find(|(name, _)| *name == unit).map(|(_, bytes)| ("size", *bytes, "bytes"));
    let time =
        DURATION_UNITS.iter().find(|(name, _)| *name == unit).map(|(_, time)| ("duration", *time, "nanoseconds"));
    let (of, amount, smallest) = size.or(time)?;
    // A minute is told in seconds, a millisecond in nanoseconds.
    let second = 1_000_000_000;
    let (amount, smallest) = match of {
        "duration" if amount > second => (amount / second, "seconds"),
        _ => (amount, smallest),
    };
    Some(section(&format!("1{unit}"), &format!("{} {smallest}", with_commas(amount)), &format!("a unit of `{of}`")))
}

fn with_commas(number: i64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn target(shapes: &Shapes<'_>, name: &str) -> Option<String> {
    let of: Vec<String> = shapes
        .program
        .input()
        .schemas
        .iter()
        .filter(|named| named.target.text() == name)
        .map(|named| {
            let maker = named.schema.maker();
            let kinds = named.schema.kinds().filter(|kind| kind.role() != schema::Role::Provider).count();
            let source = if maker.source.is_empty() { maker.target } else { maker.source };
            format!("{kinds} kinds of {source} {}", maker.version)
        })
        .collect();
    (!of.is_empty()).then(|| section(name, &of.join("\n\n"), "native kinds, typed by their makers"))
}

fn folder(shapes: &Shapes<'_>, name: &str) -> Option<String> {
    let steps: Vec<String> = name.split('.').map(str::to_owned).collect();
    let declared = names::of_folder(shapes.program.input(), &steps);
    if declared.is_empty() {
        return None;
    }
    let lines: Vec<String> = declared.iter().map(|(word, name, _)| format!("`{word} {name}`")).collect();
    Some(section(&format!("use {name}"), &lines.join(", "), "a folder of this project"))
}
