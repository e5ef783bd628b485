//! What is said at a line, or at a column, of a source file: fields, entries, flows, params, and the expressions in them.

use std::ops::Range;

use check::checked::{Checked, Fields, InputPart, Statement};
use check::code::{Code, CodeKind, Conversion, ListPart, Loop, MapPart, RecordPart};
use source::{FileId, Name, Place, Sources};
use value::Value;

use super::path::{self, Hop};
use super::trace::{name_before, stretch, word_after};

/// Something in the source that has a value.
#[derive(Clone, Debug)]
pub(crate) struct Declared<'a> {
    /// `field replicas of `api``
    pub title: String,
    /// Its name and its value, in bytes of the file.
    pub whole: Range<usize>,
    /// Its value alone.
    pub value: Range<usize>,
    /// The input that it is a part of.
    pub input: Option<(&'a Statement, Name, Vec<Hop>)>,
    /// It is an expression within what is declared, found by its column only.
    pub inner: bool,
}

/// All that a file of the user's declares, outermost first.
pub(crate) fn declared<'a>(checked: &'a Checked, sources: &'a Sources, file: FileId) -> Vec<Declared<'a>> {
    let mut all = Collector { sources, file, found: Vec::new() };
    for statement in &checked.statements {
        if statement.place.item.file() == file {
            all.statement(statement);
        }
    }
    for environment in &checked.environments {
        let of = |what: &str| Named::new(format!("{what} of environment `{}`", environment.name));
        for word in ["tier", "like"] {
            if let Some((found, range)) = word_after(sources, environment.place, Name::new(word))
                && found == file
            {
                let whole = all.name_before(range.start).map_or(range.start, |name| name.start)..range.end;
                all.found.push(Declared { title: of(word).title(), whole, value: range, input: None, inner: false });
            }
        }
        for choice in &environment.choose {
            if let Some((found, range)) = stretch(sources, choice.place).filter(|(found, _)| *found == file) {
                let name = sources.text(choice.place).map(Name::new);
                let end = name
                    .and_then(|name| word_after(sources, choice.place, name))
                    .filter(|(value, _)| *value == found)
                    .map_or(range.end, |(_, value)| value.end);
                all.found.push(Declared {
                    title: of("the choice").title(),
                    value: range.start..end,
                    whole: range.start..end,
                    input: None,
                    inner: false,
                });
            }
        }
        all.top(&environment.on, &of("`on`"));
        for (id, code) in &environment.params {
            let name = checked.params.get(id.0 as usize).map_or("", |param| param.name.text());
            all.top(code, &Named::new(format!("param {name}, set by environment `{}`", environment.name)));
        }
    }
    for param in &checked.params {
        all.place(param.place, param.default.as_ref(), format!("param {}", param.name));
        param.default.iter().for_each(|code| all.top(code, &Named::new(format!("param {}", param.name))));
    }
    for binding in &checked.lets {
        all.place(binding.place, Some(&binding.code), format!("let {}", binding.name));
        all.top(&binding.code, &Named::new(format!("let {}", binding.name)));
    }
    for output in &checked.outputs {
        all.place(output.place, Some(&output.code), format!("output {}", output.name));
        all.top(&output.code, &Named::new(format!("output {}", output.name)));
    }
    for change in checked.adjusts.iter().flat_map(|adjust| &adjust.changes) {
        all.place(change.place, Some(&change.code), "a change by `adjust`".to_owned());
        all.top(&change.code, &Named::new("a change by `adjust`".to_owned()));
    }
    for kind in &checked.kinds {
        for input in &kind.inputs {
            // Kinds that are this one have the same inputs.
            let title = format!("field {} of the kind `{}`", input.name, kind.name);
            all.place(input.place, input.default.as_ref(), title.clone());
            input.default.iter().for_each(|code| all.top(code, &Named::new(title.clone())));
        }
        for out in &kind.outs {
            let title = format!("out {} of the kind `{}`", out.name, kind.name);
            out.default.iter().for_each(|code| all.top(code, &Named::new(title.clone())));
        }
    }
    for implementation in &checked.implementations {
        let kind = checked.kinds.get(implementation.kind.0 as usize).map_or("", |kind| kind.name.text());
        implementation
            .outs
            .iter()
            .for_each(|(name, code)| all.top(code, &Named::new(format!("out {name} of `{kind}`"))));
    }
    for platform in &checked.platforms {
        for input in &platform.inputs {
            let title = format!("field {} of the platform `{}`", input.name, platform.name);
            all.place(input.place, input.default.as_ref(), title.clone());
            input.default.iter().for_each(|code| all.top(code, &Named::new(title.clone())));
        }
        platform.outs.iter().for_each(|(name, code)| {
            all.top(code, &Named::new(format!("out {name} of the platform `{}`", platform.name)))
        });
        platform
            .providers
            .iter()
            .for_each(|provider| all.top(&provider.body, &Named::new(format!("provider {}", provider.name)).below()));
    }
    for function in &checked.functions {
        all.top(&function.body, &Named::new(format!("function {}", function.name)));
    }
    let mut found = all.found;
    found.sort_by_key(|declared| (declared.whole.start, std::cmp::Reverse(declared.whole.end), declared.inner));
    found.dedup_by(|later, first| later.whole == first.whole && later.title == first.title);
    found
}

