//! Follows the code that gives a value to what it reads: inputs of instances, params, flows, names, the environment's arms. The
//! code is walked, not run: where only evaluation could tell which branch was taken, both are followed. Only the part of a value
//! that is asked for is followed where the code shows which part that is.

use std::rc::Rc;

use check::checked::{Fields, FunctionId, LetId, Statement};
use check::code::{BinaryOperator, Code, CodeKind, Conversion, Loop, RecordPart};
use rustc_hash::FxHashSet;
use source::{Name, Place};
use value::{AddressId, Value};

use super::known::{How, Known, Setting, This};
use super::path::Hop;

/// More steps than any expression of a real program takes; what is left out then is what is read furthest away.
pub(super) const STEPS: usize = 200_000;
/// How deep functions, `let`s and inputs are followed.
pub(super) const DEEPEST: usize = 200;

/// What a value was read from.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Source {
    Input {
        address: AddressId,
        name: Name,
        path: Vec<Hop>,
        how: How,
    },
    /// The environment that gives it; none: its default.
    Param {
        name: Name,
        environment: Option<Name>,
    },
    /// A `let` in the user's files.
    Let {
        name: Name,
    },
    /// An arm of a `match environment`.
    Arm {
        environment: Name,
    },
    /// The flow at the place.
    Flow,
    /// The name of an instance.
    Named {
        address: AddressId,
    },
    /// What an environment says of its platform.
    Platform {
        field: Name,
    },
    /// The tier, or the name of the environment.
    Environment,
}

/// One thing that was read, and how far from the value that was asked for.
#[derive(Clone, Debug)]
pub(crate) struct Read {
    pub source: Source,
    pub place: Place,
    pub depth: usize,
    /// The flow on whose account it was read, by its place.
    pub flow: Option<Place>,
}

/// A literal that a value depends on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Literal {
    pub place: Place,
    /// The flow on whose account it was read, by its place.
    pub flow: Option<Place>,
    /// It only decides between other values.
    pub decides: bool,
}

/// Where code runs: whose it is, and what its slots stand for.
#[derive(Clone)]
pub(crate) struct Context<'a> {
    pub this: This,
    slots: Rc<Vec<(u16, Bound<'a>)>>,
}

/// What a slot stands for.
#[derive(Clone)]
pub(super) struct Bound<'a> {
    pub code: &'a Code,
    pub context: Context<'a>,
    /// The part of the code's value.
    pub part: Option<Hop>,
    /// A loop's key, not its element.
    pub key: bool,
}

/// Collects what is read.
pub(crate) struct Walk<'k, 'a> {
    pub known: &'k Known<'a>,
    pub reads: Vec<Read>,
    /// Places of constants that are part of the value: a changed literal changes it.
    pub literals: Vec<Literal>,
    /// The flows that may matter: those with an end below this name; and, when known, with this key.
    flows_of: Option<Name>,
    flow: Option<Place>,
    shape: bool,
    decides: bool,
    seen: FxHashSet<(Source, Place, Option<Place>, bool)>,
    pub(super) steps: usize,
    depth: usize,
    pub(super) nesting: usize,
}

impl<'a> Context<'a> {
    /// A context without slots.
    pub fn new(this: This) -> Self {
        Self { this, slots: Rc::default() }
    }
    pub(super) fn with(&self, slot: u16, bound: Bound<'a>) -> Self {
        let mut slots: Vec<(u16, Bound<'a>)> = self.slots.iter().filter(|(other, _)| *other != slot).cloned().collect();
        slots.push((slot, bound));
        Self { this: self.this.clone(), slots: Rc::new(slots) }
    }
    pub(super) fn bound(&self, slot: u16) -> Option<&Bound<'a>> {
        self.slots.iter().find(|(other, _)| *other == slot).map(|(_, bound)| bound)
    }
    pub(super) fn with_loop(&self, each: &'a Loop, part: Hop) -> Self {
        let bound = |key: bool| Bound { code: &each.collection, context: self.clone(), part: Some(part), key };
        let inner = self.with(each.value, bound(false));
        match each.key {
            Some(slot) => inner.with(slot, bound(true)),
            None => inner,
        }
    }
}

