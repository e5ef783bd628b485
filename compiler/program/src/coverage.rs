//! What could be watched in an environment, and by whom it is. What has to be watched and is not is an error at its statement, which an
//! `@allow(unwatched, …)` before it accepts.

use source::{Diagnostic, Name, Place, Stop};

use crate::Program;
use crate::why::Spot;

/// Something that could be watched.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Covered {
    pub address: String,
    pub at: Spot,
    /// The addresses of what watches it; empty: nothing does.
    pub by: Vec<String>,
    /// Whether something has to.
    pub required: bool,
    /// The reason of the `@allow` that accepts that nothing watches it.
    pub accepted: Option<String>,
    /// What a user writes to have it watched, one statement a line.
    pub lines: String,
}

impl Covered {
    /// It has to be watched, nothing does, and nobody accepts that.
    pub fn is_missing(&self) -> bool {
        self.required && self.by.is_empty() && self.accepted.is_none()
    }
}

impl Program {
    /// All that could be watched, in the order of places; or the mistakes that hide it.
    pub fn coverage(&self, environment: Name, params: &[(String, String)]) -> Result<Vec<Covered>, Vec<Diagnostic>> {
        self.graph(environment, params)?;
        let all = self.watchable(environment, &crate::named(params), &Stop::default())?;
        let mut covered: Vec<Covered> = all.into_iter().map(|one| self.covered(one)).collect();
        covered.sort_by(|one, other| (&one.at, &one.address).cmp(&(&other.at, &other.address)));
        Ok(covered)
    }

    fn covered(&self, one: eval::Watchable) -> Covered {
        let accepted = self.accepts(one.place).filter(|_| one.by.is_empty());
        let at = Spot::of(self.sources(), one.place);
        Covered { address: one.address, at, by: one.by, required: one.required, accepted, lines: one.lines }
    }

    /// What an environment has to have watched and nothing watches: one message a statement.
    pub(crate) fn unwatched(&self, environment: Name, params: &[(Name, String)], stop: &Stop) -> Vec<Diagnostic> {
        match self.watchable(environment, params, stop) {
            Ok(all) => self.tell_unwatched(&all, environment),
            Err(told) => told,
        }
    }

    fn watchable(
        &self,
        environment: Name,
        params: &[(Name, String)],
        stop: &Stop,
    ) -> Result<Vec<eval::Watchable>, Vec<Diagnostic>> {
        let recorded = self.recorded(environment);
        let options = eval::Options { environment, params: params.to_vec(), recorded, stop: stop.clone() };
        eval::coverage(self.checked().0, &options, &*self.read)
    }

    fn tell_unwatched(&self, all: &[eval::Watchable], environment: Name) -> Vec<Diagnostic> {
        let missing: Vec<&eval::Watchable> = all.iter().filter(|one| one.required && one.by.is_empty()).collect();
        let mut told: Vec<Diagnostic> = Vec::new();
        for one in &missing {
            if told.iter().any(|other| other.place() == Some(one.place)) {
                continue;
            }
            let others = missing.iter().filter(|other| other.place == one.place).count() - 1;
            let more = if others == 0 { String::new() } else { format!(", nor {others} more of this statement") };
            let message = format!("nothing watches `{}` in `{environment}`{more}", one.address);
            // What is accepted is no error any more, also on the day after: a program is built every day in the same way.
            let told_one = match self.accepts(one.place) {
                Some(_) => Diagnostic::warning("unwatched", one.place, message),
                None => Diagnostic::error("unwatched", one.place, message),
            };
            told.push(told_one.help(added(&one.lines)));
        }
        told
    }

    /// The reason of the `@allow` around a statement that nothing watches.
    fn accepts(&self, place: Place) -> Option<String> {
        let allowances = &self.checked().0.allowances;
        let found = allowances.iter().find(|allowance| {
            allowance.code.text() == "unwatched" && crate::accepted::is_within(&allowance.covers, &place)
        });
        found.map(|allowance| allowance.because.clone())
    }
}

/// Statements as a help names them.
fn added(lines: &str) -> String {
    let all: Vec<String> = lines.lines().map(|line| format!("`{line}`")).collect();
    format!("add {}, or accept it: `@allow(unwatched, because = \"…\")`", all.join(" and "))
}
