//! Files that somebody or something changed: each bit, each length, each file gone. What is there is then a whole prefix of what was
//! written, or it is refused with a diagnosis; never empty, never rolled back unnoticed, never a panic.

use std::path::{Path, PathBuf};

use state::*;

use crate::script::*;

fn path(name: &str) -> PathBuf {
    Path::new(FOLDER).join(name)
}

/// A state with a snapshot, a vouched part of its log, and more in it: as a run leaves it that was killed. With how many records the
/// head vouches for.
fn killed() -> (Simulated, u64) {
    let files = Simulated::new(0);
    let mut seq = 0;
    let mut journal = open(&files).unwrap();
    for (at, (records, _)) in appends().iter().take(7).enumerate() {
        journal.append(records).unwrap();
        seq += records.len() as u64;
        if at == 2 {
            journal.checkpoint().unwrap();
        }
        if at == 4 {
            journal.close().unwrap();
            journal = open(&files).unwrap();
        }
    }
    let vouched = appends().iter().take(5).map(|(records, _)| records.len() as u64).sum();
    assert_eq!(seq, journal.seq());
    (files, vouched)
}

fn closed() -> Simulated {
    let files = Simulated::new(0);
    assert_eq!(play(&files, 2, &prefixes()), (15, Vec::new()));
    files
}

const DIAGNOSES: [&str; 4] = ["state_damaged", "state_foreign", "state_missing", "state_no_head"];

/// Reads it; returns how many records are there, or the code of the diagnosis.
fn read(files: &Simulated, prefixes: &[State], what: &str) -> std::result::Result<u64, &'static str> {
    match place().read(files, Some(&key(1))) {
        Ok(opened) => {
            assert!(opened.state == prefixes[opened.seq as usize], "{what}: another state");
            Ok(opened.seq)
        }
        Err(error) => {
            assert!(DIAGNOSES.contains(&error.code()), "{what}: {error}");
            Err(error.code())
        }
    }
}

/// Reads it; what is refused is not opened either, and stays as it is.
fn outcome_of(files: &Simulated, prefixes: &[State], what: &str) -> std::result::Result<u64, &'static str> {
    read(files, prefixes, what).inspect_err(|code| {
        let before = files.contents();
        assert!(open(files).is_err_and(|other| other.code() == *code), "{what}");
        let mut after = files.contents();
        // Only who asks is noted.
        after.insert(path("holder"), before.get(&path("holder")).cloned().unwrap_or_default());
        after.retain(|path, _| before.contains_key(path));
        assert!(after == before, "{what}: something was changed");
    })
}

fn named(files: &Simulated) -> Vec<(PathBuf, Vec<u8>)> {
    let generation = place().read(files, None).unwrap().generation;
    let names = ["head".to_owned(), format!("snapshot-{generation}"), format!("log-{generation}")];
    let contents = files.contents();
    names.iter().map(|name| (path(name), contents[&path(name)].clone())).collect()
}

/// Up to the last byte that counts, and some of the zeros behind it.
fn counts(bytes: &[u8]) -> usize {
    bytes.iter().rposition(|byte| *byte != 0).unwrap() + 1
}

#[test]
fn a_changed_bit_is_refused() {
    let prefixes = prefixes();
    let mut flips = 0;
    for files in [killed().0, closed()] {
        for (path, bytes) in named(&files) {
            let end = counts(&bytes);
            let files = files.copy();
            for at in 0..end {
                // All bits of the beginning and the end, where numbers and sums are, and one bit of each byte.
                let bits = if at < 400 || at + 400 > end { 0..8 } else { at % 8..at % 8 + 1 };
                for bit in bits {
                    let mut changed = bytes.clone();
                    changed[at] ^= 1 << bit;
                    files.put(&path, changed);
                    let what = format!("bit {bit} of byte {at} of {}", path.display());
                    let check = if at % 8 == 0 { outcome_of } else { read };
                    assert!(check(&files, &prefixes, &what).is_err(), "{what} is not noticed");
                    flips += 1;
                }
            }
            files.put(&path, bytes);
        }
    }
    assert!(flips > 15_000, "{flips}");
}

