//! `infra.lock`: what infrac remembers of what it made, in a file that is committed. One entry is one line, the lines are sorted, and
//! no line depends on another, so that two branches merge line by line.
//!
//! [`read`] and [`Lock::print`] are the file; [`compare`] holds it against a program: what is held and has left is told until the
//! program says what becomes of it.

mod compare;
mod line;
mod prune;
mod read;
mod said;

use std::collections::BTreeMap;

pub use compare::{Compared, Displaced, Now, Undermined, compare, gone, taken_over};
pub use emit::{ClusterName, LeftObject};
pub use line::{Line, What};
pub use prune::{prune, stands};
pub use read::{LockError, read};
pub use said::{gives_way, knows, unspoken};

/// The name of the file, in the project's folder.
pub const FILE: &str = "infra.lock";

const HEAD: &str = "# What infrac remembers of what it made; commit it. After a merge that stopped here keep the lines of both sides and run `infrac lock`.\n";

/// The entries, each under what it is about; of two about one thing the later counts.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Lock {
    lines: BTreeMap<String, Line>,
}

impl Lock {
    /// All entries.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.lines.values()
    }

    /// The entries of one environment.
    pub fn of<'a>(&'a self, environment: &'a str) -> impl Iterator<Item = &'a What> {
        self.lines().filter(move |line| line.environment.as_deref() == Some(environment)).map(|line| &line.what)
    }

    /// What is held in an environment.
    pub fn held<'a>(&'a self, environment: &'a str) -> impl Iterator<Item = &'a emit::HeldResource> {
        self.of(environment).filter_map(|what| match what {
            What::Held(held) => Some(held),
            What::Object { .. }
            | What::Platform(_)
            | What::LeftObject(_)
            | What::LeftPlatform(_)
            | What::LeftHeld(_)
            | What::LeftNeeds { .. }
            | What::Said(_)
            | What::State(_)
            | What::Hashes(_) => None,
        })
    }

    /// What was said and holds in an environment.
    pub fn said<'a>(&'a self, environment: &'a str) -> impl Iterator<Item = &'a check::checked::SaidWhat> {
        let holds = move |line: &&Line| line.environment.as_deref().is_none_or(|own| own == environment);
        self.lines().filter(holds).filter_map(|line| match &line.what {
            What::Said(said) => Some(said),
            What::Held(_)
            | What::Object { .. }
            | What::Platform(_)
            | What::LeftObject(_)
            | What::LeftPlatform(_)
            | What::LeftHeld(_)
            | What::LeftNeeds { .. }
            | What::State(_)
            | What::Hashes(_) => None,
        })
    }

    /// Adds an entry, in the place of the one about the same thing.
    pub fn add(&mut self, line: Line) {
        self.lines.insert(line.key(), line);
    }

    /// Whether there is nothing to remember.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// These entries, and those of the other about things that these do not know.
    pub fn and(&self, other: &Self) -> Self {
        let mut both = other.clone();
        both.lines.extend(self.lines.clone());
        both
    }

    /// The text of the file: the same entries give the same bytes.
    pub fn print(&self) -> String {
        let mut lines: Vec<String> = self.lines().map(Line::to_string).collect();
        lines.sort();
        std::iter::once(HEAD.to_owned()).chain(lines.into_iter().map(|line| line + "\n")).collect()
    }
}

#[cfg(test)]
mod tests;
