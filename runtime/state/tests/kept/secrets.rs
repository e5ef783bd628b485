//! Secrets: in no file, no text of an error, and of no use without the key.

use std::path::Path;
use std::sync::Arc;

use state::*;

use crate::script::*;

const CANARY: &str = "canary-hunter2-7f3a";

fn secret() -> Tree {
    Tree::Secret(Secret(Arc::new(map(&[("password", Tree::text(CANARY)), ("port", Tree::Number("5432".into()))]))))
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// A state that holds the canary sealed, in values and in what a driver wants back.
fn sealed_state() -> (Simulated, Journal) {
    let files = Simulated::new(0);
    let mut journal = open(&files).unwrap();
    let sealer = journal.sealer().unwrap();
    let mut thing = object(1, 3);
    thing.attributes = sealer.seal(&map(&[("login", Tree::List(vec![secret(), Tree::text("plain")]))])).unwrap();
    thing.private = Some(sealer.seal_bytes(CANARY.as_bytes()).unwrap());
    journal.append(&[run(), intent(1, Action::Create, entry(1, "a"), 1)]).unwrap();
    journal.append(&[outcome(1, Some(thing))]).unwrap();
    (files, journal)
}

#[test]
fn a_secret_is_read_with_the_key_and_stands_in_no_file() {
    let (files, mut journal) = sealed_state();
    journal.checkpoint().unwrap();
    journal.close().unwrap();
    let encoded = ["Y2FuYXJ5LWh1bnRlcjI", "NhbmFyeS1odW50ZXIyL", "jYW5hcnktaHVudGVyM"];
    for (path, bytes) in files.contents() {
        for text in [CANARY].iter().chain(&encoded) {
            assert!(!holds(&bytes, text), "{} holds it", path.display());
        }
        assert!(!holds(&bytes, &"01".repeat(32)) && !bytes.windows(32).any(|window| window == [1; 32]));
    }
    let opened = place().read(&files, Some(&key(1))).unwrap();
    assert!(!format!("{opened:?}").contains(CANARY));
    let thing = opened.state.at("a").unwrap().current.clone().unwrap();
    let sealer = opened.sealer.unwrap();
    let plain = sealer.open(&thing.attributes).unwrap();
    assert!(plain == map(&[("login", Tree::List(vec![secret(), Tree::text("plain")]))]));
    assert!(!format!("{plain:?} {sealer:?}").contains(CANARY));
    assert_eq!(*sealer.open_bytes(&thing.private.unwrap()).unwrap(), CANARY.as_bytes());
    // Without the key all else can be read.
    let without = place().read(&files, None).unwrap();
    assert!(without.has_keys && without.sealer.is_none());
    let login = without.state.at("a").unwrap().current.as_ref().unwrap().attributes.get("login").cloned();
    assert!(matches!(login, Some(Tree::List(parts)) if matches!(&parts[..], [Tree::Sealed(_), Tree::Text(_)])));
}

#[test]
fn equal_secrets_have_equal_prints_in_one_state_and_others_in_another() {
    let (_, journal) = sealed_state();
    let other = open_with(&Simulated::new(0), Some(key(1)), 99).unwrap();
    let (sealer, other) = (journal.sealer().unwrap(), other.sealer().unwrap());
    let seal = |sealer: &Sealer| match sealer.seal(&secret()).unwrap() {
        Tree::Sealed(sealed) => sealed,
        tree => panic!("{tree:?}"),
    };
    let (first, second) = (seal(&sealer), seal(&sealer));
    assert!(first.print == second.print && first.bytes != second.bytes && first.print.len() == 32);
    let Tree::Secret(inner) = secret() else { unreachable!() };
    assert_eq!(sealer.print(&inner).unwrap(), first.print);
    assert_ne!(seal(&other).print, first.print);
    // A secret inside a secret is no other secret.
    let nested = Tree::Secret(Secret(Arc::new(Tree::Secret(inner))));
    assert!(matches!(sealer.seal(&nested).unwrap(), Tree::Sealed(sealed) if sealed.print == first.print));
    // Bound to its state, its key and its print, and never taken for bytes.
    let refused = [
        other.open(&Tree::Sealed(first.clone())),
        sealer.open(&Tree::Sealed(Sealed { key: 2, ..first.clone() })),
        sealer.open(&Tree::Sealed(Sealed { print: "0".repeat(32), ..first.clone() })),
        sealer.open(&Tree::Sealed(Sealed { bytes: String::new(), ..first.clone() })),
        sealer.open(&Tree::Sealed(sealer.seal_bytes(b"\"x\"").unwrap())),
    ];
    for result in refused {
        assert!(matches!(result, Err(StateError::BadSeal { .. })));
    }
}

#[test]
fn an_open_secret_is_refused_and_nothing_is_written() {
    let (files, mut journal) = sealed_state();
    let before = files.contents();
    let error = journal.append(&[run(), Record::Output { name: "a".into(), value: secret() }]).unwrap_err();
    assert_eq!(error.code(), "state_open_secret");
    assert!(!format!("{error} {error:?} {}", error.help()).contains(CANARY));
    assert!(files.contents() == before);
    journal.append(&[Record::Output { name: "a".into(), value: Tree::Bool(true) }]).unwrap();
}

#[test]
fn a_wrong_key_writes_nothing() {
    let (files, journal) = sealed_state();
    journal.close().unwrap();
    let (before, written) = (files.contents(), files.written());
    assert!(matches!(place().read(&files, Some(&key(2))), Err(StateError::WrongKey)));
    assert!(matches!(open_with(&files, Some(key(2)), 1), Err(StateError::WrongKey)));
    assert!(files.contents() == before && files.written() == written);
    let points = files.points();
    assert_eq!(points["lock"], 1, "not even the lock is taken");
}

#[test]
fn without_the_key_all_but_secrets_and_snapshots_can_be_written() {
    let (files, journal) = sealed_state();
    journal.close().unwrap();
    let mut journal = open_with(&files, None, 5).unwrap();
    assert!(journal.sealer().is_none());
    journal.append(&[Record::Change(Change::Move { uid: Uid(1), to: "b".into() })]).unwrap();
    assert!(matches!(journal.checkpoint(), Err(StateError::NoKey { .. })));
    assert!(matches!(journal.rekey(key(3)), Err(StateError::NoKey { .. })));
    journal.close().unwrap();
    // The key vouches for it still.
    let opened = place().read(&files, Some(&key(1))).unwrap();
    assert!(opened.state.at("b").is_some());
    let sealed = opened.state.at("b").unwrap().current.clone().unwrap().attributes;
    assert!(opened.sealer.unwrap().open(&sealed).is_ok());
}

#[test]
fn after_rekey_only_the_new_key_opens_it_and_only_the_head_was_written() {
    let (files, mut journal) = sealed_state();
    let sealed = journal.state().at("a").unwrap().current.clone().unwrap().attributes;
    let before = files.contents();
    journal.rekey(key(2)).unwrap();
    let after = files.contents();
    let changed = after.iter().filter(|(path, bytes)| before.get(*path) != Some(*bytes));
    assert_eq!(changed.map(|(path, _)| path.as_path()).collect::<Vec<_>>(), [Path::new(FOLDER).join("head")]);
    journal.append(&[Record::Output { name: "a".into(), value: Tree::Bool(true) }]).unwrap();
    journal.checkpoint().unwrap();
    journal.close().unwrap();
    assert!(matches!(place().read(&files, Some(&key(1))), Err(StateError::WrongKey)));
    assert!(matches!(open_with(&files, Some(key(1)), 1), Err(StateError::WrongKey)));
    let opened = place().read(&files, Some(&key(2))).unwrap();
    assert!(opened.sealer.unwrap().open(&sealed).is_ok());
}

#[test]
fn a_state_without_keys_gets_some_with_its_first_key() {
    let files = Simulated::new(0);
    let mut journal = open_with(&files, None, 1).unwrap();
    journal.append(&[run()]).unwrap();
    journal.checkpoint().unwrap();
    journal.close().unwrap();
    assert!(!place().read(&files, None).unwrap().has_keys);
    let journal = open(&files).unwrap();
    assert!(journal.sealer().is_some());
    journal.close().unwrap();
    assert!(matches!(place().read(&files, Some(&key(2))), Err(StateError::WrongKey)));
}

/// All calls fail once while the key is changed: it is the old one's or the new one's, and never nobody's.
#[test]
fn a_rekey_that_fails_leaves_one_key_that_opens_it() {
    let mut both = (0, 0);
    for at in 1..40 {
        for loss in [Loss::All, Loss::Tail, Loss::Sectors, Loss::Nothing] {
            let (files, mut journal) = sealed_state();
            files.fail(Failing::Crash(at, loss));
            let done = journal.rekey(key(2)).is_ok();
            let left = files.restarted(loss);
            let (old, new) = (place().read(&left, Some(&key(1))).is_ok(), place().read(&left, Some(&key(2))).is_ok());
            assert!(old != new && (new || !done), "crash at {at}, {loss:?}: {old} {new}");
            both = (both.0 + usize::from(old), both.1 + usize::from(new));
        }
    }
    assert!(both.0 > 5 && both.1 > 5, "{both:?}");
}

#[test]
fn a_key_file_is_made_once_for_this_user_only_and_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys/prod.key");
    let source = KeySource::File(path.clone());
    let first = source.key(&Disk, &mut Drawn(1), None).unwrap();
    let second = source.key(&Disk, &mut Drawn(2), None).unwrap();
    assert!(first.made && !second.made);
    let files = Simulated::new(0);
    open_with(&files, Some(first.kek), 1).unwrap().close().unwrap();
    assert!(place().read(&files, Some(&second.kek)).unwrap().sealer.is_some());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let text = std::fs::read_to_string(&path).unwrap();
    let told = KeySource::Command(vec!["vault".into(), CANARY.into()]);
    assert!(!told.key(&Disk, &mut Drawn(3), Some(&text)).unwrap().made);
    let error = told.key(&Disk, &mut Drawn(3), Some(CANARY)).unwrap_err();
    assert_eq!(error.to_string(), "what the command `vault` gives is no key");
    assert!(!format!("{error:?} {}", error.help()).contains(CANARY));
}
