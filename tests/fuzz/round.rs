//! A round of inputs for one target: how many, from which seed, and how a failure is told.

use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::changes::Draws;

/// How often a failing input is tried with a part of it left out.
const TRIES_TO_SHRINK: usize = 300;

/// What is asked of one input: whether it was sound, or what is wrong with how it was read. A panic is wrong as well.
pub type Judge<'j> = &'j dyn Fn(&[u8]) -> Result<bool, String>;

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().and_then(|text| text.parse().ok())
}

/// Asks about what was found before and about `usual` inputs, or for `SECONDS_EACH` seconds.
pub fn fuzz(target: &str, usual: u64, make: &dyn Fn(&mut Draws) -> Vec<u8>, judge: Judge<'_>) {
    for (name, input) in found(target) {
        if let Err(wrong) = judged(judge, &input) {
            panic!("{target}: {name}, which was mended: {wrong}");
        }
    }
    let seed = number("SEED").unwrap_or(1);
    let until = number("SECONDS_EACH").map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let last = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-{target}"));
    let (mut tried, mut sound) = (0, 0);
    while until.map_or(tried < usual, |until| Instant::now() < until) {
        let input = make(&mut Draws::new(seed, tried));
        std::fs::write(&last, &input).unwrap();
        match judged(judge, &input) {
            Ok(whole) => sound += u64::from(whole),
            Err(wrong) => panic!("{}", told(target, seed, tried, &input, &wrong, judge)),
        }
        tried += 1;
    }
    println!("counted: {target}: {tried} inputs of seed {seed}, {sound} of them sound");
    assert!(tried > 0, "{target}: nothing was tried");
}

fn judged(judge: Judge<'_>, input: &[u8]) -> Result<bool, String> {
    catch_unwind(AssertUnwindSafe(|| judge(input))).unwrap_or_else(|cause| {
        let said = cause.downcast_ref::<String>().cloned();
        Err(said.or_else(|| cause.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default())
    })
}

fn told(target: &str, seed: u64, number: u64, input: &[u8], wrong: &str, judge: Judge<'_>) -> String {
    let smallest = shrunk(judge, input);
    let mut text = format!("{target}: input {number} of seed {seed}: {wrong}\n");
    let _ = write!(text, "{} bytes, smaller:\n{}\n{smallest:?}", input.len(), String::from_utf8_lossy(&smallest));
    text
}

/// The input with everything left out that is not needed to fail: halves, then less and less, then single bytes.
fn shrunk(judge: Judge<'_>, input: &[u8]) -> Vec<u8> {
    let mut least = input.to_vec();
    let (mut part, mut tries) = (least.len().div_ceil(2), 0);
    while part > 0 && tries < TRIES_TO_SHRINK {
        let (before, mut at) = (least.len(), 0);
        while at < least.len() && tries < TRIES_TO_SHRINK {
            let mut shorter = least.clone();
            shorter.drain(at..(at + part).min(least.len()));
            tries += 1;
            if judged(judge, &shorter).is_err() {
                least = shorter;
            } else {
                at += part;
            }
        }
        if least.len() == before {
            part /= 2;
        }
    }
    least
}

/// What was found before: the files of the target's folder, by name.
fn found(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/found").join(target);
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().map(|path| (path.display().to_string(), std::fs::read(&path).unwrap())).collect()
}
