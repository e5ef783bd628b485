//! Siblings: whatever is added to a program or taken out of it, everything else keeps its address, its name, its label, its keys, its file.
//!
//! Both directions are one comparison, since the same program always gives the same bytes: a program, and the same without one part.
//! `SIBLINGS=200 cargo test -p tests --test siblings` draws more programs, `SEED=7` begins elsewhere; a failure prints its seed.

mod built;
mod draw;
mod examples;
mod programs;
mod random;
mod remains;
mod spelling;
mod taken;

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use programs::{Drawn, What};

/// A number from the environment.
fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect(name))
}

fn files(text: &str) -> Vec<(String, String)> {
    vec![("main.infra".to_owned(), text.to_owned())]
}

#[derive(Default, Debug)]
struct Counts {
    programs: usize,
    refused: usize,
    taken: usize,
    same: usize,
    gone: usize,
}

#[test]
fn random_programs() {
    let (count, first) = (number("SIBLINGS", 20), number("SEED", 1));
    let show = std::env::var_os("SHOW").is_some();
    let at = AtomicUsize::new(0);
    let results = Mutex::new((Counts::default(), Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let seed = first + at.fetch_add(1, Ordering::Relaxed) as u64;
                    if seed >= first + count {
                        return;
                    }
                    let (counts, wrong) = one(seed, show);
                    let mut results = results.lock().unwrap();
                    results.0.programs += counts.programs;
                    results.0.refused += counts.refused;
                    results.0.taken += counts.taken;
                    results.0.same += counts.same;
                    results.0.gone += counts.gone;
                    results.1.extend(wrong);
                }
            });
        }
    });
    let (counts, wrong) = results.into_inner().unwrap();
    println!("counted: seeds {first} to {}: {counts:?}", first + count - 1);
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.into_iter().take(12).collect::<Vec<_>>().join("\n\n")
    );
    assert_eq!(counts.refused, 0, "a program that is refused tests nothing");
    assert!(counts.taken > count as usize * 8, "hardly anything was taken: {counts:?}");
}

/// One program, and everything that can be taken out of it.
fn one(seed: u64, show: bool) -> (Counts, Vec<String>) {
    let mut counts = Counts { programs: 1, ..Counts::default() };
    let drawn = Drawn::new(seed);
    let whole = drawn.text(&BTreeSet::new());
    let before = match built::build(&files(&whole)) {
        Ok(before) => before,
        Err(refused) => {
            counts.refused = 1;
            return (
                counts,
                vec![format!("seed {seed} is refused:\n{}\n{}", refused.text, if show { &whole } else { "" })],
            );
        }
    };
    let mut wrong = Vec::new();
    let environments = before.len();
    for (id, part) in drawn.parts.iter().enumerate() {
        let gone = drawn.closure(id);
        let is_environment = matches!(part.what, What::Environment { .. });
        // Nothing is left to compare with.
        if is_environment && environments == 1 || matches!(part.what, What::Value { .. }) && part.name == "aws" {
            continue;
        }
        let name = format!("seed {seed} without {} `{}`", part.what.noun(), part.name);
        let name =
            format!("{name} ({})", gone.iter().map(|id| drawn.parts[*id].name.as_str()).collect::<Vec<_>>().join(" "));
        let less = drawn.text(&gone);
        let after = match built::build(&files(&less)) {
            Ok(after) => after,
            Err(refused) => {
                wrong.push(format!("{name} is refused:\n{}", refused.text));
                continue;
            }
        };
        counts.taken += 1;
        for (environment, after) in &after {
            let before = &before[environment];
            if is_environment && before.files != after.files {
                wrong.push(format!("{name}: {environment} is not what it was"));
            }
            let taken = drawn.taken(&gone, environment == "prod");
            match taken::compare(before, after, &taken) {
                Ok(compared) => {
                    counts.same += compared.same;
                    counts.gone += compared.gone;
                }
                Err(causes) => wrong.push(format!("{name}, in {environment}:\n  {}", causes.join("\n  "))),
            }
        }
    }
    if show && !wrong.is_empty() {
        wrong.push(format!("seed {seed}:\n{whole}"));
    }
    (counts, wrong)
}
