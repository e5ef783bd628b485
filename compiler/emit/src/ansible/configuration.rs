//! What frames the tasks: the playbook, the settings of the tool and of its linter, and the collections that are needed.

use std::collections::BTreeSet;

use super::machines::HOST;
use super::plays::Plays;
use super::{below, inventory};
use crate::document::{Document, Line, PathId, Paths, Subject};
use crate::target::Input;
use crate::writer::{Node, write_yaml};

/// The collection that comes with the tool.
const BUILTIN: &str = "builtin";
/// Versions of collections that are needed beside it.
const VERSIONS: [(&str, &str); 1] = [("posix", "2.1.0")];

// Machines are known by their keys; a task goes over a connection that is there already, and one that has much to do may take its time.
const SETTINGS: &str = "\
[defaults]
inventory = inventory.yml
roles_path = roles
host_key_checking = True
forks = 20
timeout = 30
interpreter_python = auto_silent

[ssh_connection]
pipelining = True
";

const LINTER: &str = "\
profile: production
offline: true
";

// Texts of the program stand as they are, however long their lines are.
const LINES: &str = "\
extends: default
rules:
  comments:
    min-spaces-from-content: 1
    require-starting-space: false
  comments-indentation: disable
  document-start: disable
  line-length: disable
  truthy: disable
  braces:
    max-spaces-inside: 1
  octal-values:
    forbid-implicit-octal: true
    forbid-explicit-octal: true
";

/// The files that no task stands in.
pub fn documents(input: &Input<'_, '_>, artefact: usize, plays: &Plays) -> Vec<Document> {
    let mut documents = vec![
        playbook(input, plays),
        plain(input, "ansible.cfg", SETTINGS),
        plain(input, ".ansible-lint", LINTER),
        plain(input, ".yamllint", LINES),
    ];
    documents.extend(requirements(input, artefact));
    documents
}

fn plain(input: &Input<'_, '_>, path: &str, text: &str) -> Document {
    let line = Line { subject: Subject::Frame, path: PathId::ROOT };
    let lines = if input.settings.lines { vec![line; text.lines().count()] } else { Vec::new() };
    Document { path: below(path), text: text.to_owned(), lines, paths: Paths::default(), mode: None }
}

/// A play for each role, behind the question whether the tool reads texts as they are written here.
fn playbook(input: &Input<'_, '_>, plays: &Plays) -> Document {
    let asked = Node::map([
        ("that", Node::text("ansible_version.full is version('2.19', '>=')")),
        ("fail_msg", Node::text("these files are written for ansible-core 2.19 or newer")),
    ]);
    let mut tasks = vec![Node::map([("name", Node::text("Ask for its version")), ("ansible.builtin.assert", asked)])];
    if inventory::keeps_keys(input, plays) {
        tasks.push(place_of_keys(input));
    }
    let mut all = vec![Node::map([
        ("name", Node::text("Release of Ansible")),
        ("hosts", Node::text("localhost")),
        ("connection", Node::text("local")),
        ("gather_facts", Node::Bool(false)),
        ("tasks", Node::List(tasks)),
    ])];
    for play in plays.all.iter().filter(|play| !play.tasks.is_empty()) {
        let mut letters = play.role.chars();
        let name: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
        let first = play.machines.first().and_then(|at| plays.machines.get(*at));
        let subject = first.map_or(Subject::Frame, |machine| Subject::Resource(machine.at as u32));
        let node = Node::map([
            ("name", Node::text(name)),
            ("hosts", Node::text(play.role.clone())),
            ("become", Node::Bool(true)),
            ("roles", Node::List(vec![Node::text(play.role.clone())])),
        ]);
        all.push(node.of(subject));
    }
    write_yaml(below("playbook.yml"), &[Node::List(all)], input.settings.lines)
}

/// SSH keeps nothing in a folder that is not there, and would take any key the next time.
fn place_of_keys(input: &Input<'_, '_>) -> Node<'static> {
    let folder = input.settings.kept.from_artefact("");
    let options = Node::map([
        ("path", Node::text(format!("{{{{ playbook_dir }}}}/{}", folder.trim_end_matches('/')))),
        ("state", Node::text("directory")),
        ("mode", Node::text("0700")),
    ]);
    Node::map([("name", Node::text("Have a place for the keys of machines")), ("ansible.builtin.file", options)])
}

/// The collections of the modules that are used, but for that of the tool itself.
pub fn collections(input: &Input<'_, '_>, artefact: usize) -> BTreeSet<String> {
    let kinds = input.members(artefact).map(|(_, resource)| resource.kind.name.text());
    let collections = kinds.filter(|kind| *kind != HOST).filter_map(|kind| kind.split_once('.'));
    collections.filter(|(collection, _)| *collection != BUILTIN).map(|(collection, _)| collection.to_owned()).collect()
}

fn requirements(input: &Input<'_, '_>, artefact: usize) -> Option<Document> {
    let needed = collections(input, artefact);
    let entry = |collection: &String| {
        let version = VERSIONS.iter().find(|(name, _)| name == collection).map(|(_, version)| *version);
        let name = ("name", Node::text(format!("{}.{collection}", super::NAME)));
        Node::map([name].into_iter().chain(version.map(|version| ("version", Node::text(version)))))
    };
    let list = Node::List(needed.iter().map(entry).collect());
    let path = below("requirements.yml");
    (!needed.is_empty()).then(|| write_yaml(path, &[Node::map([("collections", list)])], input.settings.lines))
}
