//! A value of the source is edited at random: the emitted lines that change are those that `why` attributes to it.
//!
//! Before the edit `why FILE:LINE:COLUMN` of the value attributes lines of all emitted files of all environments to it; after the
//! edit it attributes lines of the new files to the new value. The test holds the edit against both:
//!
//! - *missing*: a line that is changed or gone and was not attributed to the old value, or one that is changed or new and is not
//!   attributed to the new value. Never allowed.
//! - *over*: a line that was attributed to the old value as a part of what it says (`Bearing::Value`) and is the same after the
//!   edit. Allowed only when another edit of the same value does change it, which is then made: the value does reach the line, but
//!   these two values say the same there (`min(2, replicas)`, the protocol of a port whose number was edited). Else it fails.
//!   A text of several lines is one value, to which all of its lines are attributed: where one of them changes, all do.
//! - *decided*: a line that was attributed because the value decides between what else could stand there (`Bearing::Decides`), and is
//!   the same after the edit, which did not turn the decision. Counted.
//!
//! What only decides whether something is there at all (`Bearing::There`) is attributed to lines that come and go; where they stay,
//! it is no claim that they change.
//!
//! `WHY_EDITS` says how many edits (200), `WHY_SEED` where the random numbers begin (1).

mod example;
mod lines;
mod values;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use program::why::Bearing;

use self::example::{Example, load};
use self::values::{Random, Sort, other};

/// Other values that are tried before a line counts as attributed in error.
const TRIES: usize = 24;

/// Of one edit, or of many.
#[derive(Default)]
struct Tally {
    sorts: BTreeMap<Sort, usize>,
    redrawn: usize,
    exact: usize,
    /// Exact but for lines that the value decides about.
    decided: usize,
    /// Exact but for lines that another edit of the value changes.
    witnessed: usize,
    /// Edits that change no line.
    silent: usize,
    changed_lines: usize,
    decided_lines: usize,
    witnessed_lines: usize,
    wrong: Vec<String>,
}

impl Tally {
    fn add(&mut self, other: Tally) {
        for (sort, count) in other.sorts {
            *self.sorts.entry(sort).or_default() += count;
        }
        self.redrawn += other.redrawn;
        self.exact += other.exact;
        self.decided += other.decided;
        self.witnessed += other.witnessed;
        self.silent += other.silent;
        self.changed_lines += other.changed_lines;
        self.decided_lines += other.decided_lines;
        self.witnessed_lines += other.witnessed_lines;
        self.wrong.extend(other.wrong);
    }

    fn text(&self) -> String {
        let sorts: Vec<String> = self.sorts.iter().map(|(sort, count)| format!("{sort:?} {count}")).collect();
        format!(
            "{} edits ({}), {} redrawn because they did not compile; {} lines changed, by {} edits none\n  {} exact; {} exact but for {} lines that the value decides about; {} exact but for {} lines that another edit of the value changes; {} wrong",
            self.sorts.values().sum::<usize>(),
            sorts.join(", "),
            self.redrawn,
            self.changed_lines,
            self.silent,
            self.exact,
            self.decided,
            self.decided_lines,
            self.witnessed,
            self.witnessed_lines,
            self.wrong.len()
        )
    }
}

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

#[test]
fn exactly_the_attributed_lines_change() {
    let wanted = setting("WHY_EDITS", 200) as usize;
    let seed = setting("WHY_SEED", 1);
    let all = Mutex::new(Tally::default());
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from).min(4) {
            scope.spawn(|| {
                // Each has its own: an example is read in less time than a few edits take.
                // A fleet of hundreds is read in seconds.
                let small = crate::examples().into_iter().filter(|name| name != "fleet");
                let examples: Vec<Example> = small.map(|name| load(&name)).collect();
                loop {
                    let nth = next.fetch_add(1, Ordering::Relaxed);
                    if nth >= wanted {
                        break;
                    }
                    // The same numbers for the same edit, whoever makes it.
                    let made = one_edit(&examples, &mut Random(seed.wrapping_mul(1_000_003).wrapping_add(nth as u64)));
                    all.lock().unwrap().add(made);
                }
            });
        }
    });
    let mut all = all.into_inner().unwrap();
    all.wrong.sort();
    // Not to be captured: the counts are part of what the tests say.
    let _ = writeln!(std::io::stderr(), "{}", all.text());
    assert!(all.wrong.is_empty(), "{}\n{}", all.text(), all.wrong.join("\n"));
    assert_eq!(all.sorts.values().sum::<usize>(), wanted);
}