/// How what is being walked is called.
#[derive(Clone)]
struct Named<'a> {
    before: String,
    path: Vec<Hop>,
    /// Whether the path comes first: `field PATH of …`.
    field_of: bool,
    input: Option<(&'a Statement, Name)>,
}

impl Named<'_> {
    fn new(before: String) -> Self {
        Self { before, path: Vec::new(), field_of: false, input: None }
    }
    /// The same for a body whose fields are named by their paths.
    fn below(self) -> Self {
        Self { field_of: true, ..self }
    }
    fn title(&self) -> String {
        match (self.path.is_empty(), self.field_of) {
            (true, true) => format!("`{}`", self.before),
            (true, false) => self.before.clone(),
            (false, true) => format!("field {} of `{}`", path::text(&self.path), self.before),
            (false, false) => format!("{}, {}", self.before, path::text(&self.path)),
        }
    }
    fn deeper(&self, hop: Hop) -> Self {
        let mut path = self.path.clone();
        path.push(hop);
        Self { path, ..self.clone() }
    }
}

struct Collector<'a> {
    sources: &'a Sources,
    file: FileId,
    found: Vec<Declared<'a>>,
}

impl Declared<'_> {
    /// What is meant of it by a position: its value where the position is in it.
    pub fn stretch(&self, at: Option<usize>) -> Range<usize> {
        match at {
            Some(at) if self.value.contains(&at) => self.value.clone(),
            Some(_) | None => self.whole.clone(),
        }
    }
}

impl<'a> Collector<'a> {
    fn name_before(&self, value: usize) -> Option<Range<usize>> {
        name_before(&self.sources.file(self.file)?.text, value)
    }

    /// The name of an entry, which the user made up.
    fn key(&mut self, value: &Code, named: &Named<'a>) {
        let Some((file, range)) = stretch(self.sources, value.place).filter(|(file, _)| *file == self.file) else {
            return;
        };
        if let Some(name) = self.name_before(range.start) {
            let text = self.sources.file(file).and_then(|file| file.text.get(name.clone())).unwrap_or_default();
            self.found.push(Declared {
                title: format!("the name `{text}` in {}", named.title()),
                value: name.clone(),
                whole: name,
                input: None,
                inner: true,
            });
        }
    }

