//! A real process that writes to a real disk and is killed at any moment.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use state::*;

use crate::script::{Drawn, key};

/// The example that writes, built as these tests are.
fn writer() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let profile = tests.parent().unwrap().parent().unwrap();
    let mut build = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    build.args(["build", "--quiet", "--package", "state", "--example", "writes_until_killed", "--target-dir"]);
    build.arg(profile.parent().unwrap());
    if profile.ends_with("release") {
        build.arg("--release");
    }
    assert!(build.status().unwrap().success());
    profile.join("examples").join("writes_until_killed")
}

#[test]
fn a_process_that_is_killed_loses_nothing_that_it_was_told_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::new(folder.path().join("state"));
    let (writer, mut chance) = (writer(), Drawn(11));
    let (mut kept, mut generations, mut torn) = (0, 0, 0);
    for round in 0..40 {
        let mut child = Command::new(&writer).arg(place.folder()).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        lines.read_line(&mut line).unwrap();
        std::thread::sleep(Duration::from_micros(chance.below(60_000)));
        child.kill().unwrap();
        child.wait().unwrap();
        let mut rest = String::new();
        lines.read_to_string(&mut rest).unwrap();
        // The last line may be cut short.
        let told = line.lines().chain(rest.split_inclusive('\n').filter(|line| line.ends_with('\n')).map(str::trim));
        let told: Vec<u64> = told.map(|line| line.parse().unwrap()).collect();
        assert!(told.windows(2).all(|pair| pair[0] <= pair[1]), "round {round}: {told:?}");
        assert!(told[0] >= kept, "round {round}: {} of {kept} records were left", told[0]);
        let opened = place.read(&Disk, Some(&key(1))).unwrap();
        assert!(opened.seq >= *told.last().unwrap(), "round {round}: {} of {:?}", opened.seq, told.last());
        // The example writes, for each operation, an intent and an outcome of one of fifty things.
        assert_eq!(opened.state.open.len() as u64, opened.seq % 2, "round {round}");
        let written = opened.state.entries.len() as u64;
        assert_eq!(written, opened.seq.div_ceil(2).min(50), "round {round}");
        (kept, generations) = (opened.seq, opened.generation);
        torn += opened.said.len();
    }
    assert!(kept > 200 && generations > 1, "{kept} records, {generations} generations, {torn} torn");
}
