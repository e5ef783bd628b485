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

/// The file with the keys of machines that the program made, among what outlives a build.
pub const KEPT_KEYS: &str = "known_hosts";

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
    entries.extend(ssh_arguments(input, plays, machine, &mut value));
    if let Value::Map(own) = store.get(field(input, machine, "vars")) {
        for (key, of) in own {
            let Value::Text(key) = store.get(*key) else { continue };
            let path = vec![step("vars"), Step::Key(Name::new(key))];
            entries.extend(value(*of, path).map(|value| ((&**key).into(), value)));
        }
    }
    Some(Node::Map(entries).of(Subject::Resource(machine.at as u32)))
}

fn step(name: &str) -> Step {
    Step::Field(Name::new(name))
}

/// How SSH knows a machine, and the way to it.
fn ssh_arguments<'g>(
    input: &Input<'_, 'g>,
    plays: &Plays,
    machine: &Machine,
    value: &mut impl FnMut(ValueId, Vec<Step>) -> Option<Node<'g>>,
) -> Option<Entry<'g>> {
    let jump = field(input, machine, "jump");
    let mut text = |of: ValueId, path: Vec<Step>| value(of, path)?.as_text().map(str::to_owned);
    let known_as = text(field(input, machine, "known_as"), vec![step("known_as")]);
    let mut of_jump =
        |name: &str| text(input.index.store.field(jump, Name::new(name))?, vec![step("jump"), step(name)]);
    let (through, jump_known_as) = (of_jump("address"), of_jump("known_as"));
    let mut arguments = Vec::new();
    arguments.extend(known_by(input, machine_keys(input, machine), known_as.as_deref()));
    if let Some(address) = &through {
        arguments.push(through_jump(input, plays, machine, address, jump_known_as.as_deref()));
    }
    let said_by = match (through, known_as) {
        (Some(_), _) => vec![step("jump"), step("address")],
        (None, Some(_)) => vec![step("known_as")],
        (None, None) => vec![step("host_keys")],
    };
    let arguments = (!arguments.is_empty()).then(|| Node::text(arguments.join(" ")))?;
    let arguments = Node::At(Subject::Resource(machine.at as u32), said_by, Box::new(arguments));
    Some(("ansible_ssh_common_args".into(), arguments))
}

fn field(input: &Input<'_, '_>, machine: &Machine, name: &str) -> ValueId {
    let index = input.index;
    index.store.field(index.body(machine.at), Name::new(name)).unwrap_or(Store::ABSENT)
}

/// Arguments for SSH: by which key a machine is known. One that the program made had none that anybody could know: the first that it shows is
/// kept under its own name, and none but this is taken from then on. All others have to be known before.
fn known_by(input: &Input<'_, '_>, has_keys: bool, known_as: Option<&str>) -> Option<String> {
    match known_as {
        _ if has_keys => Some(format!("-o StrictHostKeyChecking=yes -o {}", key_file("known_hosts"))),
        Some(name) => {
            let file = key_file(&input.settings.kept.from_artefact(KEPT_KEYS));
            Some(format!("-o StrictHostKeyChecking=accept-new -o HostKeyAlias={name} -o {file}"))
        }
        None => None,
    }
}

fn key_file(path: &str) -> String {
    format!("'UserKnownHostsFile=\"{{{{ inventory_dir }}}}/{path}\"'")
}

/// Arguments for SSH: the way through the machine in between, which is asked for its own key.
fn through_jump(
    input: &Input<'_, '_>,
    plays: &Plays,
    machine: &Machine,
    address: &str,
    known_as: Option<&str>,
) -> String {
    let store = input.index.store;
    let of = field(input, machine, "jump");
    let part = |name: &str| store.field(of, Name::new(name)).and_then(|id| store.text_of(id).ok());
    let user = part("user").map_or_else(String::new, |user| format!("{user}@"));
    let port = part("port").unwrap_or_else(|| "22".to_owned());
    // A shell reads it: what parts its words is kept from that.
    let key = part("key_file").map_or_else(String::new, |key| format!(" -i {}", key.replace(' ', "\\ ")));
    let is_jump = |other: &&Machine| store.text_of(field(input, other, "address")).is_ok_and(|own| own == address);
    let has_keys = plays.machines.iter().find(is_jump).is_some_and(|jump| machine_keys(input, jump));
    let known = known_by(input, has_keys, known_as)
        .map_or_else(String::new, |known| format!(" {}", known.replace('"', "\\\"")));
    format!("-o ProxyCommand=\"ssh -W [%h]:%p -p {port}{key}{known} {user}{address}\"")
}

fn machine_keys(input: &Input<'_, '_>, machine: &Machine) -> bool {
    !host_keys(input, machine).is_empty()
}

/// Whether the key of some machine, or of one in between, is kept when it shows it for the first time.
pub fn keeps_keys(input: &Input<'_, '_>, plays: &Plays) -> bool {
    let has = |of: ValueId| input.index.store.field(of, Name::new("known_as")).is_some_and(|id| id != Store::ABSENT);
    plays.machines.iter().any(|machine| has(input.index.body(machine.at)) || has(field(input, machine, "jump")))
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
