//! Runs drawn by chance: what is read is what the records add up to, through appends of any size, snapshots, keys and openings.

use state::*;

use crate::script::*;

fn tree(chance: &mut Drawn, depth: u64) -> Tree {
    match chance.below(if depth == 0 { 6 } else { 8 }) {
        0 => Tree::Null,
        1 => Tree::Bool(chance.below(2) == 0),
        2 => Tree::Number(["0", "-7", "0.25", "1e30", "18446744073709551616"][chance.below(5) as usize].into()),
        3 => Tree::Later,
        4 => Tree::Sealed(Sealed { key: 1, print: "ab".into(), bytes: "AA==".into() }),
        5 => Tree::text(["", "\u{0}\n\"", "F1 00000001 ", "é@ \u{7f}", "\u{1f600}"][chance.below(5) as usize]),
        6 => Tree::List((0..chance.below(4)).map(|_| tree(chance, depth - 1)).collect()),
        _ => {
            let keys = ["map", "sealed", "number", "", "a.b"];
            Tree::Map((0..chance.below(5)).map(|at| (keys[at as usize].into(), tree(chance, depth - 1))).collect())
        }
    }
}

fn condition(chance: &mut Drawn) -> Condition {
    match chance.below(4) {
        0 => Condition::Gone,
        1 => Condition::Tainted { why: "half".into() },
        2 => Condition::Dirty { op: OpId(chance.below(9).into()), inputs: tree(chance, 2) },
        _ => Condition::Ok,
    }
}

fn thing(chance: &mut Drawn) -> Object {
    Object {
        attributes: tree(chance, 4),
        applied: tree(chance, 2),
        condition: condition(chance),
        ..object(1 + chance.below(3) as u32, 1)
    }
}

/// A record that may fit or not.
fn record(chance: &mut Drawn) -> Record {
    let uid = u128::from(chance.below(8));
    let op = OpId(chance.below(6).into());
    let address = format!("a{}", chance.below(8));
    let result = match chance.below(4) {
        0 => Result::Unknown { why: "lost".into() },
        1 => Result::Refused { proof: "400".into() },
        2 => Result::Partial { why: "half".into() },
        _ => Result::Done,
    };
    match chance.below(13) {
        0..=2 => {
            let action = [Action::Create, Action::Update, Action::Delete][chance.below(3) as usize];
            intent(op.0, action, entry(uid, &address), chance.below(300) as usize)
        }
        3..=5 => {
            let object = (chance.below(3) > 0).then(|| thing(chance));
            Record::Outcome(Box::new(Outcome { op, at: 1, result, object, by: By::Reply }))
        }
        6 => Record::Phase { op, at: 1, name: "p".into(), data: tree(chance, 3) },
        7 => Record::Observed { uid: Uid(uid), at: 1, read: Read::Present { attributes: tree(chance, 3) } },
        8 => Record::Change(Change::Move { uid: Uid(uid), to: address }),
        9 => Record::Change(Change::Forget { uid: Uid(uid), because: "x".into() }),
        10 => {
            let entry = Entry { current: Some(thing(chance)), ..entry(uid, &address) };
            Record::Change(Change::Adopt { entry: Box::new(entry) })
        }
        11 => Record::Output { name: address, value: tree(chance, 4) },
        _ => Record::Claim { run: RunId(1), uids: vec![Uid(uid)] },
    }
}

#[test]
fn what_is_read_is_what_the_records_add_up_to() {
    let (mut taken, mut refused) = (0, 0);
    for seed in 0..60 {
        let chance = &mut Drawn(seed * 7919);
        let files = Simulated::new(seed);
        let mut expected = State::default();
        for _ in 0..5 {
            let mut journal = open_with(&files, Some(key(1)), seed).unwrap();
            assert!(*journal.state() == expected, "seed {seed}");
            for _ in 0..12 {
                let records: Vec<Record> = (0..1 + chance.below(4)).map(|_| record(chance)).collect();
                let mut next = expected.clone();
                let fits = records.iter().all(|record| next.add(record).is_ok());
                let result = journal.append(&records);
                assert_eq!(result.is_ok(), fits, "seed {seed}: {result:?} {records:?}");
                if fits {
                    expected = next;
                    taken += 1;
                } else {
                    assert!(matches!(result, Err(StateError::Wrong { .. })));
                    refused += 1;
                }
                assert!(*journal.state() == expected, "seed {seed}: {records:?}");
                if chance.below(9) == 0 {
                    journal.checkpoint().unwrap();
                }
            }
            match chance.below(2) {
                0 => journal.close().unwrap(),
                _ => drop(journal),
            }
            let opened = place().read(&files.restarted(Loss::All), Some(&key(1))).unwrap();
            assert!(opened.state == expected, "seed {seed}");
            assert!(opened.state.addresses == expected.addresses);
        }
    }
    assert!(taken > 800 && refused > 800, "{taken} taken, {refused} refused");
}
