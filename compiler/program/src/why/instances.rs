//! Which instances an expression may stand for, as far as the graph and the code show: the walk of `walk.rs` goes on at their
//! inputs and outputs.

use check::checked::What;
use check::code::{Code, CodeKind, Fact, ListPart, MapPart, RecordPart};
use source::Name;
use value::{AddressId, Value, ValueId};

use super::known::This;
use super::path::Hop;
use super::walk::{Bound, Context, DEEPEST, STEPS, Walk, arguments};

impl<'a> Walk<'_, 'a> {
    /// The instances that code may stand for.
    pub(super) fn instances(&mut self, code: &'a Code, context: &Context<'a>) -> Vec<AddressId> {
        self.within(code, context, &[])
    }

    /// The instances in a part of what code stands for: the fields that lead to it. Elements of collections stand for themselves.
    fn within(&mut self, code: &'a Code, context: &Context<'a>, fields: &[Name]) -> Vec<AddressId> {
        self.steps += 1;
        if self.steps > STEPS || self.nesting >= DEEPEST {
            return Vec::new();
        }
        self.nesting += 1;
        let mut found = Vec::new();
        for address in self.instances_of(code, context, fields) {
            if !found.contains(&address) {
                found.push(address);
            }
        }
        self.nesting -= 1;
        found
    }

    #[expect(clippy::too_many_lines, reason = "one match over all code; it goes when evaluation traces itself")]
    fn instances_of(&mut self, code: &'a Code, context: &Context<'a>, fields: &[Name]) -> Vec<AddressId> {
        match code.kind.as_ref() {
            CodeKind::SelfInstance => match &context.this {
                This::Instance(address) => vec![*address],
                This::Group(members) => members.to_vec(),
                This::Root | This::Platform => Vec::new(),
            },
            CodeKind::SelfInput(name) => {
                let owner = self.known.owner(&context.this);
                owner.map_or_else(Vec::new, |owner| self.in_input(owner, *name, fields))
            }
            CodeKind::Input { of, name } => {
                let owners = self.instances(of, context);
                owners.into_iter().flat_map(|owner| self.in_input(owner, *name, fields)).collect()
            }
            CodeKind::Field { of, name, .. } => {
                let deeper: Vec<Name> = std::iter::once(*name).chain(fields.iter().copied()).collect();
                self.within(of, context, &deeper)
            }
            CodeKind::Record(parts) => match fields.split_first() {
                Some((wanted, rest)) => {
                    let field = parts.iter().rev().find_map(|part| match part {
                        RecordPart::Field { name, code, .. } if name == wanted => Some(code),
                        RecordPart::Field { .. } | RecordPart::Spread(_) => None,
                    });
                    field.map_or_else(Vec::new, |code| self.within(code, context, rest))
                }
                None => Vec::new(),
            },
            CodeKind::Flow { from, to, .. } => {
                if !self.concerns(code.place) {
                    return Vec::new();
                }
                match fields.first().map(|name| name.text()) {
                    Some("from") => self.instances(from, context),
                    Some("to") => self.instances(to, context),
                    Some(_) | None => self.both(from, to, context, &[]),
                }
            }
            CodeKind::Endpoint { of, .. } => self.instances(of, context),
            CodeKind::Statement(id) => {
                let Some(statement) = self.known.checked.statements.get(id.0 as usize) else { return Vec::new() };
                let mut all = self.known.made_by(statement).to_vec();
                let wanted = context.this.clone();
                all.retain(|address| {
                    self.known.parent_this(*address) == wanted
                        || matches!(wanted, This::Instance(_)) && self.shares_group(*address, &wanted)
                });
                all
            }
            CodeKind::Index { of, key } => {
                let mut all = self.within(of, context, fields);
                if let CodeKind::Const(Value::Text(key)) = key.kind.as_ref() {
                    all.retain(|address| {
                        self.known.graph.store.step(*address).key.is_some_and(|found| found.text() == key.as_ref())
                    });
                }
                all
            }
            CodeKind::Local(slot) => match context.bound(*slot).cloned() {
                Some(bound) if !bound.key => {
                    let mut all = self.within(bound.code, &bound.context, fields);
                    if let Some(Hop::Name(key)) = bound.part {
                        let keyed: Vec<AddressId> = all
                            .iter()
                            .copied()
                            .filter(|address| self.known.graph.store.step(*address).key == Some(key))
                            .collect();
                        if !keyed.is_empty() {
                            all = keyed;
                        }
                    }
                    all
                }
                Some(_) | None => Vec::new(),
            },
            CodeKind::All(kinds) => {
                let is = |address: AddressId| {
                    let statement = self.known.statement(address);
                    statement.is_some_and(
                        |statement| matches!(&statement.what, What::Kind { kind, .. } if kinds.contains(kind)),
                    )
                };
                self.known
                    .graph
                    .instances
                    .iter()
                    .map(|instance| instance.address)
                    .filter(|address| is(*address))
                    .collect()
            }
            CodeKind::AllNative { schema, name } => self.known.natives(*schema, *name),
            CodeKind::Let(_) | CodeKind::Param(_) => match self.behind(code, context) {
                Some((inner, code)) => self.within(code, &inner, fields),
                None => Vec::new(),
            },
            CodeKind::Call { function, args } => match self.known.checked.functions.get(function.0 as usize) {
                Some(function) => self.within(&function.body, &arguments(args, context), fields),
                None => Vec::new(),
            },
            CodeKind::Out { of, name } => {
                let mut found = Vec::new();
                for owner in self.instances(of, context) {
                    if let Some(code) = self.known.out(owner, *name) {
                        found.extend(self.within(code, &Context::new(This::Instance(owner)), fields));
                    }
                }
                found
            }
            CodeKind::If { condition, then, otherwise } => match self.decide(condition, context, 0) {
                Some(true) => self.within(then, context, fields),
                Some(false) => self.within(otherwise, context, fields),
                None => self.both(then, otherwise, context, fields),
            },
            CodeKind::Coalesce(left, right) | CodeKind::Binary { left, right, .. } => {
                self.both(left, right, context, fields)
            }
            CodeKind::Match { arms, .. } => {
                arms.iter().flat_map(|(_, arm)| self.within(arm, context, fields)).collect()
            }
            CodeKind::Convert { code, .. }
            | CodeKind::AsPlatform { of: code, .. }
            | CodeKind::Named { of: code, .. }
            | CodeKind::Fact { fact: Fact::EndsOf | Fact::EndpointsOf | Fact::OwnerOf, of: code, .. } => {
                self.within(code, context, fields)
            }
            CodeKind::IfPresent { of, slot, then } => {
                let inner = context.with(*slot, Bound { code: of, context: context.clone(), part: None, key: false });
                self.within(then, &inner, fields)
            }
            CodeKind::BuiltIn { args, .. } => {
                args.first().map_or_else(Vec::new, |first| self.within(first, context, fields))
            }
            CodeKind::List(parts) => parts.iter().flat_map(|part| self.in_list(part, context, fields)).collect(),
            CodeKind::Map(parts) => parts.iter().flat_map(|part| self.in_map(part, context, fields)).collect(),
            CodeKind::Unknown(_)
            | CodeKind::Const(_)
            | CodeKind::SelfOut(_)
            | CodeKind::Environment
            | CodeKind::NativeField { .. }
            | CodeKind::FirstBlock(_)
            | CodeKind::PlatformField { .. }
            | CodeKind::Fact { .. }
            | CodeKind::Tagged { .. }
            | CodeKind::Text(_)
            | CodeKind::And(..)
            | CodeKind::Or(..)
            | CodeKind::Not(_)
            | CodeKind::Negate(_)
            | CodeKind::IsKind { .. }
            | CodeKind::With { .. }
            | CodeKind::PlatformCall { .. }
            | CodeKind::Listed(_)
            | CodeKind::File(_)
            | CodeKind::Template { .. } => Vec::new(),
        }
    }

    /// The code behind a name, and the context that it runs in.
    pub(crate) fn behind(&self, code: &'a Code, context: &Context<'a>) -> Option<(Context<'a>, &'a Code)> {
        match code.kind.as_ref() {
            CodeKind::Local(slot) => context
                .bound(*slot)
                .filter(|bound| bound.part.is_none() && !bound.key)
                .map(|bound| (bound.context.clone(), bound.code)),
            CodeKind::Let(id) => {
                let binding = self.known.checked.lets.get(id.0 as usize)?;
                let this = if binding.implementation.is_some() { context.this.clone() } else { This::Root };
                Some((Context::new(this), &binding.code))
            }
            CodeKind::Param(id) => self.known.param(*id).map(|(_, code)| (Context::new(This::Root), code)),
            _ => None,
        }
    }

    fn in_list(&mut self, part: &'a ListPart, context: &Context<'a>, fields: &[Name]) -> Vec<AddressId> {
        match part {
            ListPart::Element { code, .. } | ListPart::Spread(code) | ListPart::By { code, .. } => {
                self.within(code, context, fields)
            }
            ListPart::For { each, part, .. } => {
                let inner = context.with_loop(each, Hop::Any);
                self.in_list(part, &inner, fields)
            }
            ListPart::If { part, .. } => self.in_list(part, context, fields),
        }
    }

    fn in_map(&mut self, part: &'a MapPart, context: &Context<'a>, fields: &[Name]) -> Vec<AddressId> {
        match part {
            MapPart::Entry { value, .. } | MapPart::Group { value, .. } | MapPart::Spread(value) => {
                self.within(value, context, fields)
            }
            MapPart::For { each, part, .. } => {
                let inner = context.with_loop(each, Hop::Any);
                self.in_map(part, &inner, fields)
            }
            MapPart::If { part, .. } => self.in_map(part, context, fields),
        }
    }

    fn both(&mut self, left: &'a Code, right: &'a Code, context: &Context<'a>, fields: &[Name]) -> Vec<AddressId> {
        let mut found = self.within(left, context, fields);
        found.extend(self.within(right, context, fields));
        found
    }

    /// A child of a group, seen from one of its members.
    fn shares_group(&self, address: AddressId, wanted: &This) -> bool {
        match (self.known.parent_this(address), wanted) {
            (This::Group(members), This::Instance(member)) => members.contains(member),
            _ => false,
        }
    }

    /// The instances in a part of the value of an input.
    fn in_input(&self, owner: AddressId, name: Name, fields: &[Name]) -> Vec<AddressId> {
        let mut found = Vec::new();
        if let Some(value) = self.known.input_value(owner, name) {
            self.in_value(value, fields, &mut found, 0);
        }
        found
    }

    fn in_value(&self, value: ValueId, fields: &[Name], found: &mut Vec<AddressId>, depth: usize) {
        if depth > 8 {
            return;
        }
        let store = &self.known.graph.store;
        match store.get(store.folded(value)) {
            Value::Instance(address) | Value::Endpoint(address, _) => found.push(*address),
            Value::List(elements) => {
                elements.iter().for_each(|element| self.in_value(*element, fields, found, depth + 1))
            }
            Value::Map(entries) => {
                entries.iter().for_each(|(_, value)| self.in_value(*value, fields, found, depth + 1))
            }
            Value::Record(_) => {
                if let Some((first, rest)) = fields.split_first()
                    && let Some(field) = store.field(store.folded(value), *first)
                {
                    self.in_value(field, rest, found, depth + 1);
                }
            }
            Value::Flow { from, to, key, .. } => {
                let concerns = match store.get(*key) {
                    Value::Text(key) => {
                        self.known.places_of_flow(Name::new(key)).iter().any(|place| self.concerns(*place))
                    }
                    _ => false,
                };
                let side = fields.first().map(|name| name.text());
                if concerns {
                    let ends =
                        from.iter().filter(|_| side != Some("to")).chain(to.iter().filter(|_| side != Some("from")));
                    ends.for_each(|end| self.in_value(*end, &[], found, depth + 1));
                }
            }
            _ => {}
        }
    }
}
