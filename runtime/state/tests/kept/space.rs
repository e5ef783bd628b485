//! When there is no space, or no right to write: what is begun can be ended, and what cannot be kept is not begun.

use state::*;

use crate::script::*;

/// A disk with this much space behind what is there already.
fn with_space(bytes: u64) -> (Simulated, Journal) {
    let files = Simulated::new(3);
    let mut journal = open(&files).unwrap();
    journal.append(&appends()[0].0).unwrap();
    files.set_capacity(files.used() + bytes);
    (files, journal)
}

#[test]
fn a_full_disk_refuses_to_begin_and_never_to_end() {
    let mut refused = 0;
    for space in (0..400_000).step_by(3_001) {
        let (files, mut journal) = with_space(space);
        let mut open_ops = Vec::new();
        for op in 1..200 {
            let size = (op as usize * 37) % 5000;
            let used = files.used();
            let begins = intent(op, Action::Create, entry(op, &format!("a{op}")), size);
            match journal.append(&[begins]) {
                Ok(()) => open_ops.push((op, size)),
                Err(error) => {
                    assert_eq!((error.code(), files.used()), ("state_full", used), "what was refused takes no space");
                    refused += 1;
                    break;
                }
            }
        }
        // Now the disk fills up to its last byte.
        files.set_capacity(files.used());
        assert!(journal.append(&[intent(900, Action::Create, entry(900, "z"), 60_000)]).is_err());
        // An outcome together with something that begins is refused as one; on its own it is taken, also by the next run.
        for (op, size) in &open_ops {
            let ends = outcome(*op, Some(object(1, 7_000 + size / 2)));
            let both = [ends.clone(), intent(901, Action::Create, entry(901, "y"), 200_000)];
            assert!(journal.append(&both).is_err_and(|error| error.code() == "state_full"));
            journal.append(&[ends]).unwrap_or_else(|error| panic!("space {space}, operation {op}: {error}"));
        }
        journal.append(&[Record::End(End { run: RunId(1), at: 16, done: 3, failed: 0, unknown: 0 })]).unwrap();
        assert_eq!(journal.state().entries.len(), open_ops.len());
        drop(journal);
        assert_eq!(place().read(&files.restarted(Loss::All), None).unwrap().state.entries.len(), open_ops.len());
    }
    assert!(refused > 50, "{refused}");
}

#[test]
fn the_space_is_there_after_a_crash_as_well() {
    let (files, mut journal) = with_space(200_000);
    let mut ops: Vec<u128> = Vec::new();
    while journal
        .append(&[intent(
            ops.len() as u128 + 1,
            Action::Create,
            entry(ops.len() as u128 + 1, &format!("a{}", ops.len())),
            100,
        )])
        .is_ok()
    {
        ops.push(ops.len() as u128 + 1);
    }
    assert!(ops.len() > 5);
    let files = files.restarted(Loss::All);
    // For the head that is replaced, and the note.
    files.set_capacity(files.used() + 8_000);
    let mut journal = open(&files).unwrap();
    files.set_capacity(files.used());
    assert_eq!(journal.state().open.len(), ops.len());
    for op in ops {
        journal.append(&[outcome(op, Some(object(1, 5_000)))]).unwrap();
    }
}

#[test]
fn the_space_is_there_after_a_snapshot_as_well() {
    let (files, mut journal) = with_space(400_000);
    for op in 1..=9 {
        journal.append(&[intent(op, Action::Create, entry(op, &format!("a{op}")), 100)]).unwrap();
    }
    journal.checkpoint().unwrap();
    files.set_capacity(files.used());
    for op in 1..=9 {
        journal.append(&[outcome(op, Some(object(1, 5_000)))]).unwrap();
    }
}

