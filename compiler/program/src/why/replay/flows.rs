//! Flows, their ends, and the ports of instances.

use check::checked::Kind;
use source::Name;
use value::{AddressId, Store, Value, ValueId};

use super::platforms::is_nothing;
use super::{Deps, Kids, Replay, Traced};

impl Replay<'_, '_> {
    /// `from -> to`; nothing when one of them is nothing.
    pub(super) fn flow(&mut self, from: &Traced, to: &Traced, name: Option<Traced>, written: Deps) -> Traced {
        let key = name.unwrap_or_else(|| self.key_of_flow(from, to));
        let (from, to) = (self.flat(from), self.flat(to));
        if from.is_empty() || to.is_empty() {
            return Traced::absent(written);
        }
        let values = |ends: &[Traced]| -> Option<Box<[ValueId]>> { ends.iter().map(|end| end.value).collect() };
        let ends = values(&from).zip(values(&to)).zip(key.value);
        let value = ends.map(|((from, to), key)| {
            let alone = match self.store.get(key) {
                Value::Text(key) => self.known.named_alone(Name::new(key)),
                _ => Default::default(),
            };
            self.store.add(Value::Flow { from, to, alone, key })
        });
        let key = key.with(&written);
        Traced { value, deps: written.there(), kids: Kids::Flow((from, to, key).into()), ..Traced::default() }
    }

    /// What the ends are called; renaming one of them, or what it is a part of, changes it.
    fn key_of_flow(&mut self, from: &Traced, to: &Traced) -> Traced {
        let mut deps = Deps::default();
        for end in [from, to] {
            deps = deps.and(&end.all());
            for found in self.flat(end) {
                if let Some(Value::Instance(address) | Value::Endpoint(address, _)) =
                    found.value.map(|value| self.store.get(value).clone())
                {
                    deps = deps.and(&self.named(address));
                }
            }
            if let Some(Value::Instance(address) | Value::Endpoint(address, _)) =
                end.value.map(|value| self.store.get(value).clone())
            {
                deps = deps.and(&self.keys(address));
            }
        }
        let known = self.known;
        let called = |address: AddressId| {
            let mut at = address;
            while let Some(statement) = known.statement(at)
                && eval::stands_for_parent(known.checked, statement)
                && let Some(parent) = self.store.step(at).parent
            {
                at = parent;
            }
            self.store.written(self.first(at))
        };
        let key = from.value.zip(to.value).map(|(from, to)| eval::flow_key(&self.store, from, to, &called));
        match key {
            Some(key) => Traced::leaf(self.store.text(key), deps),
            None => Traced::unknown(deps),
        }
    }

    /// Instances, endpoints, addresses and ranges behind an end, each once, sorted.
    fn flat(&mut self, end: &Traced) -> Vec<Traced> {
        let mut found = Vec::new();
        self.flatten(end, &mut found);
        let store = &self.store;
        found.sort_by(|left: &Traced, right: &Traced| match (left.value, right.value) {
            (Some(left), Some(right)) => store.compare_content(left, right),
            (left, right) => left.is_some().cmp(&right.is_some()),
        });
        merged(found)
    }

    fn flatten(&mut self, end: &Traced, found: &mut Vec<Traced>) {
        let Some(value) = end.value else {
            found.push(end.clone());
            return;
        };
        match self.store.get(value).clone() {
            Value::Absent => {}
            Value::List(_) | Value::Map(_) | Value::Record(_) => {
                for element in end.elements(&self.store).unwrap_or_default() {
                    self.flatten(&element, found);
                }
            }
            Value::Ref { folded: Some(known), .. }
                if matches!(self.store.get(known), Value::List(_) | Value::Map(_) | Value::Record(_)) =>
            {
                self.flatten(&end.known(), found)
            }
            Value::Instance(address) => {
                let owner = self.delegated(address);
                found.push(Traced { value: Some(self.store.add(Value::Instance(owner))), ..end.clone() });
            }
            _ => found.push(end.clone()),
        }
    }

    /// `ends(x)`: the set behind an end, endpoints by their owner.
    pub(super) fn ends_of(&mut self, end: &Traced) -> Traced {
        let mut owners = Vec::new();
        for end in self.flat(end) {
            owners.push(match end.value.map(|value| self.store.get(value).clone()) {
                Some(Value::Endpoint(address, _)) => {
                    Traced { value: Some(self.store.add(Value::Instance(address))), ..end }
                }
                Some(_) | None => end,
            });
        }
        self.sorted(owners, end)
    }

