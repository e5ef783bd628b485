//! Graphs at random: every case of a value, nodes with edges to those before them, names that are no words.

use std::sync::Arc;

use graph::{
    Change, Chosen, Complete, CredentialFrom, CredentialRef, Deferred, Edge, EdgeKind, Effects, Graph, Home,
    IdentityRead, Input, Instance, Life, Named, NativeKind, NodeId, OriginTree, Origins, Output, PhysicalName,
    Provider, ProviderId, Resource, StatePlace, Targets, Waiver, data_edges, sort_edges,
};
use source::{FileId, ItemId, Name, Place};
use value::{Address, AddressId, Op, ScalarKind, Step, Store, Value, ValueId, parse_scalar};

/// A small generator: the tests have no other source of chance.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }
    fn chance(&mut self, one_in: usize) -> bool {
        self.below(one_in) == 0
    }
    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

const WORDS: [&str; 12] =
    ["name", "front", "a", "b-c", "$ref", "x.y", "k\"q\"", "ß", "", "line\nbreak", "back\\slash", "\u{1f600}"];

fn place() -> Place {
    Place { item: ItemId::new(FileId::new("main.infra"), "random", 0), start: 0, len: 1 }
}

/// The graph of a seed; the same for the same seed.
pub fn random_graph(seed: u64) -> Complete {
    let mut random = Random::new(seed);
    let mut store = Store::default();
    let mut addresses: Vec<AddressId> = Vec::new();
    for _ in 0..1 + random.below(8) {
        let parent = if addresses.is_empty() || random.chance(2) { None } else { Some(random.of(&addresses)) };
        let key = random.chance(3).then(|| Name::new(random.of(&WORDS)));
        let address = store.address(Address { parent, name: Name::new(random.of(&WORDS)), key });
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    addresses.sort_by(|left, right| store.compare_addresses(*left, *right));
    let mut values = vec![store.text("seed")];
    let mut providers = Vec::new();
    for at in 0..random.below(3) {
        let inputs = record(&mut random, &mut store, &mut values, &[]);
        providers.push(Provider {
            target: Name::new("terraform"),
            name: Name::new(&format!("p{at}")),
            alias: random.chance(2).then(|| Name::new("other")),
            source: "hashicorp/p".into(),
            version: "1.0.0".into(),
            inputs,
            credentials: [CredentialRef { from: CredentialFrom::Variable, name: "TOKEN".into() }].into(),
            proof: [IdentityRead { kind: Name::new("who"), field: Name::new("id") }].into(),
            platform: Name::new("cloud"),
            platform_inputs: inputs,
            hosted_on: None,
            edges: Vec::new(),
            place: place(),
        });
    }
    let mut origins = Origins::default();
    let origin = origins.add(OriginTree::Leaf(place()));
    let (mut resources, mut instances): (Vec<Resource>, Vec<Instance>) = (Vec::new(), Vec::new());
    for (at, address) in addresses.iter().enumerate() {
        let before: Vec<AddressId> = resources.iter().map(|resource: &Resource| resource.address).collect();
        let body = record(&mut random, &mut store, &mut values, &before);
        if random.chance(4) {
            instances.push(Instance {
                address: *address,
                kind: Name::new("server"),
                implementation: random.chance(2).then(|| Name::new("aws")),
                platform: random.chance(2).then(|| "aws(region = \"eu-west-3\")".into()),
                place: place(),
                inputs: body,
            });
            continue;
        }
        let mut edges = data_edges(&store, body);
        if let Some(to) = before.get(random.below(2 * at + 1)) {
            edges.push(Edge::to_resource(*to, random.of(&[EdgeKind::Order, EdgeKind::HostedOn])));
        }
        sort_edges(&store, &mut edges);
        resources.push(Resource {
            address: *address,
            made_by: random.of(&WORDS).into(),
            seq: random.below(9) as u32,
            owner: random.chance(2).then(|| random.of(&addresses)),
            home: Home {
                platform: random.chance(2).then(|| "cloud".into()),
                host: random.chance(3).then(|| random.of(&addresses)),
            },
            kind: Arc::new(NativeKind {
                target: Name::new("terraform"),
                name: Name::new(random.of(&["aws_vpc", "aws_instance"])),
                provider: Name::new("aws"),
                api_version: (random.of(&["", "v1"])).into(),
                kind_name: "".into(),
                namespaced: random.chance(2),
                secret: random.chance(2),
                secret_fields: if random.chance(2) { [Name::new("password")].into() } else { Arc::from([]) },
            }),
            read: random.chance(5),
            provider: (!providers.is_empty()).then(|| ProviderId(random.below(providers.len()) as u32)),
            body,
            origin,
            place: place(),
            edges,
            life: Life {
                protect: random.chance(2),
                create_first: random.chance(2),
                ignore: if random.chance(2) { vec![path(&mut random)] } else { Vec::new() },
            },
            chosen: [Chosen { kind: Name::new("server"), implementation: None, package: Some(Name::new("std")) }]
                .into(),
            effects: Effects { stateful: random.chance(2), outside: random.chance(2) },
            names: vec![PhysicalName {
                path: path(&mut random),
                before: random.of(&WORDS).into(),
                after: random.of(&WORDS).into(),
                of: *address,
                base: random.of(&WORDS).into(),
                limit: random.below(70) as u32,
                bare: random.chance(2),
            }],
            waivers: vec![Waiver {
                check: Name::new("CKV_1"),
                because: random.of(&WORDS).to_owned(),
                until: random.chance(2).then(|| random.below(30_000) as i32),
                place: place(),
            }],
        });
    }
    let known: Vec<AddressId> = resources.iter().map(|resource| resource.address).collect();
    let name = Name::new(random.of(&WORDS));
    let inputs = vec![Input { name, address: store.input(name), place: place() }];
    let referred: Vec<AddressId> = known.iter().copied().chain(inputs.iter().map(|input| input.address)).collect();
    let value = any(&mut random, &mut store, &mut values, &referred);
    let mut changes = vec![Change::Forget { address: addresses[0], place: None }];
    if let [first, .., last] = known.as_slice() {
        changes.push(Change::Moved { resource: *last, from: *first, to: *last, place: None });
        changes.push(Change::Adopt { address: *last, id: "vpc-1".to_owned(), place: None });
        changes.push(Change::Destroy { address: *first, because: "it is empty".to_owned(), place: None });
    }
    let named = vec![Named { address: addresses[0], first: *addresses.last().unwrap() }];
    let state =
        StatePlace { backend: Name::new("s3"), settings: vec![(Name::new("bucket"), values[0])], place: place() };
    let graph = Graph {
        flows: Vec::new(),
        project: Name::new("shop"),
        environment: Name::new("prod"),
        store,
        origins,
        providers,
        instances,
        resources,
        inputs,
        outputs: vec![Output { name: Name::new("out"), value, secret: random.chance(2), place: place() }],
        deferred: vec![Deferred { condition: value, message: "why".to_owned(), place: place() }],
        changes,
        named,
        targets: Targets { state: random.chance(2).then_some(state) },
    };
    Complete::new(graph).unwrap_or_else(|refused| panic!("seed {seed}: {:?}", refused.1))
}

fn path(random: &mut Random) -> Box<[Step]> {
    (0..1 + random.below(4))
        .map(|_| match random.below(5) {
            0 => Step::Field(Name::new(random.of(&WORDS))),
            1 => Step::Index(random.below(5) as u32),
            2 => Step::Key(Name::new(random.of(&WORDS))),
            3 => Step::Element(random.below(5) as u32),
            _ => Step::First,
        })
        .collect()
}

fn record(random: &mut Random, store: &mut Store, values: &mut Vec<ValueId>, known: &[AddressId]) -> ValueId {
    let mut fields: Vec<(Name, ValueId)> = Vec::new();
    for _ in 0..random.below(5) {
        let name = Name::new(random.of(&WORDS));
        if fields.iter().all(|field| field.0 != name) {
            fields.push((name, any(random, store, values, known)));
        }
    }
    store.record(fields)
}

/// A value of any case, made of values that were made before; references lead to these resources only.
fn any(random: &mut Random, store: &mut Store, values: &mut Vec<ValueId>, known: &[AddressId]) -> ValueId {
    for _ in 0..1 + random.below(6) {
        let some: Vec<ValueId> =
            (0..random.below(4)).map(|_| random.of(values)).filter(|value| fits(store, *value, known)).collect();
        let one = some.first().copied().unwrap_or(values[0]);
        let scalar = |kind: ScalarKind, text: &str| parse_scalar(kind, text).unwrap();
        let word = random.of(&WORDS);
        let value = match random.below(25) {
            0 => Value::Null,
            1 => Value::Bool(random.chance(2)),
            2 => Value::Int(random.of(&[0, -1, i64::MAX, i64::MIN, 42])),
            3 => scalar(ScalarKind::Decimal, random.of(&["0.1", "3", "-12345678901234567890.5"])),
            4 => scalar(ScalarKind::Ratio, random.of(&["99.9%", "100%"])),
            5 => Value::Text(word.into()),
            6 => Value::Size(random.below(1 << 40) as i64),
            7 => Value::Duration(random.below(1 << 40) as i64),
            8 => scalar(ScalarKind::Ip, random.of(&["10.0.0.1", "fe80::1"])),
            9 => scalar(ScalarKind::Cidr, random.of(&["10.0.0.1/8", "fd00::/8"])),
            10 => Value::Port { first: random.below(65536) as u16, last: 65535, protocol: Name::new("tcp") },
            11 => Value::Date(random.below(60_000) as i32 - 30_000),
            12 => Value::List(some.into()),
            13 => {
                let fields = some.iter().enumerate().map(|(at, value)| (Name::new(&format!("{word}{at}")), *value));
                let record = store.record(fields.collect());
                values.push(record);
                continue;
            }
            14 => {
                let key = |store: &mut Store, at: usize| match (at, known.first()) {
                    (0, Some(address)) => store.add(Value::Instance(*address)),
                    _ => store.text(format!("{word}{at}")),
                };
                let entries = some.iter().enumerate().map(|(at, value)| (key(store, at), *value)).collect();
                let map = store.map(entries);
                values.push(map);
                continue;
            }
            15 => Value::Tagged { tag: Name::new(word), fields: some.into() },
            16 => Value::Range(one, values[0]),
            17 => Value::Absent,
            18 | 19 if known.is_empty() => Value::Int(7),
            18 => Value::Instance(random.of(known)),
            19 => Value::Endpoint(random.of(known), Name::new("http")),
            20 => {
                let alone = [random.chance(2).then_some(one).into_iter().collect(), some.clone().into()];
                Value::Flow { from: some.clone().into(), to: some.into(), alone, key: values[0] }
            }
            21 => Value::Platform {
                platform: Name::new("aws"),
                name: random.chance(2).then(|| Name::new("dublin")),
                inputs: one,
                instance: known.first().copied().filter(|_| random.chance(2)),
            },
            22 if !known.is_empty() => Value::Ref {
                of: random.of(known),
                path: path(random),
                folded: some.first().copied().filter(|_| random.chance(2)),
                secret: random.chance(4),
            },
            23 => Value::Op { op: random.of(&Op::ALL), args: some.into() },
            _ => Value::List([one, one].into()),
        };
        let value = store.add(value);
        values.push(value);
    }
    let last = *values.last().unwrap();
    if fits(store, last, known) { last } else { values[0] }
}

/// Whether a value refers only to these resources.
fn fits(store: &Store, value: ValueId, known: &[AddressId]) -> bool {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        if let Value::Ref { of, folded, .. } = store.get(value) {
            if !known.contains(of) {
                return false;
            }
            open.extend(*folded);
        }
        store.get(value).for_each_part(|part| open.push(part));
    }
    true
}

/// Every resource of the graph has an edge to what it refers to.
#[test]
fn edges_of_data_say_where_the_reference_stands() {
    let mut met = 0;
    for seed in 0..300 {
        let graph = random_graph(seed);
        for resource in &graph.resources {
            for edge in resource.edges.iter().filter(|edge| edge.kind == EdgeKind::Data) {
                assert!(matches!(edge.to, NodeId::Resource(_)));
                met += usize::from(!edge.path.is_empty());
            }
        }
    }
    assert!(met > 20, "hardly any edge of data: {met}");
}
