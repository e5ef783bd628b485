//! Which values and addresses stand in the tables of a saved graph, and in which order. Both follow from what the graph holds, never
//! from the ids that its store happens to give.

use rustc_hash::{FxHashMap, FxHashSet};
use value::{AddressId, PerValue, Store, Value, ValueId};

use crate::{Change, Graph};

/// Values that stand as deep as this in one line begin a line of their own.
const DEEPEST: u32 = 32;
/// What a mention of a shared value costs.
const MENTION: u32 = 12;

/// The tables.
pub(super) struct Tables {
    /// Shared values, each after its parts.
    pub values: Vec<ValueId>,
    pub value_numbers: FxHashMap<ValueId, usize>,
    /// In address order.
    pub addresses: Vec<AddressId>,
    pub address_numbers: FxHashMap<AddressId, usize>,
}

impl Tables {
    /// The tables of a graph.
    pub fn of(graph: &Graph) -> Self {
        let store = &graph.store;
        let roots = roots(graph);
        let order = parts_first(store, &roots);
        let values = shared(store, &roots, &order);
        let value_numbers = values.iter().enumerate().map(|(at, value)| (*value, at)).collect();
        let addresses = addresses(graph, &order);
        let address_numbers = addresses.iter().enumerate().map(|(at, address)| (*address, at)).collect();
        Self { values, value_numbers, addresses, address_numbers }
    }
}

/// The values that the nodes and the rest hold, in the order of the file.
fn roots(graph: &Graph) -> Vec<ValueId> {
    let providers = graph.providers.iter().flat_map(|provider| [provider.inputs, provider.platform_inputs]);
    let settings = graph.targets.state.iter().flat_map(|state| state.settings.iter().map(|(_, value)| *value));
    providers
        .chain(graph.instances.iter().map(|instance| instance.inputs))
        .chain(graph.resources.iter().map(|resource| resource.body))
        .chain(graph.outputs.iter().map(|output| output.value))
        .chain(graph.deferred.iter().map(|deferred| deferred.condition))
        .chain(settings)
        .collect()
}

/// Every part of a value, and what a reference is known to be.
fn for_each_part(value: &Value, mut each: impl FnMut(ValueId)) {
    if let Value::Ref { folded: Some(known), .. } = value {
        each(*known);
    }
    value.for_each_part(each);
}

/// All values, each once and after its parts.
fn parts_first(store: &Store, roots: &[ValueId]) -> Vec<ValueId> {
    let mut order = Vec::new();
    let mut seen: PerValue<bool> = PerValue::of(store);
    // A value is met twice: before its parts and after them.
    let mut open: Vec<(ValueId, bool)> = roots.iter().rev().map(|root| (*root, false)).collect();
    while let Some((value, parts_done)) = open.pop() {
        if parts_done {
            order.push(value);
            continue;
        }
        if seen.set(value, true) {
            continue;
        }
        open.push((value, true));
        let from = open.len();
        for_each_part(store.get(value), |part| open.push((part, false)));
        if let Some(parts) = open.get_mut(from..) {
            parts.reverse();
        }
    }
    order
}

/// Those that are shorter once than everywhere, and those that would nest too deep.
fn shared(store: &Store, roots: &[ValueId], order: &[ValueId]) -> Vec<ValueId> {
    let mut uses: PerValue<u32> = PerValue::of(store);
    let mut use_once = |value: ValueId| {
        uses.set(value, uses.get(value).saturating_add(1));
    };
    roots.iter().copied().for_each(&mut use_once);
    for value in order {
        for_each_part(store.get(*value), &mut use_once);
    }
    // The length and the depth of each, once they are known.
    let mut shapes: PerValue<(u32, u32)> = PerValue::of(store);
    let mut shared = Vec::new();
    for id in order {
        let value = store.get(*id);
        let (mut length, mut depth) = (own_length(value), 0);
        for_each_part(value, |part| {
            let (part_length, part_depth) = shapes.get(part);
            length = length.saturating_add(part_length).saturating_add(1);
            depth = depth.max(part_depth + 1);
        });
        let uses = uses.get(*id);
        let saves = length.saturating_mul(uses.saturating_sub(1)) > MENTION.saturating_mul(uses);
        if uses > 1 && saves || depth >= DEEPEST {
            shared.push(*id);
            shapes.set(*id, (MENTION, 0));
        } else {
            shapes.set(*id, (length, depth));
        }
    }
    shared
}

/// About how long a value is without its parts.
fn own_length(value: &Value) -> u32 {
    let length: usize = match value {
        Value::Text(text) => text.len() + 2,
        Value::Record(fields) => fields.iter().map(|(name, _)| name.text().len() + 3).sum::<usize>() + 2,
        Value::Map(_) => 10,
        Value::List(_) => 2,
        Value::Absent | Value::Null | Value::Bool(_) | Value::Int(_) => 4,
        Value::Ref { path, .. } => 20 + 8 * path.len(),
        Value::Unknown(_)
        | Value::Decimal(_)
        | Value::Ratio(_)
        | Value::Size(_)
        | Value::Duration(_)
        | Value::Ip(_)
        | Value::Cidr(_)
        | Value::Port { .. }
        | Value::Date(_)
        | Value::Tagged { .. }
        | Value::Range(..)
        | Value::Instance(_)
        | Value::Endpoint(..)
        | Value::Flow { .. }
        | Value::Platform { .. }
        | Value::Op { .. } => 20,
    };
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// All addresses that are named, with what they stand beneath.
fn addresses(graph: &Graph, values: &[ValueId]) -> Vec<AddressId> {
    let store = &graph.store;
    let mut seen: FxHashSet<AddressId> = FxHashSet::default();
    let mut found: Vec<AddressId> = Vec::new();
    let mut name = |address: AddressId| {
        let mut at = Some(address);
        while let Some(address) = at.filter(|address| seen.insert(*address)) {
            found.push(address);
            at = store.step(address).parent;
        }
    };
    // Nodes are in address order already: what is sorted in long runs is soon sorted as a whole.
    graph.instances.iter().for_each(|instance| name(instance.address));
    graph.resources.iter().for_each(|resource| name(resource.address));
    for value in values {
        match store.get(*value) {
            Value::Instance(address) | Value::Endpoint(address, _) | Value::Ref { of: address, .. } => name(*address),
            Value::Platform { instance: Some(address), .. } => name(*address),
            _ => {}
        }
    }
    for provider in &graph.providers {
        provider
            .hosted_on
            .into_iter()
            .chain(provider.edges.iter().filter_map(crate::Edge::resource))
            .for_each(&mut name);
    }
    for resource in &graph.resources {
        let edges = resource.edges.iter().filter_map(crate::Edge::resource);
        let named = resource.names.iter().map(|name| name.of);
        resource.owner.into_iter().chain(resource.home.host).chain(edges).chain(named).for_each(&mut name);
    }
    for change in &graph.changes {
        match change {
            Change::Moved { resource, from, to, .. } => [*resource, *from, *to].into_iter().for_each(&mut name),
            Change::Adopt { address, .. } | Change::Forget { address, .. } | Change::Destroy { address, .. } => {
                name(*address);
            }
        }
    }
    graph.named.iter().flat_map(|named| [named.address, named.first]).for_each(&mut name);
    found.sort_by(|left, right| store.compare_addresses(*left, *right));
    found
}