impl<'k, 'a> Walk<'k, 'a> {
    /// A walk for a value of something at this address: only flows that concern it count.
    pub fn new(known: &'k Known<'a>, of: Option<AddressId>) -> Self {
        let flows_of = of.and_then(|of| known.graph.store.steps(of).first().map(|step| step.name));
        Self {
            known,
            reads: Vec::new(),
            literals: Vec::new(),
            flows_of,
            flow: None,
            shape: false,
            decides: false,
            seen: FxHashSet::default(),
            steps: 0,
            depth: 0,
            nesting: 0,
        }
    }

    /// The context in which the header and the fields of an address's statement run.
    pub fn context_of(&self, address: AddressId) -> Context<'a> {
        let context = Context::new(self.known.parent_this(address));
        let Some(statement) = self.known.statement(address) else { return context };
        let key = self.known.graph.store.step(address).key;
        let part = match (key, statement.loops.as_slice(), &statement.key) {
            (Some(key), [_], None) => Hop::Name(key),
            _ => Hop::Any,
        };
        statement.loops.iter().fold(context, |context, each| context.with_loop(each, part))
    }

    /// What a part of a native resource's body was made of.
    pub fn body(&mut self, address: AddressId, path: &[Hop]) {
        let Some(Statement { fields: Fields::Native(code), .. }) = self.known.statement(address) else { return };
        let mut overruled = false;
        for change in self.known.changes(address) {
            if let Some(rest) = super::known::below(path, &change.path) {
                overruled |= change.path.len() <= path.len();
                self.code(&change.code, &Context::new(This::Root), &rest);
            }
        }
        if !overruled {
            let context = self.context_of(address);
            self.code(code, &context, path);
        }
    }

    /// What decides that an address exists: its loops and its condition, and those of what it stands below in the library.
    pub fn header(&mut self, address: AddressId) {
        let Some(statement) = self.known.statement(address) else { return };
        let context = self.context_of(address);
        for each in &statement.loops {
            self.code(&each.collection, &context, &[Hop::Any]);
        }
        for code in statement.condition.iter().chain(&statement.key) {
            self.code(code, &context, &[]);
        }
    }

    /// What an input of an instance was made of.
    pub fn input(&mut self, address: AddressId, name: Name, path: &[Hop]) {
        let settings = self.known.settings(address, name, path);
        for setting in settings {
            let source = Source::Input { address, name, path: path.to_vec(), how: setting.how };
            let place =
                setting.code.and_then(|code| super::line::place_in(code, &setting.rest)).unwrap_or(setting.place);
            if self.note(source, place) {
                self.setting(address, &setting);
            }
        }
    }

    /// Follows the code of a setting.
    pub fn setting(&mut self, address: AddressId, setting: &Setting<'a>) {
        let Some(code) = setting.code else { return };
        if self.shape && !self.known.is_library(setting.place) {
            return;
        }
        let context = match (setting.how, setting.inside) {
            (How::Adjusted, _) => Context::new(This::Root),
            (_, true) => Context::new(This::Instance(address)),
            (_, false) => self.context_of(address),
        };
        self.deeper(|me| me.code(code, &context, &setting.rest));
    }

    fn literal(&mut self, place: Place) {
        if !self.shape {
            self.literals.push(Literal { place, flow: self.flow, decides: self.decides });
        }
    }

    /// Follows code that decides between values, and is no part of them.
    pub(super) fn condition(&mut self, code: &'a Code, context: &Context<'a>) {
        let before = std::mem::replace(&mut self.decides, true);
        self.code(code, context, &[]);
        self.decides = before;
    }

    /// Follows code of which only presence or number matters: as far as the user's own files.
    pub(super) fn shape(&mut self, code: &'a Code, context: &Context<'a>) {
        let before = std::mem::replace(&mut self.shape, true);
        self.code(code, context, &[]);
        self.shape = before;
    }

    pub(super) fn deeper(&mut self, work: impl FnOnce(&mut Self)) {
        if self.nesting < DEEPEST {
            self.depth += 1;
            self.nesting += 1;
            work(self);
            self.nesting -= 1;
            self.depth -= 1;
        }
    }

    /// Notes what was read; false when it was before.
    pub(super) fn note(&mut self, source: Source, place: Place) -> bool {
        let new = self.seen.insert((source.clone(), place, self.flow, self.shape));
        if new {
            self.reads.push(Read { source, place, depth: self.depth, flow: self.flow });
        }
        new
    }

    /// What a part of the value of code was made of.
    pub fn code(&mut self, code: &'a Code, context: &Context<'a>, path: &[Hop]) {
        self.steps += 1;
        if self.steps > STEPS || self.nesting >= DEEPEST {
            return;
        }
        self.nesting += 1;
        self.kind(code, context, path);
        self.nesting -= 1;
    }

    #[expect(clippy::too_many_lines, reason = "one match over all code; it goes when evaluation traces itself")]
    fn kind(&mut self, code: &'a Code, context: &Context<'a>, path: &[Hop]) {
        match code.kind.as_ref() {
            CodeKind::Unknown(_)
            | CodeKind::SelfInstance
            | CodeKind::Statement(_)
            | CodeKind::All(_)
            | CodeKind::AllNative { .. } => {}
            CodeKind::Const(_) => self.literal(code.place),
            CodeKind::Local(slot) => {
                if let Some(bound) = context.bound(*slot).cloned() {
                    let whole: Vec<Hop> = bound.part.into_iter().chain(path.iter().copied()).collect();
                    self.code(
                        bound.code,
                        &bound.context,
                        if bound.key { whole.get(..1).unwrap_or_default() } else { &whole },
                    );
                }
            }
            CodeKind::SelfInput(name) => match self.known.owner(&context.this) {
                Some(owner) => self.input(owner, *name, path),
                None => self.platform_field(*name, path),
            },
            CodeKind::SelfOut(name) => {
                if let Some(owner) = self.known.owner(&context.this) {
                    self.out(owner, *name, path);
                }
            }
            CodeKind::Let(id) => self.binding(*id, context, path),
            CodeKind::Param(id) => {
                let Some(param) = self.known.checked.params.get(id.0 as usize) else { return };
                match self.known.param(*id) {
                    Some((environment, given)) => {
                        if self.note(
                            Source::Param {
                                name: param.name,
                                environment: environment.map(|environment| environment.name),
                            },
                            given.place,
                        ) {
                            self.deeper(|me| me.code(given, &Context::new(This::Root), path));
                        }
                    }
                    None => {
                        self.note(Source::Param { name: param.name, environment: None }, param.place);
                    }
                }
            }
            CodeKind::Environment => self.environment(),
            CodeKind::Field { of, name, .. } => self.code(of, context, &prepend(Hop::Name(*name), path)),
            CodeKind::Input { of, name } => {
                for address in self.instances(of, context) {
                    self.input(address, *name, path);
                }
                self.walk_only(of, context);
            }
            CodeKind::Out { of, name } => {
                for address in self.instances(of, context) {
                    self.out(address, *name, path);
                }
                self.walk_only(of, context);
            }
            CodeKind::NativeField { of, name, .. } => {
                for address in self.instances(of, context) {
                    self.deeper(|me| me.body(address, &prepend(Hop::Name(*name), path)));
                }
            }
            CodeKind::FirstBlock(of) => self.code(of, context, path),
            CodeKind::PlatformField { name, .. } => self.platform_field(*name, path),
            CodeKind::Index { of, key } => {
                let hop = match key.kind.as_ref() {
                    CodeKind::Const(Value::Text(key)) => Hop::Name(Name::new(key)),
                    CodeKind::Const(Value::Int(at)) => Hop::At(u32::try_from(*at).unwrap_or(u32::MAX)),
                    _ => Hop::Any,
                };
                self.code(of, context, &prepend(hop, path));
                self.code(key, context, &[]);
            }
            CodeKind::IfPresent { of, slot, then } => {
                let inner = context.with(*slot, Bound { code: of, context: context.clone(), part: None, key: false });
                self.shape(of, context);
                self.code(then, &inner, path);
            }
            CodeKind::Endpoint { of, port } => {
                for address in self.instances(of, context) {
                    self.port(address, *port);
                }
            }
            CodeKind::Fact { fact, of, args } => self.fact(*fact, of, args, context),
            CodeKind::Tagged { fields, .. } => {
                self.literal(code.place);
                fields.iter().for_each(|field| self.code(field, context, &[]));
            }
            CodeKind::Call { function, args } => self.call(*function, args, context, path),
            CodeKind::BuiltIn { builtin, args }
                if matches!(builtin.name, "first" | "last") && builtin.signature.contains("range<") =>
            {
                for arg in args {
                    self.code(arg, context, &[Hop::Name(Name::new(builtin.name))]);
                }
            }
            CodeKind::Binary { operator: BinaryOperator::Range, left, right } => match path.first() {
                Some(Hop::Name(end)) if end.text() == "first" => self.code(left, context, &[]),
                Some(Hop::Name(end)) if end.text() == "last" => self.code(right, context, &[]),
                _ => {
                    self.code(left, context, &[]);
                    self.code(right, context, &[]);
                }
            },
            CodeKind::BuiltIn { builtin, args } => {
                let shape = matches!(builtin.name, "count" | "keys");
                for (at, arg) in args.iter().enumerate() {
                    match (shape, at) {
                        (true, _) => self.shape(arg, context),
                        (false, 0) => self.code(arg, context, &[]),
                        // What comes after the value that is worked on says how.
                        (false, _) => self.condition(arg, context),
                    }
                }
            }
            CodeKind::Record(parts) => self.record(parts, context, path),
            CodeKind::Map(parts) => parts.iter().for_each(|part| self.map_part(part, context, path)),
            CodeKind::List(parts) => self.list(parts, context, path),
            CodeKind::Text(parts) => {
                self.literal(code.place);
                parts.iter().for_each(|part| self.code(part, context, &[]));
            }
            CodeKind::If { condition, then, otherwise } => {
                self.condition(condition, context);
                match self.decide(condition, context, 0) {
                    Some(true) => self.code(then, context, path),
                    Some(false) => self.code(otherwise, context, path),
                    None => {
                        self.code(then, context, path);
                        self.code(otherwise, context, path);
                    }
                }
            }
            CodeKind::Match { subject, arms } => self.arms(subject, arms, context, path),
            CodeKind::Binary { left, right, .. } if Self::is_shape(left) || Self::is_shape(right) => {
                self.shape(left, context);
                self.shape(right, context);
            }
            CodeKind::Binary { left, right, .. } => {
                self.code(left, context, path);
                self.code(right, context, path);
            }
            CodeKind::And(left, right) | CodeKind::Or(left, right) => {
                self.code(left, context, &[]);
                self.code(right, context, &[]);
            }
            CodeKind::Coalesce(left, right) => {
                self.code(left, context, path);
                if self.is_there(left, context) != Some(true) {
                    self.code(right, context, path);
                }
            }
            CodeKind::Not(of) | CodeKind::Negate(of) | CodeKind::IsKind { of, .. } => self.code(of, context, &[]),
            CodeKind::Flow { from, to, name } => {
                let before = self.flow.replace(code.place);
                if self.concerns(code.place) && self.note(Source::Flow, code.place) {
                    self.literal(code.place);
                    self.deeper(|me| {
                        me.code(from, context, &[]);
                        me.code(to, context, &[]);
                        if let Some(name) = name {
                            me.code(name, context, &[]);
                        }
                    });
                }
                self.flow = before;
            }
            CodeKind::With { base, updates } => {
                let mut replaced = false;
                for (names, update) in updates {
                    let fits =
                        names.iter().zip(path).all(|(name, hop)| matches!(hop, Hop::Any) || *hop == Hop::Name(*name));
                    if fits {
                        replaced |= names.len() <= path.len();
                        self.code(update, context, path.get(names.len()..).unwrap_or_default());
                    }
                }
                if !replaced {
                    self.code(base, context, path);
                }
            }
            CodeKind::Convert { how, code: of } => self.convert(how, of, context, path),
            CodeKind::PlatformCall { platform, inputs } => {
                let Some((Hop::Name(name), rest)) = path.split_first() else { return };
                let Some(platform) = self.known.checked.platforms.get(platform.0 as usize) else { return };
                if platform.inputs.iter().any(|input| input.name == *name) {
                    let place = field_place(inputs, *name).unwrap_or(inputs.place);
                    if self.note(Source::Platform { field: *name }, place) {
                        self.deeper(|me| me.code(inputs, context, path));
                    }
                } else if let Some((_, out)) = platform.outs.iter().find(|(out, _)| out == name) {
                    self.deeper(|me| me.code(out, &Context::new(This::Platform), rest));
                }
            }
            CodeKind::Named { of, .. } => self.code(of, context, path),
            CodeKind::Listed(_) => self.environment(),
            CodeKind::AsPlatform { of, .. } => {
                if let Some((Hop::Name(name), rest)) = path.split_first() {
                    for address in self.instances(of, context) {
                        self.input(address, *name, rest);
                    }
                }
            }
            CodeKind::File(path) => self.code(path, context, &[]),
            CodeKind::Template { path: file, values } => {
                self.code(file, context, &[]);
                self.code(values, context, &[]);
            }
        }
    }

    /// What led to an instance is part of the answer only where code says so (a loop over flows), not where it is named.
    fn walk_only(&mut self, of: &'a Code, context: &Context<'a>) {
        if let CodeKind::Local(slot) = of.kind.as_ref()
            && let Some(bound) = context.bound(*slot).cloned()
            && bound.part.is_some()
        {
            self.code(bound.code, &bound.context, &bound.part.into_iter().collect::<Vec<_>>());
        }
    }

    fn binding(&mut self, id: LetId, context: &Context<'a>, path: &[Hop]) {
        let Some(binding) = self.known.checked.lets.get(id.0 as usize) else { return };
        let inner = match binding.implementation {
            Some(_) => Context::new(context.this.clone()),
            None => Context::new(This::Root),
        };
        if self.known.is_library(binding.place) {
            self.code(&binding.code, &inner, path);
        } else if self.note(Source::Let { name: binding.name }, binding.code.place) || !path.is_empty() {
            self.deeper(|me| me.code(&binding.code, &inner, path));
        }
    }

    pub(super) fn out(&mut self, address: AddressId, name: Name, path: &[Hop]) {
        if let Some(code) = self.known.out(address, name) {
            self.deeper(|me| me.code(code, &Context::new(This::Instance(address)), path));
        }
    }

    fn call(&mut self, function: FunctionId, args: &'a [Code], context: &Context<'a>, path: &[Hop]) {
        let Some(function) = self.known.checked.functions.get(function.0 as usize) else { return };
        let inner = arguments(args, context);
        self.code(&function.body, &inner, path);
    }

    /// Whether a flow that is written at a place has an end in what is asked for.
    pub(super) fn concerns(&self, place: Place) -> bool {
        let Some(wanted) = self.flows_of else { return true };
        let store = &self.known.graph.store;
        let is_end = |end: &value::ValueId| match store.get(*end) {
            Value::Instance(address) | Value::Endpoint(address, _) => {
                store.steps(*address).first().is_some_and(|step| step.name == wanted)
            }
            _ => false,
        };
        self.known.flows(place).iter().any(|flow| match store.get(*flow) {
            Value::Flow { from, to, .. } => from.iter().chain(to.iter()).any(is_end),
            _ => false,
        })
    }
}

pub(super) fn arguments<'a>(args: &'a [Code], context: &Context<'a>) -> Context<'a> {
    let slots = args
        .iter()
        .enumerate()
        .map(|(slot, code)| (slot as u16, Bound { code, context: context.clone(), part: None, key: false }))
        .collect();
    Context { this: context.this.clone(), slots: Rc::new(slots) }
}

pub(super) fn prepend(hop: Hop, path: &[Hop]) -> Vec<Hop> {
    std::iter::once(hop).chain(path.iter().copied()).collect()
}

fn field_place(record: &Code, wanted: Name) -> Option<Place> {
    match record.kind.as_ref() {
        CodeKind::Record(parts) => parts.iter().find_map(|part| match part {
            RecordPart::Field { name, code, .. } if *name == wanted => Some(code.place),
            RecordPart::Field { .. } | RecordPart::Spread(_) => None,
        }),
        CodeKind::Convert { how: Conversion::Complete(defaults), code } => field_place(code, wanted)
            .or_else(|| defaults.iter().find(|(name, _)| *name == wanted).map(|(_, code)| code.place)),
        CodeKind::Convert { code, .. } => field_place(code, wanted),
        _ => None,
    }
}
