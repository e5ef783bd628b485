//! Code, retraced: as evaluation runs it, without its messages.

use check::code::{Code, CodeKind, Pattern};
use source::Name;
use value::{Op, Step, Store, Value, ValueId};

use super::{Cell, Deps, Frame, Kids, Replay, This, Traced};
use crate::why::asked::port_parts;

/// Deeper than any program nests; what is left out then is unknown.
const DEEPEST: usize = 4_000;

impl<'a> Replay<'_, 'a> {
    /// The value of code.
    pub(super) fn run(&mut self, frame: &mut Frame, code: &'a Code) -> Traced {
        if self.depth >= DEEPEST {
            return Traced::default();
        }
        self.depth += 1;
        let traced = self.run_kind(frame, code);
        self.depth -= 1;
        traced
    }

    #[expect(clippy::too_many_lines, reason = "one match over all code; it goes when evaluation traces itself")]
    fn run_kind(&mut self, frame: &mut Frame, code: &'a Code) -> Traced {
        let touch = || self.touch(code.place);
        match code.kind.as_ref() {
            CodeKind::Unknown(_) => Traced::default(),
            CodeKind::Const(value) => {
                let deps = touch();
                let id = self.store.add(value.clone());
                match port_parts(self.known.sources, code).filter(|_| self.counts(code.place)) {
                    Some(parts) => Traced {
                        value: Some(id),
                        kids: Kids::Tagged(parts.map(|part| Traced::unknown(Deps::place(part))).into()),
                        ..Traced::default()
                    },
                    None => Traced::leaf(id, deps),
                }
            }
            CodeKind::Local(slot) => frame.get(*slot).with(&touch()),
            CodeKind::SelfInstance => {
                let deps = touch();
                self.this_value(frame.this).with(&deps)
            }
            CodeKind::SelfInput(name) => {
                let deps = touch();
                match (frame.this, self.owner(frame.this)) {
                    (This::Platform(at), _) => self.platform_field(at, *name).with(&deps),
                    (_, Some(owner)) => self.input(owner, *name).with(&deps),
                    (_, None) => Traced::unknown(deps),
                }
            }
            CodeKind::SelfOut(name) => {
                let deps = touch();
                match (frame.this, self.owner(frame.this)) {
                    (This::Platform(at), _) => self.platform_field(at, *name).with(&deps),
                    (_, Some(owner)) => self.out(owner, *name).with(&deps),
                    (_, None) => Traced::unknown(deps),
                }
            }
            CodeKind::Let(id) => {
                let deps = touch();
                let Some(binding) = self.known.checked.lets.get(id.0 as usize) else { return Traced::unknown(deps) };
                let this = if binding.implementation.is_some() { frame.this } else { This::Root };
                self.cell(Cell::Let(this, *id), |me| me.run(&mut Frame::new(this), &binding.code)).with(&deps)
            }
            CodeKind::Param(id) => {
                let deps = touch();
                let param = self.known.checked.params.get(id.0 as usize);
                if let Some(param) = param.filter(|param| param.secret) {
                    let of = self.store.input(param.name);
                    let path = Box::default();
                    let value = self.store.add(Value::Ref { of, path, folded: None, secret: true });
                    return Traced::leaf(value, deps.and(&Deps::place(param.place)));
                }
                let Some((_, given)) = self.known.param(*id) else { return Traced::absent(deps) };
                // How many elements it has is said by the whole.
                let deps = deps.and(&self.touch(given.place));
                self.cell(Cell::Param(id.0), |me| me.run(&mut Frame::new(This::Root), given)).with(&deps)
            }
            CodeKind::Environment => {
                let deps = touch().and(&self.environment());
                let text = self.known.graph.environment.text();
                Traced::leaf(self.store.text(text), deps)
            }
            CodeKind::Statement(id) => {
                let deps = touch();
                self.statement_value(frame.this, *id).with(&deps)
            }
            CodeKind::Field { of, name, .. } => {
                let of = self.run(frame, of);
                self.field(&of, *name)
            }
            CodeKind::Input { of, name } => {
                let deps = touch();
                let is_self = matches!(of.kind.as_ref(), CodeKind::SelfInstance);
                let of = self.run(frame, of).with(&deps);
                match self.first_instance(&of) {
                    // What an instance says of itself is its own.
                    Some(address) if is_self => self.input(address, *name).with(&of.all()),
                    Some(address) => self.input_seen(address, *name).with(&of.all()),
                    None if of.is_absent() => of,
                    None => Traced::unknown(of.all()),
                }
            }
            CodeKind::Out { of, name } => {
                let deps = touch();
                let of = self.run(frame, of).with(&deps);
                match self.first_instance(&of) {
                    Some(address) => self.out(address, *name).with(&of.all()),
                    None if of.is_absent() => of,
                    None => Traced::unknown(of.all()),
                }
            }
            CodeKind::NativeField { of, name, secret } => {
                let deps = touch();
                let of = self.run(frame, of).with(&deps);
                self.native_field(&of, *name, *secret)
            }
            CodeKind::FirstBlock(of) => {
                let of = self.run(frame, of);
                match of.value.map(|value| self.store.get(value).clone()) {
                    Some(Value::Ref { .. }) => {
                        let known = match &of.kids {
                            Kids::Known(known) => known
                                .elements(&self.store)
                                .and_then(|elements| elements.into_iter().next())
                                .or_else(|| Some(known.known())),
                            _ => None,
                        };
                        self.extend(&of, Step::First, known)
                    }
                    _ => of,
                }
            }
            CodeKind::PlatformField { of, name } => {
                let deps = touch();
                let of = self.run(frame, of).with(&deps);
                match self.platform_at(&of) {
                    Some(at) => self.platform_field(at, *name).with(&of.deps),
                    None => Traced::unknown(of.all()),
                }
            }
            CodeKind::Index { of, key } => {
                let of = self.run(frame, of);
                let key = self.run(frame, key);
                self.index(&of, &key)
            }
            CodeKind::IfPresent { of, slot, then } => {
                let of = self.run(frame, of);
                if of.is_absent() {
                    return Traced::absent(of.deps.decides());
                }
                let presence = of.deps.decides();
                frame.set(*slot, of);
                self.run(frame, then).with(&presence)
            }
            CodeKind::Endpoint { of, port } => {
                let deps = touch();
                let of = self.run(frame, of).with(&deps);
                self.endpoint(&of, *port)
            }
            CodeKind::Fact { fact, of, args } => {
                let deps = touch();
                self.fact(frame, *fact, of, args).with(&deps)
            }
            CodeKind::Tagged { tag, fields } => {
                let deps = touch();
                let fields: Vec<Traced> = fields.iter().map(|field| self.run(frame, field)).collect();
                let values: Option<Vec<ValueId>> = fields.iter().map(|field| field.value).collect();
                let value = values.map(|values| self.store.add(Value::Tagged { tag: *tag, fields: values.into() }));
                Traced { value, deps, kids: Kids::Tagged(fields.into()), ..Traced::default() }
            }
            CodeKind::Call { function, args } => {
                let Some(function) = self.known.checked.functions.get(function.0 as usize) else {
                    return Traced::default();
                };
                let slots = args.iter().map(|arg| Some(self.run(frame, arg))).collect();
                self.run(&mut Frame { this: This::Root, slots }, &function.body)
            }
            CodeKind::BuiltIn { builtin, args } => {
                let args: Vec<Traced> = args.iter().map(|arg| self.run(frame, arg)).collect();
                self.builtin(builtin, &args)
            }
            CodeKind::All(kinds) => self.all_of(kinds),
            CodeKind::AllNative { schema, name } => {
                let found = self.known.natives(*schema, *name);
                self.list_of(found)
            }
            CodeKind::Record(parts) => {
                let record = self.record(frame, parts);
                if parts.is_empty() { record.with(&self.touch(code.place)) } else { record }
            }
            CodeKind::Map(parts) => {
                let map = self.map(frame, parts);
                if parts.is_empty() { map.with(&self.touch(code.place)) } else { map }
            }
            CodeKind::List(parts) => {
                let list = self.list(frame, parts);
                if parts.is_empty() { list.with(&self.touch(code.place)) } else { list }
            }
            CodeKind::Text(parts) => {
                let mut deps = touch();
                let mut values = Vec::with_capacity(parts.len());
                let mut later = None;
                for part in parts {
                    let part = self.run(frame, part);
                    deps = deps.and(&part.all());
                    later = later.or(part.value.filter(|value| self.store.holds(*value).later()));
                    values.push(part.value);
                }
                let value = match values.iter().copied().collect::<Option<Vec<ValueId>>>() {
                    Some(values) => self.text_of(&values),
                    // Whatever else it says, it is known later.
                    None => later.map(|later| self.store.add(Value::Op { op: Op::Text, args: [later].into() })),
                };
                Traced::made(value, deps)
            }
            CodeKind::If { condition, then, otherwise } => {
                let asked = self.run(frame, condition);
                let decided = self.decide(&asked);
                let then = self.run(frame, then);
                let otherwise = self.run(frame, otherwise);
                match decided {
                    Some(true) => self.chosen_of(then, &otherwise, &asked.forced().decides()),
                    Some(false) => self.chosen_of(otherwise, &then, &asked.forced().decides()),
                    None => {
                        let values = asked.value.zip(then.value).zip(otherwise.value);
                        let value = values.and_then(|((asked, then), otherwise)| {
                            value::ops::apply(&mut self.store, Op::If, &[asked, then, otherwise], None).ok()
                        });
                        Traced::made(value, asked.all().and(&then.all()).and(&otherwise.all()))
                    }
                }
            }
            CodeKind::Match { subject, arms } => self.arms(frame, subject, arms),
            CodeKind::Binary { operator, left, right } => {
                let left = self.run(frame, left);
                let right = self.run(frame, right);
                self.binary(*operator, &left, &right)
            }
            CodeKind::And(left, right) => self.both(frame, left, right, false),
            CodeKind::Or(left, right) => self.both(frame, left, right, true),
            CodeKind::Not(of) => {
                let asked = self.run(frame, of);
                let answer = self.decide(&asked);
                Traced::made(answer.map(|answer| self.store.add(Value::Bool(!answer))), asked.all())
            }
            CodeKind::Negate(of) => {
                let of = self.run(frame, of);
                let known = of.value.and_then(|value| self.deep_known(value));
                Traced::made(known.and_then(|known| value::negate(&mut self.store, known).ok()), of.forced())
            }
            CodeKind::Coalesce(left, right) => {
                let left = self.run(frame, left);
                match left.known().value {
                    Some(Store::ABSENT) => self.run(frame, right).with(&left.deps.decides()),
                    Some(_) => left,
                    None => {
                        let right = self.run(frame, right);
                        Traced::unknown(left.all().and(&right.all()))
                    }
                }
            }
            CodeKind::IsKind { of, kinds } => {
                let of = self.run(frame, of);
                let platform = of.value.and_then(|value| match self.store.get(self.store.folded(value)) {
                    Value::Platform { instance, .. } => *instance,
                    _ => None,
                });
                let instance = platform.or_else(|| self.instance_of(&of));
                let is =
                    instance.and_then(|address| self.known.statement(address)).is_some_and(
                        |statement| match &statement.what {
                            check::checked::What::Kind { kind, .. } => kinds.contains(kind),
                            check::checked::What::Native(_) | check::checked::What::Unknown => false,
                        },
                    );
                Traced::made(of.value.map(|_| self.store.add(Value::Bool(is))), of.deps)
            }
            CodeKind::Flow { from, to, name } => {
                let deps = touch();
                let from = self.run(frame, from);
                let to = self.run(frame, to);
                let name = name.as_ref().map(|name| self.run(frame, name));
                self.flow(&from, &to, name, deps)
            }
            CodeKind::With { base, updates } => self.updated(frame, base, updates),
            CodeKind::Convert { how, code: of } => {
                let value = self.run(frame, of);
                self.convert(frame, how, value)
            }
            CodeKind::PlatformCall { platform, inputs } => {
                let inputs = self.run(frame, inputs);
                self.platform_call(*platform, inputs)
            }
            CodeKind::Named { name, of } => self.named_platform(frame, name, of),
            CodeKind::Listed(name) => self.listed_platform(*name),
            CodeKind::AsPlatform { of, .. } => {
                let of = self.run(frame, of);
                Traced::unknown(of.all())
            }
            CodeKind::File(path) => {
                let deps = touch();
                let path = self.run(frame, path);
                Traced::unknown(deps.and(&path.forced()))
            }
            CodeKind::Template { path, values } => {
                let path = self.run(frame, path);
                let values = self.run(frame, values);
                Traced::unknown(path.forced().and(&values.all()))
            }
        }
    }

    /// `base with { a.b = 1 }`
    fn updated(&mut self, frame: &mut Frame, base: &'a Code, updates: &'a [(Vec<Name>, Code)]) -> Traced {
        let mut value = self.run(frame, base);
        for (path, code) in updates {
            let new = self.run(frame, code);
            value = self.replaced(&value, path, new);
        }
        value
    }

    fn both(&mut self, frame: &mut Frame, left: &'a Code, right: &'a Code, ends: bool) -> Traced {
        let left = self.run(frame, left);
        let first = self.decide(&left);
        if first == Some(ends) {
            return left;
        }
        let right = self.run(frame, right);
        let value = first.and_then(|_| self.decide(&right)).map(|answer| self.store.add(Value::Bool(answer)));
        Traced::made(value, left.all().and(&right.all()))
    }

    /// What a condition chose: it decides nothing about the parts that are the same either way.
    fn chosen_of(&mut self, chosen: Traced, other: &Traced, condition: &Deps) -> Traced {
        if chosen.value.is_some() && chosen.value == other.value {
            return chosen;
        }
        match (&chosen.kids, &other.kids) {
            (Kids::List(left), Kids::List(right)) => {
                let (left, right) = (left.clone(), right.clone());
                let shape = if left.len() == right.len() { chosen.shape.clone() } else { chosen.shape.and(condition) };
                let part = |me: &mut Self, at: usize, element: &Traced| match right.get(at) {
                    Some(other) => me.chosen_of(element.clone(), other, condition),
                    None => element.clone().with(condition),
                };
                let elements = left.iter().enumerate().map(|(at, element)| part(self, at, element)).collect();
                Traced { shape, kids: Kids::List(elements), ..chosen }
            }
            (Kids::Fields(left), Kids::Fields(right)) => {
                let (left, right) = (left.clone(), right.clone());
                let same = left.len() == right.len()
                    && left.iter().all(|(name, ..)| right.iter().any(|(other, ..)| other == name));
                let shape = if same { chosen.shape.clone() } else { chosen.shape.and(condition) };
                let part =
                    |me: &mut Self, name: Name, field: &Traced| match right.iter().find(|(other, ..)| *other == name) {
                        Some((_, _, other)) => me.chosen_of(field.clone(), other, condition),
                        None => field.clone().with(condition),
                    };
                let fields =
                    left.iter().map(|(name, deps, field)| (*name, deps.clone(), part(self, *name, field))).collect();
                Traced { shape, kids: Kids::Fields(fields), ..chosen }
            }
            _ => chosen.with(condition),
        }
    }

    /// A text of parts, a residual when one of them is a reference.
    pub(super) fn text_of(&mut self, parts: &[ValueId]) -> Option<ValueId> {
        if parts.iter().any(|part| self.store.holds(*part).reference()) {
            return Some(self.store.add(Value::Op { op: Op::Text, args: parts.into() }));
        }
        let mut text = String::new();
        for part in parts {
            text.push_str(&self.store.text_of(*part).ok()?);
        }
        Some(self.store.text(text))
    }

    /// `match`: the first arm that fits; that of the nearest environment where arms are environments.
    fn arms(&mut self, frame: &mut Frame, subject: &'a Code, arms: &'a [(Vec<Pattern>, Code)]) -> Traced {
        let is = |pattern: &Pattern, wanted: Name| matches!(pattern, Pattern::Environment(name) if *name == wanted);
        let chain: Vec<Name> = self.known.chain.iter().map(|environment| environment.name).collect();
        let own = chain
            .iter()
            .find_map(|wanted| arms.iter().find(|(patterns, _)| patterns.iter().any(|pattern| is(pattern, *wanted))));
        if let Some((_, arm)) = own {
            let deps = self.environment().and(&self.touch(subject.place)).decides();
            return self.run(frame, arm).with(&deps);
        }
        let subject = self.run(frame, subject);
        let known = subject.known();
        // Where cases are told apart only the case matters, not what it holds.
        let by_case = arms
            .iter()
            .flat_map(|(patterns, _)| patterns)
            .all(|pattern| matches!(pattern, Pattern::Case { .. } | Pattern::Any));
        let deps = if by_case && matches!(subject.known().kids, Kids::Tagged(_)) {
            subject.deps.decides()
        } else {
            subject.forced().decides()
        };
        let Some(value) = known.value else {
            let all = arms.iter().fold(subject.all(), |deps, (_, arm)| {
                let arm = self.run(frame, arm);
                deps.and(&arm.all())
            });
            return Traced::unknown(all);
        };
        for (patterns, arm) in arms {
            for pattern in patterns {
                if self.fits(frame, pattern, value, &known) {
                    return self.run(frame, arm).with(&deps);
                }
            }
        }
        Traced::unknown(deps)
    }

    fn fits(&mut self, frame: &mut Frame, pattern: &Pattern, value: ValueId, subject: &Traced) -> bool {
        match pattern {
            Pattern::Any => true,
            Pattern::Environment(_) => false,
            Pattern::Value(wanted) => {
                let wanted = self.store.add(wanted.clone());
                value::equal(&self.store, wanted, value) == Some(true)
            }
            Pattern::Case { tag, slots } => {
                let fields = match self.store.get(value) {
                    Value::Tagged { tag: found, fields } if found == tag => fields.clone(),
                    Value::Text(text) if slots.is_empty() => return text.as_ref() == tag.text(),
                    _ => return false,
                };
                for (at, (slot, field)) in slots.iter().zip(fields.iter()).enumerate() {
                    if let Some(slot) = slot {
                        let traced = match &subject.kids {
                            Kids::Tagged(kids) => {
                                kids.get(at).cloned().unwrap_or_default().with(&subject.deps.decides())
                            }
                            _ => Traced { value: Some(*field), deps: subject.all(), ..Traced::default() },
                        };
                        frame.set(*slot, traced);
                    }
                }
                true
            }
            Pattern::Kind { kinds, slot } => {
                let fits = self.first_instance(subject).and_then(|address| self.known.statement(address)).is_some_and(
                    |statement| match &statement.what {
                        check::checked::What::Kind { kind, .. } => kinds.contains(kind),
                        check::checked::What::Native(_) | check::checked::What::Unknown => false,
                    },
                );
                if let (true, Some(slot)) = (fits, slot) {
                    frame.set(*slot, subject.clone());
                }
                fits
            }
            Pattern::Platform(platform) => {
                let wanted = self.known.checked.platforms.get(platform.0 as usize).map(|platform| platform.name);
                let at = match self.instance_of(subject) {
                    Some(address) => self.home(address),
                    None => self.platform_at(subject),
                };
                at.and_then(|at| self.platforms.get(at)).map(|found| found.platform.name) == wanted
            }
        }
    }
}
