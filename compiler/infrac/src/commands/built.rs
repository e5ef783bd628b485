//! What a build did and what is to be done next, for people and for programs.

use std::path::Path;

use emit::step::{Command, Run, Step};
use emit::{Emitted, Removal};
use serde_json::{Value as Json, json};

use crate::output::{Changes, NewFile};
use crate::report::plural;

/// A build that went well.
pub struct Built<'a> {
    pub environment: &'a str,
    pub out: &'a Path,
    pub files: &'a [NewFile<'a>],
    pub changes: &'a Changes,
    pub emitted: &'a Emitted,
    pub removals: &'a [Removal],
    /// What is to be done with the lock; empty where it is as it was.
    pub lock: &'a str,
}

impl Built<'_> {
    /// For people.
    pub fn text(&self) -> String {
        let notes = self.notes().into_iter().map(|note| format!("\n{note}"));
        format!(
            "wrote {} to {}{}\n{}{}{}",
            plural(self.files.len(), "file"),
            self.out.display(),
            counts(self.changes),
            self.lock,
            self.next(),
            notes.collect::<String>()
        )
    }

    /// For programs. The forms are told in the page `output` of the reference.
    pub fn json(&self) -> Json {
        let change = |path: &str| {
            let is_in = |all: &[String]| all.iter().any(|known| known == path);
            match () {
                () if is_in(&self.changes.added) => "added",
                () if is_in(&self.changes.changed) => "changed",
                () => "same",
            }
        };
        let files = self.files.iter().map(|file| json!({ "path": file.path, "change": change(file.path) }));
        let deletes = self.removals.iter().map(|removal| {
            let (count, loses_data) = (removal.count, removal.loses_data);
            json!({ "list": removal.path, "count": count, "loses_data": loses_data, "step": step(&removal.step) })
        });
        let lock = Some(self.lock.trim_end()).filter(|lock| !lock.is_empty());
        json!({
            "environment": self.environment,
            "out": self.out.display().to_string(),
            "files": files.collect::<Vec<_>>(),
            "awaited": self.emitted.awaited,
            "removed": self.changes.removed,
            "lock": lock,
            "steps": self.emitted.steps.iter().map(step).collect::<Vec<_>>(),
            "deletes": deletes.collect::<Vec<_>>(),
            "notes": self.notes().iter().map(|note| note.trim_end()).collect::<Vec<_>>(),
        })
    }

    /// The commands that bring it up, in their order, and those that delete what is gone and loses nothing.
    fn next(&self) -> String {
        let last = self.removals.iter().filter(|removal| !removal.loses_data && !removal.first);
        let deletes = last.map(|removal| &removal.step);
        let lines: String = self.emitted.steps.iter().chain(deletes).map(line).collect();
        if lines.is_empty() { lines } else { format!("\nnext:\n{lines}") }
    }

    fn notes(&self) -> Vec<String> {
        let losing = self.removals.iter().filter(|removal| removal.loses_data);
        let losing: String = losing.map(|removal| line(&removal.step)).collect();
        let count: usize = self.removals.iter().map(|removal| removal.count).sum();
        let mut notes = Vec::new();
        if !losing.is_empty() {
            notes.push(format!(
                "no longer in the program, and deleting it loses data; only when that may go:\n{losing}"
            ));
        }
        if count > 0 {
            let objects = plural(count, "object");
            notes
                .push(format!("{objects} of earlier builds to be deleted; once they are, run `infrac lock --prune`\n"));
        }
        notes.extend(leaving(self.emitted));
        notes.extend(self.emitted.notes.iter().cloned());
        notes
    }
}

fn line(step: &Step) -> String {
    format!("  {step}\n")
}

fn counts(changes: &Changes) -> String {
    let parts = [(changes.added.len(), "new"), (changes.changed.len(), "changed"), (changes.removed.len(), "removed")];
    let words: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    if words.is_empty() { " (nothing changed)".to_owned() } else { format!(" ({})", words.join(", ")) }
}

/// What is said of what is there and `destroy` or `forget` is said of: its end is two applies.
fn leaving(emitted: &Emitted) -> Option<String> {
    let said = |all: &[String], first: &str, then: &str| match all {
        [] => None,
        all => Some(format!(
            "{first} {}; then take it out of the program and build again: {then}\n",
            source::list_of(all.iter().map(String::as_str))
        )),
    };
    let said = [
        said(&emitted.leaving, "this apply lifts the protection of", "the next apply destroys it"),
        said(&emitted.staying, "infra.lock remembers", "the next apply leaves it where it is"),
    ];
    let said: Vec<String> = said.into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join("\n"))
}

fn step(step: &Step) -> Json {
    let (run, what) = match &step.run {
        Run::Command(of) => ("command", command(of)),
        Run::Shell(line) => ("shell", json!(line)),
    };
    let variable =
        |variable: &emit::step::Variable| json!({ "name": variable.name, "from": variable.from.as_ref().map(command) });
    json!({
        "name": step.name,
        run: what,
        "unless": step.unless.as_ref().map(command),
        "variables": step.variables.iter().map(variable).collect::<Vec<_>>(),
        "waits_for": step.waits_for,
        "note": step.note,
        "text": step.to_string(),
    })
}

fn command(of: &Command) -> Json {
    json!({ "tool": of.tool, "arguments": of.arguments, "input": of.input.as_deref().map(command) })
}