/// Draws an edit until it compiles, makes it, and says how it went.
fn one_edit(examples: &[Example], random: &mut Random) -> Tally {
    let mut tally = Tally::default();
    let values: usize = examples.iter().map(|example| example.values.len()).sum();
    let (example, file, found, new, outcome) = loop {
        let mut nth = random.below(values);
        let example = examples.iter().find(|example| {
            let here = nth < example.values.len();
            nth -= if here { 0 } else { example.values.len() };
            here
        });
        let example = example.unwrap();
        let (file, found) = &example.values[nth];
        let new = other(&example.files[*file].1[found.range.clone()], found.sort, &pool(example, found.sort), random);
        match example.edit(*file, &found.range, &new, true) {
            Some(outcome) => break (example, *file, found, new, outcome),
            None => tally.redrawn += 1,
        }
        assert!(tally.redrawn < 200, "hardly an edit compiles");
    };
    let old = &example.files[file].1[found.range.clone()];
    let attributed = example.attributed(file, found.range.start, Bearing::Value);
    let decided = example.attributed(file, found.range.start, Bearing::Decides);
    tally.decided_lines = decided.iter().zip(&outcome.changed).map(|(named, changed)| (named - changed).len()).sum();
    tally.changed_lines = outcome.changed.iter().map(BTreeSet::len).sum();
    let whole = example.environments.iter().zip(&outcome.changed).map(|(of, changed)| of.whole_texts(changed));
    let mut over: Vec<BTreeSet<usize>> =
        attributed.iter().zip(whole).map(|(named, changed)| named - &changed).collect();
    let is_over = over.iter().any(|over| !over.is_empty());
    tally.witnessed_lines = over.iter().map(BTreeSet::len).sum();
    // Another value may show that the line does depend on it.
    for _ in 0..TRIES {
        if over.iter().all(BTreeSet::is_empty) {
            break;
        }
        if let Some(outcome) =
            example.edit(file, &found.range, &other(old, found.sort, &pool(example, found.sort), random), false)
        {
            for ((over, changed), of) in over.iter_mut().zip(&outcome.changed).zip(&example.environments) {
                let changed = of.whole_texts(changed);
                over.retain(|line| !changed.contains(line));
            }
        }
    }
    let left = over.iter().zip(&example.environments).flat_map(|(over, environment)| {
        let lines = over.iter().map(|at| &environment.trace.lines[*at]);
        lines.map(|line| {
            format!("{}, {}:{} {} {}: {}", environment.name, line.file, line.line, line.subject, line.path, line.text)
        })
    });
    let left: Vec<String> = left.collect();
    *tally.sorts.entry(found.sort).or_default() += 1;
    tally.silent = usize::from(outcome.changed.iter().all(BTreeSet::is_empty));
    match (is_over, tally.decided_lines > 0) {
        _ if !outcome.missing.is_empty() || !left.is_empty() => {
            let shown = format!("{}/{} `{old}` to `{new}`", example.name, example.place(file, found.range.start));
            tally.wrong.push(format!("{shown}\n  missing:{}\n  over:{}", list(&outcome.missing), list(&left)));
        }
        (false, false) => tally.exact = 1,
        (true, _) => tally.witnessed = 1,
        (false, true) => tally.decided = 1,
    }
    tally
}

/// The values of a sort that an example holds.
fn pool(example: &Example, sort: Sort) -> Vec<&str> {
    let alike = example.values.iter().filter(|(_, other)| other.sort == sort);
    alike.map(|(file, other)| &example.files[*file].1[other.range.clone()]).collect()
}

fn list(lines: &[String]) -> String {
    const SHOWN: usize = 8;
    let mut text: String = lines.iter().take(SHOWN).map(|line| format!("\n    {line}")).collect();
    if let Some(more @ 1..) = lines.len().checked_sub(SHOWN) {
        text.push_str(&format!("\n    and {more} more"));
    }
    text
}
