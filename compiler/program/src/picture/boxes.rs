//! What becomes a box: the instances that the user's files make, also within kinds of the user's own, and native resources beside
//! them; one box for all that a loop makes on one platform, and of many one for a folder.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ::picture::Node;
use check::checked::Kind;
use graph::Graph;
use rustc_hash::{FxHashMap, FxHashSet};
use source::{Name, Place};
use value::AddressId;

use crate::Program;
use crate::reach::{End, Port, declared_flows, ports};
use crate::why::Spot;

/// What is drawn as one box.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Together {
    /// What a loop makes.
    Loops,
    /// All that the files of a folder make.
    Folders,
    /// All of a kind.
    Kinds,
}

impl Together {
    pub fn words(self) -> &'static str {
        match self {
            Self::Loops => "by statement",
            Self::Folders => "by folder",
            Self::Kinds => "by kind",
        }
    }

    /// What all have in common that are drawn as one box.
    fn key(self, graph: &Graph, unit: &Unit, file: &str) -> String {
        match self {
            Self::Loops => statement_text(graph, unit.address),
            Self::Folders => match folder(file) {
                "." => graph.project.text().to_owned(),
                folder => folder.to_owned(),
            },
            Self::Kinds => unit.kind.clone(),
        }
    }
}

/// The boxes of a picture.
pub(super) struct Boxes {
    pub nodes: Vec<Node>,
    /// The platforms that boxes stand on: their frames.
    pub platforms: Vec<Arc<str>>,
    /// How many instances the user's files make.
    pub instances: usize,
    /// How many folders make them.
    pub folders: usize,
    /// Whether ports are drawn.
    pub ports: bool,
    of_unit: FxHashMap<AddressId, usize>,
    outside: BTreeMap<String, usize>,
}

/// Something that the user's files make.
struct Unit {
    address: AddressId,
    kind: String,
    platform: Option<Arc<str>>,
    place: Place,
}

impl Boxes {
    pub fn of(program: &Program, graph: &Graph, together: Together) -> Self {
        let units = units(graph);
        let mut boxes = Self {
            nodes: Vec::new(),
            platforms: Vec::new(),
            instances: units.len(),
            folders: 0,
            ports: together == Together::Loops,
            of_unit: FxHashMap::default(),
            outside: BTreeMap::new(),
        };
        // In the order of their texts.
        let mut platforms: Vec<Arc<str>> = units.iter().filter_map(|unit| unit.platform.clone()).collect();
        platforms.sort();
        platforms.dedup();
        boxes.platforms = platforms;
        let mut folders: BTreeSet<String> = BTreeSet::new();
        let mut known: FxHashMap<(String, Option<Arc<str>>), usize> = FxHashMap::default();
        let mut names: Vec<Vec<String>> = Vec::new();
        for unit in &units {
            let address = graph.store.address_text(unit.address);
            let at = Spot::of(program.sources(), unit.place);
            folders.insert(folder(&at.file).to_owned());
            let key = together.key(graph, unit, &at.file);
            let position = *known.entry((key.clone(), unit.platform.clone())).or_insert_with(|| {
                let frame = unit.platform.as_ref().and_then(|platform| boxes.platforms.binary_search(platform).ok());
                boxes.nodes.push(Node {
                    address: key.clone(),
                    title: key,
                    kind: unit.kind.clone(),
                    note: String::new(),
                    count: 0,
                    ports: Vec::new(),
                    frame,
                    tip: String::new(),
                    at: if together == Together::Loops { at.to_string() } else { String::new() },
                });
                names.push(Vec::new());
                boxes.nodes.len() - 1
            });
            boxes.of_unit.insert(unit.address, position);
            boxes.nodes.get_mut(position).into_iter().for_each(|node| node.count += 1);
            if let Some(names) = names.get_mut(position) {
                names.push(address);
            }
        }
        boxes.folders = folders.len();
        for (node, names) in boxes.nodes.iter_mut().zip(&names) {
            finish(node, names, together);
        }
        if boxes.ports {
            boxes.declare_ports(program, graph);
        }
        boxes
    }

    /// All ports of what stands for itself in a picture.
    fn declare_ports(&mut self, program: &Program, graph: &Graph) {
        for instance in &graph.instances {
            let Some(at) = self.of_unit.get(&instance.address).copied() else { continue };
            for (label, port) in ports_of(program, graph, instance) {
                self.port(at, format!("{label} {port}"));
            }
        }
    }

    /// What an address belongs to that has a box of its own, with the position of the box.
    pub fn unit(&self, graph: &Graph, address: AddressId) -> Option<(AddressId, usize)> {
        above(graph, address).find_map(|address| Some((address, *self.of_unit.get(&address)?)))
    }

    /// The row of a port in a box, which gets it when it has none.
    pub fn port(&mut self, at: usize, text: String) -> Option<usize> {
        let ports = &mut self.nodes.get_mut(at)?.ports;
        Some(ports.iter().position(|known| *known == text).unwrap_or_else(|| {
            ports.push(text);
            ports.len() - 1
        }))
    }

