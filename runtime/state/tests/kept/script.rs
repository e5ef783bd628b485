//! What the tests write: a run with all kinds of records, in appends of one or more, with a snapshot in between, over several openings.

use std::path::Path;
use std::sync::Arc;

use state::*;

/// The folder of the state in each test.
pub const FOLDER: &str = "/p/.infrac/prod/state";

pub fn place() -> Place {
    Place::of(Path::new("/p"), "prod")
}

/// Chance that is the same each time.
pub struct Drawn(pub u64);

impl Drawn {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed ^ (mixed >> 29)
    }
    pub fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}

impl Entropy for Drawn {
    fn fill(&mut self, bytes: &mut [u8]) {
        bytes.fill_with(|| self.next() as u8);
    }
}

/// A clock that goes on only while somebody waits.
#[derive(Default)]
pub struct Standing(std::sync::atomic::AtomicU64);

impl Clock for Standing {
    fn now(&self) -> u64 {
        self.0.load(std::sync::atomic::Ordering::SeqCst)
    }
    fn pause(&self, milliseconds: u64) {
        self.0.fetch_add(milliseconds, std::sync::atomic::Ordering::SeqCst);
    }
}

pub fn key(byte: u8) -> Kek {
    Kek::from_bytes([byte; 32])
}

pub fn holder(user: &str) -> Holder {
    Holder {
        user: user.into(),
        machine: "m1".into(),
        pid: 7,
        started: 5,
        run: Some(RunId(9)),
        command: "infrac apply".into(),
    }
}

pub fn open_with(files: &Simulated, key: Option<Kek>, seed: u64) -> std::result::Result<Journal, StateError> {
    let files: Arc<dyn Files> = Arc::new(files.clone());
    place().write(files, key, &Standing::default(), Box::new(Drawn(seed)), &holder("ada"), Wait::No)
}

pub fn open(files: &Simulated) -> std::result::Result<Journal, StateError> {
    open_with(files, Some(key(1)), 1)
}

pub fn map(entries: &[(&str, Tree)]) -> Tree {
    Tree::Map(entries.iter().map(|(key, value)| ((*key).into(), value.clone())).collect())
}

pub fn object(incarnation: u32, size: usize) -> Object {
    Object {
        incarnation,
        config: ConfigId(1),
        realm: RealmId(1),
        native_id: format!("i-{incarnation}"),
        names: vec![("name".into(), "front".into())],
        edges: vec![Edge { to: Uid(1), kind: EdgeKind::Data }],
        made_by: None,
        schema_version: 1,
        attributes: map(&[("size", Tree::Number("0.5".into())), ("text", Tree::text("@ ".repeat(size)))]),
        private: None,
        applied: map(&[("size", Tree::Number("1".into()))]),
        condition: Condition::Ok,
    }
}

pub fn entry(uid: u128, address: &str) -> Entry {
    Entry {
        uid: Uid(uid),
        address: address.into(),
        driver: "files".into(),
        kind: "file".into(),
        place: Some("main.infra:3:1".into()),
        life: Life::default(),
        current: None,
        deposed: Vec::new(),
        frozen: None,
    }
}

pub fn intent(op: u128, action: Action, entry: Entry, size: usize) -> Record {
    Record::Intent(Box::new(Intent {
        op: OpId(op),
        run: RunId(1),
        at: 12,
        step: StepId(1),
        action,
        entry,
        before: None,
        inputs: map(&[("text", Tree::text("x".repeat(size)))]),
        planned: map(&[("id", Tree::Later)]),
        becomes: None,
        locator: Locator::Chosen { id: "front".into() },
    }))
}

pub fn outcome(op: u128, object: Option<Object>) -> Record {
    Record::Outcome(Box::new(Outcome { op: OpId(op), at: 13, result: state::Result::Done, object, by: By::Reply }))
}

pub fn run() -> Record {
    Record::Run(Run {
        run: RunId(1),
        command: Command::Apply,
        at: 11,
        by: "ada on m1".into(),
        plan: Some(PlanId(4)),
        graph: None,
        only: Vec::new(),
    })
}