    /// `endpoints(x)`: the ports among them.
    pub(super) fn endpoints_of(&mut self, end: &Traced) -> Traced {
        let mut endpoints = self.flat(end);
        let store = &self.store;
        endpoints.retain(|end| end.value.is_none_or(|value| matches!(store.get(value), Value::Endpoint(..))));
        self.sorted(endpoints, end)
    }

    /// A set of ends in their order.
    fn sorted(&mut self, mut owners: Vec<Traced>, end: &Traced) -> Traced {
        let store = &self.store;
        owners.sort_by(|left, right| match (left.value, right.value) {
            (Some(left), Some(right)) => store.compare_content(left, right),
            (left, right) => left.is_some().cmp(&right.is_some()),
        });
        let owners = merged(owners);
        Traced::list(&mut self.store, owners, end.order())
    }

    /// A port of an instance; of a collection, the list of their endpoints.
    pub(super) fn endpoint(&mut self, of: &Traced, port: Name) -> Traced {
        if let Some(address) = self.instance_of(of) {
            let owner = self.delegated(address);
            return Traced::leaf(self.store.add(Value::Endpoint(owner, port)), Deps::default()).with(&of.all());
        }
        if is_nothing(&self.store, of) {
            return of.clone();
        }
        let Some(elements) = of.elements(&self.store) else { return Traced::unknown(of.all()) };
        let mut endpoints = Vec::with_capacity(elements.len());
        for element in elements {
            let endpoint = self.endpoint(&element, port);
            if !is_nothing(&self.store, &endpoint) {
                endpoints.push(endpoint);
            }
        }
        Traced::list(&mut self.store, endpoints, of.presence())
    }

    /// The port behind an endpoint.
    pub(super) fn port_of(&mut self, address: AddressId, label: Name) -> Traced {
        let Some(input) = self.known.kind(address).and_then(Kind::ports) else { return Traced::default() };
        let ports = self.input(address, input.name);
        let key = self.store.text(label.text());
        self.element_at(&ports.known(), key).unwrap_or_else(|| Traced::unknown(ports.all()))
    }

    /// The range of an end that is written as an address, a range or `internet`.
    pub(super) fn range_of(&mut self, end: &Traced) -> Traced {
        let known = end.known();
        match known.value.map(|value| self.store.get(value).clone()) {
            Some(Value::Cidr(_)) => end.clone(),
            Some(Value::Ip(_)) => {
                let value = known
                    .value
                    .and_then(|value| value::ops::apply(&mut self.store, value::Op::HostCidr, &[value], None).ok());
                Traced { value, deps: end.deps.clone(), content: end.forced(), ..Traced::default() }
            }
            Some(Value::Tagged { tag, .. }) if tag.text() == "internet" => Traced {
                value: Some(self.store.add(Value::Cidr(ipnet::Ipv4Net::default().into()))),
                deps: end.deps.clone(),
                content: end.all(),
                ..Traced::default()
            },
            Some(_) => Traced::absent(end.deps.clone()),
            None => Traced::unknown(end.all()),
        }
    }
}

/// Neighbours of one value once: what either was made of made it.
fn merged(sorted: Vec<Traced>) -> Vec<Traced> {
    let mut kept: Vec<Traced> = Vec::with_capacity(sorted.len());
    for end in sorted {
        match kept.last_mut() {
            Some(last) if last.value.is_some() && last.value == end.value => {
                *last = last.clone().with(&end.all().there())
            }
            _ => kept.push(end),
        }
    }
    kept
}

/// Elements of one value once, in the order in which they came.
pub(super) fn distinct(elements: Vec<Traced>, store: &Store) -> Vec<Traced> {
    let mut kept: Vec<Traced> = Vec::with_capacity(elements.len());
    for element in elements {
        let same = |other: &Traced| {
            other
                .value
                .zip(element.value)
                .is_some_and(|(left, right)| left == right || value::equal(store, left, right) == Some(true))
        };
        match kept.iter_mut().find(|other| same(other)) {
            Some(other) => *other = other.clone().with(&element.all().there()),
            None => kept.push(element),
        }
    }
    kept
}