    fn push(&mut self, code: &'a Code, named: &Named<'a>, inner: bool) {
        let Some((file, range)) = stretch(self.sources, code.place) else { return };
        if file != self.file || range.is_empty() {
            return;
        }
        let title = if inner {
            format!(
                "`{}` in {}",
                self.sources.text(code.place).unwrap_or_default().split('\n').next().unwrap_or_default(),
                named.title()
            )
        } else {
            named.title()
        };
        let start =
            if inner { range.start } else { self.name_before(range.start).map_or(range.start, |name| name.start) };
        let input =
            named.input.map(|(statement, name)| (statement, name, named.path.get(1..).unwrap_or_default().to_vec()));
        self.found.push(Declared { title, whole: start..range.end, value: range, input, inner });
    }

    /// What has a name at one place and a value at another.
    fn place(&mut self, place: Place, value: Option<&Code>, title: String) {
        let Some((file, range)) = stretch(self.sources, place).filter(|(file, _)| *file == self.file) else { return };
        let end = value
            .and_then(|code| stretch(self.sources, code.place))
            .filter(|(of, value)| *of == file && value.start >= range.start)
            .map_or(range.end, |(_, value)| value.end.max(range.end));
        self.found.push(Declared {
            title,
            value: range.start..end,
            whole: range.start..end,
            input: None,
            inner: false,
        });
    }

    fn statement(&mut self, statement: &'a Statement) {
        if let Some((_, range)) = stretch(self.sources, statement.place) {
            self.found.push(Declared {
                title: format!("statement {}", statement.name),
                value: range.clone(),
                whole: range,
                input: None,
                inner: false,
            });
        }
        let of = Named::new(statement.name.text().to_owned()).below();
        let header = Named::new(format!("the header of `{}`", statement.name));
        for each in &statement.loops {
            self.top(&each.collection, &header);
        }
        for code in statement.condition.iter().chain(&statement.key).chain(&statement.on) {
            self.top(code, &header);
        }
        for annotation in &statement.annotations {
            for (_, code) in &annotation.args {
                self.top(code, &Named::new(format!("@{} of `{}`", annotation.name, statement.name)));
            }
        }
        match &statement.fields {
            Fields::Native(code) => self.parts(code, &of),
            Fields::Inputs(parts) => {
                for part in parts {
                    let field = |name: Name| Named { input: Some((statement, name)), ..of.deeper(Hop::Name(name)) };
                    match part {
                        InputPart::Field { name, code, .. } | InputPart::Element { field: name, code } => {
                            self.top(code, &field(*name))
                        }
                        InputPart::Entry { field: name, key, code, .. } => {
                            self.top(code, &field(*name).deeper(Hop::Name(*key)));
                            self.key(code, &field(*name));
                        }
                    }
                }
            }
        }
    }

    /// A value that has a name.
    fn top(&mut self, code: &'a Code, named: &Named<'a>) {
        self.push(code, named, false);
        self.parts(code, named);
    }

    /// An expression within a value.
    fn inner(&mut self, code: &'a Code, named: &Named<'a>) {
        self.push(code, named, true);
        self.parts(code, named);
    }

    fn looped(&mut self, each: &'a Loop, condition: Option<&'a Code>, named: &Named<'a>) {
        self.inner(&each.collection, named);
        condition.into_iter().for_each(|code| self.inner(code, named));
    }

    fn record_part(&mut self, part: &'a RecordPart, named: &Named<'a>) {
        match part {
            RecordPart::Field { name, code, .. } => self.top(code, &named.deeper(Hop::Name(*name))),
            RecordPart::Spread(code) => self.inner(code, named),
        }
    }

    fn map_part(&mut self, part: &'a MapPart, named: &Named<'a>) {
        match part {
            MapPart::Entry { key, value, .. } => {
                self.inner(key, named);
                match key.kind.as_ref() {
                    CodeKind::Const(Value::Text(key)) => self.top(value, &named.deeper(Hop::Name(Name::new(key)))),
                    _ => self.inner(value, named),
                }
            }
            MapPart::Spread(code) => self.inner(code, named),
            MapPart::For { each, condition, part } => {
                self.looped(each, condition.as_ref(), named);
                self.map_part(part, named);
            }
            MapPart::If { condition, part } => {
                self.inner(condition, named);
                self.map_part(part, named);
            }
            MapPart::Group { key, value } => {
                self.inner(key, named);
                self.inner(value, named);
            }
        }
    }