/// Fifteen records in eleven appends. Where it says so, a snapshot follows.
pub fn appends() -> Vec<(Vec<Record>, bool)> {
    let realm = Realm { id: RealmId(1), driver: "files".into(), proof: vec![("machine".into(), "m1".into())] };
    let configuration = Configuration {
        id: ConfigId(1),
        driver: "files".into(),
        name: String::new(),
        inputs: map(&[]),
        realm: RealmId(1),
    };
    let phase = Record::Phase { op: OpId(2), at: 14, name: "drained".into(), data: Tree::text("é".repeat(40)) };
    let gone = Read::Gone { proof: "404".into() };
    vec![
        (vec![run(), Record::Realm(realm), Record::Configuration(configuration)], false),
        (vec![intent(1, Action::Create, entry(1, "front.vm"), 10)], false),
        (vec![outcome(1, Some(object(1, 10))), intent(2, Action::Create, entry(2, "back.vm"), 700)], false),
        (vec![phase], true),
        (vec![outcome(2, Some(object(1, 600)))], false),
        (vec![Record::Change(Change::Move { uid: Uid(2), to: "rear.vm".into() })], false),
        (
            vec![
                Record::Observed { uid: Uid(1), at: 15, read: gone },
                Record::Output { name: "ip".into(), value: Tree::Bool(true) },
            ],
            false,
        ),
        (vec![intent(3, Action::Update, entry(1, "front.vm"), 5)], false),
        (vec![outcome(3, Some(object(2, 5)))], true),
        (vec![Record::Notify { handler: Uid(1), host: Uid(2), pending: true }], false),
        (vec![Record::End(End { run: RunId(1), at: 16, done: 3, failed: 0, unknown: 0 })], false),
    ]
}

/// What the first records add up to, for each number of them.
pub fn prefixes() -> Vec<State> {
    let mut states = vec![State::default()];
    for record in appends().iter().flat_map(|(records, _)| records) {
        let mut state = states.last().unwrap().clone();
        state.add(record).unwrap();
        states.push(state);
    }
    states
}

/// Writes what is not there yet, in up to `openings`; whatever fails ends an opening. Returns how many records were acknowledged, and
/// the errors.
pub fn play(files: &Simulated, openings: usize, prefixes: &[State]) -> (u64, Vec<StateError>) {
    let (mut kept, mut errors) = (0, Vec::new());
    for opening in 0..openings {
        let mut journal = match open(files) {
            Ok(journal) => journal,
            Err(error) => {
                errors.push(error);
                continue;
            }
        };
        assert!(journal.seq() >= kept, "{} of {kept} are left after {errors:?}", journal.seq());
        assert!(*journal.state() == prefixes[journal.seq() as usize]);
        kept = journal.seq();
        let result = write_rest(&mut journal, opening, &mut kept);
        errors.extend(result.and_then(|()| journal.close()).err());
    }
    (kept, errors)
}

/// The first opening ends in the middle.
fn write_rest(journal: &mut Journal, opening: usize, kept: &mut u64) -> std::result::Result<(), StateError> {
    let mut seq = 0;
    for (records, snapshot) in appends().iter().take(if opening == 0 { 6 } else { usize::MAX }) {
        seq += records.len() as u64;
        if seq <= *kept {
            continue;
        }
        journal.append(records)?;
        *kept = seq;
        if *snapshot {
            journal.checkpoint()?;
        }
    }
    Ok(())
}

/// What is there is what the first records add up to, and no fewer of them than were acknowledged. Then all of them can be written.
pub fn assert_kept(files: &Simulated, kept: u64, prefixes: &[State], what: &dyn Fn() -> String) {
    let opened = place().read(files, Some(&key(1))).unwrap_or_else(|error| panic!("{}: {error}", what()));
    assert!(opened.seq >= kept, "{}: {} of {kept} acknowledged records are left", what(), opened.seq);
    assert!(opened.state == prefixes[opened.seq as usize], "{}: not what {} records add up to", what(), opened.seq);
    let (all, errors) = play(files, 2, prefixes);
    assert_eq!((all as usize, errors), (prefixes.len() - 1, Vec::new()), "{}", what());
}
