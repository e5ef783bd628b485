//! Which emitted lines are the same before and after an edit. A line is known by its file, by what it belongs to (a resource, a
//! provider, an output), by its path there, and by its turn among the lines of that path (the brackets around a list have one).
//! A line that only moved, because others came before it, did not change; nor did one that only got or lost the comma that JSON
//! wants between entries.

use std::collections::HashMap;

use program::why::{Trace, TracedLine};

/// File, subject, path and turn.
pub type Identity = (String, String, String, usize);

/// Gives each line of a trace its turn, in order.
#[derive(Default)]
pub struct Turns(HashMap<(String, String, String), usize>);

impl Turns {
    pub fn identity(&mut self, line: &TracedLine) -> Identity {
        // What belongs to nothing is known by what it says.
        let path = if line.subject.is_empty() { said(line).to_owned() } else { line.path.clone() };
        let turn = self.0.entry((line.file.clone(), line.subject.clone(), path.clone())).or_default();
        *turn += 1;
        (line.file.clone(), line.subject.clone(), path, *turn)
    }
}

/// What a line says.
pub fn said(line: &TracedLine) -> &str {
    line.text.strip_suffix(',').unwrap_or(&line.text)
}

/// The lines of an environment by their identities: where they stand in the trace, and what they say.
pub fn by_identity(trace: &Trace) -> HashMap<Identity, (usize, String)> {
    let mut turns = Turns::default();
    trace.lines.iter().enumerate().map(|(at, line)| (turns.identity(line), (at, said(line).to_owned()))).collect()
}
