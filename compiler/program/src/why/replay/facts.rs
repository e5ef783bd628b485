//! What is asked about instances, endpoints and ends: names, keys, addresses, where something stands.

use check::checked::Kind;
use check::code::{Code, CodeKind, Fact};
use source::Name;
use value::{Address, AddressId, Value, ValueId};

use super::{Deps, Frame, Replay, This, Traced};

impl<'a> Replay<'_, 'a> {
    pub(super) fn fact(&mut self, frame: &mut Frame, fact: Fact, of: &'a Code, args: &'a [Code]) -> Traced {
        match fact {
            Fact::ProjectName => {
                let Some(project) = &self.known.checked.project else { return Traced::default() };
                let deps = self.touch(project.place);
                return Traced::leaf(self.store.text(project.name.text()), deps);
            }
            Fact::Tier => return self.tier(),
            _ => {}
        }
        let group = match (frame.this, of.kind.as_ref()) {
            (This::Group(at), CodeKind::SelfInstance) => self.groups.get(at).map(|group| group.address),
            _ => None,
        };
        let of = self.run(frame, of);
        if of.is_absent() {
            return of;
        }
        match fact {
            Fact::RangeOf => return self.range_of(&of),
            Fact::EndsOf => return self.ends_of(&of),
            Fact::EndpointsOf => return self.endpoints_of(&of),
            Fact::InPlace => {
                let target = args.first().map(|target| self.run(frame, target)).and_then(|target| target.value);
                let kept = of.value.zip(target).is_some_and(|(value, target)| self.is_kept_by(value, target));
                return if kept { of } else { Traced::absent(of.deps.there()) };
            }
            Fact::IsSecret => {
                let value = of.value.map(|value| self.store.add(Value::Bool(self.store.holds(value).secret())));
                return Traced { value, ..Traced::default() };
            }
            // Whether something is later follows from what it is, and an edit of the value does not change it.
            Fact::IsLater => {
                let later = of.value.map(|value| self.deep_known(value).is_none());
                let value = later.map(|later| self.store.add(Value::Bool(later)));
                return Traced { value, ..Traced::default() };
            }
            _ => {}
        }
        let Some((address, label)) = self.subject(&of) else { return Traced::unknown(of.all()) };
        let deps = of.deps.clone();
        let text = |me: &mut Self, text: String, deps: Deps| Traced::leaf(me.store.text(text), deps);
        match fact {
            Fact::PlatformOf => match self.home(address) {
                Some(at) => self.platform_value(at).with(&deps),
                None => Traced::unknown(deps),
            },
            Fact::KeyOf => {
                let at = group.unwrap_or(address);
                let step = self.store.step(self.first(at));
                let named = deps.and(&self.keys(at)).and(&self.named(at));
                if group.is_some() {
                    return Traced::unknown(named);
                }
                let key = step.key.unwrap_or(step.name);
                let key = label.map_or_else(|| key.text().to_owned(), |label| format!("{key}-{label}"));
                text(self, key, named)
            }
            Fact::PathOf | Fact::WhereIs => {
                let at = group.unwrap_or(address);
                let named = deps.and(&self.keys(at)).and(&self.named(at));
                let path = self.store.address_text(self.first(at));
                let path = label.map_or_else(|| path.clone(), |label| format!("{path}.{label}"));
                if fact == Fact::WhereIs { Traced::unknown(named) } else { text(self, path, named) }
            }
            Fact::NameOf => {
                let at = group.unwrap_or(address);
                let mut named = deps.and(&self.keys(at)).and(&self.named(at));
                let args: Vec<Traced> = args.iter().map(|arg| self.run(frame, arg)).collect();
                named = args.iter().fold(named, |named, arg| named.and(&arg.forced()));
                // `@name("…")` gives another one.
                named = named.and(&self.annotations(at, &|_, name| name.text() == "name"));
                // A name that is not bare begins with the project and the environment.
                let bare = args.get(1).and_then(|bare| self.decide(bare)) == Some(true);
                if !bare {
                    named = named.and(&self.environment());
                    if let Some(project) = &self.known.checked.project {
                        named = named.and(&self.touch(project.place));
                    }
                }
                let limit = match args.first().and_then(|limit| limit.value).map(|limit| self.store.get(limit)) {
                    Some(Value::Int(limit)) => usize::try_from(*limit).unwrap_or(0),
                    Some(_) | None => 63,
                };
                match self.full_name(at, bare, label).filter(|name| name.len() <= limit) {
                    Some(name) => text(self, name, named),
                    None => Traced::unknown(named),
                }
            }
            Fact::StatementOf => {
                let at = group.unwrap_or(address);
                let step = self.store.step(self.first(at));
                let above = step.parent.map(|parent| self.store.address_text(parent));
                let above_deps = self.store.step(at).parent.map_or_else(Deps::default, |parent| self.keys(parent));
                let named = deps.and(&above_deps).and(&self.named(at));
                text(
                    self,
                    above.map_or_else(|| step.name.text().to_owned(), |above| format!("{above}.{}", step.name)),
                    named,
                )
            }
            Fact::LoopOf => {
                let at = group.unwrap_or(address);
                let own = self.store.step(at);
                let at_loop = self.store.address(Address { key: None, ..own });
                let above_deps = own.parent.map_or_else(Deps::default, |parent| self.keys(parent));
                let path = self.store.address_text(self.first(at_loop));
                let named = deps.and(&above_deps).and(&self.named(at));
                text(self, path, named)
            }
            Fact::GroupOf => {
                let at = self.delegated(address);
                let once =
                    self.known.implementation(at).and_then(|implementation| implementation.onces.first().copied());
                let group = once
                    .and_then(|once| self.group_of(at, once))
                    .and_then(|group| self.groups.get(group).map(|group| group.address));
                let path = self.store.address_text(self.first(group.unwrap_or(at)));
                let named = deps.and(&self.named(at));
                text(self, path, named)
            }
            Fact::AddressOf => {
                let owner = self.delegated(address);
                match self.known.kind(owner).and_then(Kind::address) {
                    Some(out) => self.out(owner, out.name).with(&deps),
                    None => Traced::absent(deps),
                }
            }
            Fact::PortOf => match label {
                Some(label) => self.port_of(address, label).with(&deps),
                None => Traced::absent(deps),
            },
            Fact::OwnerOf => Traced::leaf(self.store.add(Value::Instance(address)), deps),
            Fact::LabelOf => match label {
                Some(label) => text(self, label.text().to_owned(), deps),
                None => Traced::absent(deps),
            },
            Fact::Leaves => Traced::unknown(deps),
            Fact::ProjectName
            | Fact::Tier
            | Fact::RangeOf
            | Fact::EndsOf
            | Fact::EndpointsOf
            | Fact::InPlace
            | Fact::IsSecret
            | Fact::IsLater => Traced::unknown(deps),
        }
    }

    /// Whether all that is later in a value is kept by resources of this target, and something is.
    fn is_kept_by(&self, value: ValueId, target: ValueId) -> bool {
        let Value::Text(target) = self.store.get(self.store.folded(target)) else { return false };
        let kept_at = |of| self.known.resource(of).map(|kept| kept.kind.target.text());
        self.store.is_decided_by(value, |of| kept_at(of) == Some(target.as_ref()))
    }

    /// The instance that a fact is asked about, and the port of an endpoint.
    fn subject(&self, of: &Traced) -> Option<(AddressId, Option<Name>)> {
        match self.store.get(self.store.folded(of.value?)) {
            Value::Instance(address) => Some((*address, None)),
            Value::Endpoint(address, label) => Some((*address, Some(*label))),
            Value::List(elements) => match self.store.get(*elements.first()?) {
                Value::Instance(address) => Some((*address, None)),
                _ => None,
            },
            Value::Platform { instance: Some(address), .. } => Some((*address, None)),
            _ => None,
        }
    }

    /// The name of an instance, unless it was given another.
    fn full_name(&self, address: AddressId, bare: bool, label: Option<Name>) -> Option<String> {
        let own = self
            .known
            .statement(address)
            .and_then(|statement| statement.annotations.iter().find(|annotation| annotation.name.text() == "name"));
        if own.is_some() {
            return None;
        }
        let mut parts: Vec<&str> = Vec::new();
        if !bare {
            parts.extend(self.known.checked.project.as_ref().map(|project| project.name.text()));
            parts.push(self.known.graph.environment.text());
        }
        let mut named = Vec::new();
        let mut at = Some(address);
        while let Some(here) = at {
            at = self.store.step(here).parent;
            named.push(at.is_none() || self.known.statement(here).is_some());
        }
        let mut steps = Vec::new();
        for (depth, step) in self.store.steps(self.first(address)).into_iter().enumerate().rev() {
            let is_named = depth == 0 || named.get(steps.len()).copied().unwrap_or(true);
            steps.push((is_named.then(|| step.name.text()), step.key.map(Name::text)));
        }
        for (name, key) in steps.into_iter().rev() {
            parts.extend(name);
            parts.extend(key);
        }
        parts.extend(label.map(Name::text));
        let words = |part: &str| {
            part.split(|letter: char| !letter.is_ascii_alphanumeric())
                .filter(|word| !word.is_empty())
                .collect::<Vec<_>>()
                .join("-")
                .to_ascii_lowercase()
        };
        Some(parts.into_iter().map(words).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-"))
    }

    /// The address that names and keys are made of.
    pub(super) fn first(&self, address: AddressId) -> AddressId {
        let named = &self.known.graph.named;
        named.iter().find(|named| named.address == address).map_or(address, |named| named.first)
    }

    /// The statements that an address is called after: those of the user's.
    pub(super) fn named(&self, address: AddressId) -> Deps {
        let mut deps = Deps::default();
        let mut at = Some(address);
        while let Some(address) = at {
            if let Some(statement) = self.known.statement(address) {
                deps = deps.and(&self.touch(statement.place));
                for annotation in statement.annotations.iter().filter(|annotation| annotation.name.text() == "name") {
                    deps = annotation.args.iter().fold(deps, |deps, (_, code)| deps.and(&self.touch(code.place)));
                }
            }
            at = self.known.graph.store.step(address).parent;
        }
        deps
    }
}
