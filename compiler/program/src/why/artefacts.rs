//! The emitted files of an environment beside the source, in both directions: which lines a value reaches, and what a line was made
//! of. What `why` finds line by line, kept for who asks often: an editor between two edits.

use std::ops::Range;

use source::{Diagnostic, FileId, Name};

use super::asked::{declared, meant};
use super::known::Known;
use super::spot::Spot;
use super::trace::{Bearing, Trace, trace};
use crate::Program;

/// A byte of a file of the user's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct At {
    pub file: FileId,
    pub byte: usize,
}

/// All that an environment emits, and what each line was made of.
#[derive(Clone, Debug)]
pub struct Artefacts {
    pub environment: Name,
    /// In the order of their paths.
    pub files: Vec<Artefact>,
    trace: Trace,
}

/// An emitted file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Artefact {
    /// Within the folder of the environment: `kubernetes/api.yaml`.
    pub path: String,
    pub text: String,
}

/// An emitted line that a value reaches.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ArtefactLine {
    pub path: String,
    /// From 1.
    pub line: usize,
    /// `api.main`, `provider aws`, `output url`; empty for what frames others.
    pub address: String,
    /// Below the address: `spec.replicas`.
    pub field: String,
    pub bearing: Bearing,
}

/// A place in the user's files that an emitted line was made of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Origin {
    pub file: FileId,
    pub bytes: Range<usize>,
    /// The same for people.
    pub at: Spot,
    pub bearing: Bearing,
}

impl Program {
    /// What an environment emits with what each line was made of; or all mistakes. It runs the environment twice: keep it until the
    /// program is another.
    pub fn artefacts(&self, environment: Name, params: &[(String, String)]) -> Result<Artefacts, Vec<Diagnostic>> {
        let (graph, documents) = self.documents(environment, params)?;
        let known = Known::new(self.checked().0, &graph, self.sources());
        let trace = trace(&known, &documents, false, &|_| true);
        let files = documents.into_iter().map(|document| Artefact { path: document.path, text: document.text });
        Ok(Artefacts { environment, files: files.collect(), trace })
    }
}

impl Artefacts {
    /// The lines that the value at a place reaches: those that are made of it before those that it only decides. Empty where nothing
    /// has a value.
    pub fn reached_from(&self, program: &Program, at: At) -> Vec<ArtefactLine> {
        let all = declared(program.checked().0, program.sources(), at.file);
        let found = meant(&all, &(at.byte..at.byte), Some(at.byte));
        let Some(stretch) = found.first().map(|declared| declared.stretch(Some(at.byte))) else { return Vec::new() };
        let reached = self.trace.lines.iter().filter_map(|line| {
            Some(ArtefactLine {
                path: line.file.clone(),
                line: line.line,
                address: line.subject.clone(),
                field: line.path.clone(),
                bearing: line.bearing(at.file, &stretch)?,
            })
        });
        let mut reached: Vec<ArtefactLine> = reached.collect();
        reached.sort_by_key(|line| line.bearing);
        reached
    }

    /// The places that a line (from 1) of an emitted file was made of: what it is made of before what only decides. Empty where the
    /// line is the same whatever the program says, and where there is no such line.
    pub fn origins(&self, program: &Program, path: &str, line: usize) -> Vec<Origin> {
        let sources = program.sources();
        let asked = self.trace.lines.iter().find(|traced| traced.line == line && traced.file == path);
        let parts = asked.into_iter().flat_map(|traced| traced.parts()).filter_map(|(file, bytes, bearing)| {
            let found = sources.file(*file)?;
            let at = found.line_column(bytes.start as u32);
            let at = Spot { file: found.shown.to_string(), line: at.line, column: at.column, library: false };
            Some(Origin { file: *file, bytes: bytes.clone(), at, bearing: *bearing })
        });
        let mut origins: Vec<Origin> = parts.collect();
        origins.sort_by(|left, right| {
            let key = |origin: &Origin| (origin.bearing, origin.at.clone(), origin.bytes.end);
            key(left).cmp(&key(right))
        });
        origins.dedup();
        origins
    }
}
