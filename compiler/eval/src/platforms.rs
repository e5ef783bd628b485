//! Where an instance stands: its header's `on`, else its parent's platform, else the one listed platform that implements its
//! kind. Two candidates are an error, never an order. With the platform goes the implementation.

use check::checked::{Choice, ImplementationId, KindId, PlatformId, Statement};
use source::{Diagnostic, Name, Place, list_of};
use value::{Store, Value, ValueId};

use crate::cells::CellKey;
use crate::evaluate::Evaluation;
use crate::frame::{Frame, InstanceId, Parent};
use crate::listed::own_name;

impl<'a> Evaluation<'a> {
    /// The platform value that an instance stands on; absent when its implementation needs none.
    pub(crate) fn home(&mut self, id: InstanceId, asked: Place) -> ValueId {
        let key = CellKey::Home(id);
        if let Some(done) = self.cells.done(key) {
            return done;
        }
        self.cell(key, asked, |me| {
            let Some(statement) = me.statement_of(id) else { return Store::ABSENT };
            let home = match me.kind_id_of(id) {
                Some(kind) => match me.find_home(id, statement, kind) {
                    Ok((home, implementation)) => {
                        if let Some(instance) = me.instances.get_mut(id.0 as usize) {
                            instance.implementation = Some(implementation);
                        }
                        home
                    }
                    Err(unknown) => unknown,
                },
                None => me.native_home(id, statement),
            };
            me.use_platform(home);
            home
        })
    }

