//! How two environments differ: instances that only one has, and fields that are not the same, each with the places that decide it.

mod text;

use std::collections::BTreeMap;

use graph::Graph;
use source::{Diagnostic, Name};
use value::{AddressId, Value, ValueId};

use crate::Program;
use crate::why::{Known, ReadAt, Spot, Walk, hop_path, parse_path, reads_of};

/// All differences of two environments. Lists are in the order of addresses, then of fields.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diff {
    pub left: String,
    pub right: String,
    pub only: Vec<Only>,
    pub fields: Vec<Difference>,
}

/// What only one of the two has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Only {
    /// The environment that has it.
    pub environment: String,
    pub address: String,
    /// `container`, or `terraform.aws_vpc` of a native resource.
    pub kind: String,
    pub at: Spot,
}

/// A field that is not the same.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// `api`; of a platform its name.
    pub address: String,
    pub kind: String,
    /// `replicas`, `env.LOG`
    pub field: String,
    pub left: Side,
    pub right: Side,
}

/// What a field is in one environment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Side {
    /// None: absent.
    pub value: Option<String>,
    /// Where it is set.
    pub at: Spot,
    /// What it is made of that the other side is not: an arm, a param, another field.
    pub because: Vec<ReadAt>,
}

/// How much of a value is shown.
const SHOWN: usize = 200;

impl Diff {
    /// Whether the environments are the same.
    pub fn is_empty(&self) -> bool {
        self.only.is_empty() && self.fields.is_empty()
    }
}

impl Program {
    /// The differences of two environments. `native`: of native resources as well, and of what the library makes on the way to them.
    pub fn diff(
        &self,
        left: Name,
        right: Name,
        native: bool,
        params: &[(String, String)],
    ) -> Result<Diff, Vec<Diagnostic>> {
        let (left_graph, _) = self.graph(left, params)?;
        let (right_graph, _) = self.graph(right, params)?;
        let checked = self.checked().0;
        let sides = Sides {
            left: Known::new(checked, &left_graph, self.sources()),
            right: Known::new(checked, &right_graph, self.sources()),
        };
        let mut diff =
            Diff { left: left.text().to_owned(), right: right.text().to_owned(), only: Vec::new(), fields: Vec::new() };
        sides.platforms(&mut diff);
        sides.things(&mut diff, &things(&sides.left, native), &things(&sides.right, native));
        Ok(diff)
    }
}

/// An instance or a resource.
#[derive(Clone, Copy)]
struct Thing {
    address: AddressId,
    body: ValueId,
    native: bool,
}

fn things(known: &Known<'_>, native: bool) -> BTreeMap<String, Thing> {
    let graph: &Graph = known.graph;
    let mut all = BTreeMap::new();
    for instance in &graph.instances {
        if native || !Spot::of(known.sources, instance.place).library {
            all.insert(
                graph.store.address_text(instance.address),
                Thing { address: instance.address, body: instance.inputs, native: false },
            );
        }
    }
    for resource in &graph.resources {
        // A native resource that the user wrote is theirs.
        if native || !Spot::of(known.sources, resource.place).library {
            all.insert(
                graph.store.address_text(resource.address),
                Thing { address: resource.address, body: resource.body, native: true },
            );
        }
    }
    all
}

/// The two environments.
struct Sides<'a> {
    left: Known<'a>,
    right: Known<'a>,
}

