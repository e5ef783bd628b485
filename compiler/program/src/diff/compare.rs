//! What follows from other decisions: instances and resources that only one environment has, and their fields that differ.

use std::collections::{BTreeMap, BTreeSet};

use graph::Graph;
use source::{Name, Place};
use value::{AddressId, Value, ValueId};

use super::causes::Causes;
use super::{Diff, Difference, Only, Side};
use crate::why::{Hop, Known, ReadAt, Spot, Walk, hop_path, parse_path, reads_of};

/// How much of a value is shown.
pub(super) const SHOWN: usize = 200;

/// Compares two environments. `given`: the params of the command line, which are the same in both.
pub(super) fn compare(left: &Known<'_>, right: &Known<'_>, native: bool, given: &[Name]) -> Diff {
    let mut sides = Sides { left, right, causes: Causes::new(left, right, given) };
    let mut fields = super::platforms::platforms(&mut sides);
    let (only, of_things) = sides.things(&things(left, native), &things(right, native));
    fields.extend(of_things);
    fields.extend(sides.outputs());
    Diff {
        left: left.graph.environment.text().to_owned(),
        right: right.graph.environment.text().to_owned(),
        causes: sides.causes.told(),
        only,
        fields,
    }
}

/// The two environments.
pub(super) struct Sides<'k, 'a> {
    pub left: &'k Known<'a>,
    pub right: &'k Known<'a>,
    pub causes: Causes<'k, 'a>,
}

/// An instance or a resource.
#[derive(Clone, Copy)]
struct Thing {
    address: AddressId,
    body: ValueId,
    native: bool,
}

/// A path at which two values differ.
type Unequal = (String, Option<ValueId>, Option<ValueId>);

/// What is compared: all that the user wrote; with `native` also what the library makes of it.
fn things(known: &Known<'_>, native: bool) -> BTreeMap<String, Thing> {
    let graph: &Graph = known.graph;
    let counts = |place| native || !known.is_library(place);
    let instances = graph.instances.iter().filter(|instance| counts(instance.place)).map(|instance| Thing {
        address: instance.address,
        body: instance.inputs,
        native: false,
    });
    // A native resource that the user wrote is theirs.
    let resources = graph.resources.iter().filter(|resource| counts(resource.place)).map(|resource| Thing {
        address: resource.address,
        body: resource.body,
        native: true,
    });
    instances.chain(resources).map(|thing| (graph.store.address_text(thing.address), thing)).collect()
}

impl Sides<'_, '_> {
    fn things(
        &mut self,
        left: &BTreeMap<String, Thing>,
        right: &BTreeMap<String, Thing>,
    ) -> (Vec<Only>, Vec<Difference>) {
        let (mut only, mut fields) = (Vec::new(), Vec::new());
        for (address, sides) in paired(left, right) {
            if let [Some(one), Some(other)] = sides {
                self.fields(address, *one, *other, &mut fields);
                continue;
            }
            let causes = self.causes.of_presence(sides.map(|thing| thing.map(|thing| thing.address)));
            for (known, thing) in [self.left, self.right].into_iter().zip(sides) {
                only.extend(thing.map(|thing| only_in(known, address, *thing, causes.clone())));
            }
        }
        (only, fields)
    }

