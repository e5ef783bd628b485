//! Files as they are: any text can be an artefact. What is known is written; the content of a file that another tool decides goes through
//! a pipe into its place, and stands in no file of infrac's before.

pub mod path;

use graph::Resource;
use source::{Diagnostic, Name};
use value::{Step, Store, Value, ValueId};

use crate::Settings;
use crate::body::open_references;
use crate::crossing::{As, Crossing, Form};
use crate::document::{Document, Line, Paths, Subject};
use crate::hash::short_hash;
use crate::index::Index;
use crate::step::{Command, Run};
use crate::target::{Artefact, Input, Target, own};
use crate::writer::Node;

const NAME: &str = "files";
/// Who may read a file that holds a secret, where it says nothing else: its owner.
const SECRET: u32 = 0o600;
const PLAIN: u32 = 0o644;

/// What can stand in a file: what infrac writes itself, and what it does not see.
const CONTENTS: [&str; 2] = ["content", "withheld"];

/// Files below a folder of their own.
pub struct Files;

impl Target for Files {
    fn name(&self) -> &'static str {
        NAME
    }
    fn artefacts(&self, index: &Index<'_>, _: &Settings) -> Vec<Artefact> {
        Artefact::whole(&Files, index)
    }
    fn receives<'g>(&self, input: &Input<'_, 'g>, artefact: usize, told: &mut Vec<Diagnostic>) -> Vec<Crossing<'g>> {
        let members: Vec<(usize, &Resource)> = input.members(artefact).collect();
        members.into_iter().filter_map(|(at, resource)| receive(input, artefact, at, resource, told)).collect()
    }
    fn refuse(&self, input: &Input<'_, '_>, told: &mut Vec<Diagnostic>) {
        path::refuse(input.index, own(input.index, NAME), told);
    }
    fn documents(&self, input: &Input<'_, '_>, artefact: usize, told: &mut Vec<Diagnostic>) -> Vec<Document> {
        let known = input.members(artefact).filter(|(at, _)| !is_handed(input, *at));
        known.filter_map(|(at, resource)| document(input, at, resource, told)).filter(|_| input.write).collect()
    }
    fn awaited(&self, input: &Input<'_, '_>, artefact: usize) -> Vec<String> {
        let handed = input.given_to(artefact).filter_map(|crossing| crossing.member);
        handed.filter_map(|at| path_of(input.index, at)).collect()
    }
    fn steps(&self, input: &Input<'_, '_>, artefact: usize) -> Vec<crate::step::Step> {
        steps(input, artefact)
    }
}

fn is_handed(input: &Input<'_, '_>, at: usize) -> bool {
    input.crossings.iter().any(|crossing| crossing.member == Some(at) && crossing.takes == As::File)
}

fn field(index: &Index<'_>, at: usize, name: &str) -> ValueId {
    index.store.field(index.body(at), Name::new(name)).unwrap_or(Store::ABSENT)
}

/// A field of a resource that is a known text.
pub fn text(index: &Index<'_>, at: usize, name: &str) -> Option<String> {
    match index.store.get(field(index, at, name)) {
        Value::Text(text) => Some(text.to_string()),
        _ => None,
    }
}

/// Its path below the folder of the environment.
fn path_of(index: &Index<'_>, at: usize) -> Option<String> {
    Some(format!("{NAME}/{}", text(index, at, "path")?))
}

/// What stands in it, and the field that says so.
fn content_of(index: &Index<'_>, at: usize) -> Option<(&'static str, ValueId)> {
    let all = CONTENTS.map(|name| (name, field(index, at, name)));
    all.into_iter().find(|(_, value)| *value != Store::ABSENT)
}

