//! Code, retraced: as evaluation runs it, without its messages.

use check::builtins::Later;
use check::code::{BinaryOperator, Code, CodeKind, Conversion, Pattern, RecordPart, Scalar};
use source::Name;
use value::{Arithmetic, Op, ScalarKind, Step, Store, Value, ValueId};

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

    fn run_kind(&mut self, frame: &mut Frame, code: &'a Code) -> Traced {
        let touch = || self.touch(code.place);
        match code.kind.as_ref() {
            CodeKind::Unknown(_) => Traced::default(),
            CodeKind::Const(value) => {
                let deps = touch();
                let id = self.store.add(value.clone());
                match port_parts(self.known.sources, code).filter(|_| self.counts(code.place)) {
                    Some(parts) => Traced { value: Some(id), kids: Kids::Tagged(parts.map(|part| Traced::unknown(Deps::place(part))).into()), ..Traced::default() },
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
                let Some((_, given)) = self.known.param(*id) else { return Traced::absent(deps) };
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
                let of = self.run(frame, of).with(&deps);
                match self.first_instance(&of) {
                    Some(address) => self.input(address, *name).with(&of.all()),
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
                            Kids::Known(known) => known.elements(&self.store).and_then(|elements| elements.into_iter().next()).or_else(|| Some(known.known())),
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
                let Some(function) = self.known.checked.functions.get(function.0 as usize) else { return Traced::default() };
                let slots = args.iter().map(|arg| Some(self.run(frame, arg))).collect();
                self.run(&mut Frame { this: This::Root, slots }, &function.body)
            }
            CodeKind::BuiltIn { builtin, args } => {
                let args: Vec<Traced> = args.iter().map(|arg| self.run(frame, arg)).collect();
                self.builtin(builtin, &args)
            }
            CodeKind::All(kinds) => self.all_of(kinds),
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
                        let value = values.and_then(|((asked, then), otherwise)| value::ops::apply(&mut self.store, Op::If, &[asked, then, otherwise], None).ok());
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
                let is = self.instance_of(&of).and_then(|address| self.known.statement(address)).is_some_and(|statement| match &statement.what {
                    check::checked::What::Kind { kind, .. } => kinds.contains(kind),
                    check::checked::What::Native(_) | check::checked::What::Unknown => false,
                });
                Traced::made(of.value.map(|_| self.store.add(Value::Bool(is))), of.deps)
            }
            CodeKind::Flow { from, to, key } => {
                let deps = touch();
                let from = self.run(frame, from);
                let to = self.run(frame, to);
                self.flow(&from, &to, *key, deps)
            }
            CodeKind::With { base, updates } => {
                let mut value = self.run(frame, base);
                for (path, code) in updates {
                    let new = self.run(frame, code);
                    value = self.replaced(&value, path, new);
                }
                value
            }
            CodeKind::Convert { how, code: of } => {
                let value = self.run(frame, of);
                self.convert(frame, how, value)
            }
            CodeKind::PlatformCall { platform, inputs } => {
                let inputs = self.run(frame, inputs);
                self.platform_call(*platform, inputs)
            }
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
                let same = left.len() == right.len() && left.iter().all(|(name, ..)| right.iter().any(|(other, ..)| other == name));
                let shape = if same { chosen.shape.clone() } else { chosen.shape.and(condition) };
                let part = |me: &mut Self, name: Name, field: &Traced| match right.iter().find(|(other, ..)| *other == name) {
                    Some((_, _, other)) => me.chosen_of(field.clone(), other, condition),
                    None => field.clone().with(condition),
                };
                let fields = left.iter().map(|(name, deps, field)| (*name, deps.clone(), part(self, *name, field))).collect();
                Traced { shape, kids: Kids::Fields(fields), ..chosen }
            }
            _ => chosen.with(condition),
        }
    }

    /// A text of parts, a residual when one of them is a reference.
    fn text_of(&mut self, parts: &[ValueId]) -> Option<ValueId> {
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
        let own = chain.iter().find_map(|wanted| arms.iter().find(|(patterns, _)| patterns.iter().any(|pattern| is(pattern, *wanted))));
        if let Some((_, arm)) = own {
            let deps = self.environment().decides();
            return self.run(frame, arm).with(&deps);
        }
        let subject = self.run(frame, subject);
        let known = subject.known();
        // Where cases are told apart only the case matters, not what it holds.
        let by_case = arms.iter().flat_map(|(patterns, _)| patterns).all(|pattern| matches!(pattern, Pattern::Case { .. } | Pattern::Any));
        let deps = if by_case && matches!(subject.known().kids, Kids::Tagged(_)) { subject.deps.decides() } else { subject.forced().decides() };
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
                            Kids::Tagged(kids) => kids.get(at).cloned().unwrap_or_default().with(&subject.deps.decides()),
                            _ => Traced { value: Some(*field), deps: subject.all(), ..Traced::default() },
                        };
                        frame.set(*slot, traced);
                    }
                }
                true
            }
            Pattern::Kind { kinds, slot } => {
                let fits = self.instance_of(subject).and_then(|address| self.known.statement(address)).is_some_and(|statement| match &statement.what {
                    check::checked::What::Kind { kind, .. } => kinds.contains(kind),
                    check::checked::What::Native(_) | check::checked::What::Unknown => false,
                });
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

    /// `x.name` of a record, a reference, a map, a flow.
    fn field(&mut self, of: &Traced, name: Name) -> Traced {
        if let Kids::Flow(flow) = &of.kids {
            let flow = flow.clone();
            return match name.text() {
                "from" => Traced::list(&mut self.store, flow.0.clone(), Deps::default()).with(&of.deps),
                "to" => Traced::list(&mut self.store, flow.1.clone(), Deps::default()).with(&of.deps),
                _ => flow.2.clone().with(&of.deps),
            };
        }
        let value = of.value.map(|value| self.store.get(value).clone());
        match (value, &of.kids) {
            (Some(Value::Ref { .. }), kids) => {
                let known = match kids {
                    Kids::Known(known) => match known.known() {
                        // A list block that may stand once.
                        list if matches!(list.value.map(|value| self.store.get(value)), Some(Value::List(_))) => {
                            list.elements(&self.store).and_then(|elements| elements.into_iter().next()).and_then(|only| only.named(&self.store, name))
                        }
                        known => known.named(&self.store, name),
                    },
                    _ => None,
                };
                self.extend(of, Step::Field(name), known.filter(|known| !known.is_absent()))
            }
            (Some(Value::Tagged { .. }), Kids::Tagged(fields)) => match name.text() {
                "key" => fields.first().cloned().unwrap_or_default().with(&of.deps),
                "value" => fields.get(1).cloned().unwrap_or_default().with(&of.deps),
                _ => Traced::absent(of.deps.clone()),
            },
            (Some(Value::Absent), _) => of.clone(),
            _ => of.named(&self.store, name).unwrap_or_else(|| Traced::unknown(of.all())),
        }
    }

    /// `m[k]`, `list[i]`
    fn index(&mut self, of: &Traced, key: &Traced) -> Traced {
        let deps = key.forced();
        let Some(known_key) = key.value.and_then(|key| self.deep_known(key)) else { return Traced::unknown(of.all().and(&deps)) };
        let found = self.element_at(&of.known(), known_key);
        if let Some(Value::Ref { .. }) = of.value.map(|value| self.store.get(value)) {
            let step = match self.store.get(known_key) {
                Value::Int(at) => Step::Index(u32::try_from(*at).unwrap_or(u32::MAX)),
                Value::Text(key) => Step::Key(Name::new(key)),
                _ => return Traced::unknown(of.all().and(&deps)),
            };
            return self.extend(of, step, found).with(&deps);
        }
        match found {
            Some(found) => found.with(&deps),
            None if of.is_absent() => of.clone(),
            None => Traced::unknown(of.all().and(&deps)),
        }
    }

    /// The element of a list or a map at a known key; none when it cannot be told.
    pub(super) fn element_at(&mut self, of: &Traced, key: ValueId) -> Option<Traced> {
        match self.store.get(key).clone() {
            Value::Int(at) if !matches!(of.kids, Kids::Entries(_)) => {
                let at = usize::try_from(at).ok()?;
                of.elements(&self.store)?.get(at).cloned().map(|element| element.with(&of.shape.there()))
            }
            _ => {
                let entries = of.entries(&mut self.store)?;
                let found = entries.into_iter().find(|(other, _)| other.value.is_some_and(|other| self.store.folded(other) == key));
                found.map(|(other, entry)| entry.with(&other.all().there()))
            }
        }
    }

    /// An attribute of a native resource: a reference, with what the resource itself sets there.
    fn native_field(&mut self, of: &Traced, name: Name, secret: bool) -> Traced {
        let Some(address) = self.instance_of(of) else {
            return if of.is_absent() { of.clone() } else { Traced::unknown(of.all()) };
        };
        let set = self.known.resource(address).and_then(|resource| self.store.field(resource.body, name)).filter(|_| !secret);
        let known = set.map(|value| {
            let field = self.body(address).part(&self.store, &crate::why::Hop::Name(name));
            Traced { value: Some(value), ..field }
        });
        let reference = self.store.add(Value::Ref { of: address, path: [].into(), folded: None, secret });
        let reference = Traced::leaf(reference, of.all());
        self.extend(&reference, Step::Field(name), known)
    }

    /// A reference one step further; `known` is what is known there.
    fn extend(&mut self, reference: &Traced, step: Step, known: Option<Traced>) -> Traced {
        let Some(Value::Ref { of, path, secret, .. }) = reference.value.map(|value| self.store.get(value).clone()) else { return reference.clone() };
        let mut longer = path.to_vec();
        longer.push(step);
        let mut now_secret = secret;
        let known = known.filter(|_| !secret).and_then(|known| {
            let value = known.value?;
            if let Some(deep) = self.deep_known(value) {
                return Some(Traced { value: Some(deep), ..known });
            }
            let folded = self.store.folded(value);
            if matches!(self.store.get(folded), Value::List(_) | Value::Record(_) | Value::Map(_)) {
                return Some(Traced { value: Some(folded), ..known });
            }
            now_secret |= self.store.holds(value).secret();
            None
        });
        let folded = known.as_ref().and_then(|known| known.value);
        let value = self.store.add(Value::Ref { of, path: longer.into(), folded, secret: now_secret });
        let kids = known.map_or(Kids::Whole, |known| Kids::Known(known.into()));
        Traced { value: Some(value), deps: reference.deps.and(&reference.content), kids, ..Traced::default() }
    }

    fn binary(&mut self, operator: BinaryOperator, left: &Traced, right: &Traced) -> Traced {
        let known = |me: &mut Self, of: &Traced| of.value.and_then(|value| me.deep_known(value));
        let deps = left.forced().and(&right.forced());
        match operator {
            BinaryOperator::Equal | BinaryOperator::NotEqual => {
                let is_empty = |me: &Self, of: &Traced| match of.value.map(|value| me.store.get(value)) {
                    Some(Value::Absent) => true,
                    Some(Value::List(elements)) => elements.is_empty(),
                    Some(Value::Map(entries)) => entries.is_empty(),
                    Some(Value::Record(fields)) => fields.is_empty(),
                    Some(_) | None => false,
                };
                // Presence is known where the value itself is not.
                let by_presence = is_empty(self, left) || is_empty(self, right);
                let equal = match (known(self, left), known(self, right)) {
                    (Some(left), Some(right)) => value::equal(&self.store, left, right),
                    _ if by_presence && left.value.is_some() && right.value.is_some() => Some(false),
                    _ => None,
                };
                let deps = if by_presence { left.presence().and(&right.presence()) } else { deps };
                let value = equal.map(|equal| self.store.add(Value::Bool(equal == (operator == BinaryOperator::Equal))));
                Traced::made(value, deps)
            }
            BinaryOperator::Range => {
                let value = left.value.zip(right.value).map(|(left, right)| self.store.add(Value::Range(left, right)));
                Traced { value, kids: Kids::Range((left.clone(), right.clone()).into()), ..Traced::default() }
            }
            BinaryOperator::Concatenate => self.concatenated(left, right),
            BinaryOperator::In => {
                let values = known(self, left).zip(right.known().value);
                let found = values.and_then(|(left, right)| value::contains(&self.store, left, right).ok());
                // What is there is there whatever else is.
                if let (Some(true), Some((wanted, _)), Kids::List(elements)) = (found, values, &right.known().kids)
                    && let Some(element) = elements.iter().find(|element| element.value.is_some_and(|value| self.store.folded(value) == wanted))
                {
                    let deps = left.forced().and(&element.forced()).and(&right.presence().there());
                    return Traced::leaf(self.store.add(Value::Bool(true)), deps);
                }
                Traced::made(found.map(|found| self.store.add(Value::Bool(found))), deps)
            }
            BinaryOperator::Less | BinaryOperator::LessOrEqual | BinaryOperator::Greater | BinaryOperator::GreaterOrEqual => {
                let values = known(self, left).zip(known(self, right));
                let order = values.and_then(|(left, right)| value::compare(&self.store, left, right).ok());
                let answer = order.map(|order| match operator {
                    BinaryOperator::Less => order.is_lt(),
                    BinaryOperator::LessOrEqual => order.is_le(),
                    BinaryOperator::Greater => order.is_gt(),
                    _ => order.is_ge(),
                });
                Traced::made(answer.map(|answer| self.store.add(Value::Bool(answer))), deps)
            }
            BinaryOperator::Add | BinaryOperator::Subtract | BinaryOperator::Multiply | BinaryOperator::Divide | BinaryOperator::IntegerDivide | BinaryOperator::Modulo => {
                let arithmetic = match operator {
                    BinaryOperator::Add => Arithmetic::Add,
                    BinaryOperator::Subtract => Arithmetic::Subtract,
                    BinaryOperator::Multiply => Arithmetic::Multiply,
                    BinaryOperator::Divide => Arithmetic::Divide,
                    BinaryOperator::IntegerDivide => Arithmetic::IntegerDivide,
                    _ => Arithmetic::Modulo,
                };
                let values = known(self, left).zip(known(self, right));
                let value = values.and_then(|(left, right)| value::calculate(&mut self.store, arithmetic, left, right).ok());
                Traced::made(value, deps)
            }
        }
    }

    /// `left ++ right`
    fn concatenated(&mut self, left: &Traced, right: &Traced) -> Traced {
        let kind = left.known().value.map(|value| self.store.get(self.store.folded(value)).clone());
        let shape = left.shape.and(&right.shape);
        match kind {
            Some(Value::List(_)) => match (left.elements(&self.store), right.elements(&self.store)) {
                (Some(mut elements), Some(more)) => {
                    elements.extend(more);
                    Traced::list(&mut self.store, elements, shape)
                }
                _ => Traced::unknown(left.all().and(&right.all())),
            },
            Some(Value::Map(_) | Value::Record(_)) => match (left.entries(&mut self.store), right.entries(&mut self.store)) {
                (Some(mut entries), Some(more)) => {
                    entries.extend(more);
                    if let Some(Value::Record(_)) = kind {
                        let name = |me: &Self, key: &Traced| match key.value.map(|key| me.store.get(key)) {
                            Some(Value::Text(text)) => Name::new(text),
                            Some(_) | None => Name::new(""),
                        };
                        let fields = entries.into_iter().map(|(key, value)| (name(self, &key), key.all(), value)).collect();
                        return Traced::record(&mut self.store, fields, shape);
                    }
                    Traced::map(&mut self.store, entries, shape)
                }
                _ => Traced::unknown(left.all().and(&right.all())),
            },
            _ => {
                let values = left.value.zip(right.value);
                let value = values.and_then(|(left, right)| if self.store.holds(left).reference() || self.store.holds(right).reference() { self.text_of(&[left, right]) } else { value::concatenate(&mut self.store, left, right).ok() });
                Traced::made(value, left.all().and(&right.all()))
            }
        }
    }

    /// A record or map with what stands at a path replaced.
    pub(super) fn replaced(&mut self, base: &Traced, path: &[Name], new: Traced) -> Traced {
        let Some((name, rest)) = path.split_first() else { return new };
        let old = base.known().named(&self.store, *name).unwrap_or_else(|| Traced::unknown(base.all()));
        let new = self.replaced(&old, rest, new);
        let is_map = matches!(base.known().value.map(|value| self.store.get(value)), Some(Value::Map(_)));
        let mut fields: Vec<(Name, Deps, Traced)> = Vec::new();
        for (key, value) in base.entries(&mut self.store).unwrap_or_default() {
            if let Some(Value::Text(text)) = key.value.map(|key| self.store.get(key)) {
                fields.push((Name::new(text), key.all(), value));
            }
        }
        fields.push((*name, Deps::default(), new));
        if is_map {
            let entries = fields.into_iter().map(|(name, deps, value)| (Traced::leaf(self.store.text(name.text()), deps), value)).collect();
            return Traced::map(&mut self.store, entries, base.shape.clone());
        }
        Traced::record(&mut self.store, fields, base.shape.clone())
    }

    fn convert(&mut self, frame: &mut Frame, how: &'a Conversion, of: Traced) -> Traced {
        if of.is_absent() {
            return of;
        }
        match how {
            Conversion::ToRange => match of.known().value.map(|value| self.store.get(value)) {
                Some(Value::Range(..)) => of,
                _ => {
                    let value = of.value.map(|value| self.store.add(Value::Range(value, value)));
                    Traced { value, kids: Kids::Range((of.clone(), of).into()), ..Traced::default() }
                }
            },
            Conversion::ToList => match of.known().value.map(|value| self.store.get(value)) {
                Some(Value::List(_)) => of,
                _ => Traced::list(&mut self.store, vec![of], Deps::default()),
            },
            Conversion::Complete(defaults) => {
                let record = of.known();
                let Kids::Fields(fields) = &record.kids else { return of };
                let missing: Vec<_> = defaults.iter().filter(|(name, _)| !fields.iter().any(|(field, _, value)| field == name && !value.is_absent())).collect();
                if missing.is_empty() {
                    return of;
                }
                let mut fields = fields.to_vec();
                for (name, code) in missing {
                    let value = self.run(frame, code);
                    fields.push((*name, Deps::default(), value));
                }
                Traced::record(&mut self.store, fields, record.shape.clone()).with(&record.deps)
            }
            Conversion::RecordToMap => match (of.entries(&mut self.store), of.known().value.map(|value| self.store.get(value))) {
                (Some(entries), Some(Value::Record(_)) | None) => Traced::map(&mut self.store, entries, of.shape.clone()).with(&of.deps),
                _ => of,
            },
            Conversion::IntToDecimal | Conversion::RatioToDecimal => self.scalar(of, &|store, value| match store.get(value).clone() {
                Value::Int(number) => {
                    let Value::Decimal(exact) = Value::Decimal(number.into()) else { return None };
                    Some(store.add(Value::Decimal(exact.normalized())))
                }
                Value::Ratio(number) if matches!(how, Conversion::RatioToDecimal) => Some(store.add(Value::Decimal(number))),
                Value::Decimal(number) if matches!(how, Conversion::RatioToDecimal) => Some(store.add(Value::Ratio(number))),
                _ => Some(value),
            }),
            Conversion::FromText(scalar) => {
                let kind = kind_of(*scalar);
                self.scalar(of, &|store, value| {
                    let Value::Text(text) = store.get(value) else { return Some(value) };
                    let parsed = value::parse_scalar(kind, text).ok()?;
                    Some(store.add(parsed))
                })
            }
            Conversion::ToText => self.scalar(of, &|store, value| {
                let text = match store.get(value) {
                    Value::Text(_) => return Some(value),
                    Value::Decimal(number) => value::number_text(number),
                    _ => store.text_of(value).ok()?,
                };
                Some(store.text(text))
            }),
        }
    }

    /// Converts a scalar; what is behind a reference is converted there.
    fn scalar(&mut self, of: Traced, convert: &dyn Fn(&mut Store, ValueId) -> Option<ValueId>) -> Traced {
        match (of.value.map(|value| self.store.get(value).clone()), &of.kids) {
            (Some(Value::Ref { of: address, path, secret, .. }), Kids::Known(known)) => {
                let known = self.scalar(known.as_ref().clone(), convert);
                let value = known.value.map(|folded| self.store.add(Value::Ref { of: address, path, folded: Some(folded), secret }));
                Traced { value, kids: Kids::Known(known.into()), ..of }
            }
            (Some(Value::Ref { .. } | Value::Op { .. }), _) => of,
            (Some(Value::Range(..)), Kids::Range(ends)) => {
                let (first, last) = (self.scalar(ends.0.clone(), convert), self.scalar(ends.1.clone(), convert));
                let value = first.value.zip(last.value).map(|(first, last)| self.store.add(Value::Range(first, last)));
                Traced { value, kids: Kids::Range((first, last).into()), ..of }
            }
            (Some(_), _) => Traced { value: of.value.and_then(|value| convert(&mut self.store, value)), ..of },
            (None, _) => of,
        }
    }

    /// A record literal.
    pub(super) fn record(&mut self, frame: &mut Frame, parts: &'a [RecordPart]) -> Traced {
        let mut fields = Vec::with_capacity(parts.len());
        let mut shape = Deps::default();
        for part in parts {
            match part {
                RecordPart::Field { name, code, maybe } => {
                    let value = self.run(frame, code);
                    if *maybe && value.is_absent() {
                        shape = shape.and(&value.deps);
                        continue;
                    }
                    fields.push((*name, self.name_of_field(code.place), value));
                }
                RecordPart::Spread(code) => {
                    let spread = self.run(frame, code);
                    shape = shape.and(&spread.shape);
                    for (key, value) in spread.entries(&mut self.store).unwrap_or_default() {
                        if let Some(Value::Text(text)) = key.value.map(|key| self.store.get(key)) {
                            fields.push((Name::new(text), key.all(), value));
                        }
                    }
                }
            }
        }
        Traced::record(&mut self.store, fields, shape)
    }

    /// A built-in that was not retraced in detail: its value, made of all that went in.
    pub(super) fn whole_builtin(&mut self, builtin: &check::builtins::BuiltIn, args: &[Traced]) -> Traced {
        let values: Option<Vec<ValueId>> = args.iter().map(|arg| arg.value).collect();
        let reference = values.as_ref().is_some_and(|values| values.iter().any(|value| self.store.holds(*value).reference()));
        let value = values.and_then(|values| match builtin.later {
            Later::Op(op) if reference => Some(self.store.add(Value::Op { op, args: values.into() })),
            Later::Shape => {
                let values: Vec<ValueId> = values.iter().map(|value| self.store.folded(*value)).collect();
                (builtin.evaluate)(&mut self.store, &values).ok()
            }
            Later::Refused | Later::Op(_) => {
                let values: Option<Vec<ValueId>> = values.iter().map(|value| self.deep_known(*value)).collect();
                (builtin.evaluate)(&mut self.store, &values?).ok()
            }
        });
        let passes_on = matches!(builtin.later, Later::Op(_)) && reference;
        let deps = args.iter().fold(Deps::default(), |deps, arg| deps.and(&if passes_on { arg.all() } else { arg.forced() }));
        Traced::made(value, deps)
    }
}

/// The checker's scalars in the words of the value store.
fn kind_of(scalar: Scalar) -> ScalarKind {
    match scalar {
        Scalar::Bool => ScalarKind::Bool,
        Scalar::Int => ScalarKind::Int,
        Scalar::Decimal => ScalarKind::Decimal,
        Scalar::String => ScalarKind::Text,
        Scalar::Image => ScalarKind::Image,
        Scalar::Url => ScalarKind::Url,
        Scalar::Version => ScalarKind::Version,
        Scalar::Cron => ScalarKind::Cron,
        Scalar::Promql => ScalarKind::Promql,
        Scalar::Duration => ScalarKind::Duration,
        Scalar::Size => ScalarKind::Size,
        Scalar::Ratio => ScalarKind::Ratio,
        Scalar::Ip => ScalarKind::Ip,
        Scalar::Cidr => ScalarKind::Cidr,
        Scalar::Port => ScalarKind::Port,
        Scalar::Date => ScalarKind::Date,
    }
}