    fn list_part(&mut self, part: &'a ListPart, named: &Named<'a>) {
        match part {
            ListPart::Element { code, .. } => match code.kind.as_ref() {
                CodeKind::Flow { .. } => {
                    let text = self.sources.text(code.place).unwrap_or_default();
                    let of = named.input.map_or_else(String::new, |(statement, _)| format!(" of `{}`", statement.name));
                    self.top(code, &Named::new(format!("flow {text}{of}")));
                }
                _ => self.inner(code, named),
            },
            ListPart::Spread(code) => self.inner(code, named),
            ListPart::For { each, condition, part } => {
                self.looped(each, condition.as_ref(), named);
                self.list_part(part, named);
            }
            ListPart::If { condition, part } => {
                self.inner(condition, named);
                self.list_part(part, named);
            }
            ListPart::By { key, code } => {
                self.inner(key, named);
                self.inner(code, named);
            }
        }
    }

    /// What code is put together of.
    fn parts(&mut self, code: &'a Code, named: &Named<'a>) {
        match code.kind.as_ref() {
            CodeKind::Record(parts) => parts.iter().for_each(|part| self.record_part(part, named)),
            CodeKind::Map(parts) => parts.iter().for_each(|part| self.map_part(part, named)),
            CodeKind::List(parts) => parts.iter().enumerate().for_each(|(at, part)| match part {
                ListPart::Element { .. } => self.list_part(part, &named.deeper(Hop::At(at as u32))),
                ListPart::Spread(_) | ListPart::For { .. } | ListPart::If { .. } | ListPart::By { .. } => {
                    self.list_part(part, named)
                }
            }),
            CodeKind::Convert { how, code } => {
                self.parts(code, named);
                match (how, code.kind.as_ref()) {
                    (Conversion::Complete(defaults), _) => {
                        defaults.iter().for_each(|(name, code)| self.top(code, &named.deeper(Hop::Name(*name))))
                    }
                    (Conversion::RecordToMap, CodeKind::Record(parts)) => {
                        for part in parts {
                            if let RecordPart::Field { code, .. } = part {
                                self.key(code, named);
                            }
                        }
                    }
                    _ => {}
                }
            }
            CodeKind::PlatformCall { inputs, .. } => self.parts(inputs, named),
            CodeKind::Field { of, .. }
            | CodeKind::Input { of, .. }
            | CodeKind::Out { of, .. }
            | CodeKind::NativeField { of, .. }
            | CodeKind::PlatformField { of, .. }
            | CodeKind::Endpoint { of, .. }
            | CodeKind::AsPlatform { of, .. }
            | CodeKind::IsKind { of, .. }
            | CodeKind::FirstBlock(of)
            | CodeKind::Not(of)
            | CodeKind::Negate(of)
            | CodeKind::File(of) => self.inner(of, named),
            CodeKind::Index { of: left, key: right }
            | CodeKind::IfPresent { of: left, then: right, .. }
            | CodeKind::Named { name: left, of: right }
            | CodeKind::Binary { left, right, .. }
            | CodeKind::And(left, right)
            | CodeKind::Or(left, right)
            | CodeKind::Coalesce(left, right)
            | CodeKind::Template { path: left, values: right } => {
                self.inner(left, named);
                self.inner(right, named);
            }
            CodeKind::Flow { from, to, name } => {
                self.inner(from, named);
                self.inner(to, named);
                if let Some(name) = name {
                    self.inner(name, named);
                }
            }
            CodeKind::Fact { of, args, .. } => {
                self.inner(of, named);
                args.iter().for_each(|code| self.inner(code, named));
            }
            CodeKind::Tagged { fields: all, .. }
            | CodeKind::Text(all)
            | CodeKind::Call { args: all, .. }
            | CodeKind::BuiltIn { args: all, .. } => all.iter().for_each(|code| self.inner(code, named)),
            CodeKind::If { condition, then, otherwise } => {
                [condition, then, otherwise].into_iter().for_each(|code| self.inner(code, named))
            }
            CodeKind::Match { subject, arms } => {
                self.inner(subject, named);
                arms.iter().for_each(|(_, arm)| self.inner(arm, named));
            }
            CodeKind::With { base, updates } => {
                self.inner(base, named);
                updates.iter().for_each(|(_, code)| self.inner(code, named));
            }
            CodeKind::Const(_) => {
                for part in port_parts(self.sources, code).into_iter().flatten() {
                    if let Some((_, range)) = stretch(self.sources, part).filter(|(file, _)| *file == self.file) {
                        let text = self.sources.text(part).unwrap_or_default();
                        self.found.push(Declared {
                            title: format!("`{text}` in {}", named.title()),
                            value: range.clone(),
                            whole: range,
                            input: None,
                            inner: true,
                        });
                    }
                }
            }
            CodeKind::Unknown(_)
            | CodeKind::Local(_)
            | CodeKind::SelfInstance
            | CodeKind::SelfInput(_)
            | CodeKind::SelfOut(_)
            | CodeKind::Let(_)
            | CodeKind::Listed(_)
            | CodeKind::Param(_)
            | CodeKind::Environment
            | CodeKind::Statement(_)
            | CodeKind::All(_)
            | CodeKind::AllNative { .. } => {}
        }
    }
}