    /// The box of an end that the program does not make: as a caller and as called it stands in two places.
    pub fn outside(&mut self, name: &str, calls: bool) -> usize {
        let key = format!("{name} {calls}");
        let next = self.nodes.len();
        let position = *self.outside.entry(key).or_insert(next);
        if position == next {
            self.nodes.push(Node {
                address: name.to_owned(),
                title: name.to_owned(),
                kind: String::new(),
                note: String::new(),
                count: 1,
                ports: Vec::new(),
                frame: None,
                tip: format!("{name}: not made by this program"),
                at: String::new(),
            });
        }
        position
    }
}

/// Its name when it is alone, and what is said of it.
fn finish(node: &mut Node, names: &[String], together: Together) {
    const TOLD: usize = 12;
    if let (Together::Loops, [only]) = (together, names) {
        node.title.clone_from(only);
        node.address.clone_from(only);
    }
    if together == Together::Folders {
        node.kind = "folder".to_owned();
    }
    let kind = node.kind.clone();
    let told = names.iter().take(TOLD).cloned().collect::<Vec<_>>().join(", ");
    let more = names.len().checked_sub(TOLD).filter(|more| *more > 0).map(|more| format!(" and {more} more"));
    let at = if node.at.is_empty() { String::new() } else { format!("\n{}", node.at) };
    node.tip = format!("{told}{}: {kind}{at}", more.unwrap_or_default());
}

/// The address without keys: what all have in common that loops make of one statement.
fn statement_text(graph: &Graph, address: AddressId) -> String {
    let mut names: Vec<&str> = above(graph, address).map(|address| graph.store.step(address).name.text()).collect();
    names.reverse();
    names.join(".")
}

/// An address and those above it, nearest first.
fn above(graph: &Graph, address: AddressId) -> impl Iterator<Item = AddressId> {
    std::iter::successors(Some(address), |address| graph.store.step(*address).parent)
}

/// The folder of a file as the user writes it.
fn folder(file: &str) -> &str {
    file.rsplit_once('/').map_or(".", |(folder, _)| folder)
}

/// The ports of an instance, with their names.
pub(super) fn ports_of(program: &Program, graph: &Graph, instance: &graph::Instance) -> Vec<(Name, Port)> {
    let kind = program.checked().0.kinds.iter().find(|kind| kind.full_name == instance.kind);
    let value = kind.and_then(Kind::ports).and_then(|input| graph.store.field(instance.inputs, input.name));
    value.map(|value| ports(graph, value)).unwrap_or_default()
}

/// What the user's own files make, in the order of the addresses. What only bundles others is not among them, unless a flow names it.
fn units(graph: &Graph) -> Vec<Unit> {
    let own = |instance: &&graph::Instance| !instance.place.item.is_of_library();
    let own: FxHashMap<AddressId, &graph::Instance> =
        graph.instances.iter().filter(own).map(|instance| (instance.address, instance)).collect();
    let mut named: FxHashSet<AddressId> = FxHashSet::default();
    for flow in declared_flows(graph) {
        named.extend(flow.from.iter().chain(&flow.to).filter_map(|end| match end {
            End::Instance(address) | End::Endpoint(address, _) => Some(*address),
            End::Range(..) => None,
        }));
    }
    let parents = own.keys().filter_map(|address| graph.store.step(*address).parent);
    let bundles: FxHashSet<AddressId> = parents.filter(|parent| !named.contains(parent)).collect();
    // Where the resources of each stand: one platform, or several.
    let mut homes: FxHashMap<AddressId, Vec<&Arc<str>>> = FxHashMap::default();
    for resource in &graph.resources {
        let Some(unit) = above(graph, resource.address).find(|address| own.contains_key(address)) else { continue };
        let homes = homes.entry(unit).or_default();
        homes.extend(resource.home.platform.iter().filter(|home| !homes.contains(home)).collect::<Vec<_>>());
    }
    let home = |address: AddressId| match homes.get(&address).map(Vec::as_slice) {
        Some([only]) => Some(Arc::clone(only)),
        Some(_) | None => None,
    };
    let instances = own.values().filter(|instance| !bundles.contains(&instance.address)).map(|instance| Unit {
        address: instance.address,
        kind: instance.kind.text().rsplit('.').next().unwrap_or_default().to_owned(),
        platform: instance.platform.clone().or_else(|| home(instance.address)),
        place: instance.place,
    });
    let is_native = |resource: &&graph::Resource| {
        graph.store.step(resource.address).parent.is_none() && !resource.place.item.is_of_library()
    };
    let natives = graph.resources.iter().filter(is_native).map(|resource| Unit {
        address: resource.address,
        kind: format!("{}.{}", resource.kind.target, resource.kind.name),
        platform: resource.home.platform.clone(),
        place: resource.place,
    });
    let mut units: Vec<Unit> = instances.chain(natives).collect();
    units.sort_by(|left, right| graph.store.compare_addresses(left.address, right.address));
    units
}
