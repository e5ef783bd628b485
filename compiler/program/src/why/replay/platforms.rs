//! The platforms that the environment lists, and where instances stand.

use check::checked::{Choice, PlatformId};
use check::code::Code;
use source::Name;
use value::{AddressId, Store, Value, ValueId};

use super::{Cell, Deps, Frame, PlatformValue, Replay, This, Traced};

/// A listed platform value.
pub(crate) struct ListedInputs {
    pub name: Name,
    pub platform: Name,
    /// Fields, their values, and what these were made of.
    pub inputs: Vec<(Name, Option<String>, Deps)>,
}

impl<'a> Replay<'_, 'a> {
    /// `aws(region = "…")`
    pub(super) fn platform_call(&mut self, platform: PlatformId, inputs: Traced) -> Traced {
        let Some(platform) = self.known.checked.platforms.get(platform.0 as usize) else { return Traced::default() };
        let Some(record) = inputs.value else { return Traced::unknown(inputs.all()) };
        let value =
            self.store.add(Value::Platform { platform: platform.name, name: None, inputs: record, instance: None });
        self.remember(PlatformValue { platform, value, inputs, name: None, named: Deps::default() });
        Traced::leaf(value, Deps::default())
    }

    fn remember(&mut self, made: PlatformValue<'a>) {
        match self.platforms.iter_mut().find(|known| known.value == made.value) {
            // Two that are alike are one, made of what both were made of.
            Some(known) => known.inputs = known.inputs.clone().with(&made.inputs.all().there()),
            None => self.platforms.push(made),
        }
    }

    /// An element of a list with the name that it is given.
    pub(super) fn named_platform(&mut self, frame: &mut Frame, name: &'a Code, of: &'a Code) -> Traced {
        let (name, of) = (self.run(frame, name), self.run(frame, of));
        let text = self.key_text(&name);
        let named = text.and_then(|text| self.with_name(of.value?, text, name.forced()));
        named.map_or(of, |value| Traced::leaf(value, Deps::default()))
    }

    /// The same platform value with a name, remembered as one of its own.
    fn with_name(&mut self, value: ValueId, name: Name, named: Deps) -> Option<ValueId> {
        let made = self.platforms.iter().find(|known| known.value == value)?.clone();
        let Value::Platform { platform, inputs, instance, .. } = *self.store.get(value) else { return None };
        let value = self.store.add(Value::Platform { platform, name: Some(name), inputs, instance });
        self.remember(PlatformValue { value, name: Some(name), named, ..made });
        Some(value)
    }

    /// The listed platform value of this name.
    pub(super) fn listed_platform(&mut self, name: Name) -> Traced {
        let listed = self.listed();
        let found = listed.into_iter().filter_map(|at| self.platforms.get(at)).find(|known| known.name == Some(name));
        found.map_or_else(Traced::default, |known| Traced::leaf(known.value, Deps::default()))
    }

    /// The platform value that a value is, or that an instance stands on.
    pub(super) fn platform_at(&mut self, of: &Traced) -> Option<usize> {
        let value = of.value?;
        if let Some(at) = self.platforms.iter().position(|known| known.value == value) {
            return Some(self.as_listed(at));
        }
        self.instance_of(of).and_then(|address| self.home(address))
    }

    /// The listed value that is made of the same.
    fn as_listed(&mut self, at: usize) -> usize {
        let alike = |me: &Self, other: usize| match (me.platforms.get(at), me.platforms.get(other)) {
            (Some(one), Some(other)) => {
                one.platform.name == other.platform.name && one.inputs.value == other.inputs.value
            }
            (_, _) => false,
        };
        let listed = self.listed();
        listed.into_iter().find(|other| alike(self, *other)).unwrap_or(at)
    }

    pub(super) fn platform_value(&mut self, at: usize) -> Traced {
        self.platforms.get(at).map_or_else(Traced::default, |platform| Traced::leaf(platform.value, Deps::default()))
    }

    /// The platforms that the environment lists, with their names.
    fn listed(&mut self) -> Vec<usize> {
        if let Some(listed) = &self.listed {
            return listed.clone();
        }
        let Some(environment) = self.known.chain.first() else { return Vec::new() };
        let on = self.run(&mut Frame::new(This::Root), &environment.on);
        let elements = on.elements(&self.store).unwrap_or_default();
        let mut listed = Vec::new();
        for value in elements.iter().filter_map(|element| element.value) {
            let value = match *self.store.get(value) {
                Value::Platform { platform, name: None, .. } => {
                    self.with_name(value, eval::own_name(platform), Deps::default())
                }
                _ => Some(value),
            };
            listed.extend(self.platforms.iter().position(|known| Some(known.value) == value));
        }
        self.listed = Some(listed.clone());
        listed
    }

    /// The platform value that an instance stands on.
    pub(super) fn home(&mut self, address: AddressId) -> Option<usize> {
        let statement = self.known.statement(address)?;
        let mut frame = self.frame_of(address);
        if let Some(on) = &statement.on {
            let on = self.run(&mut frame, on);
            return self.platform_at(&on);
        }
        let above = match frame.this {
            This::Platform(at) => Some(at),
            this => self.owner(this).and_then(|owner| self.home(owner)),
        };
        let Some(wanted) = self.known.implementation(address).map(|implementation| implementation.platform) else {
            return above;
        };
        let Some(wanted) = wanted.and_then(|id| self.known.checked.platforms.get(id.0 as usize)) else { return above };
        let is =
            |me: &Self, at: &usize| me.platforms.get(*at).is_some_and(|platform| platform.platform.name == wanted.name);
        above.filter(|at| is(self, at)).or_else(|| self.listed().into_iter().find(|at| is(self, at)))
    }

    /// What chose the implementation of an instance, where the environment had to choose.
    pub(super) fn chosen(&mut self, address: AddressId) -> Deps {
        let Some(kind) = self.known.kind(address) else { return Deps::default() };
        let mut deps = Deps::default();
        let kinds = &self.known.checked.kinds;
        let is_meant = |choice: &&Choice| {
            kinds.get(choice.kind.0 as usize).is_some_and(|chosen| chosen.full_name == kind.full_name)
        };
        for environment in &self.known.chain {
            if let Some(choice) = environment.choose.iter().find(is_meant) {
                deps = deps.and(&self.touch(choice.place));
                break;
            }
        }
        deps.there()
    }

    /// What decided where something stands and how it is made there, all that it stands below included.
    pub fn placed(&mut self, address: AddressId) -> Deps {
        let mut deps = Deps::default();
        let mut at = Some(address);
        while let Some(address) = at {
            deps = deps.and(&self.chosen(address));
            if let Some(on) = self.known.statement(address).and_then(|statement| statement.on.as_ref()) {
                let mut frame = self.frame_of(address);
                deps = deps.and(&self.run(&mut frame, on).forced());
            }
            at = self.store.step(address).parent;
        }
        deps
    }

    /// The listed platform value on which an instance, or what something is made for, stands.
    pub fn stands_on_listed(&mut self, address: AddressId) -> Option<Name> {
        let mut at = Some(address);
        let text = loop {
            let address = at?;
            match self.known.instance(address).and_then(|instance| instance.platform.clone()) {
                Some(text) => break text,
                None => at = self.store.step(address).parent,
            }
        };
        let listed = self.listed();
        let found = listed.into_iter().find(|at| self.text_of_platform(*at) == *text)?;
        self.platforms.get(found)?.name
    }

    /// The platforms that the environment lists: name, platform, and the fields with their values and what these were made of.
    pub fn listed_inputs(&mut self) -> Vec<ListedInputs> {
        let listed = self.listed();
        let platforms = listed.into_iter().filter_map(|at| Some((at, self.platforms.get(at)?.clone())));
        let platforms: Vec<(usize, PlatformValue<'a>)> = platforms.collect();
        platforms
            .into_iter()
            .map(|(at, listed)| {
                let inputs = listed.platform.inputs.iter().map(|input| {
                    let field = self.platform_field(at, input.name);
                    let value = field.value.filter(|value| *value != Store::ABSENT);
                    (input.name, value.map(|value| self.store.show(value)), field.all())
                });
                let inputs = inputs.collect();
                ListedInputs {
                    name: listed.name.unwrap_or(listed.platform.name),
                    platform: listed.platform.name,
                    inputs,
                }
            })
            .collect()
    }

    /// An input or an output of a platform value.
    pub(super) fn platform_field(&mut self, at: usize, name: Name) -> Traced {
        let Some((platform, inputs)) = self.platforms.get(at).map(|known| (known.platform, known.inputs.clone()))
        else {
            return Traced::default();
        };
        if platform.inputs.iter().any(|input| input.name == name) {
            return inputs.known().named(&self.store, name).unwrap_or_else(|| Traced::unknown(inputs.all()));
        }
        match platform.outs.iter().find(|(out, _)| *out == name) {
            Some((_, code)) => {
                self.cell(Cell::PlatformOut(at, name), |me| me.run(&mut Frame::new(This::Platform(at)), code))
            }
            None => Traced::absent(Deps::default()),
        }
    }

    /// The platform value that a provider is the configuration of.
    pub(super) fn platform_of_provider(&mut self, provider: &graph::Provider) -> Option<usize> {
        let _ = self.listed();
        // Those that only instances name come up when their headers are run.
        let instances: Vec<AddressId> = self.known.graph.instances.iter().map(|instance| instance.address).collect();
        let fits = |me: &Self| {
            me.platforms.iter().position(|known| {
                let same = match me.store.get(known.value) {
                    Value::Platform { inputs, .. } => *inputs == provider.platform_inputs,
                    _ => false,
                };
                known.name.is_some() && known.platform.name == provider.platform && same
            })
        };
        if let Some(at) = fits(self) {
            return Some(at);
        }
        for address in instances {
            let _ = self.home(address);
        }
        fits(self).or_else(|| self.platforms.iter().position(|known| known.platform.name == provider.platform))
    }

    /// What a provider's configuration is called after.
    pub fn aliases(&mut self, provider: &graph::Provider) -> Deps {
        self.platform_of_provider(provider).map_or_else(Deps::default, |at| self.called_after(at))
    }

    /// What the name of a platform value was made of.
    pub(super) fn called_after(&self, at: usize) -> Deps {
        self.platforms.get(at).map_or_else(Deps::default, |platform| platform.named.clone())
    }

    pub(super) fn platform_of_resource(&mut self, address: AddressId) -> Option<usize> {
        let provider = match self.known.resource(address).and_then(|resource| resource.provider) {
            Some(provider) => self.known.graph.providers.get(provider.0 as usize)?,
            // An instance of a declared kind in the body of a platform stands on it.
            None => {
                let graph = self.known.graph;
                let below = |resource: &&graph::Resource| {
                    let mut at = Some(resource.address);
                    while let Some(above) = at {
                        if above == address {
                            return true;
                        }
                        at = graph.store.step(above).parent;
                    }
                    false
                };
                let provider = graph.resources.iter().find(below).and_then(|resource| resource.provider)?;
                graph.providers.get(provider.0 as usize)?
            }
        };
        self.platform_of_provider(provider)
    }

    /// Whether what stands in the body of a platform belongs to this value of it.
    pub(super) fn stands_on(&self, address: AddressId, at: usize) -> bool {
        let Some(platform) = self.platforms.get(at) else { return false };
        let Some(text) = self.known.instance(address).and_then(|instance| instance.platform.as_deref()) else {
            let provider = self
                .known
                .resource(address)
                .and_then(|resource| resource.provider)
                .and_then(|id| self.known.graph.providers.get(id.0 as usize));
            return provider.is_none_or(|provider| {
                provider.platform == platform.platform.name && self.inputs_of(at) == Some(provider.platform_inputs)
            });
        };
        text == self.text_of_platform(at)
    }

    fn inputs_of(&self, at: usize) -> Option<value::ValueId> {
        match self.store.get(self.platforms.get(at)?.value) {
            Value::Platform { inputs, .. } => Some(*inputs),
            _ => None,
        }
    }

    /// `aws(region = "eu-west-3")`, as the graph says it of an instance.
    fn text_of_platform(&self, at: usize) -> String {
        let Some(platform) = self.platforms.get(at) else { return String::new() };
        let inputs = match self.inputs_of(at).map(|inputs| self.store.get(inputs)) {
            Some(Value::Record(fields)) => fields
                .iter()
                .map(|(name, value)| format!("{name} = {}", self.store.show_short(*value)))
                .collect::<Vec<_>>()
                .join(", "),
            Some(_) | None => String::new(),
        };
        format!("{}({inputs})", platform.platform.name)
    }

    /// The environment: its name.
    pub(super) fn environment(&self) -> Deps {
        self.known.chain.first().map_or_else(Deps::default, |environment| self.touch(environment.place))
    }

    /// Its tier.
    pub(super) fn tier(&mut self) -> Traced {
        let Some(environment) = self.known.chain.first() else { return Traced::default() };
        let deps = self.known.tier.map_or_else(Deps::default, |place| self.touch(place));
        Traced::leaf(self.store.text(environment.tier.text()), deps)
    }
}

/// Whether a value is nothing.
pub(super) fn is_nothing(store: &Store, of: &Traced) -> bool {
    of.value.is_some_and(|value| matches!(store.get(value), Value::Absent))
}
