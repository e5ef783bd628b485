//! Statements, their instances, and what instances have: inputs, outputs, groups, bodies.

use check::checked::{AdjustPath, Fields, InputPart, Kind, KindId, OnceId, Scope, StatementId, What};
use source::Name;
use value::{Address, AddressId, Value, ValueId};

use super::{Cell, Deps, Frame, Group, Kids, Made, Replay, This, Traced};

impl<'a> Replay<'_, 'a> {
    /// The instance whose inputs code reads as its own.
    pub(super) fn owner(&self, this: This) -> Option<AddressId> {
        match this {
            This::Instance(address) => Some(address),
            This::Group(at) => self.groups.get(at).and_then(|group| group.members.first().copied()),
            This::Root | This::Platform(_) => None,
        }
    }

    pub(super) fn this_value(&mut self, this: This) -> Traced {
        match this {
            This::Root => Traced::default(),
            This::Instance(address) => Traced::leaf(self.store.add(Value::Instance(address)), Deps::default()),
            This::Group(at) => {
                let members = self.groups.get(at).map(|group| group.members.clone()).unwrap_or_default();
                let members = members
                    .into_iter()
                    .map(|member| Traced::leaf(self.store.add(Value::Instance(member)), Deps::default()))
                    .collect();
                Traced::list(&mut self.store, members, Deps::default())
            }
            This::Platform(at) => self.platform_value(at),
        }
    }

    /// The instance that a value is.
    pub(super) fn instance_of(&self, of: &Traced) -> Option<AddressId> {
        match self.store.get(self.store.folded(of.value?)) {
            Value::Instance(address) => Some(*address),
            _ => None,
        }
    }

    /// The same; of the members of a group, the first.
    pub(super) fn first_instance(&self, of: &Traced) -> Option<AddressId> {
        match self.store.get(of.value?) {
            Value::List(elements) => match self.store.get(*elements.first()?) {
                Value::Instance(address) => Some(*address),
                _ => None,
            },
            Value::Platform { instance, .. } => *instance,
            _ => self.instance_of(of),
        }
    }

    /// Every instance of these kinds, in the order of their addresses.
    pub(super) fn all_of(&mut self, kinds: &[KindId]) -> Traced {
        let is = |address: AddressId| match self.known.statement(address).map(|statement| &statement.what) {
            Some(What::Kind { kind, .. }) => kinds.contains(kind),
            Some(What::Native(_) | What::Unknown) | None => false,
        };
        let found: Vec<AddressId> =
            self.known.graph.instances.iter().map(|instance| instance.address).filter(|address| is(*address)).collect();
        self.list_of(found)
    }

    /// Instances as a list; why each is there decides what is in it.
    pub(super) fn list_of(&mut self, found: Vec<AddressId>) -> Traced {
        let mut shape = Deps::default();
        let mut all = Vec::with_capacity(found.len());
        for address in found {
            let there = self.there(address);
            shape = shape.and(&there);
            all.push(Traced::leaf(self.store.add(Value::Instance(address)), Deps::default()).with(&there));
        }
        Traced::list(&mut self.store, all, shape)
    }

    /// What a statement stands for in code of `this`: an instance, a map of them, or nothing.
    pub(super) fn statement_value(&mut self, this: This, id: StatementId) -> Traced {
        let Some(statement) = self.statement(id) else { return Traced::default() };
        let parent = match (statement.scope, this) {
            (Scope::Module, _) => This::Root,
            (Scope::Implementation(_), This::Group(_)) => return Traced::default(),
            (Scope::Once(once), This::Instance(member)) => match self.group_of(member, once) {
                Some(group) => This::Group(group),
                None => return Traced::default(),
            },
            (Scope::Implementation(_) | Scope::Once(_) | Scope::Platform(_), _) => this,
        };
        self.cell(Cell::Statement(parent, id), |me| me.expand(parent, id))
    }

    fn expand(&mut self, parent: This, id: StatementId) -> Traced {
        let Some(statement) = self.statement(id) else { return Traced::default() };
        let above = match self.owner(parent) {
            Some(owner) => self.there(owner).and(&self.chosen(owner)),
            None => Deps::default(),
        };
        // What the address above is called after.
        let named_after = match parent {
            This::Group(at) => self.groups.get(at).map_or_else(Deps::default, |group| group.key.clone()),
            This::Platform(at) => self.called_after(at),
            This::Root | This::Instance(_) => Deps::default(),
        };
        let mut shape = Deps::default();
        if let Some(condition) = &statement.condition
            && statement.loops.is_empty()
        {
            shape = self.run(&mut Frame::new(parent), condition).forced();
        }
        let mut entries = Vec::new();
        for (mut frame, element, because) in self.loops(
            &Frame::new(parent),
            &statement.loops,
            statement.condition.as_ref(),
            statement.loops.len() == 1 && statement.key.is_none(),
        ) {
            let key = match &statement.key {
                Some(code) => Some(self.run(&mut frame, code)),
                None => element,
            };
            let text = key.as_ref().and_then(|key| self.key_text(key));
            if key.is_some() && text.is_none() {
                continue;
            }
            let Some(address) = self.find(parent, id, text) else { continue };
            let key_deps = key.as_ref().map_or_else(Deps::default, Traced::forced);
            let there = above.and(&because).and(&key_deps.there()).and(&named_after.there());
            self.made.insert(address, Made { frame, key: key_deps.and(&named_after), there: there.there() });
            let instance = Traced::leaf(self.store.add(Value::Instance(address)), Deps::default())
                .with(&because.and(&named_after));
            let key =
                Traced { value: text.map(|text| self.store.text(text.text())), content: key_deps, ..Traced::default() };
            entries.push((key, instance));
        }
        if statement.loops.is_empty() {
            return match entries.pop() {
                Some((_, instance)) => instance.with(&shape.there()),
                None => Traced::absent(shape),
            };
        }
        let shape = entries.iter().fold(shape, |shape, (key, instance)| shape.and(&key.content).and(&instance.deps));
        Traced::map(&mut self.store, entries, shape)
    }

    pub(super) fn key_text(&mut self, key: &Traced) -> Option<Name> {
        let known = key.value.and_then(|value| self.deep_known(value))?;
        Some(match self.store.get(known) {
            Value::Text(text) => Name::new(text),
            Value::Instance(address) => Name::new(&self.store.address_text(self.first(*address))),
            _ => Name::new(&self.store.text_of(known).unwrap_or_else(|_| self.store.show(known))),
        })
    }

    /// The address that a statement made below a parent for a key.
    fn find(&self, parent: This, id: StatementId, key: Option<Name>) -> Option<AddressId> {
        let statement = self.statement(id)?;
        let store = &self.store;
        let fits = |address: &&AddressId| {
            let step = store.step(**address);
            step.key == key
                && match parent {
                    This::Root => step.parent.is_none(),
                    This::Instance(above) => step.parent == Some(above),
                    This::Group(at) => step.parent == self.groups.get(at).map(|group| group.address),
                    This::Platform(at) => self.stands_on(**address, at),
                }
        };
        self.known.made_by(statement).iter().find(fits).copied()
    }

    /// Makes sure that it is known how an address came to be.
    pub(super) fn locate(&mut self, address: AddressId) {
        if self.made.contains_key(&address) {
            return;
        }
        let Some(statement) = self.known.statement(address) else { return };
        let Some(id) = self.statement_ids.get(&statement.place).copied() else { return };
        let parent = match (statement.scope, self.store.step(address).parent) {
            (Scope::Module, _) => This::Root,
            (Scope::Implementation(_), Some(parent)) => This::Instance(parent),
            (Scope::Once(once), Some(group)) => match self.group_at(group, once) {
                Some(at) => This::Group(at),
                None => return,
            },
            (Scope::Platform(_), _) => match self.platform_of_resource(address) {
                Some(at) => This::Platform(at),
                None => return,
            },
            (Scope::Implementation(_) | Scope::Once(_), None) => return,
        };
        if let Some(owner) = self.owner(parent) {
            self.locate(owner);
        }
        let _ = self.cell(Cell::Statement(parent, id), |me| me.expand(parent, id));
    }

    /// The group of a member.
    pub(super) fn group_of(&mut self, member: AddressId, once: OnceId) -> Option<usize> {
        let by = self.once(once)?.by.as_ref();
        let key = match by {
            Some(code) => {
                let key = self.run(&mut Frame::new(This::Instance(member)), code);
                Some(self.key_text(&key)?)
            }
            None => None,
        };
        let step = self.store.step(member);
        let of = self.store.address(Address { parent: step.parent, name: step.name, key: None });
        let name = self.once(once)?.name;
        let group = self.store.address(Address { parent: Some(of), name, key });
        // Below it a step for the platform, where the instance stands on one that has a name of its own.
        let home = self.home(member);
        let named = home
            .and_then(|at| self.platforms.get(at))
            .and_then(|home| home.name.filter(|name| *name != eval::own_name(home.platform.name)));
        let address = match named {
            Some(home) => self.store.address(Address { parent: Some(group), name: Name::new("on"), key: Some(home) }),
            None => group,
        };
        self.group_at(address, once)
    }

    fn group_at(&mut self, address: AddressId, once: OnceId) -> Option<usize> {
        if let Some(at) = self.groups.iter().position(|group| group.address == address) {
            return Some(at);
        }
        let mut group = self.store.step(address);
        let mut home = None;
        if group.name != self.once(once)?.name {
            home = group.key;
            group = self.store.step(group.parent?);
        }
        let of = self.store.step(group.parent?);
        let (by, implementation) = (self.once(once)?.by.as_ref(), self.once(once)?.implementation);
        let wanted = self.known.checked.implementations.get(implementation.0 as usize)?;
        let candidates: Vec<AddressId> = self
            .known
            .graph
            .instances
            .iter()
            .map(|instance| instance.address)
            .filter(|address| {
                let step = self.store.step(*address);
                step.name == of.name
                    && step.parent == of.parent
                    && self.known.implementation(*address).is_some_and(|found| found.place == wanted.place)
            })
            .collect();
        let mut members = Vec::new();
        let mut deps = Deps::default();
        for member in candidates {
            let key = match by {
                Some(code) => {
                    let key = self.run(&mut Frame::new(This::Instance(member)), code);
                    deps = deps.and(&key.forced());
                    self.key_text(&key)
                }
                None => None,
            };
            let standing = self.home(member);
            let on = standing.and_then(|at| self.platforms.get(at)).and_then(|home| home.name);
            if let (Some(_), Some(at)) = (home, standing) {
                deps = deps.and(&self.called_after(at));
            }
            let same = key == group.key && (home.is_none() || home == on);
            if same {
                members.push(member);
            }
        }
        members.sort_by(|left, right| self.store.compare_addresses(*left, *right));
        self.groups.push(Group { address, key: deps, members });
        Some(self.groups.len() - 1)
    }

    /// What the key of an address, and the keys above it, were made of.
    pub(super) fn keys(&mut self, address: AddressId) -> Deps {
        let mut deps = Deps::default();
        let mut at = Some(address);
        while let Some(address) = at {
            self.locate(address);
            if let Some(made) = self.made.get(&address) {
                deps = deps.and(&made.key);
            }
            at = self.store.step(address).parent;
        }
        deps
    }

    /// The frame of an instance's header and fields.
    pub(super) fn frame_of(&mut self, address: AddressId) -> Frame {
        self.locate(address);
        self.made.get(&address).map_or_else(|| Frame::new(This::Root), |made| made.frame.clone())
    }

    /// An input seen from outside: the ports are those of the child that stands for the instance.
    pub(super) fn input_seen(&mut self, address: AddressId, name: Name) -> Traced {
        if self.known.kind(address).and_then(Kind::ports).is_none_or(|ports| ports.name != name) {
            return self.input(address, name);
        }
        let child = self.delegated(address);
        match self.known.kind(child).and_then(Kind::ports) {
            Some(theirs) => self.input(child, theirs.name),
            None => self.input(address, name),
        }
    }

    /// An input of an instance of a declared kind.
    pub(super) fn input(&mut self, address: AddressId, name: Name) -> Traced {
        self.cell(Cell::Input(address, name), |me| {
            let given = me.given(address, name);
            let adjusted = me.adjusted(address, given, Some(name));
            // Evaluation has the last word on what it is.
            match me.known.input_value(address, name) {
                Some(value) => Traced { value: Some(value), ..adjusted },
                None if me.known.instance(address).is_some() => {
                    Traced { value: Some(value::Store::ABSENT), ..adjusted }
                }
                None => adjusted,
            }
        })
    }

    fn given(&mut self, address: AddressId, name: Name) -> Traced {
        let Some(statement) = self.known.statement(address) else { return Traced::default() };
        let Fields::Inputs(parts) = &statement.fields else { return Traced::default() };
        let mut frame = self.frame_of(address);
        let mut given: Option<Traced> = None;
        for part in parts {
            match part {
                InputPart::Field { name: field, code, maybe } if *field == name => {
                    let value = self.run(&mut frame, code);
                    if !(*maybe && value.is_absent()) {
                        given = Some(value);
                    }
                }
                InputPart::Entry { field, key, code, maybe } if *field == name => {
                    let value = self.run(&mut frame, code);
                    if *maybe && value.is_absent() {
                        continue;
                    }
                    let base = match given {
                        Some(base) => base,
                        None => self.default_of(address, name),
                    };
                    let mut entries = base.entries(&mut self.store).unwrap_or_default();
                    let key = Traced::leaf(self.store.text(key.text()), self.name_of_field(code.place));
                    entries.push((key, value));
                    given = Some(Traced::map(&mut self.store, entries, base.shape.clone()));
                }
                InputPart::Element { field, code } if *field == name => {
                    let value = self.run(&mut frame, code);
                    let mut elements = given.as_ref().and_then(|given| given.elements(&self.store)).unwrap_or_default();
                    elements.push(value);
                    given = Some(Traced::list(&mut self.store, elements, Deps::default()));
                }
                InputPart::Field { .. } | InputPart::Entry { .. } | InputPart::Element { .. } => {}
            }
        }
        match given {
            Some(given) => given,
            None => self.default_of(address, name),
        }
    }

    fn default_of(&mut self, address: AddressId, name: Name) -> Traced {
        let Some(input) = self.known.kind(address).and_then(|kind| kind.inputs.iter().find(|input| input.name == name))
        else {
            return Traced::default();
        };
        if input.only.is_some() {
            let value = self.known.input_value(address, name).unwrap_or(value::Store::ABSENT);
            return Traced::leaf(value, Deps::default());
        }
        match &input.default {
            Some(code) => self.run(&mut Frame::new(This::Instance(address)), code),
            None => Traced::absent(Deps::default()),
        }
    }

    /// A body, or an input, with what `adjust` makes of it.
    fn adjusted(&mut self, address: AddressId, value: Traced, input: Option<Name>) -> Traced {
        let mut value = value;
        for change in self.known.changes(address) {
            let path: Vec<AdjustPath> = match (input, change.path.split_first()) {
                (None, _) => change.path.clone(),
                (Some(input), Some((AdjustPath::Field(name), rest))) if *name == input => rest.to_vec(),
                (Some(_), _) => continue,
            };
            let new = self.run(&mut Frame::new(This::Root), &change.code);
            value = self.changed(&value, &path, new);
        }
        value
    }

    fn changed(&mut self, base: &Traced, path: &[AdjustPath], new: Traced) -> Traced {
        match path.split_first() {
            None => new,
            Some((AdjustPath::Field(name) | AdjustPath::Entry(name), rest)) => {
                let old = base.known().named(&self.store, *name).unwrap_or_default();
                let new = self.changed(&old, rest, new);
                self.replaced(base, &[*name], new)
            }
            Some((AdjustPath::Keyed(field, key), rest)) => {
                let elements = base.elements(&self.store).unwrap_or_default();
                let mut changed = Vec::with_capacity(elements.len());
                for element in elements {
                    let named = element
                        .named(&self.store, *field)
                        .and_then(|field| field.value)
                        .map(|value| self.store.show(value));
                    let is = named.is_some_and(|named| named.trim_matches('"') == key.text());
                    changed.push(if is { self.changed(&element, rest, new.clone()) } else { element });
                }
                Traced::list(&mut self.store, changed, base.shape.clone())
            }
        }
    }

    /// An output of an instance: the implementation's own, else that of the child to which it delegates, else the kind's default.
    pub(super) fn out(&mut self, address: AddressId, name: Name) -> Traced {
        self.cell(Cell::Out(address, name), |me| {
            let Some(implementation) = me.known.implementation(address) else { return Traced::default() };
            if let Some((_, code)) = implementation.outs.iter().find(|(out, _)| *out == name) {
                let chosen = me.chosen(address);
                return me.run(&mut Frame::new(This::Instance(address)), code).with(&chosen);
            }
            let delegated = match me.delegate(address) {
                Some(child) => me.out(child, name),
                None => Traced::absent(Deps::default()),
            };
            match me.known.default_of_out(address, name).filter(|_| delegated.is_absent()) {
                Some(code) => me.run(&mut Frame::new(This::Instance(address)), code).with(&delegated.deps),
                None => delegated,
            }
        })
    }

    fn delegate(&mut self, address: AddressId) -> Option<AddressId> {
        let statement = self.known.implementation(address)?.delegate?;
        let value = self.statement_value(This::Instance(address), statement);
        match &value.kids {
            Kids::Entries(entries) => entries.first().and_then(|(_, first)| self.instance_of(first)),
            _ => self.instance_of(&value),
        }
    }

    /// Follows `delegate` to its end.
    pub(super) fn delegated(&mut self, address: AddressId) -> AddressId {
        let mut at = address;
        while let Some(next) = self.delegate(at) {
            at = next;
        }
        at
    }

    pub(super) fn make_body(&mut self, address: AddressId) -> Traced {
        let Some(statement) = self.known.statement(address) else { return Traced::default() };
        let Fields::Native(code) = &statement.fields else { return Traced::default() };
        let mut frame = self.frame_of(address);
        let body = self.run(&mut frame, code);
        self.adjusted(address, body, None)
    }

    /// A value as one that an element of a list may be found by.
    pub(super) fn same(&self, left: &Traced, right: ValueId) -> bool {
        left.value.is_some_and(|left| left == right)
    }
}