#[test]
fn a_snapshot_that_finds_no_space_is_none_and_the_journal_goes_on() {
    for space in (0..40_000).step_by(501) {
        let (files, mut journal) = with_space(250_000);
        for op in 1..20 {
            journal.append(&[intent(op, Action::Create, entry(op, &format!("a{op}")), 500)]).unwrap();
            journal.append(&[outcome(op, Some(object(1, 500)))]).unwrap();
        }
        let (before, used) = (journal.state().clone(), files.used());
        files.set_capacity(used + space);
        match journal.checkpoint() {
            Ok(()) => assert!(space > 10_000),
            Err(error) => {
                assert_eq!(error.code(), "state_full", "{space}");
                assert_eq!(files.used(), used, "{space}");
            }
        }
        files.set_capacity(None);
        journal.append(&[intent(100, Action::Create, entry(100, "later"), 1)]).unwrap();
        drop(journal);
        let opened = place().read(&files.restarted(Loss::All), Some(&key(1))).unwrap();
        assert_eq!(opened.state.entries.len(), before.entries.len() + 1);
    }
}

#[test]
fn where_nothing_may_be_written_it_can_be_read() {
    let files = Simulated::new(0);
    files.set_read_only(true);
    assert!(place().read(&files, Some(&key(1))).unwrap().lineage.is_none());
    assert!(open(&files).is_err_and(|error| error.code() == "state_not_allowed"));
    assert!(files.contents().is_empty());
    files.set_read_only(false);
    assert_eq!(play(&files, 2, &prefixes()), (15, Vec::new()));
    files.set_read_only(true);
    let before = files.contents();
    assert_eq!(place().read(&files, Some(&key(1))).unwrap().seq, 15);
    assert!(open(&files).is_err_and(|error| error.code() == "state_not_allowed"));
    assert!(files.contents() == before);
}

/// What one change costs beside so many other things: bytes written by a run that changes one of them.
fn cost_beside(things: u128) -> u64 {
    let files = Simulated::new(0);
    let mut journal = open(&files).unwrap();
    let adopt = |uid: u128| {
        let entry = Entry { current: Some(object(1, 300)), ..entry(uid, &format!("thing[{uid}]")) };
        Record::Change(Change::Adopt { entry: Box::new(entry) })
    };
    let all: Vec<Record> = (1..=things).map(adopt).collect();
    all.chunks(500).for_each(|some| journal.append(some).unwrap());
    journal.checkpoint().unwrap();
    journal.close().unwrap();
    let before = files.written();
    let mut journal = open(&files).unwrap();
    journal.append(&[run(), intent(1, Action::Update, entry(1, "thing[1]"), 100)]).unwrap();
    journal.append(&[outcome(1, Some(object(2, 300)))]).unwrap();
    journal.append(&[Record::End(End { run: RunId(1), at: 16, done: 1, failed: 0, unknown: 0 })]).unwrap();
    journal.close().unwrap();
    files.written() - before
}

#[test]
fn a_change_costs_the_same_among_ten_and_among_fifteen_thousand() {
    let (few, many) = (cost_beside(10), cost_beside(15_000));
    // Numbers in the head have more digits.
    assert!(few.abs_diff(many) < 64, "{few} and {many} bytes");
    assert!(few < 100_000, "{few}");
}

#[test]
fn snapshots_are_made_when_due_and_old_ones_go() {
    let files = Simulated::new(0);
    let mut journal = open(&files).unwrap();
    journal.append(&[run()]).unwrap();
    let before = files.written();
    for op in 1..=600u128 {
        let thing = 1 + op % 10;
        let action = if op <= 10 { Action::Create } else { Action::Update };
        journal.append(&[intent(op, action, entry(thing, &format!("a{thing}")), 10_000)]).unwrap();
        journal.append(&[outcome(op, Some(object(1, 100)))]).unwrap();
    }
    let said = 600 * 10_000;
    assert!((5..=9).contains(&journal.generation()), "{}", journal.generation());
    assert!(files.written() - before < 3 * said, "{} bytes written for {said}", files.written() - before);
    assert!(files.used() < 6_000_000, "{}", files.used());
    let snapshots = files.contents().keys().filter(|path| path.to_string_lossy().contains("snapshot-")).count();
    assert_eq!(snapshots, 3);
}