/// The number and the protocol of a literal port: `8080` and `tcp`.
pub(crate) fn port_parts(sources: &Sources, code: &Code) -> Option<[Place; 2]> {
    let CodeKind::Const(Value::Port { .. }) = code.kind.as_ref() else { return None };
    let text = sources.text(code.place)?;
    let slash = u32::try_from(text.find('/')?).ok()?;
    let number = Place { len: slash, ..code.place };
    Some([
        number,
        Place { start: code.place.start + slash + 1, len: code.place.len.checked_sub(slash + 1)?, ..code.place },
    ])
}

/// What of it is meant by a line (bytes of the line) and, when one is given, a position in it.
pub(crate) fn meant<'d, 'a>(all: &'d [Declared<'a>], line: &Range<usize>, at: Option<usize>) -> Vec<&'d Declared<'a>> {
    if let Some(at) = at {
        let around = all.iter().filter(|declared| declared.whole.contains(&at));
        return around.min_by_key(|declared| (declared.whole.len(), declared.inner)).into_iter().collect();
    }
    let named = || all.iter().filter(|declared| !declared.inner);
    let begins: Vec<&Declared<'a>> = named().filter(|declared| line.contains(&declared.whole.start)).collect();
    // What holds others of this line is asked for by them.
    let holds = |outer: &Declared<'_>| {
        begins.iter().any(|other| {
            other.whole != outer.whole && outer.whole.start <= other.whole.start && other.whole.end <= outer.whole.end
        })
    };
    let leaves: Vec<&Declared<'a>> = begins.iter().copied().filter(|declared| !holds(declared)).collect();
    let is_name = |declared: &&Declared<'_>| declared.title.starts_with("statement ");
    let fields: Vec<&Declared<'a>> = leaves.iter().copied().filter(|declared| !is_name(declared)).collect();
    if !fields.is_empty() {
        return fields;
    }
    if !leaves.is_empty() {
        return leaves;
    }
    let covers = named().filter(|declared| declared.whole.start < line.end && line.start < declared.whole.end);
    covers.min_by_key(|declared| declared.whole.len()).into_iter().collect()
}
