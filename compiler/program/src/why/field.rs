//! What a line of the source decides: the value of its field in each environment, and the emitted lines that it reaches.

use std::ops::RangeInclusive;

use check::checked::{Fields, InputPart, Statement};
use check::code::{Code, CodeKind, Conversion, ListPart, MapPart, RecordPart};
use emit::{Document, Subject};
use source::{Name, Place, Sources};
use value::Value;

use super::flows::keep_flows_of_line;
use super::known::{Known, This};
use super::path::{self, Hop, hops};
use super::read::{ReadAt, SHOWN, input_text, line_text, reads_of, value_at};
use super::spot::Spot;
use super::walk::{Context, Walk};

/// What stands on a line of the source, what it is in each environment, and where it goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldAnswer {
    pub at: Spot,
    pub source: String,
    /// `field replicas of container api`
    pub title: String,
    pub values: Vec<ValueIn>,
    pub reaches: Vec<Reached>,
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

/// An emitted line that something on the source line is a part of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reached {
    pub environment: String,
    pub file: String,
    pub line: usize,
    /// `api.main`, or the name of a provider or an output.
    pub what: String,
    pub path: String,
}

/// A line of a source file.
pub(crate) struct Asked<'s> {
    pub sources: &'s Sources,
    pub file: &'s str,
    pub line: u32,
}