#[test]
fn zeros_that_were_reserved_may_change() {
    let (files, _) = killed();
    let prefixes = prefixes();
    let (path, bytes) = named(&files).pop().unwrap();
    let seq = place().read(&files, None).unwrap().seq;
    for at in (counts(&bytes)..bytes.len()).step_by(997) {
        let files = files.copy();
        let mut changed = bytes.clone();
        changed[at] = 1;
        files.put(&path, changed);
        assert_eq!(outcome_of(&files, &prefixes, &format!("byte {at}")), Ok(seq));
        assert_kept(&files, seq, &prefixes, &|| format!("byte {at}"));
    }
}

#[test]
fn a_file_that_is_cut_ends_with_the_last_whole_append_or_is_refused() {
    let prefixes = prefixes();
    let (files, vouched) = killed();
    let (mut recovered, mut refused) = (0, 0);
    for (path, bytes) in named(&files) {
        for length in 0..counts(&bytes) {
            for zeros in [false, true] {
                let files = files.copy();
                let mut cut = bytes[..length].to_vec();
                cut.resize(if zeros { bytes.len() } else { length }, 0);
                files.put(&path, cut);
                let what = format!("{} cut at {length}", path.display());
                match outcome_of(&files, &prefixes, &what) {
                    Ok(seq) => {
                        assert!(seq >= vouched && path.ends_with("log-2"), "{what}: {seq}");
                        recovered += 1;
                    }
                    Err(_) => refused += 1,
                }
            }
        }
    }
    assert!(recovered > 500 && refused > 3000, "{recovered} {refused}");
    // Where the run ended as it should, the head vouches for all.
    let files = closed();
    for (path, bytes) in named(&files) {
        for length in 0..counts(&bytes) {
            let files = files.copy();
            files.put(&path, bytes[..length].to_vec());
            let what = format!("{} cut at {length}", path.display());
            assert!(outcome_of(&files, &prefixes, &what).is_err(), "{what} is not noticed");
        }
    }
}

#[test]
fn a_file_that_is_gone_or_of_another_state_is_refused() {
    let prefixes = prefixes();
    let files = closed();
    let other = Simulated::new(0);
    let mut journal = open_with(&other, Some(key(1)), 77).unwrap();
    appends().iter().for_each(|(records, _)| journal.append(records).unwrap());
    (0..2).for_each(|_| journal.checkpoint().unwrap());
    journal.close().unwrap();
    let expected =
        [("state_no_head", "state_missing"), ("state_missing", "state_foreign"), ("state_missing", "state_foreign")];
    for ((path, _), (gone, foreign)) in named(&files).into_iter().zip(expected) {
        let changed = files.copy();
        changed.put(&path, None);
        assert_eq!(outcome_of(&changed, &prefixes, "gone"), Err(gone), "{}", path.display());
        if path.ends_with("head") {
            continue;
        }
        let changed = files.copy();
        changed.put(&path, other.contents()[&path].clone());
        assert_eq!(outcome_of(&changed, &prefixes, "foreign"), Err(foreign), "{}", path.display());
    }
    // All of the state is gone but its head; then the first generation without its head.
    let head_alone = files.copy();
    head_alone.contents().keys().filter(|path| !path.ends_with("head")).for_each(|path| head_alone.put(path, None));
    assert_eq!(outcome_of(&head_alone, &prefixes, "head alone"), Err("state_missing"));
    let old = other.copy();
    old.put(&path("head"), None);
    old.put(&path("log-1"), None);
    assert_eq!(outcome_of(&old, &prefixes, "old"), Err("state_no_head"));
    let young = Simulated::new(0);
    open(&young).unwrap().append(&[run()]).unwrap();
    young.put(&path("head"), None);
    assert_eq!(outcome_of(&young, &prefixes, "young"), Err("state_no_head"));
}

