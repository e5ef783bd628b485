//! Each call fails, once or from then on, and at each call the machine stops, with all that a crash can take.

use std::io::ErrorKind;

use state::*;

use crate::script::*;

/// How many calls the whole script makes.
fn calls() -> u64 {
    let files = Simulated::new(0);
    let (kept, errors) = play(&files, 3, &prefixes());
    assert_eq!((kept, errors), (15, Vec::new()));
    files.calls()
}

#[test]
fn whatever_call_fails_nothing_that_was_acknowledged_is_lost() {
    let prefixes = prefixes();
    let (calls, mut cases, mut failed) = (calls(), 0, 0);
    assert!(calls > 100, "{calls}");
    for at in 1..=calls + 1 {
        for kind in [ErrorKind::Other, ErrorKind::StorageFull, ErrorKind::PermissionDenied] {
            for failing in [Failing::Once(at, kind), Failing::From(at, kind)] {
                let files = Simulated::new(at);
                files.fail(failing);
                let (kept, errors) = play(&files, 3, &prefixes);
                files.fail(None);
                let what = || format!("{failing:?} after {errors:?}");
                for loss in [Loss::All, Loss::Tail, Loss::Sectors] {
                    assert_kept(&files.restarted(loss), kept, &prefixes, &what);
                }
                assert_kept(&files, kept, &prefixes, &what);
                cases += 1;
                failed += usize::from(!errors.is_empty());
            }
        }
    }
    assert!(failed * 10 > cases * 8, "only {failed} of {cases} runs met the failure");
}

#[test]
fn wherever_the_machine_stops_nothing_that_was_acknowledged_is_lost() {
    let prefixes = prefixes();
    let (mut cases, mut torn) = (0, 0);
    for at in 1..=calls() {
        for (loss, seeds) in [(Loss::All, 2), (Loss::Nothing, 2), (Loss::Tail, 6), (Loss::Sectors, 8)] {
            for seed in 0..seeds {
                let files = Simulated::new(at * 100 + seed);
                files.fail(Failing::Crash(at, loss));
                let (kept, _) = play(&files, 3, &prefixes);
                assert!(files.has_crashed());
                let left = files.restarted(loss);
                torn += usize::from(place().read(&left, None).is_ok_and(|opened| !opened.said.is_empty()));
                assert_kept(&left, kept, &prefixes, &|| format!("crash at {at}, {loss:?}, seed {seed}"));
                cases += 1;
            }
        }
    }
    assert!(cases > 2000 && torn > 20, "{torn} torn of {cases}");
}

/// A crash while what an earlier crash left is mended.
#[test]
fn the_machine_may_stop_again_while_it_is_mended() {
    let prefixes = prefixes();
    let calls = calls();
    let mut chance = Drawn(5);
    for case in 0..800 {
        let loss = [Loss::Tail, Loss::Sectors][chance.below(2) as usize];
        let mut files = Simulated::new(case);
        let mut kept = 0;
        for _ in 0..4 {
            files.fail(Failing::Crash(1 + chance.below(calls / 2), loss));
            kept = play(&files, 3, &prefixes).0.max(kept);
            files = files.restarted(loss);
            files.fail(None);
        }
        assert_kept(&files, kept, &prefixes, &|| format!("case {case}"));
    }
}

#[test]
fn after_a_sync_that_failed_nothing_more_is_written_in_this_run() {
    let files = Simulated::new(1);
    let mut journal = open(&files).unwrap();
    journal.append(&[run()]).unwrap();
    // Which call it is: the read of the head, the space, the write, then the sync.
    let mut refused = 0;
    for at in 1..=6 {
        let files = files.copy();
        let mut journal = open(&files).unwrap();
        files.fail(Failing::Once(at, ErrorKind::Other));
        let first = journal.append(&[intent(1, Action::Create, entry(1, "a"), 1)]);
        let written = files.written();
        if matches!(first, Err(StateError::Io { doing: "write", .. })) {
            let second = journal.append(&[Record::Output { name: "a".into(), value: Tree::Bool(true) }]);
            assert!(matches!(second, Err(StateError::Broken { .. })), "{second:?}");
            assert!(matches!(journal.checkpoint(), Err(StateError::Broken { .. })));
            assert!(matches!(journal.rekey(key(2)), Err(StateError::Broken { .. })));
            assert!(matches!(journal.close(), Err(StateError::Broken { .. })));
            assert_eq!(files.written(), written);
            refused += 1;
        }
    }
    assert_eq!(refused, 2, "the write and the sync");
}

/// What a failed sync left is seen until the machine stops: without the key no other log can be begun, so it has to be written again
/// before anything is built on it.
#[test]
fn what_a_failed_sync_left_is_written_again_before_more_is_said_to_be_kept() {
    let output = |name: &str| [Record::Output { name: name.into(), value: Tree::Bool(true) }];
    let files = Simulated::new(1);
    let mut journal = open(&files).unwrap();
    journal.append(&[run()]).unwrap();
    // The head, the write, the sync.
    files.fail(Failing::Once(3, ErrorKind::Other));
    assert!(matches!(journal.append(&output("unsure")), Err(StateError::Io { .. })));
    drop(journal);
    let mut journal = open_with(&files, None, 1).unwrap();
    assert!(journal.seq() == 2 && journal.generation() == 1);
    let seen = place().read(&files.restarted(Loss::All), None);
    assert!(seen.is_ok_and(|opened| opened.seq == 2), "the head vouches for what is not kept");
    journal.append(&output("sure")).unwrap();
    let opened = place().read(&files.restarted(Loss::All), Some(&key(1))).unwrap();
    assert_eq!(opened.state.outputs.keys().collect::<Vec<_>>(), ["sure", "unsure"]);
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let contents = || {
        let files = Simulated::new(0);
        play(&files, 3, &prefixes());
        files.contents()
    };
    let (first, second) = (contents(), contents());
    assert!(first == second && first.len() >= 6, "{:?}", first.keys());
}