/// What is declared on the line.
pub(crate) enum Declared<'a> {
    Input { statement: &'a Statement, name: Name, path: Vec<Hop> },
    Native { statement: &'a Statement },
    Other { title: String },
}

impl Asked<'_> {
    fn lines(&self, place: Place) -> Option<RangeInclusive<u32>> {
        let (file, range) = self.sources.absolute(place)?;
        if file.id.path() != self.file {
            return None;
        }
        let last = range.end.saturating_sub(1).max(range.start);
        Some(file.line_column(range.start as u32).line..=file.line_column(last as u32).line)
    }
    fn covers(&self, place: Place) -> bool {
        self.lines(place).is_some_and(|lines| lines.contains(&self.line))
    }
    fn starts(&self, place: Place) -> bool {
        self.lines(place).is_some_and(|lines| *lines.start() == self.line)
    }

    /// What the line declares; none when it declares nothing that has a value.
    pub fn declared<'a>(&self, checked: &'a check::checked::Checked) -> Option<Declared<'a>> {
        for statement in &checked.statements {
            match &statement.fields {
                Fields::Inputs(parts) => {
                    let flow = parts.iter().find_map(|part| match part {
                        InputPart::Field { code, .. } if self.covers(code.place) => self.flow(code),
                        _ => None,
                    });
                    if let Some(place) = flow {
                        let flow = self.sources.text(place).unwrap_or_default();
                        return Some(Declared::Other { title: format!("flow {flow} of `{}`", statement.name) });
                    }
                    let found = parts.iter().find_map(|part| match part {
                        InputPart::Field { name, code, .. } | InputPart::Element { field: name, code } if self.covers(code.place) => Some((*name, self.path(code))),
                        InputPart::Entry { field, key, code, .. } if self.covers(code.place) => {
                            let mut path = vec![Hop::Name(*key)];
                            path.extend(self.path(code));
                            Some((*field, path))
                        }
                        InputPart::Spread(_) | InputPart::Field { .. } | InputPart::Entry { .. } | InputPart::Element { .. } => None,
                    });
                    if let Some((name, path)) = found {
                        return Some(Declared::Input { statement, name, path });
                    }
                }
                Fields::Native(code) if self.covers(code.place) && !self.starts(statement.place) => return Some(Declared::Native { statement }),
                Fields::Native(_) => {}
            }
            if self.starts(statement.place) {
                return Some(Declared::Other { title: format!("statement {}", statement.name) });
            }
        }
        let other = |title: String| Some(Declared::Other { title });
        for environment in &checked.environments {
            if let Some((id, _)) = environment.params.iter().find(|(_, code)| self.covers(code.place)) {
                let param = checked.params.get(id.0 as usize)?;
                return other(format!("param {}, set by environment `{}`", param.name, environment.name));
            }
            if self.covers(environment.on.place) || self.covers(environment.place) {
                return other(format!("environment {}", environment.name));
            }
        }
        if let Some(param) = checked.params.iter().find(|param| self.covers(param.place) || param.default.as_ref().is_some_and(|code| self.covers(code.place))) {
            return other(format!("param {}", param.name));
        }
        if let Some(found) = checked.lets.iter().find(|found| self.covers(found.place) || self.covers(found.code.place)) {
            return other(format!("let {}", found.name));
        }
        if let Some(output) = checked.outputs.iter().find(|output| self.covers(output.place) || self.covers(output.code.place)) {
            return other(format!("output {}", output.name));
        }
        let change = checked.adjusts.iter().flat_map(|adjust| &adjust.changes).find(|change| self.covers(change.place) || self.covers(change.code.place));
        if change.is_some() {
            return other("a change by `adjust`".to_owned());
        }
        let input = checked.kinds.iter().find_map(|kind| kind.inputs.iter().find(|input| self.covers(input.place)).map(|input| (kind, input)));
        if let Some((kind, input)) = input {
            return other(format!("field {} of the kind {}", input.name, kind.name));
        }
        if let Some(function) = checked.functions.iter().find(|function| self.covers(function.body.place)) {
            return other(format!("function {}", function.name));
        }
        None
    }

    /// A flow on the line.
    fn flow(&self, code: &Code) -> Option<Place> {
        match code.kind.as_ref() {
            CodeKind::List(parts) => parts.iter().find_map(|part| match part {
                ListPart::Element { code, .. } => self.flow(code),
                ListPart::If { part, .. } | ListPart::For { part, .. } => match part.as_ref() {
                    ListPart::Element { code, .. } => self.flow(code),
                    ListPart::Spread(_) | ListPart::For { .. } | ListPart::If { .. } | ListPart::By { .. } => None,
                },
                ListPart::Spread(_) | ListPart::By { .. } => None,
            }),
            CodeKind::Flow { .. } if self.covers(code.place) => Some(code.place),
            CodeKind::Convert { code, .. } => self.flow(code),
            _ => None,
        }
    }

    /// The path within a literal to the part that stands on the line.
    fn path(&self, code: &Code) -> Vec<Hop> {
        let deeper = |hop: Hop, code: &Code| {
            let mut path = vec![hop];
            path.extend(self.path(code));
            path
        };
        match code.kind.as_ref() {
            CodeKind::Record(parts) if !self.starts(code.place) => parts
                .iter()
                .find_map(|part| match part {
                    RecordPart::Field { name, code, .. } if self.covers(code.place) => Some(deeper(Hop::Name(*name), code)),
                    RecordPart::Field { .. } | RecordPart::Spread(_) => None,
                })
                .unwrap_or_default(),
            CodeKind::Map(parts) if !self.starts(code.place) => parts
                .iter()
                .find_map(|part| match part {
                    MapPart::Entry { key, value, .. } if self.covers(value.place) => match key.kind.as_ref() {
                        CodeKind::Const(Value::Text(key)) => Some(deeper(Hop::Name(Name::new(key)), value)),
                        _ => None,
                    },
                    MapPart::Entry { .. } | MapPart::Spread(_) | MapPart::For { .. } | MapPart::If { .. } | MapPart::Group { .. } => None,
                })
                .unwrap_or_default(),
            CodeKind::Convert { how: Conversion::Complete(_) | Conversion::RecordToMap, code } => self.path(code),
            _ => Vec::new(),
        }
    }

    /// The answer without environments.
    pub fn answer(&self, declared: &Declared<'_>) -> FieldAnswer {
        let at = Spot { file: self.file.to_owned(), line: self.line, column: 1, library: super::is_library(self.file) };
        let title = match declared {
            Declared::Input { statement, name, path } => {
                let mut whole = vec![Hop::Name(*name)];
                whole.extend(path);
                format!("field {} of `{}`", path::text(&whole), statement.name)
            }
            Declared::Native { statement } => format!("a part of `{}`", statement.name),
            Declared::Other { title } => title.clone(),
        };
        FieldAnswer { source: line_text(self.sources, &at), at, title, values: Vec::new(), reaches: Vec::new() }
    }

    /// Adds what the line is in one environment, and where it goes.
    pub fn add(&self, declared: &Declared<'_>, known: &Known<'_>, documents: &[Document], answer: &mut FieldAnswer) {
        if let Declared::Input { statement, name, path } = declared {
            for address in known.made_by(statement) {
                let mut walk = Walk::new(known, Some(*address));
                walk.input(*address, *name, path);
                let value = known.input_value(*address, *name).and_then(|value| value_at(known, value, path));
                let what = input_text(known, *address, *name, path);
                let reads = reads_of(known, &walk).into_iter().filter(|read| read.what != what).collect();
                answer.values.push(ValueIn {
                    environment: known.graph.environment.text().to_owned(),
                    what,
                    value: value.map(|value| known.graph.store.show_within(value, SHOWN)),
                    reads,
                });
            }
        }
        for document in documents {
            self.reached(known, document, answer);
        }
    }

    fn reached(&self, known: &Known<'_>, document: &Document, answer: &mut FieldAnswer) {
        for (at, line) in document.lines.iter().enumerate() {
            let steps = hops(&document.paths.steps(line.path));
            let what = match line.subject {
                Subject::Resource(index) => {
                    let Some(resource) = known.graph.resources.get(index as usize) else { continue };
                    let found = value_at(known, resource.body, &steps);
                    // What is put together stands for its parts, each on a line of its own.
                    let parts = |value| matches!(known.graph.store.get(value), Value::Record(_) | Value::Map(_) | Value::List(_));
                    if found.is_none_or(parts) {
                        continue;
                    }
                    let mut walk = Walk::new(known, Some(resource.address));
                    walk.body(resource.address, &steps);
                    keep_flows_of_line(known, resource.address, &steps, &mut walk);
                    if !self.touched(&walk) {
                        continue;
                    }
                    known.graph.store.address_text(resource.address)
                }
                Subject::Provider(index) => {
                    let Some(provider) = known.graph.providers.get(index as usize) else { continue };
                    let code = known.checked.platforms.iter().flat_map(|platform| &platform.providers).find(|code| code.place == provider.place);
                    let parts = |value| matches!(known.graph.store.get(value), Value::Record(_) | Value::Map(_) | Value::List(_));
                    let (Some(code), false) = (code, value_at(known, provider.inputs, &steps).is_none_or(parts)) else { continue };
                    let mut walk = Walk::new(known, None);
                    walk.code(&code.body, &Context::new(This::Platform), &steps);
                    if !self.touched(&walk) {
                        continue;
                    }
                    format!("provider {}", provider.name)
                }
                Subject::Output(_) if steps.is_empty() => continue,
                Subject::Output(index) => {
                    let Some(output) = known.graph.outputs.get(index as usize) else { continue };
                    let Some(code) = known.checked.outputs.iter().find(|code| code.place == output.place) else { continue };
                    let mut walk = Walk::new(known, None);
                    walk.code(&code.code, &Context::new(This::Root), &[]);
                    if !self.touched(&walk) {
                        continue;
                    }
                    format!("output {}", output.name)
                }
                Subject::Frame | Subject::Deferred(_) => continue,
            };
            answer.reaches.push(Reached {
                environment: known.graph.environment.text().to_owned(),
                file: document.path.clone(),
                line: at + 1,
                what,
                path: path::text(&steps),
            });
        }
    }

    /// Whether something on the line is a part of what was walked.
    fn touched(&self, walk: &Walk<'_, '_>) -> bool {
        walk.literals.iter().any(|literal| self.covers(literal.place)) || walk.reads.iter().any(|read| !read.shape && self.starts(read.place))
    }
}
