//! What a value of the source decides: what it is in each environment, and the emitted lines that it reaches.

use std::ops::Range;

use source::{FileId, Sources};

use super::asked::Declared;
use super::known::Known;
use super::read::{ReadAt, SHOWN, input_text, line_text, reads_of, value_at};
use super::spot::Spot;
use super::trace::{Bearing, Trace};
use super::walk::Walk;

/// A field, a param, a flow … of the source, what it is in each environment, and where it goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldAnswer {
    pub at: Spot,
    pub source: String,
    /// `field replicas of `api``
    pub title: String,
    pub values: Vec<ValueIn>,
    /// In the order of the environments, the files and their lines.
    pub reaches: Vec<Reached>,
    /// What is there because of it, or called after it: environments and addresses.
    pub there: Vec<(String, String)>,
    file: FileId,
    stretch: Range<usize>,
}

/// A value in one environment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ValueIn {
    pub environment: String,
    /// `api.replicas`
    pub what: String,
    pub value: Option<String>,
    /// What it was made of.
    pub reads: Vec<ReadAt>,
}

/// An emitted line that has something to do with a place in the source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reached {
    pub environment: String,
    pub file: String,
    pub line: usize,
    /// `api.main`, or the name of a provider or an output.
    pub what: String,
    pub path: String,
    pub bearing: Bearing,
}

impl FieldAnswer {
    /// The answer without environments.
    pub(crate) fn new(declared: &Declared<'_>, sources: &Sources, file: FileId, asked: Option<usize>) -> Self {
        let at = sources.file(file).map(|file| file.line_column(declared.whole.start as u32));
        let (line, column) = at.map_or((0, 0), |at| (at.line, at.column));
        let shown = sources.file(file).map_or(file.path(), |file| &file.shown);
        let at = Spot { file: shown.to_owned(), line, column, library: super::is_library(file.path()) };
        Self {
            source: line_text(sources, &at),
            at,
            title: declared.title.clone(),
            values: Vec::new(),
            reaches: Vec::new(),
            there: Vec::new(),
            file,
            stretch: declared.stretch(asked),
        }
    }

    /// Adds what it is in one environment, and where it goes.
    pub(crate) fn add(&mut self, declared: &Declared<'_>, known: &Known<'_>, trace: &Trace) {
        if let (Some((statement, name, path)), false) = (&declared.input, declared.inner) {
            for address in known.made_by(statement) {
                let mut walk = Walk::new(known, Some(*address));
                walk.input(*address, *name, path);
                let value = known.input_value(*address, *name).and_then(|value| value_at(known, value, path));
                let what = input_text(known, *address, *name, path);
                let reads = reads_of(known, &walk).into_iter().filter(|read| read.what != what).collect();
                self.values.push(ValueIn {
                    environment: trace.environment.clone(),
                    what,
                    value: value.map(|value| known.graph.store.show_within(value, SHOWN)),
                    reads,
                });
            }
        }
        // The first line of a resource says nothing but that it is there.
        let mut before = "";
        for line in &trace.lines {
            if line.subject != before
                && !line.subject.is_empty()
                && line.bearing(self.file, &self.stretch) == Some(Bearing::There)
            {
                self.there.push((trace.environment.clone(), line.subject.clone()));
            }
            before = &line.subject;
        }
        for line in &trace.lines {
            if let Some(bearing) = line.bearing(self.file, &self.stretch) {
                self.reaches.push(Reached {
                    environment: trace.environment.clone(),
                    file: line.file.clone(),
                    line: line.line,
                    what: line.subject.clone(),
                    path: line.path.clone(),
                    bearing,
                });
            }
        }
    }
}