fn receive<'g>(
    input: &Input<'_, 'g>,
    to: usize,
    at: usize,
    resource: &'g Resource,
    told: &mut Vec<Diagnostic>,
) -> Option<Crossing<'g>> {
    let index = input.index;
    let (name, content) = content_of(index, at)?;
    let open = open_references(index.store, content);
    if open.is_empty() {
        return None;
    }
    let path = [Step::Field(Name::new(name))];
    let before = told.len();
    let Some(source) = input.source(resource, &path, content, told) else {
        // Its own mistake was told, or no tool is given what it waits for: `infrac apply` is, so only who writes files is refused.
        if told.len() == before && input.write {
            let message =
                format!("`{}` holds a secret that no tool of the program is given", index.address(resource.address));
            let help =
                "`infrac apply` writes it itself; or let a `secret` of the cloud keep it, whose tool hands it over";
            told.push(index.error("only_applied", resource, &path, message).help(help));
        }
        return None;
    };
    match source.hands.later(index, content, Form::Text) {
        Ok(text) => Some(Crossing {
            from: source.artefact,
            to,
            member: Some(at),
            of: source.of,
            name: name_of(&index.address(resource.address)),
            takes: As::File,
            value: Node::At(Subject::Resource(at as u32), path.to_vec(), Box::new(Node::text(text))),
            secret: open.iter().any(|open| open.secret),
        }),
        Err(refusal) => {
            told.push(index.error(refusal.code, resource, &path, refusal.message).help(refusal.help));
            None
        }
    }
}

/// What the content is called where it comes from. It depends on the file's own address alone.
fn name_of(address: &str) -> String {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let plain: String = address.chars().map(|character| if is_plain(character) { character } else { '_' }).collect();
    match plain == address {
        true => format!("file_{plain}"),
        false => format!("file_{plain}_{:08x}", short_hash(address)),
    }
}

fn document(input: &Input<'_, '_>, at: usize, resource: &Resource, told: &mut Vec<Diagnostic>) -> Option<Document> {
    let index = input.index;
    let path = path_of(index, at)?;
    let (name, content) = content_of(index, at)?;
    let steps = [Step::Field(Name::new(name))];
    let Value::Text(text) = index.store.get(content) else {
        // A later one that nobody hands over was told before.
        if !index.store.holds(content).reference() {
            told.push(index.not_lowered(resource, &steps, index.store.get(content)));
        }
        return None;
    };
    let mut paths = Paths::default();
    let content = steps.into_iter().fold(crate::PathId::ROOT, |path, step| paths.child(path, step));
    let line = Line { subject: Subject::Resource(at as u32), path: content };
    let mode = path::mode(index, at).filter(|mode| *mode != PLAIN);
    let lines = if input.settings.lines { vec![line; text.lines().count()] } else { Vec::new() };
    Some(Document { path, text: text.to_string(), lines, paths, mode })
}

fn steps(input: &Input<'_, '_>, artefact: usize) -> Vec<crate::step::Step> {
    let mut folders: Vec<String> = Vec::new();
    let mut writes = Vec::new();
    for crossing in input.given_to(artefact) {
        let member = crossing.member.and_then(|at| Some((at, path_of(input.index, at)?)));
        let (Some((at, path)), Some(from)) = (member, input.artefacts.get(crossing.from)) else { continue };
        let Some(hands) = from.target.hands() else { continue };
        let mode = path::mode(input.index, at).unwrap_or(if crossing.secret { SECRET } else { PLAIN });
        let (mode, file) = (format!("{mode:o}"), input.settings.below_out(&path));
        let write = Command::new("install", ["-m", &mode, "/dev/stdin", &file]);
        let write = write.reading(hands.print(input, from, &crossing.name));
        writes.push(crate::step::Step::new(path.clone(), Run::Command(write)));
        if let Some((folder, _)) = path.rsplit_once('/') {
            folders.push(input.settings.below_out(folder));
        }
    }
    folders.sort();
    folders.dedup();
    if folders.is_empty() {
        return writes;
    }
    let arguments = ["-p".to_owned()].into_iter().chain(folders);
    let make = crate::step::Step::new(format!("{NAME}/folders"), Run::Command(Command::new("mkdir", arguments)));
    [make].into_iter().chain(writes).collect()
}