#[test]
fn an_older_log_is_refused() {
    let prefixes = prefixes();
    let files = closed();
    let (path, before) = named(&files).pop().unwrap();
    let mut journal = open(&files).unwrap();
    journal.append(&[Record::Output { name: "late".into(), value: Tree::Bool(true) }]).unwrap();
    journal.close().unwrap();
    files.put(&path, before);
    assert_eq!(outcome_of(&files, &prefixes, "old log"), Err("state_damaged"));
}

#[test]
fn an_older_head_is_refused_where_a_later_run_wrote() {
    let files = closed();
    let (path, before) = named(&files).swap_remove(0);
    open(&files).unwrap().append(&[Record::Output { name: "late".into(), value: Tree::Bool(true) }]).unwrap();
    files.put(&path, before);
    assert_eq!(outcome_of(&files, &prefixes(), "old head"), Err("state_damaged"));
}

/// Without the key no other log can be begun: what is torn has to go.
#[test]
fn what_is_torn_is_wiped_out_before_more_is_written() {
    let (files, _) = killed();
    let (path, log) = named(&files).pop().unwrap();
    let seq = place().read(&files, None).unwrap().seq;
    let mut torn = log.clone();
    let cut = counts(&log) - 30;
    torn[cut..].fill(0);
    files.put(&path, torn);
    let mut journal = open_with(&files, None, 1).unwrap();
    assert!(journal.seq() == seq - 2 && journal.said().len() == 1);
    journal.append(&[Record::Output { name: "a".into(), value: Tree::Bool(true) }]).unwrap();
    drop(journal);
    let opened = place().read(&files.restarted(Loss::All), None).unwrap();
    assert!(opened.seq == seq - 1 && opened.said.is_empty());
}

#[test]
fn what_a_newer_infrac_made_is_refused_and_said_so() {
    for (from, to) in [("\"format\":1", "\"format\":2"), ("\"must_understand\":0", "\"must_understand\":4")] {
        let files = closed();
        let (path, head) = named(&files).swap_remove(0);
        let json = String::from_utf8(head).unwrap().lines().next().unwrap().replace(from, to);
        let sum = sha2::Sha256::digest(json.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        files.put(&path, format!("{json}\n{sum}\n").into_bytes());
        let error = place().read(&files, None).unwrap_err();
        assert!(error.to_string().contains("made by a newer infrac"), "{error}");
        let written = files.written();
        assert!(open(&files).is_err_and(|error| error.code() == "state_newer"));
        assert_eq!(files.written(), written);
    }
}

#[test]
fn a_head_that_was_put_together_without_the_key_is_refused() {
    let files = closed();
    let (path, head) = named(&files).swap_remove(0);
    let json = String::from_utf8(head).unwrap().lines().next().unwrap().to_owned();
    let at = json.find("\"mac\":\"").unwrap() + 7;
    let other = if json[at..].starts_with('0') { "1" } else { "0" };
    let json = format!("{}{other}{}", &json[..at], &json[at + 1..]);
    let sum = sha2::Sha256::digest(json.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    files.put(&path, format!("{json}\n{sum}\n").into_bytes());
    assert!(place().read(&files, Some(&key(1))).is_err_and(|error| error.code() == "state_damaged"));
    // Without the key nobody can tell.
    assert!(place().read(&files, None).is_ok());
}

#[test]
fn a_diagnosis_says_which_file_where_which_record_and_what_to_do() {
    let (files, _) = killed();
    let (path, mut log) = named(&files).pop().unwrap();
    let at = counts(&log) - 40;
    log[at] ^= 1;
    files.put(&path, log);
    let error = place().read(&files, None).unwrap_err();
    let StateError::Damaged { path: found, offset, seq: Some(seq), .. } = &error else { panic!("{error}") };
    assert_eq!((found, *seq), (&path, 10));
    assert!(*offset < at as u64 && error.help().contains("backup"));
    assert_eq!(
        error.to_string(),
        format!(
            "`{}` is damaged at byte {offset}, record 10: what stands here was changed after it was written",
            path.display()
        )
    );
}

use sha2::Digest as _;
