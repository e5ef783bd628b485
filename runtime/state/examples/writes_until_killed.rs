//! Writes a state until it is killed, and prints how many records are kept, each time it was told that they are.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use state::*;

fn intent(op: u128) -> Record {
    let uid = op % 50;
    let entry = Entry {
        uid: Uid(uid),
        address: format!("thing[{uid}]"),
        driver: "files".into(),
        kind: "file".into(),
        place: None,
        life: Life::default(),
        current: None,
        deposed: Vec::new(),
        frozen: None,
    };
    Record::Intent(Box::new(Intent {
        op: OpId(op),
        run: RunId(1),
        at: 1,
        step: StepId(1),
        action: Action::Update,
        entry,
        before: None,
        inputs: Tree::text("@ ".repeat(1 + op as usize * 37 % 9000)),
        planned: Tree::Later,
        becomes: None,
        locator: Locator::None,
    }))
}

fn outcome(op: u128) -> Record {
    let object = Object {
        incarnation: 1,
        config: ConfigId(1),
        realm: RealmId(1),
        native_id: format!("n{op}"),
        names: Vec::new(),
        edges: Vec::new(),
        made_by: None,
        schema_version: 1,
        attributes: Tree::text("x".repeat(op as usize * 53 % 700)),
        private: None,
        applied: Tree::Null,
        condition: Condition::Ok,
    };
    Record::Outcome(Box::new(Outcome {
        op: OpId(op),
        at: 2,
        result: Result::Done,
        object: Some(object),
        by: By::Reply,
    }))
}

fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("which folder?")?);
    let holder = Holder { command: "writes_until_killed".into(), pid: std::process::id(), ..Holder::default() };
    let key = Kek::from_bytes([1; 32]);
    let place = Place::new(folder);
    let mut journal =
        place.write(Arc::new(Disk), Some(key), &SystemClock, Box::new(SystemEntropy), &holder, Wait::No)?;
    let mut told = std::io::stdout();
    writeln!(told, "{}", journal.seq())?;
    let mut op = u128::from(journal.seq() / 2);
    if journal.seq() % 2 == 1 {
        journal.append(&[outcome(op)])?;
        op += 1;
    }
    loop {
        writeln!(told, "{}", journal.seq())?;
        journal.append(&[intent(op)])?;
        writeln!(told, "{}", journal.seq())?;
        journal.append(&[outcome(op)])?;
        op += 1;
        if op.is_multiple_of(40) {
            journal.checkpoint()?;
        }
    }
}