    /// Outputs that differ, or that only one environment has.
    fn outputs(&mut self) -> Vec<Difference> {
        let all = |known: &Known<'_>| -> BTreeMap<String, (ValueId, Place)> {
            let outputs = known.graph.outputs.iter();
            outputs.map(|output| (output.name.text().to_owned(), (output.value, output.place))).collect()
        };
        let (left, right) = (all(self.left), all(self.right));
        let mut found = Vec::new();
        for (name, [one, other]) in paired(&left, &right) {
            let shown = |known: &Known<'_>, output: Option<&(ValueId, Place)>| {
                output.map(|(value, _)| known.graph.store.show(*value))
            };
            if shown(self.left, one) == shown(self.right, other) {
                continue;
            }
            let side = |known: &Known<'_>, output: Option<&(ValueId, Place)>| Side {
                value: output.map(|(value, _)| known.graph.store.show_within(*value, SHOWN)),
                at: output.map_or_else(Spot::nowhere, |(_, place)| Spot::of(known.sources, *place)),
                because: Vec::new(),
            };
            found.push(Difference {
                address: name.to_owned(),
                kind: "output".to_owned(),
                field: String::new(),
                left: side(self.left, one),
                right: side(self.right, other),
                causes: self.causes.of_output([one, other].map(|output| output.map(|(_, place)| *place))),
            });
        }
        found
    }

    fn fields(&mut self, address: &str, one: Thing, other: Thing, fields: &mut Vec<Difference>) {
        let kind = kind_text(self.left, one.address);
        let [one_stands, other_stands] = self.causes.stands([one.address, other.address]);
        if !one.native && one_stands != other_stands {
            let on = |known: &Known<'_>, thing: Thing, value| Side {
                value,
                at: statement_at(known, thing.address),
                because: Vec::new(),
            };
            fields.push(Difference {
                address: address.to_owned(),
                kind: kind.clone(),
                field: "on".to_owned(),
                left: on(self.left, one, one_stands),
                right: on(self.right, other, other_stands),
                causes: self.causes.of_choice([one.address, other.address]),
            });
        }
        let mut paths = Vec::new();
        self.unequal(one.body, other.body, &mut String::new(), &mut paths);
        for (path, one_value, other_value) in paths {
            let hops = parse_path(&path).unwrap_or_default();
            let mut left = side(self.left, one, &hops, one_value);
            let mut right = side(self.right, other, &hops, other_value);
            // What both sides read is not why they differ.
            let shared: Vec<ReadAt> =
                left.because.iter().filter(|read| right.because.contains(read)).cloned().collect();
            left.because.retain(|read| !shared.contains(read));
            right.because.retain(|read| !shared.contains(read));
            let have = [one_value.map(|_| one.address), other_value.map(|_| other.address)];
            let causes = if one.native { self.causes.of_body(have, &hops) } else { self.causes.of_input(have, &hops) };
            fields.push(Difference {
                address: address.to_owned(),
                kind: kind.clone(),
                field: path.trim_start_matches('.').to_owned(),
                left,
                right,
                causes,
            });
        }
    }

    /// The paths at which two values differ, as deep as both are records or maps.
    fn unequal(&self, left: ValueId, right: ValueId, path: &mut String, found: &mut Vec<Unequal>) {
        let (one, other) = (&self.left.graph.store, &self.right.graph.store);
        if let (Some(left), Some(right)) = (parts(self.left, left), parts(self.right, right)) {
            for (name, sides) in paired(&left, &right) {
                let length = path.len();
                path.push_str(&hop_path(Name::new(name)));
                match sides {
                    [Some(left), Some(right)] => self.unequal(*left, *right, path, found),
                    [left, right] => found.push((path.clone(), left.copied(), right.copied())),
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
                .any(|(left, right)| parts(self.left, *left).is_some() && parts(self.right, *right).is_some())
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

/// What both sides have under each name, in the order of the names.
pub(super) fn paired<'m, T>(
    left: &'m BTreeMap<String, T>,
    right: &'m BTreeMap<String, T>,
) -> impl Iterator<Item = (&'m str, [Option<&'m T>; 2])> {
    let names: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
    names.into_iter().map(|name| (name.as_str(), [left.get(name), right.get(name)]))
}

/// The parts of a record, or of a map whose keys are texts.
fn parts(known: &Known<'_>, value: ValueId) -> Option<BTreeMap<String, ValueId>> {
    let store = &known.graph.store;
    match store.get(value) {
        Value::Record(fields) => Some(fields.iter().map(|(name, value)| (name.text().to_owned(), *value)).collect()),
        Value::Map(entries) => {
            let key = |key: ValueId| match store.get(key) {
                Value::Text(text) => Some(text.to_string()),
                _ => None,
            };
            entries.iter().map(|(name, value)| key(*name).map(|name| (name, *value))).collect()
        }
        _ => None,
    }
}

fn only_in(known: &Known<'_>, address: &str, thing: Thing, causes: Vec<usize>) -> Only {
    Only {
        environment: known.graph.environment.text().to_owned(),
        address: address.to_owned(),
        kind: kind_text(known, thing.address),
        at: statement_at(known, thing.address),
        causes,
    }
}

fn kind_text(known: &Known<'_>, address: AddressId) -> String {
    match (known.instance(address), known.resource(address)) {
        (Some(instance), _) => instance.kind.text().to_owned(),
        (None, Some(resource)) => format!("{}.{}", resource.kind.target, resource.kind.name),
        (None, None) => String::new(),
    }
}

fn statement_at(known: &Known<'_>, address: AddressId) -> Spot {
    known.statement(address).map_or_else(Spot::nowhere, |statement| Spot::of(known.sources, statement.place))
}

/// Where a field is set, and what it is made of.
fn side(known: &Known<'_>, thing: Thing, hops: &[Hop], value: Option<ValueId>) -> Side {
    let mut walk = Walk::new(known, Some(thing.address));
    let mut set = None;
    if thing.native {
        walk.body(thing.address, hops);
        set = crate::why::written_at(known, thing.address, hops);
    } else if let Some((Hop::Name(name), rest)) = hops.split_first() {
        walk.input(thing.address, *name, rest);
        set = walk.reads.first().map(|read| read.place);
    }
    let at = set.map_or_else(|| statement_at(known, thing.address), |place| Spot::of(known.sources, place));
    let because = reads_of(known, &walk).into_iter().filter(|read| thing.native || read.depth > 0).collect();
    Side { value: value.map(|value| known.graph.store.show_within(value, SHOWN)), at, because }
}