impl Sides<'_> {
    fn things(&self, diff: &mut Diff, left: &BTreeMap<String, Thing>, right: &BTreeMap<String, Thing>) {
        let mut addresses: Vec<&String> = left.keys().chain(right.keys()).collect();
        addresses.sort();
        addresses.dedup();
        for address in addresses {
            match (left.get(address), right.get(address)) {
                (Some(one), Some(other)) => {
                    let kind = kind_text(&self.left, one.address);
                    let mut paths = Vec::new();
                    self.unequal(one.body, other.body, &mut String::new(), &mut paths);
                    for (path, one_value, other_value) in paths {
                        let (mut left, mut right) =
                            (side(&self.left, *one, &path, one_value), side(&self.right, *other, &path, other_value));
                        // What both sides read is not why they differ.
                        let shared: Vec<ReadAt> =
                            left.because.iter().filter(|read| right.because.contains(read)).cloned().collect();
                        left.because.retain(|read| !shared.contains(read));
                        right.because.retain(|read| !shared.contains(read));
                        diff.fields.push(Difference {
                            address: address.clone(),
                            kind: kind.clone(),
                            field: path.trim_start_matches('.').to_owned(),
                            left,
                            right,
                        });
                    }
                }
                (Some(only), None) => diff.only.push(only_in(&self.left, address, *only)),
                (None, Some(only)) => diff.only.push(only_in(&self.right, address, *only)),
                (None, None) => {}
            }
        }
    }

    /// What the environments say of their platforms.
    fn platforms(&self, diff: &mut Diff) {
        let inputs = |known: &Known<'_>| {
            let mut all: BTreeMap<(String, String), ValueId> = BTreeMap::new();
            let mut values: Vec<(Name, ValueId)> = Vec::new();
            for provider in &known.graph.providers {
                if values.contains(&(provider.platform, provider.platform_inputs)) {
                    continue;
                }
                values.push((provider.platform, provider.platform_inputs));
                let name = provider.alias.unwrap_or(provider.platform).text().to_owned();
                if let Value::Record(fields) = known.graph.store.get(provider.platform_inputs) {
                    all.extend(fields.iter().map(|(field, value)| ((name.clone(), field.text().to_owned()), *value)));
                }
            }
            all
        };
        let (left, right) = (inputs(&self.left), inputs(&self.right));
        let mut keys: Vec<&(String, String)> = left.keys().chain(right.keys()).collect();
        keys.sort();
        keys.dedup();
        for key in keys {
            let shown = |known: &Known<'_>, value: Option<&ValueId>| {
                value.map(|value| known.graph.store.show_within(*value, SHOWN))
            };
            let (one, other) = (shown(&self.left, left.get(key)), shown(&self.right, right.get(key)));
            if one == other {
                continue;
            }
            let side = |known: &Known<'_>, value: Option<String>| {
                let mut walk = Walk::new(known, None);
                walk.platform_field(Name::new(&key.1), &[]);
                let place = walk
                    .reads
                    .first()
                    .map(|read| read.place)
                    .or(known.chain.first().map(|environment| environment.on.place))?;
                Some(Side { value, at: Spot::of(known.sources, place), because: Vec::new() })
            };
            if let (Some(left), Some(right)) = (side(&self.left, one), side(&self.right, other)) {
                diff.fields.push(Difference {
                    address: key.0.clone(),
                    kind: "platform".to_owned(),
                    field: key.1.clone(),
                    left,
                    right,
                });
            }
        }
    }

    /// The paths at which two values differ, as deep as both are records or maps.
    fn unequal(
        &self,
        left: ValueId,
        right: ValueId,
        path: &mut String,
        found: &mut Vec<(String, Option<ValueId>, Option<ValueId>)>,
    ) {
        let (one, other) = (&self.left.graph.store, &self.right.graph.store);
        let parts = |known: &Known<'_>, value: ValueId| -> Option<BTreeMap<String, ValueId>> {
            let store = &known.graph.store;
            match store.get(value) {
                Value::Record(fields) => {
                    Some(fields.iter().map(|(name, value)| (name.text().to_owned(), *value)).collect())
                }
                Value::Map(entries) => {
                    let key = |key: ValueId| match store.get(key) {
                        Value::Text(text) => Some(text.to_string()),
                        _ => None,
                    };
                    entries.iter().map(|(name, value)| key(*name).map(|name| (name, *value))).collect()
                }
                _ => None,
            }
        };
        if let (Some(left), Some(right)) = (parts(&self.left, left), parts(&self.right, right)) {
            let mut names: Vec<&String> = left.keys().chain(right.keys()).collect();
            names.sort();
            names.dedup();
            for name in names {
                let length = path.len();
                path.push_str(&hop_path(Name::new(name)));
                match (left.get(name), right.get(name)) {
                    (Some(left), Some(right)) => self.unequal(*left, *right, path, found),
                    (left, right) => found.push((path.clone(), left.copied(), right.copied())),
                }
                path.truncate(length);
            }
            return;
        }
        if let (Value::List(left), Value::List(right)) = (one.get(left), other.get(right))
            && left.len() == right.len()
            && left
                .iter()
                .zip(right.iter())
                .any(|(left, right)| parts(&self.left, *left).is_some() && parts(&self.right, *right).is_some())
        {
            for (at, (left, right)) in left.iter().zip(right.iter()).enumerate() {
                let length = path.len();
                path.push_str(&format!("[{at}]"));
                self.unequal(*left, *right, path, found);
                path.truncate(length);
            }
            return;
        }
        // In full: what is cut for showing may differ further on.
        if one.show(left) != other.show(right) {
            found.push((path.clone(), Some(left), Some(right)));
        }
    }
}

fn only_in(known: &Known<'_>, address: &str, thing: Thing) -> Only {
    let place = known.statement(thing.address).map(|statement| statement.place);
    let at = place.map_or_else(
        || Spot { file: String::new(), line: 0, column: 0, library: false },
        |place| Spot::of(known.sources, place),
    );
    Only {
        environment: known.graph.environment.text().to_owned(),
        address: address.to_owned(),
        kind: kind_text(known, thing.address),
        at,
    }
}

fn kind_text(known: &Known<'_>, address: AddressId) -> String {
    match (known.instance(address), known.resource(address)) {
        (Some(instance), _) => instance.kind.text().to_owned(),
        (None, Some(resource)) => format!("{}.{}", resource.kind.target, resource.kind.name),
        (None, None) => String::new(),
    }
}

/// Where a field is set, and what it is made of.
fn side(known: &Known<'_>, thing: Thing, path: &str, value: Option<ValueId>) -> Side {
    let hops = parse_path(path).unwrap_or_default();
    let mut walk = Walk::new(known, Some(thing.address));
    let mut at = known.statement(thing.address).map(|statement| statement.place);
    if thing.native {
        walk.body(thing.address, &hops);
        at = crate::why::written_at(known, thing.address, &hops).or(at);
    } else if let Some((crate::why::Hop::Name(name), rest)) = hops.split_first() {
        walk.input(thing.address, *name, rest);
        at = walk.reads.first().map(|read| read.place).or(at);
    }
    let at = at.map_or_else(
        || Spot { file: String::new(), line: 0, column: 0, library: false },
        |place| Spot::of(known.sources, place),
    );
    let because = reads_of(known, &walk).into_iter().filter(|read| thing.native || read.depth > 0).collect();
    Side { value: value.map(|value| known.graph.store.show_within(value, SHOWN)), at, because }
}
