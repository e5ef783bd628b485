//! Machines: what an `ansible.host` says of one, and the role whose play it stands in.

use rustc_hash::FxHashMap;
use source::Diagnostic;
use value::{AddressId, Step};

use crate::files::text;
use crate::index::Index;
use crate::target::Input;

/// The kind that is no module but a machine.
pub const HOST: &str = "host";

/// A machine of the inventory.
pub struct Machine {
    /// The position of its `ansible.host` in the graph.
    pub at: usize,
    pub name: String,
    pub role: String,
}

/// The machines of an artefact, and which of them stands for an address: its own, that of the instance that made it, or that of the one that
/// it stands for.
pub struct Machines {
    pub all: Vec<Machine>,
    by_address: FxHashMap<AddressId, usize>,
}

impl Machines {
    /// Those of an artefact, by address. Two of one name, and names that are no words for a play, are told.
    pub fn new(input: &Input<'_, '_>, artefact: usize, told: &mut Vec<Diagnostic>) -> Self {
        let mut machines = Self { all: Vec::new(), by_address: FxHashMap::default() };
        let mut names: FxHashMap<String, usize> = FxHashMap::default();
        for (at, resource) in input.members(artefact).filter(|(_, resource)| resource.kind.name.text() == HOST) {
            let (Some(name), Some(role)) = (text(input.index, at, "name"), text(input.index, at, "role")) else {
                continue;
            };
            tell_bad_role(input.index, at, &role, told);
            if let Some(other) = names.insert(name.clone(), at) {
                tell_same_name(input.index, other, at, &name, told);
                continue;
            }
            let position = machines.all.len();
            machines.by_address.insert(resource.address, position);
            machines.by_address.extend(resource.owner.map(|owner| (owner, position)));
            machines.by_address.extend(resource.home.host.map(|host| (host, position)));
            machines.all.push(Machine { at, name, role });
        }
        machines
    }

    /// The machine that something stands on.
    pub fn at(&self, home: Option<AddressId>) -> Option<usize> {
        self.by_address.get(&home?).copied()
    }
}

fn tell_bad_role(index: &Index<'_>, at: usize, role: &str, told: &mut Vec<Diagnostic>) {
    let begins = role.starts_with(|letter: char| letter.is_ascii_lowercase());
    let is_word = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    if begins && role.chars().all(is_word) && role != "all" && role != "ungrouped" {
        return;
    }
    let Some(resource) = index.graph.resources.get(at) else { return };
    let path = [Step::Field(source::Name::new("role"))];
    let message = format!("`{role}` cannot be the role of a machine");
    let help =
        "a role begins with a small letter and has small letters, digits and `_`; `all` and `ungrouped` are taken";
    told.push(index.error("wrong_name", resource, &path, message).help(help));
}

fn tell_same_name(index: &Index<'_>, first: usize, second: usize, name: &str, told: &mut Vec<Diagnostic>) {
    let resource = |at: usize| index.graph.resources.get(at);
    let (Some(first), Some(second)) = (resource(first), resource(second)) else { return };
    let message = format!(
        "`{}` and `{}` are both called `{name}` in the inventory",
        index.address(first.address),
        index.address(second.address)
    );
    let path = [Step::Field(source::Name::new("name"))];
    let told_of = index.error("same_name", second, &path, message).also(index.place(first, &path), "the other one");
    told.push(told_of.help("give one of them another name"));
}
