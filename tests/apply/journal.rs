//! The engine over a disk in memory and a time of its own: the same seed gives the same journal to the last byte; and whatever fails or is
//! never heard of, once that stops a run or two make all that the program says, each thing once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use engine::rehearsed::{Course, Rehearsed};
use engine::{
    Applying, Driver, Drivers, Ledger, Making, Memory, Places, Secrets, Stop, Told, VirtualTime, Wanted, apply,
    make_plan, recover,
};
use state::{Entropy, Journal, Kek, Place, Record, Simulated, State, StateError, Tree, Wait};

/// SplitMix64.
#[derive(Clone)]
struct Seeded(u64);

impl Entropy for Seeded {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            *byte = (mixed >> 56) as u8;
        }
    }
}

struct Kept(Journal);

fn told(error: &StateError) -> Told {
    Told::new("state", error.to_string(), error.help())
}

impl Secrets for Kept {
    fn seal(&self, tree: &Tree) -> Result<Tree, Told> {
        self.0.sealer().unwrap().seal(tree).map_err(|error| told(&error))
    }
    fn open(&self, tree: &Tree) -> Result<Tree, Told> {
        self.0.sealer().unwrap().open(tree).map_err(|error| told(&error))
    }
}

impl Ledger for Kept {
    fn state(&self) -> &State {
        self.0.state()
    }
    fn append(&mut self, records: &[Record]) -> Result<(), Told> {
        self.0.append(records).map_err(|error| told(&error))
    }
}

const PROGRAM: &str = "project notes { edition = 1 }\n\
    environment prod { tier = prod, on = [aws(region = \"eu-west-3\")] }\n\
    network lan { cidr = 10.20.0.0/16 }\n\
    database orders {}\n\
    server web { public = true, port https = 443/tcp }\n\
    firewall edge { allow = [internet -> web.https, web -> orders.sql] }\n";

/// The graph of the program, as it is saved.
static GRAPH: LazyLock<String> = LazyLock::new(|| {
    let program = tests::program(&[("main.infra".to_owned(), PROGRAM.to_owned())]);
    let (graph, _) = program.evaluate(source::Name::new("prod"), &[]).unwrap();
    graph::save(&graph)
});

fn wanted() -> Wanted {
    Wanted::of(graph::read(&GRAPH).unwrap(), Places::default())
}

/// A world: its disk, its time, and its chance.
struct World {
    disk: Simulated,
    time: VirtualTime,
    entropy: Seeded,
}

impl World {
    fn new(seed: u64) -> Self {
        Self { disk: Simulated::new(seed), time: VirtualTime::at(1_000_000), entropy: Seeded(seed) }
    }

    /// A run of which so many of a thousand operations fail. Whether a plan had nothing to do any more.
    fn run(&mut self, seed: u64, faults: u32) -> bool {
        let place = Place::new("state");
        let holder = state::Holder {
            user: "ann".to_owned(),
            machine: "desk".to_owned(),
            pid: 1,
            started: 0,
            run: None,
            command: "a test".to_owned(),
        };
        let key = Some(Kek::from_bytes([7; 32]));
        let entropy = Box::new(self.entropy.clone());
        let disk = Arc::new(self.disk.clone());
        let mut kept = Kept(place.write(disk, key, &self.time, entropy, &holder, Wait::No).unwrap());
        let course = Course { seed, failing: faults, unheard: faults };
        let drivers = Drivers::of(["terraform", "kubernetes", "ansible", "monitoring", "files"].map(
            |target| -> Arc<dyn Driver> {
                Arc::new(Rehearsed::new(target, Arc::new(self.time.clone()), course.clone()))
            },
        ));
        let time = self.time.clone();
        let is_empty = engine::run(&time, work(&mut kept, &drivers, &self.time, &mut self.entropy)).unwrap();
        kept.0.close().unwrap();
        is_empty
    }

    fn bytes(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        self.disk.contents()
    }

    fn state(&self) -> State {
        Place::new("state").read(&self.disk, Some(&Kek::from_bytes([7; 32]))).unwrap().state
    }
}

async fn work(kept: &mut Kept, drivers: &Drivers, time: &VirtualTime, entropy: &mut Seeded) -> bool {
    recover(drivers, kept, time, entropy).await.unwrap();
    let plan = {
        let mut copy = Memory::of(kept.state().clone(), kept);
        let making = Making {
            drivers,
            ledger: &mut copy,
            clock: time,
            entropy,
            given: BTreeMap::new(),
            unprotected: BTreeSet::new(),
            today: 0,
            rehearsed: true,
        };
        make_plan(&mut wanted(), making).await.unwrap()
    };
    if plan.steps.is_empty() && plan.unresolved.is_empty() {
        return true;
    }
    let applying = Applying {
        drivers,
        ledger: kept,
        clock: time,
        entropy,
        by: "ann".to_owned(),
        at_once: 4,
        stop: &Stop::default(),
        rehearsed: true,
        events: &mut |_| {},
    };
    apply(&plan, Some(wanted()), applying).await.unwrap();
    false
}

#[test]
fn one_seed_gives_the_same_journal_twice() {
    let world = |seed| {
        let mut world = World::new(seed);
        for run in 0..3 {
            world.run(seed + run, 200);
        }
        world.bytes()
    };
    for seed in 0..3 {
        assert!(world(seed) == world(seed), "seed {seed}");
    }
    assert!(world(1) != world(2));
}

#[test]
fn when_faults_stop_all_is_made_and_each_thing_once() {
    let is_made = |node: &engine::Node| matches!(node.kind, engine::NodeKind::Resource { read: false, .. });
    let wanted = wanted();
    let made = wanted.resources().filter(|(_, node)| is_made(node));
    let wanted: BTreeSet<String> = made.map(|(_, node)| node.address.clone()).collect();
    assert!(wanted.len() > 10, "{wanted:?}");
    for seed in 0..15 {
        let mut world = World::new(seed);
        for run in 0..4 {
            world.run(seed * 10 + run, 300);
        }
        // What is unresolved is found out by the first run without faults, what was held back for it is made by the second.
        let settled = (0..3).any(|run| world.run(run, 0));
        assert!(settled, "seed {seed}: there is always something to do");
        let state = world.state();
        assert_eq!(state.addresses.keys().cloned().collect::<BTreeSet<_>>(), wanted, "seed {seed}");
        let once = state.entries.values().all(|entry| entry.objects().count() == 1);
        assert!(once && state.open.is_empty(), "seed {seed}");
    }
}