    /// The implementation of an instance, with its home.
    pub(crate) fn implementation_of(
        &mut self,
        id: InstanceId,
        asked: Place,
    ) -> Option<&'a check::checked::Implementation> {
        let _ = self.home(id, asked);
        let chosen = self.instances.get(id.0 as usize)?.implementation?;
        self.implementation(chosen)
    }

    /// The platform of a parent.
    pub(crate) fn home_of_parent(&mut self, parent: Parent, asked: Place) -> ValueId {
        match parent {
            Parent::Root => Store::ABSENT,
            Parent::Platform(value) => value,
            Parent::Instance(_) | Parent::Group(_) => match self.owner_of(parent) {
                Some(owner) => self.home(owner, asked),
                None => Store::ABSENT,
            },
        }
    }

    /// The value of a header's `on` as a platform; a native instance (a host) is what it is.
    pub(crate) fn header_on(&mut self, id: InstanceId, statement: &'a Statement) -> Option<ValueId> {
        let code = statement.on.as_ref()?;
        let instance = self.instances.get(id.0 as usize)?;
        let mut frame = Frame::with(instance.parent, &instance.slots);
        let value = self.run(&mut frame, code);
        let Some(known) = self.known(value) else { return Some(self.too_late(value, code.place)) };
        if let Some(platform) = self.instance_of(known).and_then(|id| self.kind_of(id)).and_then(|kind| kind.platform) {
            return Some(self.as_platform(known, platform));
        }
        match self.store.get(known) {
            Value::Platform { .. } => Some(self.listed_as(known, code.place)),
            Value::Unknown(_) => Some(known),
            Value::Instance(_) if self.instance_of(known).is_some_and(|id| self.native_of(id).is_some()) => Some(known),
            _ => {
                let message = format!("`{}` is no platform", self.shown(known));
                Some(
                    self.tell(
                        Diagnostic::error("no_platform", code.place, message).help(
                            "`on` takes a platform: `on aws(region = \"eu-west-3\")`, or an instance that is one",
                        ),
                    ),
                )
            }
        }
    }

    fn find_home(
        &mut self,
        id: InstanceId,
        statement: &'a Statement,
        kind: KindId,
    ) -> Result<(ValueId, ImplementationId), ValueId> {
        if let Some(on) = self.header_on(id, statement) {
            if self.is_unknown(on) {
                return Err(on);
            }
            let there = self.implementations_on(kind, self.platform_id(on));
            let candidates = if there.is_empty() { self.implementations_on(kind, None) } else { there };
            let place = statement.on.as_ref().map_or(statement.place, |code| code.place);
            return match self.choose_implementation(statement, kind, &candidates)? {
                Some(chosen) => Ok((on, chosen)),
                None => Err(self.tell_not_there(id, place, kind, on)),
            };
        }
        let parent = self.instances.get(id.0 as usize).map_or(Parent::Root, |instance| instance.parent);
        let above = self.home_of_parent(parent, statement.place);
        if self.is_unknown(above) {
            return Err(above);
        }
        let nowhere = self.implementations_on(kind, None);
        if let Some(platform) = self.platform_id(above) {
            let there = self.implementations_on(kind, Some(platform));
            let candidates = if there.is_empty() { &nowhere } else { &there };
            if let Some(chosen) = self.choose_implementation(statement, kind, candidates)? {
                return Ok((above, chosen));
            }
        }
        let on = self.on_values(statement.place)?;
        let mut candidates: Vec<ValueId> = on
            .iter()
            .copied()
            .filter(|value| !self.implementations_on(kind, self.platform_id(*value)).is_empty())
            .collect();
        // What is chosen by its own name alone stands on no platform.
        let is_needed = |choice: &&Choice| candidates.len() > 1 || choice.platform.is_none() && choice.listed.is_none();
        if let Some(choice) = self.choice(kind).filter(is_needed) {
            self.keep_chosen(choice, &mut candidates)?;
        }
        match candidates.as_slice() {
            [only] => {
                let there = self.implementations_on(kind, self.platform_id(*only));
                match self.choose_implementation(statement, kind, &there)? {
                    Some(chosen) => Ok((*only, chosen)),
                    None => Err(self.tell_not_there(id, statement.place, kind, *only)),
                }
            }
            [] => match self.choose_implementation(statement, kind, &nowhere)? {
                Some(chosen) => Ok((above, chosen)),
                None => Err(self.tell_nowhere(id, statement, kind, &on)),
            },
            [first, second, ..] => Err(self.tell_two(id, statement, kind, *first, *second)),
        }
    }

    /// What is listed under the name that is chosen; else, where that is the name of a platform, all that is listed of it.
    fn keep_chosen(&mut self, choice: &Choice, candidates: &mut Vec<ValueId>) -> Result<(), ValueId> {
        let is_own = |platform: PlatformId, name: Name| {
            self.checked.platforms.get(platform.0 as usize).is_some_and(|platform| own_name(platform.name) == name)
        };
        match (choice.listed, choice.platform) {
            (Some(name), _) if let Some(named) = self.listed.iter().find(|listed| listed.name == name) => {
                candidates.retain(|value| *value == named.value);
            }
            (Some(name), platform) if !platform.is_some_and(|platform| is_own(platform, name)) => {
                return Err(self.listed_value(name, choice.chosen));
            }
            (_, wanted) => candidates.retain(|value| self.platform_id(*value) == wanted),
        }
        Ok(())
    }

    /// Implementations of a kind on a platform, of the nearest of its ancestors that has any.
    pub(crate) fn implementations_on(&self, kind: KindId, platform: Option<PlatformId>) -> Vec<ImplementationId> {
        let own = std::iter::once(kind);
        let ancestors = self.kind(kind).map_or(&[][..], |kind| &kind.ancestors);
        for candidate in own.chain(ancestors.iter().copied()) {
            let found: Vec<ImplementationId> = self
                .relations
                .implementations
                .get(&candidate)
                .map_or(&[][..], Vec::as_slice)
                .iter()
                .copied()
                .filter(|id| self.implementation(*id).is_some_and(|implementation| implementation.platform == platform))
                .collect();
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    /// One implementation, or the one that the environment chose by name.
    fn choose_implementation(
        &mut self,
        statement: &Statement,
        kind: KindId,
        candidates: &[ImplementationId],
    ) -> Result<Option<ImplementationId>, ValueId> {
        match candidates {
            [] => Ok(None),
            [only] => Ok(Some(*only)),
            [first, ..] => {
                let wanted = self.choice(kind).and_then(|choice| choice.implementation);
                let chosen = wanted.and_then(|wanted| {
                    candidates.iter().copied().find(|id| {
                        self.implementation(*id).is_some_and(|implementation| implementation.name == Some(wanted))
                    })
                });
                if chosen.is_some() {
                    return Ok(chosen);
                }
                let kind_name = self.kind(kind).map_or("?", |kind| kind.name.text());
                let names: Vec<&str> = candidates
                    .iter()
                    .filter_map(|id| self.implementation(*id))
                    .filter_map(|implementation| implementation.name)
                    .map(Name::text)
                    .collect();
                let platform = self
                    .implementation(*first)
                    .and_then(|first| first.platform)
                    .and_then(|id| self.checked.platforms.get(id.0 as usize))
                    .map_or_else(String::new, |platform| format!("{}.", platform.name));
                let help = match names.iter().min() {
                    Some(name) => format!(
                        "choose one in the environment: `choose {{ {kind_name} = {platform}{name} }}`; there are {}",
                        list_of(names.iter().copied())
                    ),
                    None => "give the implementations names, and choose one in the environment".to_owned(),
                };
                let mut told = Diagnostic::error(
                    "two_implementations",
                    statement.place,
                    format!("`{}` has several implementations", statement.name),
                )
                .help(help);
                for id in candidates.iter().take(4) {
                    if let Some(implementation) = self.implementation(*id) {
                        told = told.also(implementation.place, "this one");
                    }
                }
                Err(self.tell(told))
            }
        }
    }

    /// What the environment chose for a kind or for one of its ancestors; else what the one that it is like chose, where that is
    /// listed here as well.
    fn choice(&self, kind: KindId) -> Option<&'a Choice> {
        let ancestors = self.kind(kind).map_or(&[][..], |kind| &kind.ancestors);
        self.chain.iter().enumerate().find_map(|(at, environment)| {
            let choice = std::iter::once(kind)
                .chain(ancestors.iter().copied())
                .find_map(|kind| environment.choose.iter().find(|choice| choice.kind == kind))?;
            (at == 0 || self.lists(choice)).then_some(choice)
        })
    }

    /// Whether this environment lists what was chosen.
    fn lists(&self, choice: &Choice) -> bool {
        let is_meant = |listed: &crate::listed::Listed| {
            choice.listed == Some(listed.name)
                || choice.platform.is_some() && self.platform_id(listed.value) == choice.platform
        };
        choice.listed.is_none() && choice.platform.is_none() || self.listed.iter().any(is_meant)
    }

    /// The declaration behind a platform value.
    pub(crate) fn platform_id(&self, value: ValueId) -> Option<PlatformId> {
        match self.store.get(value) {
            Value::Platform { platform, .. } => self.relations.platform_by_name.get(platform).copied(),
            _ => None,
        }
    }

    /// `aws(region = "eu-west-3")`; its inputs' constraints are checked where it is made.
    pub(crate) fn platform_call(&mut self, id: PlatformId, inputs: ValueId, place: Place) -> ValueId {
        let Some(platform) = self.checked.platforms.get(id.0 as usize) else {
            return self.unknown(place, "a platform is missing");
        };
        if self.is_unknown(inputs) {
            return inputs;
        }
        let value = self.store.add(Value::Platform { platform: platform.name, name: None, inputs, instance: None });
        if self.platform_texts.contains_key(&(platform.name, inputs)) {
            return value;
        }
        let mut told_apart = Vec::new();
        for input in &platform.inputs {
            let given = self.store.field(inputs, input.name).unwrap_or(Store::ABSENT);
            let default = input
                .default
                .as_ref()
                .map_or(Store::ABSENT, |code| self.run(&mut Frame::new(Parent::Platform(value)), code));
            if given != default {
                told_apart.push(format!("{} = {}", input.name, self.store.show_short(given)));
            }
        }
        told_apart.sort();
        self.platform_texts.insert((platform.name, inputs), format!("{}({})", platform.name, told_apart.join(", ")));
        for input in &platform.inputs {
            if self.store.field(inputs, input.name).is_some() {
                for check in &input.constraints {
                    self.check(&mut Frame::new(Parent::Platform(value)), check, Some(place), None);
                }
            }
        }
        value
    }

    /// An instance used as the platform that its kind is.
    pub(crate) fn as_platform(&mut self, of: ValueId, id: PlatformId) -> ValueId {
        let Some(platform) = self.checked.platforms.get(id.0 as usize) else { return of };
        match self.store.get(of) {
            Value::Instance(address) => {
                let instance = Some(*address);
                let inputs = self.store.record(Vec::new());
                self.store.add(Value::Platform { platform: platform.name, name: None, inputs, instance })
            }
            _ => of,
        }
    }

    /// Remembers that something stands on a platform value.
    pub(crate) fn use_platform(&mut self, value: ValueId) {
        if !matches!(self.store.get(value), Value::Platform { .. }) || self.used_platforms.contains(&value) {
            return;
        }
        // A machine that stands on the platform that it is itself shares what that makes once.
        if let Value::Platform { instance: Some(host), .. } = self.store.get(value)
            && let Some(id) = self.by_address(*host)
            && let Some(place) = self.place_of(id)
        {
            let below = self.home(id, place);
            if below != value && self.platform_id(below) == self.platform_id(value) {
                return self.use_platform(below);
            }
        }
        self.used_platforms.push(value);
    }

    /// `aws(region = "eu-west-3")`, or the address of the instance that is the platform.
    pub(crate) fn platform_text(&self, value: ValueId) -> String {
        match self.store.get(value) {
            Value::Platform { instance: Some(address), .. } => self.store.address_text(*address),
            Value::Platform { platform, inputs, .. } => {
                if let Some(text) = self.platform_texts.get(&(*platform, *inputs)) {
                    return text.clone();
                }
                let inputs = match self.store.get(*inputs) {
                    Value::Record(fields) => fields
                        .iter()
                        .map(|(name, value)| format!("{name} = {}", self.store.show_short(*value)))
                        .collect::<Vec<_>>()
                        .join(", "),
                    _ => String::new(),
                };
                format!("{platform}({inputs})")
            }
            Value::Absent => "no platform".to_owned(),
            _ => self.store.show_short(value),
        }
    }

    fn tell_not_there(&mut self, id: InstanceId, place: Place, kind: KindId, on: ValueId) -> ValueId {
        let kind_name = self.kind(kind).map_or("?", |kind| kind.name.text());
        let message = format!("`{kind_name}` has no implementation on `{}`", self.platform_text(on));
        let mut told = Diagnostic::error("no_implementation", place, message).help(self.where_implemented(kind));
        told = self.made_for(told, id, place);
        self.tell(told)
    }

    fn tell_nowhere(&mut self, id: InstanceId, statement: &Statement, kind: KindId, on: &[ValueId]) -> ValueId {
        let kind_name = self.kind(kind).map_or("?", |kind| kind.name.text());
        let listed: Vec<String> = on.iter().map(|value| self.platform_text(*value)).collect();
        let message = format!("no platform of `{}` implements `{kind_name}`", self.environment.name);
        let mut told = Diagnostic::error("no_platform", statement.place, message).help(self.where_implemented(kind));
        if listed.is_empty() {
            told = told.help("the environment lists no platform: `on = [aws(region = \"eu-west-3\")]`");
        } else {
            told = told.help(format!("the environment has {}", list_of(listed.iter().map(String::as_str))));
        }
        told = self.made_for(told, id, statement.place);
        self.tell(told)
    }

    fn tell_two(
        &mut self,
        id: InstanceId,
        statement: &Statement,
        kind: KindId,
        first: ValueId,
        second: ValueId,
    ) -> ValueId {
        let kind_name = self.kind(kind).map_or("?", |kind| kind.name.text());
        let message = format!(
            "`{}` could stand on `{}` or on `{}`",
            statement.name,
            self.platform_text(first),
            self.platform_text(second)
        );
        let mut help = self.which_of(first, second);
        // An instance that is a platform has no name that could be chosen.
        let is_listed = |value: &ValueId| matches!(self.store.get(*value), Value::Platform { instance: None, .. });
        if let Some(name) = [first, second].into_iter().find(is_listed).and_then(|value| self.name_of_listed(value)) {
            help.push_str(&format!(
                "; or for all in environment `{}`: `choose {{ {kind_name} = {name} }}`",
                self.environment.name
            ));
        }
        let told = Diagnostic::error("two_platforms", statement.place, message).help(help);
        let told = self.made_for(told.also(self.environment.place, "lists both"), id, statement.place);
        self.tell(told)
    }

    /// What to write in a header to stand on one of two listed values.
    pub(crate) fn which_of(&self, first: ValueId, second: ValueId) -> String {
        let [first, second] =
            [first, second].map(|value| self.name_of_listed(value).map_or("…".to_owned(), |name| name.to_string()));
        format!("say which in the header: `on {first}` or `on {second}`")
    }

    fn where_implemented(&self, kind: KindId) -> String {
        let ancestors = self.kind(kind).map_or(&[][..], |kind| &kind.ancestors);
        let kinds = std::iter::once(kind).chain(ancestors.iter().copied());
        let platforms: Vec<&str> = kinds
            .filter_map(|kind| self.relations.implementations.get(&kind))
            .flatten()
            .filter_map(|id| self.implementation(*id)?.platform)
            .filter_map(|id| self.checked.platforms.get(id.0 as usize))
            .map(|platform| platform.name.text())
            .collect();
        let kind_name = self.kind(kind).map_or("?", |kind| kind.name.text());
        if platforms.is_empty() {
            format!("nothing implements it: write `implement {kind_name} {{ … }}`")
        } else {
            format!("it is implemented on {}", list_of(platforms))
        }
    }
}
