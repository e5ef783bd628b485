//! An example as a program in memory: its values, the lines that it emits, and what `why` attributes to a value.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::path::Path;
use std::sync::Mutex;

use program::Program;
use program::why::{Bearing, Trace, TracedLine};
use source::{FileId, Memory, Name};

use super::lines::{Identity, Turns, by_identity, said};
use super::values::{Found, values};

/// A program of the examples.
pub struct Example {
    pub name: String,
    /// Path and text.
    pub files: Vec<(String, String)>,
    program: Program,
    pub environments: Vec<Environment>,
    /// With the positions of their files.
    pub values: Vec<(usize, Found)>,
}

/// What an environment emits.
pub struct Environment {
    pub name: Name,
    pub trace: Trace,
    lines: HashMap<Identity, (usize, String)>,
}

impl Environment {
    /// These lines, and all others of the texts of which one is a line.
    pub fn whole_texts(&self, lines: &BTreeSet<usize>) -> BTreeSet<usize> {
        let of_text = |at: &usize| {
            let all = &self.trace.lines;
            let alike = |other: &usize| identity(&all[*other]) == identity(&all[*at]);
            let head = (0..=*at).rev().take_while(alike).last().unwrap_or(*at);
            let is_text = all[head].text.rsplit(' ').next().is_some_and(|last| last.starts_with('|'));
            (head..all.len()).take_while(alike).filter(|_| is_text).collect::<Vec<_>>()
        };
        lines.iter().flat_map(of_text).chain(lines.iter().copied()).collect()
    }
}

fn identity(line: &TracedLine) -> (&str, &str, &str) {
    (&line.file, &line.subject, &line.path)
}

/// What one edit did.
pub struct Outcome {
    /// By environment: positions of old lines that changed or went.
    pub changed: Vec<BTreeSet<usize>>,
    /// Lines that changed, and that `why` does not attribute to the value.
    pub missing: Vec<String>,
}

/// Reads an example, and traces all that it emits.
pub fn load(name: &str) -> Example {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").join(name);
    let mut files = Vec::new();
    gather(&folder, "", &mut files);
    let program = Program::load(Memory::new(files.iter().cloned()), "");
    let environments = program.environments().into_iter().map(|environment| {
        let trace = program
            .trace(environment, &[], &|_| true)
            .unwrap_or_else(|told| panic!("{}", tests::render(&told, program.sources())));
        Environment { name: environment, lines: by_identity(&trace), trace }
    });
    let environments = environments.collect();
    let of_file = |(at, (_, text)): (usize, &(String, String))| {
        values(text).into_iter().map(move |found| (at, found)).collect::<Vec<_>>()
    };
    let values = files.iter().enumerate().flat_map(of_file).collect();
    Example { name: name.to_owned(), files, program, environments, values }
}

fn gather(folder: &Path, below: &str, files: &mut Vec<(String, String)>) {
    let mut names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    for path in names {
        let name = format!("{below}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            gather(&path, &format!("{name}/"), files);
        } else if name.ends_with(".infra") {
            files.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
}

impl Example {
    /// `main.infra:12:3`
    pub fn place(&self, file: usize, at: usize) -> String {
        let (name, text) = &self.files[file];
        let before = &text[..at];
        let line = before.matches('\n').count() + 1;
        format!("{name}:{line}:{}", before.rsplit('\n').next().unwrap().chars().count() + 1)
    }

    /// What `why` means by the place of a value.
    fn stretch(&self, file: usize, at: usize) -> Option<Range<usize>> {
        self.program.said_at(FileId::new(&self.files[file].0), at).map(|(_, range)| range)
    }

    /// Makes the edit; none when the new program does not compile. Without `attribute` only what changes is looked at.
    pub fn edit(&self, file: usize, range: &Range<usize>, new: &str, attribute: bool) -> Option<Outcome> {
        let mut files = self.files.clone();
        files[file].1.replace_range(range.clone(), new);
        let program = Program::load(Memory::new(files.iter().cloned()), "");
        if program.environments().len() != self.environments.len() {
            return None;
        }
        let id = FileId::new(&files[file].0);
        let old_stretch = self.stretch(file, range.start);
        let new_stretch = program.said_at(id, range.start).map(|(_, range)| range);
        let mut outcome = Outcome { changed: Vec::new(), missing: Vec::new() };
        for environment in &self.environments {
            let turns = Mutex::new(Turns::default());
            let differs = |line: &TracedLine| {
                let identity = turns.lock().unwrap().identity(line);
                environment.lines.get(&identity).is_none_or(|(_, old)| old != said(line))
            };
            let trace = program.trace(environment.name, &[], &|line| attribute && differs(line)).ok()?;
            *turns.lock().unwrap() = Turns::default();
            for line in trace.lines.iter().filter(|_| attribute) {
                if differs(line) && new_stretch.as_ref().is_none_or(|stretch| line.bearing(id, stretch).is_none()) {
                    outcome.missing.push(format!(
                        "{} after, {}:{} {} {}: {}",
                        environment.name, line.file, line.line, line.subject, line.path, line.text
                    ));
                }
            }
            let now = by_identity(&trace);
            let mut changed = BTreeSet::new();
            for (identity, (at, old)) in &environment.lines {
                if now.get(identity).is_none_or(|(_, new)| new != old) {
                    changed.insert(*at);
                }
            }
            for at in changed.iter().filter(|_| attribute) {
                let line = &environment.trace.lines[*at];
                if old_stretch.as_ref().is_none_or(|stretch| line.bearing(id, stretch).is_none()) {
                    outcome.missing.push(format!(
                        "{} before, {}:{} {} {}: {}",
                        environment.name, line.file, line.line, line.subject, line.path, line.text
                    ));
                }
            }
            outcome.changed.push(changed);
        }
        Some(outcome)
    }

    /// By environment: the lines that `why` attributes to the value in this way.
    pub fn attributed(&self, file: usize, at: usize, wanted: Bearing) -> Vec<BTreeSet<usize>> {
        let id = FileId::new(&self.files[file].0);
        let stretch = self.stretch(file, at);
        let of = |environment: &Environment| {
            let lines = environment.trace.lines.iter().enumerate();
            lines
                .filter(|(_, line)| {
                    stretch
                        .as_ref()
                        .and_then(|stretch| line.bearing(id, stretch))
                        .is_some_and(|bearing| bearing == wanted)
                })
                .map(|(at, _)| at)
                .collect()
        };
        self.environments.iter().map(of).collect()
    }
}
