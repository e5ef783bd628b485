//! Answers for people: what it is, where it stands, for whom, and what it was made of.

use super::ask::Why;
use super::field::{FieldAnswer, Reached};
use super::line::Answer;
use super::read::ReadAt;
use super::trace::Bearing;

/// Emitted lines that are listed before the rest is counted.
const LISTED: usize = 20;
/// Reads that are listed before the rest is counted.
const READS: usize = 24;
/// More literals than these are a table, and say little.
const SPELT: usize = 3;
/// How much of a source line is shown.
const LINE: usize = 90;

impl Why {
    /// The whole answer.
    pub fn text(&self) -> String {
        match self {
            Why::Lines(answers) => {
                // Environments in which everything is the same are told together.
                let texts = grouped(answers.iter().map(|answer| (answer.environment.as_str(), answer.text())));
                let several = answers.len() > 1;
                texts
                    .into_iter()
                    .map(
                        |(environments, text)| {
                            if several { format!("in {}\n{text}", environments.join(", ")) } else { text }
                        },
                    )
                    .collect::<Vec<_>>()
                    .join("\n")
            }
            Why::Fields(answers) => answers.iter().map(FieldAnswer::text).collect::<Vec<_>>().join("\n"),
        }
    }
}

impl Answer {
    fn text(&self) -> String {
        let mut text = String::new();
        let value = self.value.as_ref().map_or_else(String::new, |value| format!(" = {value}"));
        text.push_str(&format!("{}{value}\n", self.title));
        for emitted in &self.emitted {
            text.push_str(&format!("  emitted      {}:{}  {}\n", emitted.file, emitted.line, cut(&emitted.text)));
        }
        let written = if self.written.what == "written" { "written" } else { "set" };
        let how = if self.written.what == written { String::new() } else { format!(" ({})", self.written.what) };
        text.push_str(&format!("  {written:<12} {}{how}  {}\n", self.written.at, cut(&self.written.source)));
        let standing = &self.standing;
        for (label, all) in [("stands on", &standing.homes), ("named", &standing.names), ("waits for", &standing.waits)]
        {
            for (at, one) in all.iter().take(LISTED).enumerate() {
                text.push_str(&format!("  {:<12} {one}\n", if at == 0 { label } else { "" }));
            }
            if let Some(more @ 1..) = all.len().checked_sub(LISTED) {
                text.push_str(&format!("  {:<12} and {more} more, all of them with `--format json`\n", ""));
            }
        }
        for spelt in self.spelt.iter().filter(|_| self.spelt.len() <= SPELT) {
            text.push_str(&format!("  spelt        {}  {}\n", spelt.at, cut(&spelt.source)));
        }
        for lost in &self.overruled {
            text.push_str(&format!("  overruled    {}  {}\n", lost.at, cut(&lost.source)));
        }
        for owner in &self.owners {
            text.push_str(&format!("  made for     {} {}  {}\n", owner.kind, owner.address, owner.at));
            if let Some((name, at)) = &owner.implementation {
                text.push_str(&format!("    by         {name}  {at}\n"));
            }
        }
        text.push_str(&reads("made of", &self.reads));
        text.push_str(&reads("there for", &self.exists));
        text
    }
}

impl FieldAnswer {
    fn text(&self) -> String {
        let mut text = format!("{}  {}\n{}\n", self.at, cut(&self.source), self.title);
        let values = self.values.iter().map(|value| {
            let mut text = format!("{} = {}\n", value.what, value.value.as_deref().unwrap_or("absent"));
            value.reads.iter().take(READS).for_each(|read| text.push_str(&format!("    {}\n", one(read))));
            (value.environment.as_str(), text)
        });
        for (environments, value) in grouped(values) {
            text.push_str(&format!("  {:<12} {value}", environments.join(", ")));
        }
        if self.reaches.is_empty() {
            text.push_str("  reaches      no emitted line\n");
        }
        let mut environments: Vec<&str> = self.reaches.iter().map(|reached| reached.environment.as_str()).collect();
        environments.dedup();
        for (label, bearing) in [("reaches", Bearing::Value), ("decides", Bearing::Decides)] {
            let of = environments.iter().map(|environment| (*environment, self.reached_in(environment, bearing)));
            for (environments, lines) in grouped(of.filter(|(_, lines)| !lines.is_empty())) {
                text.push_str(&format!("  {label} in {}\n{lines}", environments.join(", ")));
            }
        }
        let of = environments.iter().map(|environment| (*environment, self.there_in(environment)));
        for (environments, addresses) in grouped(of.filter(|(_, addresses)| !addresses.is_empty())) {
            text.push_str(&format!("  decides whether there is, in {}\n{addresses}", environments.join(", ")));
        }
        text
    }

    fn reached_in(&self, environment: &str, bearing: Bearing) -> String {
        let lines =
            self.reaches.iter().filter(|reached| reached.environment == environment && reached.bearing == bearing);
        let entry = |reached: &Reached| {
            let path = if reached.path.is_empty() { String::new() } else { format!(", {}", reached.path) };
            format!("{}:{}  {}{path}", reached.file, reached.line, reached.what)
        };
        listed(&lines.map(entry).collect::<Vec<_>>())
    }

    fn there_in(&self, environment: &str) -> String {
        listed(
            &self
                .there
                .iter()
                .filter(|(of, _)| of == environment)
                .map(|(_, address)| address.clone())
                .collect::<Vec<_>>(),
        )
    }
}

/// The first ones, and how many more there are.
fn listed(entries: &[String]) -> String {
    let mut text: String = entries.iter().take(LISTED).map(|entry| format!("    {entry}\n")).collect();
    if let Some(more @ 1..) = entries.len().checked_sub(LISTED) {
        text.push_str(&format!("    and {more} more, all of them with `--format json`\n"));
    }
    text
}

/// Equal texts once, with all that they are true of.
fn grouped<'t>(texts: impl Iterator<Item = (&'t str, String)>) -> Vec<(Vec<&'t str>, String)> {
    let mut groups: Vec<(Vec<&str>, String)> = Vec::new();
    for (of, text) in texts {
        match groups.iter_mut().find(|(_, other)| *other == text) {
            Some((all, _)) => all.push(of),
            None => groups.push((vec![of], text)),
        }
    }
    groups
}

fn reads(label: &str, reads: &[ReadAt]) -> String {
    let mut text = String::new();
    let first = reads.iter().map(|read| read.depth).min().unwrap_or(0);
    for (at, read) in reads.iter().take(READS).enumerate() {
        let label = if at == 0 { label } else { "" };
        let indent = "  ".repeat((read.depth - first).min(6));
        text.push_str(&format!("  {label:<12} {indent}{}\n", one(read)));
    }
    if let Some(more @ 1..) = reads.len().checked_sub(READS) {
        text.push_str(&format!("  {:<12} and {more} more, all of them with `--format json`\n", ""));
    }
    text
}

/// `api.replicas = 3..10  services.infra:11`
fn one(read: &ReadAt) -> String {
    let value = read.value.as_ref().map_or_else(String::new, |value| format!(" = {value}"));
    let how = if read.how.is_empty() { String::new() } else { format!(", {}", read.how) };
    let source = if read.value.is_none() { format!("  {}", cut(&read.source)) } else { String::new() };
    format!("{}{value}{how}  {}{source}", read.what, read.at)
}

fn cut(text: &str) -> String {
    if text.chars().count() <= LINE { text.to_owned() } else { text.chars().take(LINE).chain(['…']).collect() }
}
