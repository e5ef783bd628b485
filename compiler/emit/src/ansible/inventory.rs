//! The inventory: each machine below its role, with how it is reached; and the keys by which machines are known.

use source::{Diagnostic, Name};
use value::{Step, Store, Value, ValueId};

use super::alike::Templates;
use super::below;
use super::machines::Machine;
use super::plays::Plays;
use super::texts::Texts;
use crate::body::node;
use crate::document::{Document, Line, Paths, Subject};
use crate::target::Input;
use crate::writer::{Entry, Node, write_yaml};

/// Fields of a machine and the variables of Ansible's that they are.
const VARIABLES: [(&str, &str); 5] = [
    ("address", "ansible_host"),
    ("port", "ansible_port"),
    ("user", "ansible_user"),
    ("key_file", "ansible_ssh_private_key_file"),
    ("python", "ansible_python_interpreter"),
];

/// The machines of all roles.
pub fn inventory<'g>(
    input: &Input<'_, 'g>,
    plays: &Plays,
    texts: &mut Texts<'g>,
    told: &mut Vec<Diagnostic>,
) -> Document {
    let mut roles: Vec<Entry<'_>> = Vec::new();
    for play in &plays.all {
        let machines = play.machines.iter().filter_map(|at| plays.machines.get(*at));
        let hosts: Vec<Entry<'_>> = machines
            .filter_map(|machine| Some((machine.name.clone().into(), host(input, plays, machine, texts, told)?)))
            .collect();
        roles.push((play.role.clone().into(), Node::map([("hosts", Node::Map(hosts))])));
    }
    let all = Node::map([("all", Node::map([("children", Node::Map(roles))]))]);
    write_yaml(below("inventory.yml"), &[all], input.settings.lines)
}

fn host<'g>(
    input: &Input<'_, 'g>,
    plays: &Plays,
    machine: &Machine,
    texts: &mut Texts<'g>,
    told: &mut Vec<Diagnostic>,
) -> Option<Node<'g>> {
    let resource = input.index.graph.resources.get(machine.at)?;
    let store = input.index.store;
    let mut leaves = Templates { input, at: machine.at, resource, texts, told, secret: false };
    let mut value = |of: ValueId, path: Vec<Step>| {
        let value = node(store, of, &mut path.clone(), &mut leaves)?;
        Some(Node::At(Subject::Resource(machine.at as u32), path, Box::new(value)))
    };
    let mut entries: Vec<Entry<'g>> = Vec::new();
    for (name, variable) in VARIABLES {
        let path = vec![Step::Field(Name::new(name))];
        entries.extend(value(field(input, machine, name), path).map(|value| (variable.into(), value)));
    }
    let jump = field(input, machine, "jump");
    let step = |name: &str| Step::Field(Name::new(name));
    let address = store.field(jump, Name::new("address"));
    let address = address.and_then(|id| value(id, vec![step("jump"), step("address")]));
    let ways = ways(input, plays, machine, address.as_ref().and_then(Node::as_text));
    if !ways.is_empty() {
        let path = if jump == Store::ABSENT { "host_keys" } else { "jump" };
        let ways =
            Node::At(Subject::Resource(machine.at as u32), vec![step(path)], Box::new(Node::text(ways.join(" "))));
        entries.push(("ansible_ssh_common_args".into(), ways));
    }
    if let Value::Map(own) = store.get(field(input, machine, "vars")) {
        for (key, of) in own {
            let Value::Text(key) = store.get(*key) else { continue };
            let path = vec![step("vars"), Step::Key(Name::new(key))];
            entries.extend(value(*of, path).map(|value| ((&**key).into(), value)));
        }
    }
    Some(Node::Map(entries).of(Subject::Resource(machine.at as u32)))
}

fn field(input: &Input<'_, '_>, machine: &Machine, name: &str) -> ValueId {
    let index = input.index;
    index.store.field(index.body(machine.at), Name::new(name)).unwrap_or(Store::ABSENT)
}

/// Arguments for SSH: by which keys the machine is known, and the machine in between.
fn ways(input: &Input<'_, '_>, plays: &Plays, machine: &Machine, jump: Option<&str>) -> Vec<String> {
    let mut ways = Vec::new();
    let known = "-o StrictHostKeyChecking=yes -o 'UserKnownHostsFile=\"{{ inventory_dir }}/known_hosts\"'";
    if !host_keys(input, machine).is_empty() {
        ways.push(known.to_owned());
    }
    if let Some(address) = jump {
        let store = input.index.store;
        let of = field(input, machine, "jump");
        let part = |name: &str| store.field(of, Name::new(name)).and_then(|id| store.text_of(id).ok());
        let user = part("user").map_or_else(String::new, |user| format!("{user}@"));
        let port = part("port").unwrap_or_else(|| "22".to_owned());
        let key = part("key_file").map_or_else(String::new, |key| format!(" -i {key}"));
        // The one in between is asked for its own key.
        let is_jump = |other: &&Machine| store.text_of(field(input, other, "address")).is_ok_and(|own| own == *address);
        let jump = plays.machines.iter().find(is_jump);
        let is_known = jump.is_some_and(|jump| !host_keys(input, jump).is_empty());
        let known = if is_known { format!(" {}", known.replace('"', "\\\"")) } else { String::new() };
        ways.push(format!("-o ProxyCommand=\"ssh -W [%h]:%p -p {port}{key}{known} {user}{address}\""));
    }
    ways
}

fn host_keys(input: &Input<'_, '_>, machine: &Machine) -> Vec<String> {
    match input.index.store.get(field(input, machine, "host_keys")) {
        Value::List(keys) => keys.iter().filter_map(|key| input.index.store.text_of(*key).ok()).collect(),
        _ => Vec::new(),
    }
}

/// The keys of machines, a line each; none where no machine says its own.
pub fn known_hosts(input: &Input<'_, '_>, plays: &Plays) -> Option<Document> {
    let store = input.index.store;
    let (mut text, mut lines, mut paths) = (String::new(), Vec::new(), Paths::default());
    for machine in &plays.machines {
        let Ok(address) = store.text_of(field(input, machine, "address")) else { continue };
        let port = match store.get(field(input, machine, "port")) {
            Value::Int(port) if *port != 22 => Some(*port),
            _ => None,
        };
        let name = port.map_or_else(|| address.to_string(), |port| format!("[{address}]:{port}"));
        let of = paths.child(crate::PathId::ROOT, Step::Field(Name::new("host_keys")));
        for (at, key) in host_keys(input, machine).into_iter().enumerate() {
            text.push_str(&format!("{name} {key}\n"));
            let path = paths.child(of, Step::Index(at as u32));
            lines.push(Line { subject: Subject::Resource(machine.at as u32), path });
        }
    }
    let lines = if input.settings.lines { lines } else { Vec::new() };
    (!text.is_empty()).then(|| Document { path: below("known_hosts"), text, lines, paths, mode: None })
}
