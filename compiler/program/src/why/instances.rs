//! Which instances an expression may stand for, as far as the graph and the code show: the walk of `walk.rs` goes on at their
//! inputs and outputs.

use check::checked::What;
use check::code::{Code, CodeKind, Fact, ListPart};
use source::Name;
use value::{AddressId, Value, ValueId};

use super::known::{Known, This};
use super::path::Hop;
use super::walk::{Bound, Context, DEEPEST, STEPS, Walk, arguments};

impl<'a> Walk<'_, 'a> {
    /// The instances that code may stand for.
    pub(super) fn instances(&mut self, code: &'a Code, context: &Context<'a>) -> Vec<AddressId> {
        self.steps += 1;
        if self.steps > STEPS || self.nesting >= DEEPEST {
            return Vec::new();
        }
        self.nesting += 1;
        let found = self.instances_of(code, context);
        self.nesting -= 1;
        found
    }

    fn instances_of(&mut self, code: &'a Code, context: &Context<'a>) -> Vec<AddressId> {
        match code.kind.as_ref() {
            CodeKind::SelfInstance => match &context.this {
                This::Instance(address) => vec![*address],
                This::Group(members) => members.to_vec(),
                This::Root | This::Platform => Vec::new(),
            },
            CodeKind::SelfInput(name) => {
                let owner = self.known.owner(&context.this);
                owner.map_or_else(Vec::new, |owner| self.in_input(owner, *name))
            }
            CodeKind::Input { of, name } => {
                let owners = self.instances(of, context);
                owners.into_iter().flat_map(|owner| self.in_input(owner, *name)).collect()
            }
            CodeKind::Statement(id) => {
                let Some(statement) = self.known.checked.statements.get(id.0 as usize) else { return Vec::new() };
                let mut all = self.known.made_by(statement).to_vec();
                let wanted = context.this.clone();
                all.retain(|address| self.known.parent_this(*address) == wanted || matches!(wanted, This::Instance(_)) && self.shares_group(*address, &wanted));
                all
            }
            CodeKind::Index { of, key } => {
                let mut all = self.instances(of, context);
                if let CodeKind::Const(Value::Text(key)) = key.kind.as_ref() {
                    all.retain(|address| self.known.graph.store.step(*address).key.is_some_and(|found| found.text() == key.as_ref()));
                }
                all
            }
            CodeKind::Local(slot) => match context.bound(*slot).cloned() {
                Some(bound) if !bound.key => {
                    let mut all = self.instances(bound.code, &bound.context);
                    if let Some(Hop::Name(key)) = bound.part {
                        let keyed: Vec<AddressId> = all.iter().copied().filter(|address| self.known.graph.store.step(*address).key == Some(key)).collect();
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
                    statement.is_some_and(|statement| matches!(&statement.what, What::Kind { kind, .. } if kinds.contains(kind)))
                };
                self.known.graph.instances.iter().map(|instance| instance.address).filter(|address| is(*address)).collect()
            }
            CodeKind::Let(id) => match self.known.checked.lets.get(id.0 as usize) {
                Some(binding) => {
                    let inner = if binding.implementation.is_some() { Context::new(context.this.clone()) } else { Context::new(This::Root) };
                    self.instances(&binding.code, &inner)
                }
                None => Vec::new(),
            },
            CodeKind::Call { function, args } => match self.known.checked.functions.get(function.0 as usize) {
                Some(function) => self.instances(&function.body, &arguments(args, context)),
                None => Vec::new(),
            },
            CodeKind::Out { of, name } => {
                let mut found = Vec::new();
                for owner in self.instances(of, context) {
                    let code = self.known.implementation(owner).and_then(|implementation| implementation.outs.iter().find(|(out, _)| out == name));
                    if let Some((_, code)) = code {
                        found.extend(self.instances(code, &Context::new(This::Instance(owner))));
                    }
                }
                found
            }
            CodeKind::If { then, otherwise, .. } => self.both(then, otherwise, context),
            CodeKind::Coalesce(left, right) => self.both(left, right, context),
            CodeKind::Match { arms, .. } => arms.iter().flat_map(|(_, arm)| self.instances(arm, context)).collect(),
            CodeKind::Convert { code, .. } | CodeKind::AsPlatform { of: code, .. } | CodeKind::Fact { fact: Fact::EndsOf | Fact::OwnerOf, of: code, .. } => self.instances(code, context),
            CodeKind::IfPresent { of, slot, then } => {
                let inner = context.with(*slot, Bound { code: of, context: context.clone(), part: None, key: false });
                self.instances(then, &inner)
            }
            CodeKind::BuiltIn { args, .. } => args.first().map_or_else(Vec::new, |first| self.instances(first, context)),
            CodeKind::List(parts) => parts
                .iter()
                .flat_map(|part| match part {
                    ListPart::Element { code, .. } | ListPart::Spread(code) => self.instances(code, context),
                    ListPart::For { .. } | ListPart::If { .. } | ListPart::By { .. } => Vec::new(),
                })
                .collect(),
            CodeKind::Unknown(_)
            | CodeKind::Const(_)
            | CodeKind::SelfOut(_)
            | CodeKind::Param(_)
            | CodeKind::Environment
            | CodeKind::Field { .. }
            | CodeKind::NativeField { .. }
            | CodeKind::FirstBlock(_)
            | CodeKind::PlatformField { .. }
            | CodeKind::Endpoint { .. }
            | CodeKind::Fact { .. }
            | CodeKind::Tagged { .. }
            | CodeKind::Record(_)
            | CodeKind::Map(_)
            | CodeKind::Text(_)
            | CodeKind::Binary { .. }
            | CodeKind::And(..)
            | CodeKind::Or(..)
            | CodeKind::Not(_)
            | CodeKind::Negate(_)
            | CodeKind::IsKind { .. }
            | CodeKind::Flow { .. }
            | CodeKind::With { .. }
            | CodeKind::PlatformCall { .. }
            | CodeKind::File(_)
            | CodeKind::Template { .. } => Vec::new(),
        }
    }

    /// The code behind a name, and the context that it runs in.
    pub(crate) fn behind(&self, code: &'a Code, context: &Context<'a>) -> Option<(Context<'a>, &'a Code)> {
        match code.kind.as_ref() {
            CodeKind::Local(slot) => context.bound(*slot).filter(|bound| bound.part.is_none() && !bound.key).map(|bound| (bound.context.clone(), bound.code)),
            CodeKind::Let(id) => {
                let binding = self.known.checked.lets.get(id.0 as usize)?;
                let this = if binding.implementation.is_some() { context.this.clone() } else { This::Root };
                Some((Context::new(this), &binding.code))
            }
            CodeKind::Param(id) => self.known.param(*id).map(|(_, code)| (Context::new(This::Root), code)),
            _ => None,
        }
    }

    fn both(&mut self, left: &'a Code, right: &'a Code, context: &Context<'a>) -> Vec<AddressId> {
        let mut found = self.instances(left, context);
        found.extend(self.instances(right, context));
        found
    }

    /// A child of a group, seen from one of its members.
    fn shares_group(&self, address: AddressId, wanted: &This) -> bool {
        match (self.known.parent_this(address), wanted) {
            (This::Group(members), This::Instance(member)) => members.contains(member),
            _ => false,
        }
    }

    /// The instances in the value of an input.
    fn in_input(&self, owner: AddressId, name: Name) -> Vec<AddressId> {
        let mut found = Vec::new();
        if let Some(value) = self.known.input_value(owner, name) {
            addresses_in(self.known, value, &mut found, 0);
        }
        found
    }
}

fn addresses_in(known: &Known<'_>, value: ValueId, found: &mut Vec<AddressId>, depth: usize) {
    if depth > 8 {
        return;
    }
    match known.graph.store.get(known.graph.store.folded(value)) {
        Value::Instance(address) | Value::Endpoint(address, _) => found.push(*address),
        Value::List(elements) => elements.iter().for_each(|element| addresses_in(known, *element, found, depth + 1)),
        Value::Map(entries) => entries.iter().for_each(|(_, value)| addresses_in(known, *value, found, depth + 1)),
        _ => {}
    }
}
